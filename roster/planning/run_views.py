"""Pages of optimiser runs: ask for one, watch it, stop it, read its score in words."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access import may
from roster.establishment.roles import reaches
from roster.planning import runs
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.models import PlanningPeriod, Run
from roster.planning.sheet import members
from roster.planning.to_problem import Options
from roster.planning.views import draft_of, period_of, require

LENGTHS = [(20, "20 seconds, for a first look"), (60, "1 minute"), (300, "5 minutes"), (900, "15 minutes")]


class RunForm(forms.Form):
    """How many people each shift wants a day: empty for a shift that is not to be used."""

    seconds = forms.TypedChoiceField(
        choices=LENGTHS, coerce=int, initial=60, error_messages={"required": "Say how long"}
    )
    anew = forms.BooleanField(required=False)

    def __init__(self, *args: Any, shifts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shifts = shifts
        for code, words in shifts:
            self.fields[f"wanted_{code}"] = forms.IntegerField(
                label=words, required=False, min_value=0, max_value=999,
                error_messages={"invalid": f"{code}: enter a whole number", "min_value": f"{code}: enter 0 or more"},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.options(data).wanted:
            self.add_error(f"wanted_{self.shifts[0][0]}", "Say how many people at least one shift wants")
        return data

    def options(self, data: dict[str, Any]) -> Options:
        numbers = {code: data.get(f"wanted_{code}") for code, _ in self.shifts}
        return Options(
            {code: people for code, people in numbers.items() if people is not None}, data.get("anew", False)
        )


@may("plan.see")
@require_http_methods(["GET", "POST"])
def runs_page(request: HttpRequest, period_id: int) -> HttpResponse:
    """Ask the optimiser to plan what is open in a draft; what it did before."""
    draft = draft_of(request, period_id)
    page = Board(draft)
    shifts = [(code, words) for code, words, day in page.templates if day.status is None]
    usual = {f"wanted_{code}": max(counts) for code, _, counts in page.counts()}
    form = RunForm(request.POST or None, shifts=shifts, initial=usual)
    if request.method == "POST":
        require(request, "plan.edit", draft.period)
        if form.is_valid():
            try:
                options = form.options(form.cleaned_data)
                run = runs.ask(draft, by=request.user, options=options, seconds=form.cleaned_data["seconds"])
                return redirect("plan_run", period_id, run.pk)
            except Refused as refused:
                form.add_error(None, str(refused))
    context = {
        "period": draft.period,
        "draft": draft,
        "form": form,
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
    names = {str(person.pk): person.listed for person in members(period)}
    context = {
        "period": period,
        "run": found,
        "latest": found.log[-1] if found.log else None,
        "result": found.result if found.result and found.result.closed_at is None else None,
        "rules": [(rule_in_words(rule), cost) for rule, cost in found.report.get("cost_by_rule", {}).items() if cost],
        "forbidden": [(names.get(each["person"], ""), each["sentence"]) for each in found.report.get("forbidden", [])],
        "may_edit": reaches(request.user, "plan.edit", period.unit.establishment),
    }
    part = request.headers.get("HX-Target") == "run-progress"
    return render(request, "planning/run_progress.html" if part else "planning/run.html", context)


def rule_in_words(name: str) -> str:
    """ContractHours: Contract hours."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words[:1].upper() + words[1:]


@may("plan.edit")
@require_POST
def stop(request: HttpRequest, period_id: int, run_id: int) -> HttpResponse:
    period = period_of(request, period_id)
    require(request, "plan.edit", period)
    runs.stop(run_of(period, run_id), by=request.user)
    return redirect("plan_run", period_id, run_id)
