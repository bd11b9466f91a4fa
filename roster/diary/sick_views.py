"""An officer reports sick, and sees what is recorded about it (staff-roster 11.1)."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from roster.absence import actions
from roster.absence.models import Sickness, SicknessReason
from roster.absence.restoring import words
from roster.dates import Day
from roster.diary.queries import next_duties
from roster.diary.views import me
from roster.timeline.words import day_in_words
from roster.wording import Worded

AHEAD = timedelta(days=28)


class SickForm(Worded, forms.Form):
    first = Day("First day you cannot work", "Enter the first day you cannot work")
    until = forms.TimeField(
        label="Did you go off duty ill that day? Until when did you work? (optional)", required=False,
        help_text="Like 10:45. Leave it empty if you did not start work",
        error_messages={"invalid": "Enter a time like 10:45"},
    )  # fmt: skip
    back = Day("When do you expect to be back? (optional)", "")
    category = forms.ChoiceField(
        label="Is it an injury or illness caused by your work?", initial=Sickness.Category.SICK,
        choices=[(Sickness.Category.SICK, "No"), (Sickness.Category.INDUSTRIAL_INJURY, "Yes")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Reason (optional)", required=False, choices=[("", "Rather not say here"), *SicknessReason.Code.choices],
        help_text="Only your line manager can read it, and it is recorded when they do",
    )  # fmt: skip
    note = forms.CharField(label="Anything your line manager should know (optional)", required=False, max_length=300)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["back"].help_text = f"Without a day your shifts of {settings.SELF_CERTIFIED_DAYS} days are marked"

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        today = clock.today()
        if not today - timedelta(days=1) <= first <= today + AHEAD:
            raise forms.ValidationError(
                "Enter yesterday, today or a day within four weeks. For an earlier day call the detail office"
            )
        return first

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("back") and given.get("first") and given["back"] <= given["first"]:
            self.add_error("back", "This must be after the first day")
        elif given.get("back") and given.get("first") and given["back"] > given["first"] + actions.LONGEST:
            self.add_error("back", "Enter a day within half a year, or leave this empty")
        if given.get("note") and not given.get("reason"):
            self.add_error("reason", "Select a reason to send with your note")
        return given

    def wish(self) -> dict[str, Any]:
        """As ``actions.report_sick`` takes it."""
        given = self.cleaned_data
        at: time | None = given["until"]
        return {
            "first": given["first"], "review_on": given["back"] - timedelta(days=1) if given["back"] else None,
            "from_time": at.hour * 3600 + at.minute * 60 if at else None, "category": given["category"],
            "reason": given["reason"], "note": given["note"],
        }  # fmt: skip


@may("diary.see")
@require_http_methods(["GET", "HEAD", "POST"])
def sick(request: HttpRequest) -> HttpResponse:
    person = me(request)
    form = SickForm(request.POST if request.method == "POST" else None, initial={"first": clock.today()})
    if form.is_bound and form.is_valid():
        try:
            row = actions.report_sick(person, by=request.user, **form.wish())
        except actions.Refused as refused:
            form.add_error("first", str(refused))
        else:
            messages.success(request, f"You are reported sick from {day_in_words(row.valid.lower)}. Get well soon.")
            return redirect("own_sickness")
    spells = Sickness.objects.filter(person=person).select_related("person", "reason", "reported_by")
    now = next((row for row in spells if row.is_open), None)
    context = {
        "form": form, "spells": spells[:12], "open": now,
        "not_by_themselves": actions.not_by_themselves(now, request.user) if now else "",
        "duties": next_duties(person, 1), "day_in_words": day_in_words, "today": clock.today(),
        "notice_minutes": settings.SICK_NOTICE_MINUTES,
        "reasons": dict(SicknessReason.objects.filter(sickness__in=spells).values_list("sickness", "code")),
        "codes": dict(SicknessReason.Code.choices),
    }  # fmt: skip
    return render(request, "diary/sick.html", context, status=400 if form.is_bound else 200)


@may("diary.see")
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, sickness_id: int) -> HttpResponse:
    """I am not sick: says what that takes back, and asks; or says why it is for the detail office to do."""
    rows = Sickness.objects.filter(person=me(request)).select_related("person")
    row = get_object_or_404(rows, pk=sickness_id)
    refused = ""
    if request.method == "POST":
        try:
            left = actions.take_back(row, by=request.user, version=number(request.POST.get("version", "")))
        except actions.Refused as why:
            refused = str(why)
            row.refresh_from_db()
        else:
            messages.success(request, "Your sickness report is taken back. Your shifts stand as before.")
            if left:
                messages.warning(
                    request, f"Your roster was changed meanwhile and stays so: {words(left)}. Ask the detail office."
                )
            return redirect("own_sickness")
    context = {"row": row, "refused": refused, "why_not": actions.not_by_themselves(row, request.user)}
    return render(request, "diary/sick_take_back.html", context, status=409 if refused else 200)
