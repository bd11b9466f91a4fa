"""The page that inserts a rota: choose, look at the difference, then do it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.access import may
from foundation.web.offering import offer_rows
from roster.dates import Day
from roster.patterns.models import Pattern, PatternVersion
from roster.planning import insertion
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.models import PlanningPeriod
from roster.planning.unkept import by_day
from roster.planning.views import draft_of, require

SHOWN = 300


class InsertForm(forms.Form):
    pattern = forms.ModelChoiceField(Pattern.objects.none(), required=False)
    first = Day("First day", "Enter the first day")
    last = Day("Last day", "Enter the last day")
    offset = forms.IntegerField(
        required=False, min_value=-52, max_value=52, error_messages={"invalid": "Enter a whole number of lines"}
    )
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
                done = insertion.counted(insertion.insert(draft, form.choice, by=request.user))
                messages.success(request, f"The rota is inserted: {done.get('', 0)} days changed.")
                return redirect("plan_board", period_id)
            except Refused as refused:
                form.add_error(None, str(refused))
        page = Board(draft, user=request.user)
        found = insertion.differences(draft, form.choice)
        names = {person.pk: person.listed for person in page.people}
        context |= {
            "numbers": insertion.counted(found),
            "kept_words": insertion.KEPT,
            "changes": [
                (
                    names.get(each.person_id, ""),
                    each,
                    page.look(each.before, each.person_id),
                    page.look(each.after, each.person_id),
                )
                for each in found[:SHOWN]
            ],
            "unkept": by_day(insertion.unkept(draft, found), names),
            "followers": len(insertion.assignments(draft, form.choice)),
        }
    return render(request, "planning/insert.html", context)
