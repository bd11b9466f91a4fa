"""What is typed about patterns."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When

from foundation import clock
from foundation.web.offering import offer
from roster.dates import Day
from roster.establishment.models import Establishment, Membership, Person, PlanningUnit, here
from roster.patterns.models import NAMES, Pattern, PatternVersion
from roster.wording import Worded

HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


class Hours(forms.CharField):
    """Hours and minutes a week as ``37`` or ``37:30``; gives minutes."""

    def clean(self, value: Any) -> int:
        text = super().clean(value).strip()
        found = HOURS.fullmatch(text)
        if not found or int(found[2] or 0) > 59 or not 0 < int(found[1]) * 60 + int(found[2] or 0) <= 60 * 60:
            raise ValidationError("Enter hours and minutes between 0:01 and 60:00, like 37 or 37:30")
        return int(found[1]) * 60 + int(found[2] or 0)


class NewPatternForm(Worded, forms.Form):
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(), label="Prison", empty_label=None, error_messages={"required": "Select a prison"}
    )
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Enter a name"})
    weekly_minutes = Hours(
        label="Contracted hours a week",
        initial="37",
        help_text="Of those who follow it, for example 37 or 37:30",
        error_messages={"required": "Enter the contracted hours a week"},
    )


class LikeForm(Worded, forms.Form):
    """Which version a new draft begins as."""

    like = forms.ModelChoiceField(
        PatternVersion.objects.none(), label="Begin with the lines of", empty_label=None,
        error_messages={"required": "Select a pattern", "invalid_choice": "Select a pattern"},
    )  # fmt: skip


class PasteForm(Worded, forms.Form):
    text = forms.CharField(
        label="Lines",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=20_000,
        strip=False,
        help_text="Copy the cells in your spreadsheet: a row a line, Monday to Sunday, the codes of shifts",
        error_messages={"required": "Paste at least one line"},
    )


class CommentForm(Worded, forms.Form):
    on_behalf_of = forms.CharField(
        label="On behalf of (optional)", max_length=60, required=False, help_text="For example, a unit or a union"
    )
    text = forms.CharField(
        label="Your comment",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": "Enter your comment", "max_length": "Enter 2,000 characters or fewer"},
    )


class ApproveForm(Worded, forms.Form):
    first = Day("First day", "Enter the first day on which it is used")


class RetireForm(Worded, forms.Form):
    last = Day("Last day", "Enter the last day on which it is used")


class AssignForm(Worded, forms.Form):
    """A group on lines one apart."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="People", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one person"},
    )  # fmt: skip
    line = forms.TypedChoiceField(
        label="Line of the first person in the first week",
        coerce=int,
        help_text="Each further person is one line on",
        error_messages={"required": "Select a line"},
    )
    first = Day("First day", "Enter the first day", help_text="Its week is the one that is counted from")
    last = Day("Last day (optional)", "")
    agreed_days = forms.TypedMultipleChoiceField(
        label="Works on these days only (optional)",
        choices=list(enumerate(NAMES)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For a line share. Agreed days of a contract are kept without this",
    )

    def __init__(self, data: Any = None, *, version: PatternVersion, unit: PlanningUnit | None, **options: Any) -> None:
        super().__init__(data, **options)
        people: Any = self.fields["people"]
        if unit is not None:
            members = Membership.objects.filter(unit=unit, valid__overlap=(clock.today(), None))
            people.queryset = Person.objects.filter(here(), pk__in=members.values("person"))
        people.label_from_instance = lambda person: person.listed
        offer(self, "line", [(line, f"Line {line + 1}") for line in range(version.lines)])


def named(version: PatternVersion) -> str:
    """A version in a list to choose from."""
    return f"{version.pattern.name}: {PatternVersion.State(version.state).label.lower()}, {version.lines} lines"


def versions_to_copy(pattern: Pattern, patterns: Any) -> Any:
    """Versions of this pattern and of others that the user may see, this one's latest first."""
    rows = PatternVersion.objects.filter(pattern__in=patterns).select_related("pattern")
    own = Case(When(pattern=pattern, then=Value(0)), default=Value(1))
    return rows.order_by(own, "pattern__name", "-pk")
