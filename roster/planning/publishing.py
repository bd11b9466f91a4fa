"""Publishing: what a draft has differently becomes what staff see, in one transaction, or nothing does.

People whose plan is not in order can be held back: their days stay in the draft, and when these are published later it
is for them still the first publication of the period.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from foundation import audit, clock
from roster.establishment.models import Person
from roster.planning.actions import Refused, State, lock_draft, working
from roster.planning.models import Draft, DraftCell, Edit, PlanningPeriod, Publication
from roster.planning.sheet import Cell, Sheet, members
from roster.rules.check import Checker, Finding
from roster.timeline import actions as timeline
from roster.timeline.days import Catalogue, Day, Key
from roster.timeline.models import Duty, Level

MOST_REASON = 300


class HeldUp(Refused):
    """People whose plan is not in order stand in the way: mend it, or hold them back."""


class BreaksRules(HeldUp):
    """Rules that block: the plan must change, or somebody with the right permit the breach."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(f"{len(findings)} rules that block are broken on days that would be published.")


class Overtaken(HeldUp):
    """Days that were changed outside the draft since: sickness, a move, a swap."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells
        super().__init__("What is published was changed since: look at these days again.")


class Reason(Refused):
    """What is wrong with the reason."""


class Outlook:
    """What a draft has differently from what staff see, and what of it holds somebody up.

    ``without``: people who are held back.
    """

    def __init__(self, sheet: Sheet, catalogue: Catalogue, without: Collection[int] = ()) -> None:
        self.period, self.catalogue = sheet.period, catalogue
        self.cells = [cell for cell in sheet.differing() if cell.person_id not in without]
        self.changes = [cell for cell in self.cells if cell.differs]
        """What staff would see; the other cells are only locked, or no longer."""
        self.overtaken = [cell for cell in self.cells if cell.overtaken]
        self.findings = _blocking(sheet, self.changes, catalogue)

    @cached_property
    def obstacles(self) -> list[timeline.Obstacle]:
        """Shifts of people who are published somewhere else then, on overtime for instance."""
        return timeline.in_the_way(_timeline_cell(self.period, cell, cell.day, self.catalogue) for cell in self.changes)

    @property
    def held_up(self) -> set[int]:
        return {
            *(cell.person_id for cell in self.overtaken),
            *(finding.person_id for finding in self.findings),
            *(obstacle.person_id for obstacle in self.obstacles),
        }


def _blocking(sheet: Sheet, cells: list[Cell], catalogue: Catalogue) -> list[Finding]:
    """Rules that block and that the days to be published have part in."""
    people = {cell.person_id for cell in cells}
    days = {(cell.person_id, cell.shift_date) for cell in cells}
    checker = Checker(people, sheet.first, sheet.last, catalogue)
    return [
        finding
        for person in sorted(people)
        for finding in checker.check(person, sheet.line(person))
        if finding.blocks and any((person, day) in days for day in finding.days)
    ]


@transaction.atomic
def publish(
    period: PlanningPeriod, *, by: Any, reason: str = "", version: int | None = None, held_back: Collection[int] = ()
) -> Publication:
    """Publish what the working draft has differently. The first time a manager must have signed; later a reason is
    needed. A rule that blocks and that nobody has permitted to be broken stops it, unless its person is held back.
    """
    now = PlanningPeriod.objects.select_for_update(of=("self",)).select_related("unit").get(pk=period.pk)
    if version is not None and version != now.version:
        raise Refused(f"Somebody else has changed this period: it is “{now.stage}” now.")
    if why := unready(now):
        raise Refused(why)
    first = now.state == State.APPROVING
    draft = lock_draft(working(now))
    catalogue = Catalogue()
    sheet = Sheet(draft)
    held = {cell.person_id for cell in sheet.differing()}.intersection(held_back)
    found = Outlook(sheet, catalogue, held)
    if not found.cells and (held or not first):
        raise Refused("There is nobody else to publish." if held else "Everything is published already.")
    people = {cell.person_id for cell in found.changes}
    new = people if first else people & still_held_back(now)
    if found.overtaken:
        raise Overtaken(found.overtaken)
    if found.findings:
        raise BreaksRules(found.findings)
    _refuse_reason(reason, needed=not (first or (people and people == new)))
    days = _write(now, found.cells, catalogue, by=by, reason=reason, new=new)
    publication = Publication.objects.create(
        period=now, first=first, by=by, at=clock.now(), reason=reason, days=days,
        held_back=sorted(held if first else still_held_back(now) - new),
    )  # fmt: skip
    _empty(draft, held)
    now.state = State.PUBLISHED
    now.published_at = now.published_at or clock.now()
    now.version += 1
    now.save()
    facts = {"days": len(found.cells), "first": first, "held_back": sorted(held)}
    audit.record("PERIOD_PUBLISHED", by=by, subject=now, reason=reason, after=facts)
    return publication


def unready(period: PlanningPeriod) -> str:
    """Why it cannot be published yet, or no more; empty where it can."""
    if period.state == State.APPROVING and period.signed_at is None:
        return "A manager has to sign this plan before it is published."
    if period.state not in (State.APPROVING, State.PUBLISHED):
        return f"A period that is “{period.stage}” cannot be published."
    return ""


def standing(period: PlanningPeriod) -> QuerySet[Publication]:
    """Those that have not been taken back, the last one first."""
    return period.publications.filter(undone_at=None)


def still_held_back(period: PlanningPeriod) -> set[int]:
    """Whose first publication is still to come, while that of the period has been."""
    last = standing(period).first()
    return set(last.held_back) if last else set()


def not_published(period: PlanningPeriod) -> list[Person]:
    """Members who are still held back, and for whom something is planned."""
    held = still_held_back(period)
    if not held:
        return []
    people = list(members(period).filter(pk__in=held))
    changed = {
        cell.person_id for cell in Sheet(working(period), [one.pk for one in people]).differing() if cell.differs
    }
    return [one for one in people if one.pk in changed]


def _refuse_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise Reason("Say why the published plan changes.")
    if len(reason) > MOST_REASON:
        raise Reason(f"Enter a reason of {MOST_REASON} characters or fewer.")


def _write(
    period: PlanningPeriod, cells: list[Cell], catalogue: Catalogue, *, by: Any, reason: str, new: Collection[int]
) -> list[Any]:
    """What was written, as a publication keeps it."""
    differing = [cell for cell in cells if cell.differs]
    versions = timeline.publish_day_set(
        [_timeline_cell(period, cell, cell.day, catalogue) for cell in differing],
        by=by, reason=reason, first_publication=new,
    )  # fmt: skip
    for locked in (True, False):
        wanted = {(cell.person_id, cell.shift_date) for cell in cells if not cell.differs and cell.locked is locked}
        if wanted:
            timeline.lock(_duties(wanted), locked, by=by)
    return [
        [cell.person_id, cell.shift_date.isoformat(), cell.published.day.to_json(),
         {"day": cell.day.to_json(), "locked": cell.locked, "source": cell.source,
          "version": versions.get((cell.person_id, cell.shift_date, Level.PLAN), 0), "was": _marks(cell)}]
        for cell in differing
    ]  # fmt: skip


def _empty(draft: Draft, held: Collection[int]) -> None:
    """What is published is no longer in the draft, nor undone by a keystroke; of who is held back all stays."""
    DraftCell.objects.filter(draft=draft).exclude(person__in=held).delete()
    steps = list(Edit.objects.filter(draft=draft)) if held else []
    for step in steps:
        step.days = [day for day in step.days if day[0] in held]
    kept = [step for step in steps if step.days]
    Edit.objects.bulk_update(kept, ["days"])
    Edit.objects.filter(draft=draft).exclude(pk__in=[step.pk for step in kept]).delete()
    Draft.objects.filter(pk=draft.pk).update(revision=draft.revision + 1)


def _marks(cell: Cell) -> dict[str, Any]:
    """What a published day has beside its shifts, for when it is to stand again."""
    now = cell.published
    marks = {"unit_id": now.unit, "locked": now.locked, "source": now.source}
    return marks if now.unit else {}


def _timeline_cell(period: PlanningPeriod, cell: Cell, day: Day, catalogue: Catalogue) -> timeline.Cell:
    duties, over = catalogue.contents(day)
    return timeline.Cell(
        cell.person_id, period.unit_id, cell.shift_date, duties, over, Level.PLAN, cell.source or "hand", cell.locked,
        cell.published.version,
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
    if standing(period).filter(pk__gt=row.pk).exists():
        raise Refused("Something was published after it: take that back first.")
    draft = lock_draft(working(period))
    days = {(person, date.fromisoformat(day)): (before, after) for person, day, before, after in row.days}
    sheet = Sheet(draft, {person for person, _ in days})
    cells = {key: sheet.cell(*key) for key in days}
    catalogue = Catalogue()
    written = timeline.publish_day_set(
        [
            replace(
                _timeline_cell(period, cells[key], Day.from_json(before), catalogue),
                version=after["version"], **after.get("was", {}),
            )
            for key, (before, after) in days.items()
        ],
        by=by, reason="Publication taken back", first_publication=_new(row),
    )  # fmt: skip
    versions = {(person, day): version for (person, day, _), version in written.items()}
    _back_into(draft, days, {key: cell for key, cell in cells.items() if cell.row}, by)
    _stands_again(standing(period).filter(pk__lt=row.pk), days, versions)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    if row.first:
        period.state, period.published_at = State.APPROVING, None
        period.version += 1
        period.save()
    audit.record("PUBLICATION_TAKEN_BACK", by=by, subject=period, after={"days": len(days)})


def _new(row: Publication) -> set[int]:
    """For whom this was the first publication of the period."""
    people = {person for person, *_ in row.days}
    before = standing(row.period).filter(pk__lt=row.pk).first()
    return people if row.first else people.intersection(before.held_back if before else ())


def _stands_again(
    earlier: QuerySet[Publication], days: Mapping[Key, tuple[Any, Any]], versions: Mapping[Key, int]
) -> None:
    """What an earlier publication wrote is published again, as another version: so that it can be taken back too."""
    left = set(versions)
    for publication in earlier:
        for person, on, _, after in publication.days:
            key = (person, date.fromisoformat(on))
            if key in left:
                left.remove(key)
                if after["day"] == days[key][0]:
                    after["version"] = versions[key]
        publication.save(update_fields=["days"])


def _back_into(draft: Draft, days: Mapping[Key, tuple[Any, Any]], said: Mapping[Key, Cell], by: Any) -> None:
    """The days go back into the draft, unless it says something new about them (``said``): that was not overtaken."""
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
    kept = [
        DraftCell(pk=cell.row.pk, seen=sheet.cell(*key).published.version)
        for key, cell in said.items()
        if cell.row and not cell.overtaken
    ]
    DraftCell.objects.bulk_update(kept, ["seen"])
    Draft.objects.filter(pk=draft.pk).update(revision=revision)
