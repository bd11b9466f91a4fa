"""Pages of optimiser runs: ask for one, watch it, stop it, read its score in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access import may
from foundation.web.offering import offer
from roster.establishment.roles import reaches
from roster.planning import actions, runs
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.models import Draft, PlanningPeriod, Run
from roster.planning.sheet import members
from roster.planning.staffing import asks, usual
from roster.planning.to_problem import Options
from roster.planning.unkept import by_day, of_report
from roster.planning.views import draft_of, period_of, require
from roster.rules import words
from roster.rules.book import declared
from roster.wording import Worded

LENGTHS = [(20, "20 seconds, for a first look"), (60, "1 minute"), (300, "5 minutes"), (900, "15 minutes")]


class RunForm(Worded, forms.Form):
    """Which shifts may be planned. Of a unit that nothing is asked of also how many people each wants a day."""

    shifts = forms.MultipleChoiceField(
        error_messages={"required": "Choose at least one shift", "invalid_choice": "Choose shifts from the list"}
    )
    seconds = forms.TypedChoiceField(
        choices=LENGTHS, coerce=int, initial=60,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose how long it may take"),
    )  # fmt: skip
    anew = forms.BooleanField(required=False)

    def __init__(self, *args: Any, shifts: list[tuple[str, str]], counted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = shifts if counted else []
        offer(self, "shifts", shifts)
        self.fields["shifts"].required = not counted
        for code, name in self.offered:
            self.fields[f"wanted_{code}"] = forms.IntegerField(
                label=name, required=False, min_value=0, max_value=999,
                error_messages={"invalid": f"{code}: enter a whole number", "min_value": f"{code}: enter 0 or more"},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.offered and not self.errors and not self.options(data).wanted:
            self.add_error(f"wanted_{self.offered[0][0]}", "Say how many people at least one shift wants")
        return data

    def options(self, data: dict[str, Any]) -> Options:
        if not self.offered:
            return Options(dict.fromkeys(data["shifts"], 0), data.get("anew", False))
        numbers = {code: data.get(f"wanted_{code}") for code, _ in self.offered}
        return Options(
            {code: people for code, people in numbers.items() if people is not None}, data.get("anew", False)
        )


@dataclass(frozen=True)
class Offer:
    """Shifts that a run may plan: those that the unit works, and the others of which demand can be met."""

    usual: list[tuple[str, str]]
    others: list[tuple[str, str]]

    @property
    def all(self) -> list[tuple[str, str]]:
        return self.usual + self.others


def shifts_of(page: Board) -> Offer:
    """What meets no demand (training, a day of leave) is never offered. Where nothing is usual yet everything is."""
    numbers = usual(page.period)
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for code, name, day in page.templates:
        if day.status is None and any(
            item.activity.meets_demand for item in page.catalogue.content(day.shifts[0]).items
        ):
            version = page.catalogue.versions[day.shifts[0].version or 0]
            found[version.template_id in numbers].append((code, name))
    return Offer(found[True], found[False]) if found[True] else Offer(found[False], [])


@may("plan.see")
@require_http_methods(["GET", "POST"])
def runs_page(request: HttpRequest, period_id: int) -> HttpResponse:
    """Ask the optimiser to plan what is open in a draft; what it did before."""
    draft = draft_of(request, period_id)
    page = Board(draft, user=request.user)
    asked = asks(draft.period)
    offered = shifts_of(page)
    initial: dict[str, Any] = {"shifts": [code for code, _ in offered.usual]}
    if not asked:
        initial |= {f"wanted_{code}": max(counts) for code, _, counts in page.counts()}
    form = RunForm(request.POST or None, shifts=offered.all, counted=not asked, initial=initial)
    if request.method == "POST":
        require(request, "plan.edit", draft.period)
        if form.is_valid():
            try:
                options = form.options(form.cleaned_data)
                run = runs.ask(draft, by=request.user, options=options, seconds=form.cleaned_data["seconds"])
                return redirect("plan_run", period_id, run.pk)
            except runs.Working as working:
                return redirect("plan_run", period_id, working.run.pk)
            except Refused as refused:
                form.add_error(None, str(refused))
    context = {
        "period": draft.period,
        "draft": draft,
        "form": form,
        "offer": offered,
        "asked": asked,
        "lengths": LENGTHS,
        "runs": Run.objects.filter(draft__period=draft.period).select_related("asked_by", "result")[:20],
        "may_edit": reaches(request.user, "plan.edit", draft.period.unit.establishment),
    }
    return render(request, "planning/runs.html", context)


def run_of(period: PlanningPeriod, run_id: int) -> Run:
    found: Run = get_object_or_404(Run.objects.select_related("draft", "result"), pk=run_id, draft__period=period)
    return found


@may("plan.see")
@require_GET
def run(request: HttpRequest, period_id: int, run_id: int) -> HttpResponse:
    period = period_of(request, period_id)
    found = run_of(period, run_id)
    names = {person.pk: person.listed for person in members(period)}
    result = found.result if found.result and found.result.closed_at is None else None
    gaps, asked = found.report.get("gaps", []), asks(period)
    context = {
        "period": period,
        "run": found,
        "draft": found.draft if found.draft.closed_at is None else actions.working(period),
        "ends": found.started_at + timedelta(seconds=found.seconds) if found.started_at and not found.is_over else None,
        "posts": found.report.get("cost_by_post", {}),
        "still": still_open(result, gaps) if result and asked else None,
        "missing": [] if asked else [(gap["where"], gap["missing"], why(gap["reasons"])) for gap in gaps],
        "latest": found.log[-1] if found.log else None,
        "result": result,
        "rules": [in_words(rule, cost) for rule, cost in found.report.get("cost_by_rule", {}).items() if cost],
        "unkept": by_day(of_report(found.report.get("forbidden", [])), names),
        "may_edit": reaches(request.user, "plan.edit", period.unit.establishment),
    }
    part = request.headers.get("HX-Target") == "run-progress"
    return render(request, "planning/run_progress.html" if part else "planning/run.html", context)


def in_words(rule: str, cost: int) -> tuple[str, str, int]:
    """A part of the cost: its rule, what the rule asks, and how much."""
    if rule == "Cover":
        return "Demand", "People missing below what each regime level needs, by the quarter of an hour", cost
    known = declared().get(rule)
    return (words.title(known), words.about(known), cost) if known else (rule, "", cost)


@dataclass(frozen=True)
class Open:
    """A post that the proposal leaves short, in the words of the board, and why nobody stands there."""

    sentence: str
    why: str
    key: int
    day: date


@dataclass(frozen=True)
class Still:
    """What the proposal leaves open: posts below the minimum, and how many are only below the target."""

    short: list[Open]
    under: int


def still_open(result: Draft, gaps: list[dict[str, Any]]) -> Still:
    """The proposal's demand as the board would show it."""
    found = Board(result).needs()
    short, under = [], 0
    for row in found.rows if found else []:
        for day, square in row.squares:
            if square and square.short:
                there = f"{day:%a %-d %b %Y}, ", f"{row.name}, {row.times}"
                met = (gap["reasons"] for gap in gaps if gap["where"].startswith(there[0]) and there[1] in gap["where"])
                short.append(Open(square.sentence, why(next(met, {})), row.key, day))
            elif square and square.under:
                under += 1
    return Still(sorted(short, key=lambda one: (one.day, one.key)), under)


REASONS = {
    "Does not count": "have not the grade or skill", "There already": "are there already",
    "Booked": "have leave or another fixed day", "At work": "work another shift that day",
    "Free and legal": "could, but are owed elsewhere or off more", "Nobody can": "cannot: no chosen shift covers it",
}  # fmt: skip


def why(reasons: dict[str, int]) -> str:
    """Why nobody more stands there: how many people each kind of reason keeps away."""
    parts = [f"{number} {_reason(kind)}" for kind, number in reasons.items() if kind != "There already"]
    return f"Of the others {', '.join(parts)}." if parts else ""


def _reason(kind: str) -> str:
    rule = declared().get(kind)
    return REASONS.get(kind) or f"would break the rule {words.title(rule) if rule else kind}"


@may("plan.edit")
@require_POST
def stop(request: HttpRequest, period_id: int, run_id: int) -> HttpResponse:
    period = period_of(request, period_id)
    require(request, "plan.edit", period)
    runs.stop(run_of(period, run_id), by=request.user)
    return redirect("plan_run", period_id, run_id)
