"""The demo's running plan: the rota of every unit as published, from last week on. The weeks after it are to plan."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from foundation import clock
from roster.demand.models import Post
from roster.establishment.demo import place
from roster.establishment.models import Establishment, Membership, SkillHeld
from roster.patterns.models import Assignment
from roster.planning import actions
from roster.planning.insertion import Choice, proposed
from roster.planning.models import PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.content import Content
from roster.timeline.days import Catalogue, Day, Piece

POSTS = {"Segregation": ["SEG"], "Visits and Reception": ["VIS", "VIS", "RECP"], "OSG": ["GATE", "CTRL"]}
"""Where people of these units stand in turn, if they have the skill for it."""


@transaction.atomic
def make(establishment: Establishment | None = None, today: date | None = None) -> None:
    """A published period for each unit whose people follow a pattern; again changes nothing."""
    establishment, today = establishment or place(), today or clock.today()
    first = today - timedelta(days=today.weekday() + 7)
    catalogue = Catalogue()
    for unit in establishment.units.filter(closed_on=None):
        members = Membership.objects.on(first).filter(unit=unit, priority=1)
        people = set(members.values_list("person", flat=True))
        busy = PlanningPeriod.objects.during(first, first + timedelta(days=actions.LENGTH - 1)).filter(unit=unit)
        if busy.exists() or not Assignment.objects.on(first).filter(person__in=people).exists():
            continue
        period = PlanningPeriod.objects.select_related("unit__establishment").get(
            pk=actions.open_period(unit, first, by=None).pk
        )
        days = proposed(actions.working(period), Choice(period.first, period.last), catalogue)
        stands = dict(_posts(establishment, unit.abbreviation, people, first))
        cells = [
            timeline.Cell(person, unit.pk, on, *_contents(catalogue, day, stands.get(person)), source="pattern")
            for (person, on), day in days.items()
            if person in people and day
        ]
        timeline.publish_day_set(cells, by=None, first_publication=True)
        PlanningPeriod.objects.filter(pk=period.pk).update(
            state=PlanningPeriod.State.PUBLISHED, published_at=clock.now(), signed_at=clock.now()
        )


def _contents(catalogue: Catalogue, day: Day, post: int | None) -> tuple[tuple[Content, ...], Content | None]:
    shifts = tuple(Piece(piece.version, post=post) for piece in day.shifts)
    return catalogue.contents(Day(shifts, day.status))


def _posts(establishment: Establishment, unit: str, people: set[int], day: date) -> Iterator[tuple[int, int]]:
    posts = {row.code: row for row in Post.objects.filter(establishment=establishment).prefetch_related("skills")}
    codes = [code for code in POSTS.get(unit, []) if code in posts]
    held = set(SkillHeld.objects.on(day).filter(person__in=people).values_list("person", "skill"))
    for number, person in enumerate(sorted(people)):
        for code in codes[number % len(codes) :] + codes if codes else []:
            if all((person, skill.pk) in held for skill in posts[code].skills.all()):
                yield person, posts[code].pk
                break
