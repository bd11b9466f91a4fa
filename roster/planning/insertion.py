"""Inserting a rota: what the patterns of a unit's people give for a period, against what stands in the draft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from roster.activities.models import Activity, Template
from roster.activities.phrases import DayType, day_type
from roster.patterns.cells import plan
from roster.patterns.models import Assignment, Pattern
from roster.planning import actions
from roster.planning.models import Draft
from roster.planning.sheet import Difference, Sheet, members
from roster.planning.unkept import Unkept, because
from roster.rules.check import Checker
from roster.timeline.days import EMPTY, Catalogue, Day, Key, Piece

KEPT = {
    "locked": "locked", "swap": "from an approved swap", "elsewhere": "for another unit", "leave": "leave",
    "sick": "sickness", "booked": "another absence", "published": "published already",
}  # fmt: skip
"""Why a day is left as it is: it is ..."""


@dataclass(frozen=True)
class Choice:
    """Whose rota is inserted: everybody's or one pattern's, from and to a day, ``offset`` lines further."""

    first: date
    last: date
    pattern: Pattern | None = None
    offset: int = 0
    published_too: bool = False


def assignments(draft: Draft, choice: Choice) -> list[Assignment]:
    """Who of the unit follows a pattern in these days."""
    rows = Assignment.objects.during(choice.first, choice.last).whole().filter(person__in=members(draft.period))
    return list(rows.filter(pattern=choice.pattern) if choice.pattern else rows)


def proposed(draft: Draft, choice: Choice, catalogue: Catalogue) -> dict[Key, Day]:
    """What the patterns give on each day on which they give something."""
    rows = assignments(draft, choice)
    for row in rows:
        row.start_line += choice.offset
    people = {row.pk: row.person_id for row in rows}
    content = Contents(catalogue)
    return {
        (people[pk], day): content.of(cell.template, day, cell.post_id) if cell else EMPTY
        for pk, days in plan(rows, choice.first, choice.last).items()
        for day, cell in days
    }


class Contents:
    """Templates as days, each by the version that holds."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.versions: dict[int, list[Any]] = {}
        for version in catalogue.versions.values():
            self.versions.setdefault(version.template_id, []).append(version)

    def of(self, template: Template, on: date, post: int | None) -> Day:
        version = next((each for each in self.versions.get(template.pk, ()) if each.holds_on(on)), None)
        if version is None:
            return EMPTY
        piece = Piece(version.pk, post=None if version.full_day else post)
        return Day((), piece) if version.full_day else Day((piece,))


def differences(draft: Draft, choice: Choice) -> list[Difference]:
    """The dry run: every day that would change, and every day that would but is kept, with the reason."""
    catalogue = Catalogue()
    return actions.insert(
        draft, proposed(draft, choice, catalogue), published_too=choice.published_too, protect=protector(catalogue)
    )


def insert(draft: Draft, choice: Choice, *, by: Any, seen: int | None = None) -> list[Difference]:
    """Write it: one step for undo. ``seen``: the draft's revision when the difference was looked at."""
    catalogue = Catalogue()
    return actions.insert(
        draft, proposed(draft, choice, catalogue), by=by, published_too=choice.published_too, dry=False,
        protect=protector(catalogue), seen=seen,
    )  # fmt: skip


def unkept(draft: Draft, found: Iterable[Difference]) -> list[Unkept]:
    """The rules that block and that the plan would break where the rota changes it, with what stays in the way."""
    changed: dict[int, dict[date, Day]] = defaultdict(dict)
    kept: dict[int, dict[date, str]] = defaultdict(dict)
    for one in found:
        if one.kept:
            kept[one.person_id][one.shift_date] = f"is {KEPT[one.kept]}"
        else:
            changed[one.person_id][one.shift_date] = one.after
    sheet = Sheet(draft, list(changed))
    checker = Checker(list(changed), draft.period.first, draft.period.last)
    return [
        Unkept(person, each.days[-1], each.sentence, because(each.days, kept[person]) if kept[person] else "")
        for person, days in changed.items()
        for each in checker.check(person, sheet.line(person) | days)
        if each.blocks and not days.keys().isdisjoint(each.days)
    ]


def protector(catalogue: Catalogue) -> Any:
    """Leave, sickness and other absence are never overwritten; a rest day may be."""
    kinds = {Activity.Kind.VACATION: "leave", Activity.Kind.ILLNESS: "sick"}

    def protect(day: Day) -> str:
        if day.status is None:
            return ""
        activity = catalogue.activity(day.status)
        rests = day_type(activity.name) in (DayType.REST_DAY, DayType.NONE)
        return "" if rests else kinds.get(Activity.Kind(activity.kind), "booked")

    return protect


def counted(found: Iterable[Difference]) -> Mapping[str, int]:
    """How many days change (""), and how many are kept for each reason."""
    numbers: dict[str, int] = {}
    for each in found:
        numbers[each.kept] = numbers.get(each.kept, 0) + 1
    return numbers
