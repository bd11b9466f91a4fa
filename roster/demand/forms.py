"""Forms about demand."""

import re
from typing import Any

from django import forms

from foundation.web.offering import offer_rows
from roster.activities.models import Activity
from roster.dates import Day, Moment
from roster.demand.models import Case, DayType, Level, Post, Requirement
from roster.establishment.forms import day
from roster.establishment.models import Person, PlanningUnit, Skill
from roster.rules.forms import reason
from roster.wording import Worded

TIME = re.compile(r"(\d{1,2}):(\d{2})")


def descending(given: dict[str, Any], *names: str) -> bool:
    """Whether these numbers are all there and one is below the one before it."""
    numbers = [given[name] for name in names if given.get(name) is not None]
    return len(numbers) == len(names) and numbers != sorted(numbers)


def seconds(text: str) -> int:
    """07:30 as seconds of the day."""
    found = TIME.fullmatch(text.strip())
    if not found or int(found[1]) > 24 or int(found[2]) > 59 or (int(found[1]), int(found[2])) > (24, 0):
        raise forms.ValidationError("Enter a time, for example 07:30")
    return int(found[1]) * 3600 + int(found[2]) * 60


def number(label: str, hint: str = "") -> forms.IntegerField:
    words = {"required": f"Enter a number: {label.lower()}", "invalid": "Enter a whole number"}
    return forms.IntegerField(label=label, help_text=hint, min_value=0, max_value=500, error_messages=words)


def band(label: str) -> forms.IntegerField:
    wrong = dict.fromkeys(("invalid", "min_value", "max_value"), "Enter a band from 2 to 12")
    return forms.IntegerField(label=label, required=False, min_value=2, max_value=12, error_messages=wrong)


class LastDayForm(Worded, forms.Form):
    last = Day("Last day", "Enter the last day on which it holds")


class SpecialDayForm(Worded, forms.Form):
    day = Day("Day", "Enter the day")
    name = forms.CharField(
        label="Why", max_length=60, help_text="For example, training lock-down or early finish",
        error_messages={"required": "Enter why"},
    )  # fmt: skip


class PostForm(Worded, forms.Form):
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Enter a name"})
    code = forms.CharField(
        label="Code", max_length=12, help_text="Short, for tables and prints",
        error_messages={"required": "Enter a code"},
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        PlanningUnit.objects.none(), label="Unit", required=False, empty_label="The whole establishment"
    )
    activity = forms.ModelChoiceField(
        Activity.objects.filter(meets_demand=True, closed_on=None), label="What is done there",
        error_messages={"required": "Select an activity"},
    )  # fmt: skip
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(), label="Skills that whoever stands there needs (optional)", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *given: Any, place: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        offer_rows(self, "unit", place.units.filter(closed_on=None))


class RequirementForm(Worded, forms.Form):
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Enter a name"})
    day_types = forms.MultipleChoiceField(
        label="Days", choices=DayType.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select the days"},
    )  # fmt: skip
    start = forms.CharField(label="From", help_text="For example, 07:30")
    end = forms.CharField(label="To", help_text="A time that is not after the start is on the next day")
    target = number("Target", "For the full regime")
    minimum = number("Minimum", "For all activities")
    reduced = number("Reduced", "For a regime that can be kept up")
    essential = number("Essential", "Safety, meals, medication, legal visits")
    post = forms.ModelChoiceField(Post.objects.none(), label="Post (optional)", required=False)
    skill = forms.ModelChoiceField(Skill.objects.all(), label="Skill (optional)", required=False)
    skill_level = forms.CharField(label="Level of the skill (optional)", max_length=20, required=False)
    activity = forms.ModelChoiceField(
        Activity.objects.filter(meets_demand=True, closed_on=None), label="Activity (optional)", required=False,
        help_text="Only who does this counts; without it and without a post everybody who is on duty",
    )  # fmt: skip
    lowest_band = band("Lowest band (optional)")
    highest_band = band("Highest band (optional)")
    gender = forms.ChoiceField(
        label="Gender (optional)", choices=[("", "Any"), *Person.Gender.choices], required=False,
        help_text="Only where it is lawful, for example for searching",
    )  # fmt: skip
    alongside = forms.BooleanField(label="Whoever stands in another post counts too", required=False)
    curtailed = forms.CharField(label="What stops below the target (optional)", max_length=120, required=False)
    first = day("From this day on")

    def __init__(self, *given: Any, place: Any, unit: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        posts = Post.objects.of(place, unit).filter(closed_on=None)
        offer_rows(self, "post", posts)

    def clean_start(self) -> int:
        return seconds(self.cleaned_data["start"])

    def clean_end(self) -> int:
        return seconds(self.cleaned_data["end"])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "start" in given and "end" in given and given["end"] <= given["start"]:
            given["end"] += 24 * 3600
        if descending(given, "lowest_band", "highest_band"):
            self.add_error("highest_band", "The highest band must not be below the lowest")
        if given.get("skill_level") and not given.get("skill"):
            self.add_error("skill", "Select the skill that the level is of")
        if descending(given, "essential", "reduced", "minimum", "target"):
            self.add_error("target", "Each number must be at least the one for the next lower regime")
        return given


def initial(row: Requirement) -> dict[str, Any]:
    names = ("name", "day_types", "target", "minimum", "reduced", "essential", "post", "skill", "skill_level",
             "activity", "lowest_band", "highest_band", "gender", "alongside", "curtailed")  # fmt: skip
    times = {
        name: f"{getattr(row, name) // 3600 % 24:02d}:{getattr(row, name) // 60 % 60:02d}" for name in ("start", "end")
    }
    return {name: getattr(row, name) for name in names} | times


class RegimeForm(Worded, forms.Form):
    level = forms.TypedChoiceField(
        label="Regime level", choices=list(reversed(Level.choices)), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Select a regime level"},
    )  # fmt: skip
    reason = reason("What it rests on, and what is curtailed")


class CaseForm(Worded, forms.Form):
    kind = forms.ChoiceField(
        label="Kind", choices=Case.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of case it is"},
    )  # fmt: skip
    name = forms.CharField(
        label="Name", max_length=60, help_text="Never a prisoner's name", error_messages={"required": "Enter a name"}
    )
    activity = forms.ModelChoiceField(
        Activity.objects.filter(meets_demand=True, closed_on=None), label="Activity of who is sent",
        empty_label="Choose an activity",
        error_messages={"required": "Select an activity"},
    )  # fmt: skip
    people = number("People")
    starts_at = Moment("Starts", "Enter when it starts")
    expected_end = Moment("Expected end", "Enter when it is expected to end")
    skill = forms.ModelChoiceField(Skill.objects.all(), label="Skill (optional)", required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("people") == 0:
            self.add_error("people", "Enter 1 or more")
        if given.get("starts_at") and given.get("expected_end") and given["expected_end"] <= given["starts_at"]:
            self.add_error("expected_end", "The end must be after the start")
        return given
