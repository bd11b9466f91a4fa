"""The planning board and single cells. The page reads and edits without script; ``board.js`` makes it quick."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access import may
from foundation.web.numbers import number
from roster.dates import day_of
from roster.demand.squares import LETTERS
from roster.demand.steps import AROUND, steps
from roster.establishment.models import Grade, Person
from roster.establishment.roles import reaches
from roster.planning import actions
from roster.planning.actions import Refused, StaleCells, Wanted
from roster.planning.board import CHUNK, Board, Filters, present
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.sheet import Sheet, members
from roster.planning.staffing import DAY, usual
from roster.rules.check import Checker, Finding
from roster.timeline.days import EMPTY, Day, Key

LIKE = "="
"""A value that begins so means: as the cell of that person and date."""
MOST_CELLS = 20_000


def period_of(request: HttpRequest, period_id: int) -> PlanningPeriod:
    found = PlanningPeriod.objects.visible_to(request.user).select_related("unit__establishment")
    period: PlanningPeriod = get_object_or_404(found, pk=period_id)
    return period


def draft_of(request: HttpRequest, period_id: int) -> Draft:
    """The draft that the address names; else the working one."""
    period = period_of(request, period_id)
    named = request.GET.get("draft", "")
    if not named:
        return actions.working(period)
    open_drafts = Draft.objects.filter(period=period, closed_at=None).select_related("period__unit__establishment")
    draft: Draft = get_object_or_404(open_drafts, pk=number(named))
    return draft


def address_of(draft: Draft) -> str:
    """What an address says beside the page to stay with this draft; of the working one nothing."""
    return "" if draft.kind == Draft.Kind.WORKING else f"?draft={draft.pk}"


def require(request: HttpRequest, verb: str, period: PlanningPeriod) -> None:
    """The verb must reach this prison: another prison's planner may look at most."""
    if not reaches(request.user, verb, period.unit.establishment):
        raise PermissionDenied


def may_permit(request: HttpRequest, period: PlanningPeriod, finding: Finding) -> bool:
    """Whether this user could let the breach pass."""
    verb = finding.override.verb
    return bool(verb and finding.blocks and reaches(request.user, verb, period.unit.establishment))


def filters_of(request: HttpRequest) -> Filters:
    asked = request.GET

    def at_most(most: int, name: str, usual: int) -> int:
        return min(number(asked.get(name, ""), usual), most)

    return Filters(
        name=asked.get("name", "")[:60],
        grade=asked.get("grade", "")[:10],
        troubled=asked.get("troubled") == "yes",
        week=at_most(52, "week", 0),
        weeks=at_most(53, "weeks", 4) or 4,
        everybody=asked.get("everybody") == "yes",
    )


@may("plan.see")
@require_GET
def board(request: HttpRequest, period_id: int) -> HttpResponse:
    draft = draft_of(request, period_id)
    return render(request, "planning/board.html", _board(request, Board(draft, filters_of(request), request.user)))


def _board(request: HttpRequest, page: Board) -> dict[str, Any]:
    people = page.people
    start = _from(request)
    shown = people if page.filters.everybody else people[start : start + CHUNK]
    undo, redo = page.undoable(request.user)
    needs = page.needs()
    return {
        "board": page,
        "period": page.period,
        "draft": page.draft,
        "drafts": page.period.drafts.filter(closed_at=None),
        "rows": page.rows(shown, checked=not page.filters.everybody or len(shown) <= CHUNK),
        "total": len(people),
        "next": start + CHUNK if not page.filters.everybody and start + CHUNK < len(people) else None,
        "needs": needs,
        "letters": LETTERS,
        "counts": page.counts() if needs is None else None,
        "others": present(page.period, request.user),
        "grades": Grade.objects.all(),
        "undo": undo,
        "redo": redo,
        "may_edit": reaches(request.user, "plan.edit", page.period.unit.establishment),
        "query": _query(request),
    }


def _from(request: HttpRequest) -> int:
    return number(request.GET.get("from", ""), 0)


def _query(request: HttpRequest) -> str:
    """What the address says beside the page: kept in every link of the board."""
    kept = request.GET.copy()
    kept.pop("from", None)
    return kept.urlencode()


def _back(request: HttpRequest, period_id: int) -> str:
    query = _query(request)
    return reverse("plan_board", args=[period_id]) + (f"?{query}" if query else "")


