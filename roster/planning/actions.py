"""Planning: periods and their states, and every edit of a draft.

All edits go through ``edit``: the draft's row is locked, cells that were seen in another state are refused with both
values, and the step is kept for undo. Publishing is in ``publishing``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from foundation import audit, clock
from foundation.accounts.models import User
from roster.establishment.models import PlanningUnit
from roster.planning.models import Draft, DraftCell, Edit, PlanningPeriod
from roster.planning.sheet import COPIED, Cell, Difference, Sheet, proposed
from roster.timeline.days import Day, Key

UNDO_STEPS = 50
LENGTH = 28
State = PlanningPeriod.State


class Refused(Exception):
    """The sentence is for the page; nothing was changed."""


@dataclass(frozen=True)
class Meanwhile:
    """A cell that is no longer as the planner saw it: what stands there now, and what they wanted."""

    cell: Cell
    wanted: Day
    by: str


class StaleCells(Refused):
    """Another planner was first: both values are shown, nothing is overwritten (R-056)."""

    def __init__(self, cells: list[Meanwhile]) -> None:
        self.cells = cells
        first = cells[0]
        day = first.cell.shift_date
        super().__init__(f"{first.by or 'Somebody else'} has changed {day.day} {day:%B} meanwhile.")


@dataclass(frozen=True)
class Wanted:
    """What a cell is to be. ``stamp``: the state that was seen; None does not ask. ``locked`` None: as it is."""

    day: Day
    stamp: str | None = None
    locked: bool | None = None
    source: str = "hand"


# Periods


@transaction.atomic
def open_period(unit: PlanningUnit, first: date, *, by: Any, days: int = LENGTH) -> PlanningPeriod:
    """Begin to plan. What is published for these days already shows in the new draft."""
    try:
        with transaction.atomic():
            period = PlanningPeriod.objects.create(unit=unit, valid=(first, first + timedelta(days=days)))
    except IntegrityError:
        raise Refused("A planning period of this unit covers some of these days already.") from None
    Draft.objects.create(period=period, made_by=by)
    audit.record("PERIOD_OPENED", by=by, subject=period, after={"first": first.isoformat(), "days": days})
    return period


@transaction.atomic
def move_on(
    period: PlanningPeriod, state: str, *, by: Any, version: int, requests_until: date | None = None
) -> PlanningPeriod:
    """Take a period to another state of staff-roster 8.2. To go back takes the signature away."""
    now = _locked(period, version)
    if state == State.PUBLISHED or state not in PlanningPeriod.NEXT[State(now.state)]:
        raise Refused(f"A period that is “{now.stage}” cannot become “{State(state).label}”.")
    if state == State.FINALISED and clock.today() <= now.last:
        raise Refused("A period is finalised once its last day has been worked.")
    before = now.state
    now.state = state
    now.requests_until = requests_until if state == State.REQUESTS else now.requests_until
    now.finalised_at = clock.now() if state == State.FINALISED else None
    if state == State.DRAFT:
        now.signed_at = now.signed_by = None
    return _stored(now, "PERIOD_MOVED", by, before={"state": before}, after={"state": state})


@transaction.atomic
def sign(period: PlanningPeriod, *, by: Any, version: int) -> PlanningPeriod:
    """A manager agrees that this plan may be published."""
    now = _locked(period, version)
    if now.state != State.APPROVING:
        raise Refused("Only a plan that is partly approved can be signed.")
    now.signed_at, now.signed_by = clock.now(), by
    return _stored(now, "PERIOD_SIGNED", by)


def _locked(period: PlanningPeriod, version: int) -> PlanningPeriod:
    now = PlanningPeriod.objects.select_for_update().get(pk=period.pk)
    if now.version != version:
        raise Refused(f"Somebody else has changed this period: it is “{now.stage}” now.")
    return now  # type: ignore[no-any-return]


def _stored(period: PlanningPeriod, event: str, by: Any, **facts: Any) -> PlanningPeriod:
    period.version += 1
    period.save()
    audit.record(event, by=by, subject=period, **facts)
    return period


# Edits of a draft


@transaction.atomic
def edit(draft: Draft, wanted: Mapping[Key, Wanted], *, by: Any, words: str) -> Edit | None:
    """Make the cells so. None: they were so already. Raises ``StaleCells``."""
    now = lock_draft(draft)
    sheet = _sheet_of(now, wanted)
    cells = {key: sheet.cell(*key) for key in wanted}
    stale = [
        Meanwhile(cells[key], want.day, _author(cells[key]))
        for key, want in wanted.items()
        if want.stamp is not None and want.stamp != cells[key].stamp and want.day != cells[key].day
    ]
    if stale:
        raise StaleCells(stale)
    _inside(now, wanted)
    after = {
        key: {"day": want.day.to_json(), "locked": cells[key].locked if want.locked is None else want.locked,
              "source": want.source}
        for key, want in wanted.items()
        if want.day != cells[key].day or want.locked not in (None, cells[key].locked) or cells[key].overtaken
    }  # fmt: skip
    if not after:
        return None
    before = {key: _remembered(cells[key]) for key in after}
    revision = _write(now, after, cells, by)
    step = Edit.objects.create(
        draft=now, by=by, words=words[:100],
        days=[[key[0], key[1].isoformat(), before[key], after[key] | {"version": revision}] for key in after],
    )  # fmt: skip
    steps = Edit.objects.filter(draft=now, by=by)
    steps.filter(undone=True).delete()
    kept = steps.order_by("-pk").values_list("pk", flat=True)[:UNDO_STEPS]
    steps.exclude(pk__in=list(kept)).delete()
    return step


def lock_draft(draft: Draft) -> Draft:
    """One edit of a draft at a time; a draft that was discarded takes none."""
    now = Draft.objects.select_for_update(of=("self",)).select_related("period__unit").get(pk=draft.pk)
    if now.closed_at is not None:
        raise Refused("This draft has been closed.")
    if now.period.state == State.FINALISED:
        raise Refused("This period is finalised: only corrections are possible.")
    return now


def _sheet_of(draft: Draft, keys: Iterable[Key]) -> Sheet:
    listed = list(keys)
    days = [day for _, day in listed]
    return Sheet(draft, {person for person, _ in listed}, (min(days), max(days)) if days else None)


def _inside(draft: Draft, keys: Iterable[Key]) -> None:
    if any(not draft.period.holds_on(day) for _, day in keys):
        raise Refused("This day is not in the planning period.")


def _author(cell: Cell) -> str:
    found = User.objects.filter(pk=cell.row.by).first() if cell.row and cell.row.by else None
    return found.name if found else ""


def _remembered(cell: Cell) -> dict[str, Any] | None:
    """What undo puts back: None where the draft said nothing."""
    if cell.row is None:
        return None
    return {"day": cell.row.day.to_json(), "locked": cell.row.locked, "source": cell.row.source}


def _write(draft: Draft, states: Mapping[Key, dict[str, Any] | None], cells: Mapping[Key, Cell], by: Any) -> int:
    """Write draft rows in one statement; None takes the row away. Returns the draft's new revision."""
    draft.revision += 1
    draft.save(update_fields=["revision"])
    gone = [cells[key].row.pk for key, state in states.items() if state is None and cells[key].row]  # type: ignore[union-attr]
    DraftCell.objects.filter(pk__in=gone).delete()
    DraftCell.objects.bulk_create(
        [
            DraftCell(
                draft=draft, person_id=person, shift_date=day, content=state["day"], locked=state["locked"],
                source=state["source"], seen=cells[person, day].published.version, version=draft.revision,
                changed_by=by, changed_at=clock.now(),
            )
            for (person, day), state in states.items()
            if state is not None
        ],
        update_conflicts=True, unique_fields=["draft", "person", "shift_date"], batch_size=2000,
        update_fields=["content", "locked", "source", "seen", "version", "changed_by", "changed_at"],
    )  # fmt: skip
    return draft.revision


