"""Which cell of a pattern stands on a person's day (staff-roster 6).

``cells`` answers for one assignment, ``plan`` for many in a few queries. Nothing is written here: insertion takes what
stands here into the plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from roster.activities.models import Template
from roster.activities.queries import rest_day
from roster.patterns.models import Assignment, PatternVersion


@dataclass(frozen=True)
class Cell:
    """A template on a day. ``agreed_off``: the pattern has something else there, but the person does not work then."""

    template: Template
    post_id: int | None = None
    unit_id: int | None = None
    agreed_off: bool = False


Days = list[tuple[date, Cell | None]]
"""None: an empty cell, or no version of the pattern holds on that day."""


def line_on(start_line: int, reference: date, lines: int, day: date) -> int:
    """The line that somebody is on, counted from 0: one further every week, before the reference Monday too."""
    return (start_line + (day - reference).days // 7) % lines


def cells(assignment: Assignment, first: date, last: date) -> Days:
    """What the pattern gives from first to last, both included; only days on which the assignment holds."""
    return plan([assignment], first, last)[assignment.pk]


def plan(assignments: Iterable[Assignment], first: date, last: date) -> dict[int, Days]:
    """The same for many, by the number of the assignment. Ask with ``Assignment.objects.whole()`` to spare queries."""
    listed = list(assignments)
    versions = _versions({each.pattern_id for each in listed}, first, last)
    off = Cell(rest_day(), agreed_off=True)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {each.pk: _of(each, days, versions.get(each.pattern_id, []), off) for each in listed}


Table = dict[tuple[int, int], Cell]


def _of(assignment: Assignment, days: Sequence[date], versions: list[tuple[PatternVersion, Table]], off: Cell) -> Days:
    contracts = [each for each in assignment.person.contracts.all() if each.agreed_days]
    found: Days = []
    for day in days:
        if not assignment.holds_on(day):
            continue
        cell = None
        for version, table in versions:
            if version.holds_on(day):
                line = line_on(assignment.start_line, assignment.reference, version.lines, day)
                cell = table.get((line, day.weekday()))
        by_contract: list[int] = next((each.agreed_days for each in contracts if each.holds_on(day)), [])
        agreed = assignment.agreed_days or by_contract
        found.append((day, off if agreed and day.weekday() not in agreed else cell))
    return found


def _versions(patterns: set[int], first: date, last: date) -> dict[int, list[tuple[PatternVersion, Table]]]:
    rows = PatternVersion.objects.during(first, last).filter(pattern__in=patterns)
    found: dict[int, list[tuple[PatternVersion, Table]]] = {}
    for version in rows.prefetch_related("cells__template"):
        found.setdefault(version.pattern_id, []).append((version, table_of(version)))
    return found


def table_of(version: PatternVersion) -> Table:
    """The cells of a version by line and weekday."""
    return {(each.line, each.weekday): Cell(each.template, each.post_id, each.unit_id) for each in version.cells.all()}