@may("plan.see")
@require_GET
def rows(request: HttpRequest, period_id: int) -> HttpResponse:
    """The next rows of the board, for whoever scrolls there."""
    page = Board(draft_of(request, period_id), filters_of(request), request.user)
    start = _from(request)
    people = page.people
    context = {
        "board": page,
        "period": page.period,
        "draft": page.draft,
        "rows": page.rows(people[start : start + CHUNK]),
        "next": start + CHUNK if start + CHUNK < len(people) else None,
        "query": _query(request),
    }
    return render(request, "planning/rows.html", context)


@may("plan.see")
@require_GET
def need(request: HttpRequest, period_id: int, key: str, day: date) -> HttpResponse:
    """One post of the unit on one day of a draft: what is short, why, and the cheapest steps back to green."""
    draft = draft_of(request, period_id)
    if not draft.period.holds_on(day):
        raise Http404
    page = Board(draft, user=request.user)
    found = page.places.coverage(draft, day, day)
    listed = found.of(int(key), day)
    if not listed:
        raise Http404
    sheet = Sheet(draft, days=(day - AROUND - DAY, day + AROUND))
    shifts = usual(draft.period)
    rows = [
        (one, found.sentence(one), steps(found, one, sheet.days, shifts) if one.below_target else []) for one in listed
    ]
    context = {
        "board": page,
        "period": draft.period,
        "draft": draft,
        "name": found.name(int(key)),
        "day": day,
        "rows": rows,
        "sheet": sheet,
        "may_edit": reaches(request.user, "plan.edit", draft.period.unit.establishment),
        "query": _query(request),
    }
    pane = request.headers.get("HX-Target") == "cell-pane"
    return render(request, "planning/need_pane.html" if pane else "planning/need.html", context)


@may("plan.see")
@require_GET
def presence(request: HttpRequest, period_id: int) -> HttpResponse:
    """Who else has this period open; asked again and again by the open page."""
    period = period_of(request, period_id)
    return render(request, "planning/presence.html", {"others": present(period, request.user)})


@may("plan.edit")
@require_POST
def edit(request: HttpRequest, period_id: int) -> HttpResponse:
    """Change cells. The answer is the rows concerned, with their rule results, and one sentence.

    ``do`` is set, lock, unlock, undo or redo; ``cells`` has a line a cell: person, date, stamp, value. What is sent
    again because no answer came is not done again; ``step`` says which step is undone or done again.
    """
    draft = draft_of(request, period_id)
    require(request, "plan.edit", draft.period)
    page = Board(draft, replace(filters_of(request), troubled=False), request.user)
    do = request.POST.get("do", "")
    context: dict[str, Any] = {"board": page, "period": page.period, "draft": draft, "query": _query(request)}
    people: set[int] = set()
    days: set[date] = set()
    status = 200
    try:
        wanted = _wanted(request, page)
        step = _do(do, draft, wanted, request.user, number(request.POST.get("step", "")))
        changed = [(person, date.fromisoformat(day)) for person, day, *_ in step.days] if step else []
        people, days = {person for person, _ in [*wanted, *changed]}, {day for _, day in [*wanted, *changed]}
        context["said"] = _said(do, step, len(wanted))
    except StaleCells as stale:
        context |= {"stale": stale, "said": str(stale), "names": {one.pk: one.listed for one in page.people}}
        people, days = {each.cell.person_id for each in stale.cells}, {each.cell.shift_date for each in stale.cells}
        status = 409
    except Refused as refused:
        context["said"], status = str(refused), 409
    if "HX-Request" not in request.headers and status == 200:
        return redirect(_back(request, period_id))
    undo, redo = page.undoable(request.user)
    shown = Person.objects.filter(pk__in=people)
    needs = page.needs(days) if days else None
    context |= {
        "rows": page.rows(shown),
        "needs": needs,
        "letters": LETTERS,
        "undo": undo,
        "redo": redo,
        "may_edit": True,
    }
    context["counts"] = page.counts() if days and needs is None else None
    return render(request, "planning/edited.html", context, status=status)


def _do(do: str, draft: Draft, wanted: dict[Key, Wanted], user: Any, step: int) -> Any:
    if do == "undo":
        return actions.undo(draft, by=user, number=step)
    if do == "redo":
        return actions.redo(draft, by=user, number=step)
    if not wanted:
        raise Refused("No cell was chosen.")
    if do in ("lock", "unlock"):
        return actions.lock_cells(draft, wanted, do == "lock", by=user)
    if do == "set":
        return actions.edit(draft, wanted, by=user, words=_words(wanted))
    raise Http404


def _words(wanted: dict[Key, Wanted]) -> str:
    return "Change of one day" if len(wanted) == 1 else f"Change of {len(wanted)} days"