@transaction.atomic
def undo(draft: Draft, *, by: Any, number: int = -1) -> Edit | None:
    """Take the planner's own last step back. Refused where somebody has changed one of its days since.

    ``number``: the step that is meant. If it has been undone already, nothing more is.
    """
    step = Edit.objects.filter(draft=draft, by=by, undone=False).order_by("-pk").first()
    return _this_step(draft, step, by, number, back=True)


@transaction.atomic
def redo(draft: Draft, *, by: Any, number: int = -1) -> Edit | None:
    """Do again what was undone last."""
    step = Edit.objects.filter(draft=draft, by=by, undone=True).order_by("pk").first()
    return _this_step(draft, step, by, number, back=False)


def _this_step(draft: Draft, step: Edit | None, by: Any, number: int, *, back: bool) -> Edit | None:
    done = Edit.objects.filter(draft=draft, by=by, undone=back, pk=number).first()
    if done:
        return done
    if step and number not in (-1, step.pk):
        raise Refused("You have changed this draft elsewhere since: look at what would be undone or done again.")
    return _step(draft, step, by, back=back) if step else None


def _step(draft: Draft, step: Edit, by: Any, *, back: bool) -> Edit:
    now = lock_draft(draft)
    keys = [(person, date.fromisoformat(day)) for person, day, *_ in step.days]
    sheet = _sheet_of(now, keys)
    cells = {key: sheet.cell(*key) for key in keys}
    states = dict(zip(keys, (row[2 if back else 3] for row in step.days), strict=True))
    expected = dict(zip(keys, (row[3 if back else 2] for row in step.days), strict=True))
    stale = [
        Meanwhile(cells[key], _day_of(states[key], cells[key]), _author(cells[key]))
        for key in keys
        if _content_of(expected[key]) != _content_of(_remembered(cells[key]))
    ]
    if stale:
        raise StaleCells(stale)
    _write(now, states, cells, by)
    step.undone = back
    step.save(update_fields=["undone"])
    return step


def _content_of(state: dict[str, Any] | None) -> tuple[Any, ...] | None:
    return (Day.from_json(state["day"]), state["locked"]) if state else None


def _day_of(state: dict[str, Any] | None, cell: Cell) -> Day:
    return Day.from_json(state["day"]) if state else cell.published.day


