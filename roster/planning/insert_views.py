"""The page that inserts a rota: choose, look at the difference, then do it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation.access import may
from foundation.web.numbers import number
from foundation.web.offering import offer_rows
from roster.dates import Day
from roster.patterns.models import Pattern, PatternVersion
from roster.planning import insertion
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.by_person import by_person
from roster.planning.models import Draft, PlanningPeriod
from roster.planning.unkept import by_day
from roster.planning.views import address_of, draft_of, require
from roster.wording import Worded


class InsertForm(Worded, forms.Form):
    pattern = forms.ModelChoiceField(
        Pattern.objects.none(), required=False, error_messages={"invalid_choice": "Choose a rota from the list"}
    )
    first = Day("First day", "Enter the first day")
    last = Day("Last day", "Enter the last day")
    offset = forms.IntegerField(
        required=False, min_value=-52, max_value=52,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], "Enter a whole number from -52 to 52"),
    )  # fmt: skip
    published_too = forms.BooleanField(required=False)

    def __init__(self, *args: Any, period: PlanningPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        approved = PatternVersion.objects.filter(state=PatternVersion.State.APPROVED, valid__overlap=period.valid)
        here = Pattern.objects.filter(establishment=period.unit.establishment_id)
        offer_rows(self, "pattern", here.filter(versions__in=approved).distinct())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not self.period.first <= first <= last <= self.period.last:
            self.add_error("last", "Choose days of this period, the first one first")
        return data

    @property
    def choice(self) -> insertion.Choice:
        data = self.cleaned_data
        return insertion.Choice(
            data["first"], data["last"], data["pattern"], data["offset"] or 0, data["published_too"]
        )


@may("plan.edit")
@require_http_methods(["GET", "POST"])
def insert(request: HttpRequest, period_id: int) -> HttpResponse:
    draft = draft_of(request, period_id)
    require(request, "plan.edit", draft.period)
    asked = request.POST if request.method == "POST" else request.GET if "first" in request.GET else None
    initial = {"first": draft.period.first, "last": draft.period.last}
    form = InsertForm(asked, period=draft.period, initial=initial)
    context: dict[str, Any] = {"period": draft.period, "draft": draft, "form": form, "typed": asked or {}}
    if asked is not None and form.is_valid():
        if request.method == "POST":
            try:
                found = insertion.insert(
                    draft, form.choice, by=request.user, seen=number(request.POST.get("revision", ""))
                )
                changed = insertion.counted(found).get("", 0)
                days = "1 day" if changed == 1 else f"{changed} days"
                messages.success(request, f"The rota is inserted: {days} changed.")
                return redirect(f"{reverse('plan_board', args=[period_id])}{address_of(draft)}")
            except Refused as refused:
                form.add_error(None, str(refused))
                draft.refresh_from_db()
        context |= _dry_run(request, draft, form, asked)
    return render(request, "planning/insert.html", context)


def _dry_run(request: HttpRequest, draft: Draft, form: InsertForm, asked: QueryDict) -> dict[str, Any]:
    """What would change, person by person; of a person who is chosen day by day."""
    choice = form.choice
    page = Board(draft, user=request.user)
    found = insertion.differences(draft, choice)
    broken = insertion.unkept(draft, found)
    changes = by_person(page, found, number(request.GET.get("person", "")), (each.person_id for each in broken))
    names = {person.pk: person.listed for person in page.people}
    shown = [each for each in broken if changes.chosen is None or each.person_id == changes.chosen.person_id]
    return {
        "numbers": insertion.counted(found),
        "kept_words": insertion.KEPT,
        "changes": changes,
        "broken": len(broken),
        "unkept": by_day(shown, names),
        "followers": len(insertion.assignments(draft, choice)),
        "here": urlencode(
            {name: value for name, value in asked.items() if name in form.fields}
            | ({"draft": request.GET["draft"]} if "draft" in request.GET else {})
        ),
    }