def _said(do: str, step: Any, cells: int) -> str:
    if step is None:
        return f"Nothing to {do}." if do in ("undo", "redo") else "Nothing changed."
    if do in ("undo", "redo"):
        return f"{step.words}: {'undone' if do == 'undo' else 'done again'}."
    done = {"lock": "locked", "unlock": "unlocked"}.get(do, "changed")
    return f"{cells} {'day' if cells == 1 else 'days'} {done}."


def _wanted(request: HttpRequest, page: Board) -> dict[Key, Wanted]:
    """What was posted, line by line. Raises ``Refused`` where a line cannot be read."""
    lines = [line.split(" ", 3) for line in request.POST.get("cells", "").splitlines() if line.strip()]
    if len(lines) > MOST_CELLS:
        raise Refused("Too many cells at once.")
    known = {person.pk for person in page.people}
    values: dict[str, Day] = {}
    found = {}
    for line in lines:
        try:
            person, day, stamp, value = int(line[0]), day_of(line[1]), line[2], (*line, "")[3]
        except (IndexError, ValueError):
            raise Refused("The change could not be read: nothing was done.") from None
        if person not in known:
            raise Refused("Somebody is not in this unit.")
        if value not in values:
            values[value] = value_of(value, page)
        found[person, day] = Wanted(values[value], stamp)
    return found


def value_of(text: str, page: Board) -> Day:
    """A code as it is typed (N, rd), empty for an empty day, or ``=12.2027-01-04``: as that cell is."""
    text = text.strip()
    if not text:
        return EMPTY
    if text.startswith(LIKE):
        person, _, day = text[1:].partition(".")
        try:
            pk, on = int(person), day_of(day)
        except ValueError:
            raise Refused("The cell to copy from could not be read.") from None
        if not members(page.period).filter(pk=pk).exists():
            raise Refused("The cell to copy from is not in this unit.")
        return Sheet(page.draft, [pk]).day(pk, on)
    for code, _, content in page.templates:
        if code.casefold() == text.casefold():
            return content
    raise Refused(f"There is no shift “{text[:20]}”.")


@may("plan.see")
@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, period_id: int, person_id: int, day: date) -> HttpResponse:
    """One day of one person: what stands there, which rules it breaks and what would mend that; a form to change it."""
    draft = draft_of(request, period_id)
    page = Board(draft, user=request.user)
    person = next((each for each in page.people if each.pk == person_id), None)
    if person is None or not draft.period.holds_on(day):
        raise Http404
    errors, stale, typed = [], None, request.POST.get("code", "")
    if request.method == "POST":
        require(request, "plan.edit", draft.period)
        try:
            _change_one(request, page, (person_id, day))
            return redirect(f"{_back(request, period_id)}#person-{person_id}")
        except StaleCells as refused:
            errors, stale = [{"text": str(refused), "href": "#code"}], refused.cells[0]
        except Refused as refused:
            errors = [{"text": str(refused), "href": "#code"}]
    sheet = Sheet(draft, [person_id])
    found = sheet.cell(person_id, day)
    checker = Checker([person_id], draft.period.first, draft.period.last, page.catalogue)
    line = sheet.line(person_id)
    broken = [(each, checker.help(person_id, line, each)) for each in checker.check_edit(person_id, line, day)]
    context = {
        "board": page,
        "period": draft.period,
        "draft": draft,
        "person": person,
        "day": day,
        "cell": found,
        "look": page.look(found.day, person_id),
        "published": page.look(found.published.day, person_id),
        "findings": broken,
        "may_permit": lambda finding: may_permit(request, draft.period, finding),
        "stamps": {each.on: sheet.cell(person_id, each.on).stamp for _, advice in broken for each in advice.fixes},
        "typed": typed if errors else page.look(found.day, person_id).code,
        "stale": stale,
        "errors": errors,
        "may_edit": reaches(request.user, "plan.edit", draft.period.unit.establishment),
        "query": _query(request),
    }
    pane = request.headers.get("HX-Target") == "cell-pane"
    template = "planning/cell_pane.html" if pane else "planning/cell.html"
    return render(request, template, context, status=409 if stale else 200)


def _change_one(request: HttpRequest, page: Board, key: Key) -> None:
    if (do := request.POST.get("do", "set")) in ("lock", "unlock"):
        actions.lock_cells(page.draft, [key], do == "lock", by=request.user)
        return
    wanted = Wanted(value_of(request.POST.get("code", ""), page), request.POST.get("stamp", ""))
    actions.edit(page.draft, {key: wanted}, by=request.user, words="Change of one day")
