"""Publishing: what a draft has differently becomes what staff see, in one transaction, or nothing does."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import audit, clock
from roster.planning.actions import Refused, State, lock_draft, working
from roster.planning.models import Draft, DraftCell, Edit, PlanningPeriod, Publication
from roster.planning.sheet import Cell, Sheet
from roster.rules.check import Checker, Finding
from roster.timeline import actions as timeline
from roster.timeline.days import Catalogue, Day
from roster.timeline.models import Duty, Level

MOST_REASON = 300


class BreaksRules(Refused):
    """Rules that block stand in the way: the plan must change, or somebody with the right permit the breach."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} rules that block are broken on days that would be published.")


class Reason(Refused):
    """What is wrong with the reason."""


class Overtaken(Refused):
    """Days that were changed outside the draft since: sickness, a move, a swap."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells
        super().__init__("What is published was changed since: look at these days again.")


@transaction.atomic
def publish(period: PlanningPeriod, *, by: Any, reason: str = "", version: int | None = None) -> Publication:
    """Publish what the working draft has differently. The first time a manager must have signed; later a reason is
    needed. A rule that blocks and that nobody has permitted to be broken stops it.
    """
    now = PlanningPeriod.objects.select_for_update(of=("self",)).select_related("unit").get(pk=period.pk)
    if version is not None and version != now.version:
        raise Refused(f"Somebody else has changed this period: it is “{now.stage}” now.")
    first = now.state == State.APPROVING
    _refuse_unready(now, reason)
    draft = lock_draft(working(now))
    sheet = Sheet(draft)
    cells = sheet.differing()
    if not cells and not first:
        raise Refused("Everything is published already.")
    if overtaken := [cell for cell in cells if cell.overtaken]:
        raise Overtaken(overtaken)
    catalogue = Catalogue()
    if found := blocking(sheet, cells, catalogue):
        raise BreaksRules(found)
    publication = _write(now, cells, catalogue, by=by, reason=reason, first=first)
    DraftCell.objects.filter(draft=draft).delete()
    Edit.objects.filter(draft=draft).delete()  # what is published is not undone by a keystroke
    Draft.objects.filter(pk=draft.pk).update(revision=draft.revision + 1)
    now.state = State.PUBLISHED
    now.published_at = now.published_at or clock.now()
    now.version += 1
    now.save()
    facts = {"days": len(cells), "first": first}
    audit.record("PERIOD_PUBLISHED", by=by, subject=now, reason=reason, after=facts)
    return publication


def unready(period: PlanningPeriod) -> str:
    """Why it cannot be published yet, or no more; empty where it can."""
    if period.state == State.APPROVING and period.signed_at is None:
        return "A manager has to sign this plan before it is published."
    if period.state not in (State.APPROVING, State.PUBLISHED):
        return f"A period that is “{period.stage}” cannot be published."
    return ""


def _refuse_unready(period: PlanningPeriod, reason: str) -> None:
    if why := unready(period):
        raise Refused(why)
    if period.state == State.PUBLISHED and not reason.strip():
        raise Reason("Say why the published plan changes.")
    if len(reason) > MOST_REASON:
        raise Reason(f"Enter a reason of {MOST_REASON} characters or fewer.")


def blocking(sheet: Sheet, cells: list[Cell], catalogue: Catalogue) -> list[Finding]:
    """Rules that block and that the days to be published have part in."""
    people = {cell.person_id for cell in cells if cell.differs}
    days = {(cell.person_id, cell.shift_date) for cell in cells if cell.differs}
    checker = Checker(people, sheet.first, sheet.last, catalogue)
    return [
        finding
        for person in sorted(people)
        for finding in checker.check(person, sheet.line(person))
        if finding.blocks and any((person, day) in days for day in finding.days)
    ]


def _write(
    period: PlanningPeriod, cells: list[Cell], catalogue: Catalogue, *, by: Any, reason: str, first: bool
) -> Publication:
    differing = [cell for cell in cells if cell.differs]
    versions = timeline.publish_day_set(
        [_timeline_cell(period, cell, cell.day, catalogue) for cell in differing],
        by=by, reason=reason, first_publication=first,
    )  # fmt: skip
    for locked in (True, False):
        wanted = {(cell.person_id, cell.shift_date) for cell in cells if not cell.differs and cell.locked is locked}
        if wanted:
            timeline.lock(_duties(wanted), locked, by=by)
    days = [
        [cell.person_id, cell.shift_date.isoformat(), cell.published.day.to_json(),
         {"day": cell.day.to_json(), "locked": cell.locked, "source": cell.source,
          "version": versions.get((cell.person_id, cell.shift_date, Level.PLAN), 0)}]
        for cell in differing
    ]  # fmt: skip
    return Publication.objects.create(period=period, first=first, by=by, reason=reason, days=days)


def _timeline_cell(
    period: PlanningPeriod, cell: Cell, day: Day, catalogue: Catalogue, version: int | None = None
) -> timeline.Cell:
    duties, over = catalogue.contents(day)
    return timeline.Cell(
        cell.person_id, period.unit_id, cell.shift_date, duties, over, Level.PLAN, cell.source or "hand", cell.locked,
        cell.published.version if version is None else version,
    )  # fmt: skip


def _duties(keys: set[tuple[int, date]]) -> list[Duty]:
    days = [day for _, day in keys]
    rows = Duty.objects.between(min(days), max(days)).filter(person__in={person for person, _ in keys})
    return [row for row in rows if (row.person_id, row.shift_date) in keys]


def can_be_taken_back(publication: Publication) -> bool:
    """While its changes settle nobody has been told yet."""
    settles = timedelta(seconds=settings.CHANGE_SETTLES_SECONDS)
    return publication.undone_at is None and clock.now() < publication.at + settles


@transaction.atomic
def take_back(publication: Publication, *, by: Any) -> None:
    """Undo an act of publishing while its changes settle: staff see what they saw, the draft says what it said."""
    row = Publication.objects.select_for_update(of=("self",)).select_related("period__unit").get(pk=publication.pk)
    if not can_be_taken_back(row):
        raise Refused("It is too late to take this back: the staff have been told. Change the plan instead.")
    period = PlanningPeriod.objects.select_for_update().get(pk=row.period_id)
    draft = lock_draft(working(period))
    days = {(person, date.fromisoformat(day)): (before, after) for person, day, before, after in row.days}
    sheet = Sheet(draft, {person for person, _ in days})
    cells = {key: sheet.cell(*key) for key in days}
    catalogue = Catalogue()
    timeline.publish_day_set(
        [
            _timeline_cell(period, cells[key], Day.from_json(before), catalogue, version=after["version"])
            for key, (before, after) in days.items()
        ],
        by=by, reason="Publication taken back", first_publication=row.first,
    )  # fmt: skip
    _back_into(draft, days, by)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    if row.first:
        period.state, period.published_at = State.APPROVING, None
        period.version += 1
        period.save()
    audit.record("PUBLICATION_TAKEN_BACK", by=by, subject=period, after={"days": len(days)})


def _back_into(draft: Draft, days: Mapping[tuple[int, date], tuple[Any, Any]], by: Any) -> None:
    """The days go back into the draft, unless it says something new about them."""
    sheet = Sheet(draft, {person for person, _ in days})
    revision = draft.revision + 1
    DraftCell.objects.bulk_create(
        [
            DraftCell(
                draft=draft, person_id=key[0], shift_date=key[1], content=after["day"], locked=after["locked"],
                source=after["source"], seen=sheet.cell(*key).published.version, version=revision, changed_by=by,
            )
            for key, (_, after) in days.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(revision=revision)
