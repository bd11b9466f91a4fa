"""What the pages of patterns show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from foundation import clock
from roster.activities.models import Template
from roster.activities.queries import open_templates
from roster.activities.wall import hours
from roster.demand.models import Post
from roster.establishment.models import Contract, Establishment
from roster.patterns.actions import Entry, rows_of
from roster.patterns.cells import Days, plan
from roster.patterns.figures import Sheet, stints
from roster.patterns.models import Assignment, Pattern, PatternVersion
from roster.patterns.table import Known, Rows
from roster.rules.cycle import Breach, check_cycle
from roster.timeline.days import EMPTY, Catalogue, Day, Piece

PREVIEW = timedelta(days=28)


def patterns(user: Any) -> list[Pattern]:
    """All that the user may see, with ``latest`` (the newest version) and ``people`` (how many follow it today)."""
    rows = Pattern.objects.visible_to(user).select_related("establishment").prefetch_related("versions")
    today = clock.today()
    counted = Assignment.objects.on(today).values("pattern").annotate(people=Count("pk"))
    people = {row["pattern"]: row["people"] for row in counted}
    listed = list(rows.order_by("establishment__name", "name"))
    for each in listed:
        versions = list(each.versions.all())
        each.latest = versions[-1] if versions else None  # type: ignore[attr-defined]
        each.stage = each.latest.stage(today) if each.latest else None  # type: ignore[attr-defined]
        each.people = people.get(each.pk, 0)  # type: ignore[attr-defined]
    return listed


def known(establishment: Establishment, rows: Rows) -> Known:
    """What may stand in a cell, and what stands there already though it was closed meanwhile."""
    today = clock.today()
    templates = {each.pk: each.code for each in open_templates(establishment, today)}
    used = {cell.template for row in rows for cell in row if cell} - set(templates)
    if used:
        templates |= dict(Template.objects.filter(pk__in=used).values_list("pk", "code"))
    posts = dict(Post.objects.filter(establishment=establishment, closed_on=None).values_list("pk", "name"))
    units = dict(establishment.units.filter(closed_on=None).values_list("pk", "name"))
    return Known(templates, posts, units)


def sheet(pattern: Pattern, rows: Rows, day: date | None = None) -> Sheet:
    """The lines as they would be worked on a day, for their figures."""
    found = stints({cell.template for row in rows for cell in row if cell}, day or clock.today())
    lines = tuple(tuple(found.get(cell.template) if cell else None for cell in row) for row in rows)
    return Sheet(lines, pattern.weekly_minutes)


def tolerance() -> int:
    minutes: int = settings.PATTERN_TOLERANCE_MINUTES
    return minutes


@dataclass(frozen=True)
class Follower:
    """Somebody on a pattern: the hours of the contract, what the pattern gives on average, and the line today."""

    assignment: Assignment
    contract: int | None
    average: float | None

    @property
    def difference(self) -> str:
        if self.contract is None or self.average is None:
            return ""
        return hours(self.average - self.contract)

    @property
    def outside(self) -> bool:
        return self.contract is not None and self.average is not None and (
            abs(self.average - self.contract) > tolerance()
        )  # fmt: skip


def followers(pattern: Pattern, version: PatternVersion | None) -> list[Follower]:
    """Who follows a pattern today or later (R-051: with the average of each against the contract)."""
    today = clock.today()
    rows = Assignment.objects.whole().filter(pattern=pattern, valid__overlap=(today, None))
    table = sheet(pattern, rows_of(version)) if version else None
    found = []
    for each in sorted(rows, key=lambda row: (row.start_line, row.person.listed)):
        contract = next((c for c in each.person.contracts.all() if c.holds_on(max(today, each.first_day))), None)
        average = _average(table, each, contract) if table else None
        found.append(Follower(each, contract.weekly_minutes if contract else None, average))
    return found


def _average(table: Sheet, assignment: Assignment, contract: Contract | None) -> float:
    """Minutes a week over all lines, on agreed days only where days are agreed."""
    agreed = assignment.agreed_days or (contract.agreed_days if contract else []) or range(7)
    worked = sum(cell.net for line in table.lines for weekday, cell in enumerate(line) if cell and weekday in agreed)
    return worked / len(table.lines)


def preview(assignments: Iterable[Assignment], first: date) -> list[tuple[Assignment, Days]]:
    """The four weeks from a day on."""
    listed = list(assignments)
    found = plan(listed, first, first + PREVIEW - timedelta(days=1))
    return [(each, found[each.pk]) for each in listed]


def breaches(pattern: Pattern, rows: Rows, day: date | None = None) -> list[Breach]:
    """What the rule book says of the lines, followed one after the other for ever."""
    on = day or clock.today()
    catalogue = Catalogue()
    versions = {row.template_id: row for row in catalogue.versions.values() if row.holds_on(on)}

    def content(cell: Entry | None) -> Day:
        version = versions.get(cell.template) if cell else None
        if version is None or cell is None:
            return EMPTY
        piece = Piece(version.pk, post=None if version.full_day else cell.post)
        return Day((), piece) if version.full_day else Day((piece,))

    days = [content(cell) for row in rows for cell in row]
    return check_cycle(pattern.establishment, days, pattern.weekly_minutes, on, catalogue)
