"""Who stands in which unit: at a unit's post in that unit, whoever they are; else in the unit of their duty."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from roster.activities.models import Activity
from roster.demand.models import Post
from roster.establishment.models import Establishment, PlanningUnit
from roster.timeline.booked import HAPPENING, Booked, booked, present
from roster.timeline.content import Content
from roster.timeline.days import Catalogue
from roster.timeline.models import Duty, DutyItem

Stands = tuple[int, int | None]
"""Activity and post."""


@dataclass(frozen=True)
class Booking:
    """A shift that somebody works: published, or of a draft."""

    person: int
    on: date
    content: Content


def unit_posts(establishment: Establishment) -> dict[int, int]:
    """Post to unit, of posts that are a unit's own."""
    rows = Post.objects.filter(establishment=establishment, unit__isnull=False)
    return dict(rows.values_list("pk", "unit"))


def by_unit(rows: Iterable[Booked], posts: Mapping[int, int]) -> dict[int, list[Booking]]:
    """What of these duties counts where."""
    found: dict[int, list[Booking]] = defaultdict(list)
    for each in rows:
        for unit, content in parts(each.unit, each.content, posts):
            found[unit].append(Booking(each.person, each.on, content))
    return found


def parts(home: int, content: Content, posts: Mapping[int, int]) -> Iterator[tuple[int, Content]]:
    """A duty unit by unit; a break is taken where somebody was before it. ``home``: the unit of the duty."""
    items = content.items
    at = [posts.get(item.post_id or content.post_id or 0, home) for item in items]
    for number, item in enumerate(items):
        if number and item.activity.kind == Activity.Kind.BREAK:
            at[number] = at[number - 1]
    if set(at) <= {home}:
        yield home, content
        return
    for unit in sorted(set(at)):
        yield unit, replace(content, items=tuple(item for item, one in zip(items, at, strict=True) if one == unit))


def may_stand_in(
    unit: PlanningUnit, posts: Mapping[int, int], first: date, last: date, catalogue: Catalogue, chosen: Q | None = None
) -> list[Booked]:
    """Everybody's duties of whom one (of those ``chosen``) is of the unit, or at a post of it; as they happen."""
    own = [post for post, of in posts.items() if of == unit.pk]
    rows = Duty.objects.between(first, last).filter(chosen or Q(), level__in=HAPPENING)
    here = Q(unit=unit)
    if own:
        days = {"duty__live": True, "duty__shift_date__range": (first, last)}
        items = DutyItem.objects.filter(post__in=own, **days).values_list("duty", flat=True)
        here |= Q(post__in=own) | Q(pk__in=set(items))
    people = set(rows.filter(here).order_by().values_list("person", flat=True).distinct())
    if not people:
        return []
    return present(booked(first, last, catalogue, person__in=people, unit__establishment=unit.establishment))


def standing(content: Content) -> Iterator[tuple[int, int, Stands]]:
    """Start, end, and where somebody with this shift stands. Without a duty in it they stand nowhere."""
    duty = next((item.activity for item in content.items if item.activity.meets_demand), None)
    if duty is None:
        return
    for item in content.items:
        on_duty = item.activity.meets_demand
        if on_duty or (item.activity.kind == Activity.Kind.BREAK and item.activity.paid):
            yield item.start, item.end, ((item.activity if on_duty else duty).pk, item.post_id or content.post_id)