def lock_cells(draft: Draft, keys: Iterable[Key], locked: bool, *, by: Any) -> Edit | None:
    """Keep cells from insertion and optimiser, or no longer."""
    listed = list(keys)
    sheet = _sheet_of(draft, listed)
    wanted = {key: Wanted(sheet.day(*key), locked=locked, source=sheet.cell(*key).source or "hand") for key in listed}
    return edit(draft, wanted, by=by, words="Lock" if locked else "Unlock")


# Drafts beside the working one


@transaction.atomic
def copy(draft: Draft, *, by: Any, kind: str = Draft.Kind.WHAT_IF, name: str = "") -> Draft:
    """Another draft that says the same, to try something out."""
    made = Draft.objects.create(
        period=draft.period, kind=kind, name=name[:60], based_on=draft, made_by=by, revision=COPIED
    )
    rows = list(DraftCell.objects.filter(draft=draft))
    for row in rows:
        row.pk, row.draft, row.version = None, made, COPIED
    DraftCell.objects.bulk_create(rows, batch_size=2000)
    audit.record("DRAFT_COPIED", by=by, subject=made)
    return made


@transaction.atomic
def discard(draft: Draft, *, by: Any) -> None:
    if draft.kind == Draft.Kind.WORKING:
        raise Refused("The working draft stays: undo what should not be in it.")
    Draft.objects.filter(pk=draft.pk, closed_at=None).update(closed_at=clock.now())
    audit.record("DRAFT_DISCARDED", by=by, subject=draft)


def accept(
    proposal: Draft, into: Draft, *, by: Any, person: int | None = None, day: date | None = None,
    seen: int | None = None,
) -> Edit | None:  # fmt: skip
    """Take over what a proposal has differently: all of it, of one person, or of one day. One step for undo."""
    if proposal.period_id != into.period_id:
        raise Refused("These drafts are of different periods.")
    tried = Sheet(proposal)
    chosen = [
        each
        for each in proposed(Sheet(into), tried)
        if person in (None, each.person_id) and day in (None, each.shift_date)
    ]
    sources = {(each.person_id, each.shift_date): tried.cell(each.person_id, each.shift_date).source for each in chosen}
    return take_over(into, chosen, by=by, sources=sources, words=f"Accept from “{proposal}”", seen=seen)


def insert(
    draft: Draft,
    proposed: Mapping[Key, Day],
    *,
    by: Any = None,
    published_too: bool = False,
    dry: bool = True,
    protect: Callable[[Day], str] | None = None,
    seen: int | None = None,
) -> list[Difference]:
    """Write a rota into a draft, or (``dry``) only say what it would change.

    Never overwritten: locks, approved swaps, shifts that another unit has published, whatever ``protect`` gives a
    reason for (leave, sickness), and, unless asked, days that are published.
    """
    sheet = _sheet_of(draft, proposed)
    found = []
    for key, after in sorted(proposed.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        cell = sheet.cell(*key)
        if after != cell.day and draft.period.holds_on(key[1]):
            kept = _kept(cell, draft.period.unit_id, published_too, protect)
            found.append(Difference(*key, cell.day, after, kept))
    if not dry:
        changed = [each for each in found if not each.kept]
        sources = dict.fromkeys(proposed, "pattern")
        take_over(draft, changed, by=by, sources=sources, words="Insert the rota", seen=seen)
    return found


def _kept(cell: Cell, unit: int, published_too: bool, protect: Callable[[Day], str] | None) -> str:
    if cell.locked:
        return "locked"
    if cell.day.shifts and not cell.differs and cell.published.unit != unit:
        return "elsewhere"
    if cell.source == "swap":
        return "swap"
    if protect and (reason := protect(cell.day)):
        return reason
    return "published" if cell.published.day and not published_too else ""


def take_over(
    draft: Draft, chosen: Iterable[Difference], *, by: Any, sources: Mapping[Key, str], words: str,
    seen: int | None = None,
) -> Edit | None:  # fmt: skip
    """Write differences as one step, each day with where it came from. What was changed since they were found is
    refused, and since ``seen``: the revision of the draft when somebody looked at them.
    """
    listed = list(chosen)
    if not listed:
        return None
    with transaction.atomic():
        now = lock_draft(draft)
        sheet = _sheet_of(now, [(each.person_id, each.shift_date) for each in listed])
        cells = [(sheet.cell(each.person_id, each.shift_date), each.before) for each in listed]
        late = seen is not None and any(cell.row and cell.row.version > seen for cell, _ in cells)
        if late or any(cell.day != before for cell, before in cells):
            raise Refused("Somebody has changed some of these days meanwhile: look at the differences again.")
        wanted = {
            key: Wanted(each.after, source=sources[key] or "hand")
            for each in listed
            for key in [(each.person_id, each.shift_date)]
        }
        return edit(now, wanted, by=by, words=words)


def working(period: PlanningPeriod) -> Draft:
    """The draft that is to be published."""
    return Draft.objects.select_related("period__unit__establishment").get(period=period, kind=Draft.Kind.WORKING)
