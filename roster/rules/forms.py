"""Forms of the rule book and its registers."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q

from foundation import clock
from foundation.web.offering import offer_rows
from roster.establishment.forms import day
from roster.establishment.models import Person, here
from roster.establishment.roles import establishments_for
from roster.rules import words
from roster.rules.book import LEVELS, Entry, Scope, bounds, choices, editable
from roster.rules.models import HazardPost
from roster.wording import Worded

PERMIT = [("", "As the level above says"), ("yes", "It may be permitted"), ("no", "It is always refused")]
LONGEST = 300


def reason(hint: str = "") -> forms.CharField:
    return forms.CharField(
        label="Reason", max_length=LONGEST, help_text=hint, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter the reason", "max_length": f"Enter {LONGEST} characters or fewer"},
    )  # fmt: skip


class SettingForm(Worded, forms.Form):
    """Level and limits of one rule; parameters that nobody may choose here are not asked."""

    start = day("From", help_text="The setting before stays in force until the day before")
    permit = forms.ChoiceField(label="A breach with a reason", choices=PERMIT, required=False)
    reason = reason("Who agreed it, and why it differs")

    def __init__(self, *given: Any, entry: Entry, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["start"].initial = clock.today().isoformat()
        self.entry = entry
        self.parameters = []
        for name, kind in editable(entry.declared).items():
            allowed = choices(entry.declared, name)
            if allowed is not None and len(allowed) == 1:
                continue
            self.fields[name] = self._field(name, kind, scope)
            self.parameters.append(name)
        if not self.permits:
            del self.fields["permit"]
        self.order_fields([*self.parameters, "permit", "start", "reason"])

    @property
    def asks(self) -> bool:
        """Whether anything can be chosen at all."""
        return bool(self.parameters) or self.permits

    @property
    def permits(self) -> bool:
        """Whether there is anything to choose: some breaches nobody can ever permit."""
        return replace(self.entry, permit=True).override.verb != ""

    def _field(self, name: str, kind: str, scope: Scope) -> forms.Field:
        now = getattr(self.entry.rule, name)
        text = words.label(name)
        if kind == "level":
            found = [(level, words.LEVELS[level]) for level in LEVELS]
            return forms.ChoiceField(label=text, choices=found, initial=now, widget=forms.RadioSelect)
        if kind == "yes or no":
            return forms.BooleanField(label=text, initial=now, required=False)
        allowed = choices(self.entry.declared, name)
        low, high = (min(allowed), max(allowed)) if allowed else bounds(self.entry.national, name, scope)
        hint = f"From {low} to {high}. Nationally {getattr(self.entry.national, name)}"
        return forms.IntegerField(
            label=text, initial=now, help_text=hint,
            error_messages={"required": f"Enter a number: {text.lower()}", "invalid": "Enter a whole number"},
        )  # fmt: skip

    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.parameters}

    def permit_chosen(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data.get("permit", ""))


class OfPersonForm(Worded, forms.Form):
    """About a member of staff whom the user can see."""

    person = forms.CharField(
        label="Staff number or user name", max_length=30, error_messages={"required": "Enter who this is about"}
    )

    def __init__(self, *given: Any, user: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.user = user

    def clean_person(self) -> Person:
        typed = self.cleaned_data["person"].strip()
        places = establishments_for(self.user, "rules.edit")
        found = Person.objects.filter(Q(staff_number=typed) | Q(user_name__iexact=typed), here())
        seen = found.filter(memberships__unit__establishment__in=places, memberships__valid__contains=clock.today())
        person = seen.distinct().first()
        if person is None:
            raise forms.ValidationError("Enter the staff number or user name of somebody whose rules you look after")
        return person


class OptOutForm(OfPersonForm):
    heading = "Enter a signed opt-out"
    signed_on = day("Signed on")
    notice_days = forms.IntegerField(
        label="Days of notice to end it", initial=7, help_text="7 unless more was agreed in writing, at most 90",
        error_messages={"required": "Enter the days of notice", "invalid": "Enter a whole number"},
    )  # fmt: skip


class AssessmentForm(OfPersonForm):
    heading = "Enter a night worker's health assessment"
    done_on = day("Done on")
    due_on = day("Next one due on", required=False, help_text="Empty: twelve months later")


class HazardForm(Worded, forms.Form):
    heading = "Declare a post of special hazard"
    post = forms.ModelChoiceField(
        HazardPost.objects.none(), label="Post", empty_label="Select a post",
        error_messages={"required": "Select a post"},
    )  # fmt: skip
    start = day("From")
    reason = reason("Which risk assessment found it")

    def __init__(self, *given: Any, user: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        post: Any = HazardPost._meta.get_field("post").related_model
        places = establishments_for(user, "rules.edit")
        posts = post.objects.filter(establishment__in=places, closed_on=None)
        offer_rows(self, "post", posts)


class EndForm(Worded, forms.Form):
    last = day("Last day")


class WithdrawForm(Worded, forms.Form):
    last = day("Notice given on")
