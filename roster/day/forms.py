"""Forms of the day of operation."""

from datetime import date
from typing import Any

from django import forms

from foundation import clock
from foundation.web.offering import offer, offer_rows
from roster.activities.models import Activity
from roster.activities.queries import open_activities
from roster.day.models import CaseRecord, Deviation
from roster.demand.forms import seconds
from roster.demand.models import Case, Post
from roster.establishment.models import Establishment, Membership, Person, PlanningUnit, here
from roster.rules.forms import reason
from roster.timeline.clock import DAY
from roster.timeline.days import Day, Piece
from roster.timeline.models import Level
from roster.wording import Worded


class Clock(forms.CharField):
    """A time of the day as seconds; ``next day`` adds a day: a night ends tomorrow."""

    def __init__(self, label: str, missing: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "govuk-input--width-5"})
        super().__init__(
            label=label, error_messages={"required": missing}, required=bool(missing), widget=widget, **options
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return seconds(text) if text else None


class PermitField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Why a rule that blocks may be broken (only if it must be)", max_length=300, required=False,
            help_text="Kept with the breach. Only who has the right can permit one; missing rest is then owed",
        )  # fmt: skip


class AssignForm(Worded, forms.Form):
    """Somebody onto a shift: the names of the list set person and shift."""

    overtime = forms.ChoiceField(
        label="The hours are", choices=[("yes", "Overtime"), ("no", "Part of their contracted hours")],
        widget=forms.RadioSelect, error_messages={"required": "Select what the hours are"},
    )  # fmt: skip
    begins = Clock("They begin at", "", help_text="The start of the shift, or a time within it")
    reason = reason()
    permit = PermitField()


class MoveForm(Worded, forms.Form):
    to = forms.ChoiceField(label="Where to", error_messages={"required": "Select the new post, case or unit"})
    start = Clock("From", "Enter from when")
    end = Clock("To", "Enter until when", help_text="A time that is not after the start is on the next day")
    reason = forms.CharField(label="Reason (optional)", max_length=300, required=False)
    leaves_protected = forms.BooleanField(label="They may leave protected work for this", required=False)
    permit = PermitField()

    def __init__(self, *given: Any, place: Establishment, **more: Any) -> None:
        super().__init__(*given, **more)
        posts = Post.objects.filter(establishment=place, closed_on=None).select_related("unit")
        posts = posts.exclude(activity__name="On Call")
        cases = Case.objects.filter(establishment=place, ended_at=None)
        units = place.units.open().order_by("name")
        listed = [
            (f"post {row.pk}", f"{row.name}, {row.unit.name}" if row.unit else row.name)
            for row in posts if not row.is_whole_unit
        ]  # fmt: skip
        listed += [(f"case {row.pk}", f"{row.get_kind_display()}: {row.name}") for row in cases]
        listed += [(f"unit {row.pk}", f"{row.name}: its own work") for row in units]
        offer(self, "to", [("", "Select"), *listed])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("start") is not None and given.get("end") is not None and given["end"] <= given["start"]:
            given["end"] += 24 * 3600
        return given

    def target(self, place: Establishment) -> dict[str, Any]:
        kind, _, number = self.cleaned_data["to"].partition(" ")
        tables: dict[str, Any] = {"post": Post, "case": Case, "unit": PlanningUnit}
        return {kind: tables[kind].objects.get(pk=number, establishment=place)}


class DeviationForm(Worded, forms.Form):
    kind = forms.ChoiceField(
        label="What happened", widget=forms.RadioSelect,
        choices=[
            *(each for each in Deviation.Kind.choices if each[0] != Deviation.Kind.CALL_OUT),
            ("planned", "As planned after all: what was recorded is taken back"),
        ],
        error_messages={"required": "Select what happened"},
    )  # fmt: skip
    at = Clock("At or until (for who came late, left early or stayed on)", "", help_text="For example, 07:50")
    next_day = forms.BooleanField(label="This time is on the next day", required=False)
    decision = forms.ChoiceField(
        label="Who stayed on 15 minutes or longer is given", choices=Deviation.Decision.choices, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label="Reason (optional)", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if (
            given.get("kind") not in (None, Deviation.Kind.ABSENT, "planned")
            and given.get("at") is None
            and "at" not in self.errors
        ):
            self.add_error("at", "Enter the time")
        if given.get("at") is not None and given.get("next_day"):
            given["at"] += 24 * 3600
        return given


AWAY = [Activity.Kind.VACATION, Activity.Kind.ILLNESS, Activity.Kind.ABSENCE, Activity.Kind.MEETING]


class CorrectionForm(Worded, forms.Form):
    """How a closed day is to count: stretches of work, none, or away for the whole day."""

    kind = forms.ChoiceField(
        label="What is right", widget=forms.RadioSelect, error_messages={"required": "Select what is right"}
    )
    start = Clock("From (if they worked)", "", help_text="For example, 07:30")
    end = Clock("To (if they worked)", "", help_text="A time that is not after the start is on the next day")
    rest_from = Clock("Unpaid break from (if there was one)", "")
    rest_to = Clock("Unpaid break to", "")
    activity = forms.ModelChoiceField(
        Activity.objects.none(), label="Their work (if they worked)", empty_label="Select", required=False
    )
    away = forms.ModelChoiceField(
        Activity.objects.none(), label="Why they were away (if they were away all day)", empty_label="Select",
        required=False,
    )  # fmt: skip
    reason = reason("Kept with the correction. The officer can read it, so nothing about anybody's health")

    def __init__(self, *given: Any, place: Establishment, on: date, corrects: int, causes: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        kinds = [("worked", "They worked, from and to"), ("none", "They did not work")]
        if corrects == Level.PLAN:
            kinds.append(("away", "They were away all day"))
        offer(self, "kind", [*kinds, ("published", "What was published is right: take an earlier correction back")])
        known = open_activities(place, on).order_by("name")
        offer_rows(self, "activity", known.filter(kind=Activity.Kind.PRESENCE, full_day=False))
        statuses = known.filter(full_day=True, kind__in=AWAY).exclude(name__in=["On Call", "None"])
        offer_rows(self, "away", statuses if causes else statuses.filter(confidential=False))
        if corrects == Level.OVERTIME:
            del self.fields["away"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("kind") == "away" and not given.get("away") and "away" not in self.errors:
            self.add_error("away", "Select why they were away")
        if given.get("kind") == "worked":
            self._check_work(given)
        return given

    def _check_work(self, given: dict[str, Any]) -> None:
        for name, missing in (("start", "Enter from when"), ("end", "Enter until when"), ("activity", "Select what")):
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, missing)
        if (given.get("rest_from") is None) != (given.get("rest_to") is None):
            self.add_error("rest_to", "Enter both times of the break, or neither")
        if self.errors:
            return
        if given["end"] <= given["start"]:
            given["end"] += DAY
        if given["rest_from"] is None:
            return
        for name, after in (("rest_from", "start"), ("rest_to", "rest_from")):
            if given[name] < given[after]:
                given[name] += DAY
        if not given["start"] < given["rest_from"] < given["rest_to"] < given["end"]:
            self.add_error("rest_from", "Enter a break within the time that they worked")

    def wanted(self, published: Day) -> Day | None:
        """The day; None: as it was published. Whoever was away is credited with the shift that was published."""
        given = self.cleaned_data
        if given["kind"] == "published":
            return None
        if given["kind"] == "none":
            return Day((), Piece(activity=Activity.objects.get(name="None").pk))
        if given["kind"] == "away":
            return Day(published.shifts, Piece(activity=given["away"].pk))
        items = [(given["activity"].pk, given["start"], given["end"], None)]
        if given["rest_from"] is not None:
            items.append((Activity.objects.get(name="Break (Unpaid)").pk, given["rest_from"], given["rest_to"], None))
        return Day((Piece(items=tuple(items)),))


class CallOutForm(Worded, forms.Form):
    start = forms.DateTimeField(
        label="From", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": "Enter when they came in", "invalid": "Enter a real date and time"},
    )  # fmt: skip
    end = forms.DateTimeField(
        label="To", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": "Enter when they left", "invalid": "Enter a real date and time"},
    )  # fmt: skip
    activity = forms.ModelChoiceField(
        Activity.objects.filter(kind=Activity.Kind.PRESENCE, full_day=False, closed_on=None),
        label="For", empty_label="Select",
        error_messages={"required": "Select what they were called for"},
    )  # fmt: skip
    reason = reason()


class LogForm(Worded, forms.Form):
    text = forms.CharField(
        label="Write into the log", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Never a prisoner's name, and nothing about anybody's health",
        error_messages={"required": "Enter what is to be handed over"},
    )  # fmt: skip


class RecordForm(Worded, forms.ModelForm):
    class Meta:
        model = CaseRecord
        fields = ("prisoner_reference", "place", "reference", "risk_assessed", "payment_plus")
        labels = {
            "prisoner_reference": "Prisoner reference (never a name)", "place": "Hospital, court or other place",
            "reference": "Reference of the escort or hired vehicle", "risk_assessed": "Staff by the risk assessment",
            "payment_plus": "Hours may be paid as Payment Plus",
        }  # fmt: skip
        help_texts = dict.fromkeys(fields, "")


class OnCallForm(Worded, forms.Form):
    person = forms.ChoiceField(label="Who", error_messages={"required": "Select who is on call"})
    rota = forms.ChoiceField(label="List", error_messages={"required": "Select a list"})
    days = forms.IntegerField(label="For how many days", min_value=1, max_value=28, initial=1)

    def __init__(self, *given: Any, place: Establishment, lists: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        members = Membership.objects.on(clock.today()).filter(unit__establishment=place).values("person")
        people = Person.objects.filter(here(), pk__in=members)
        named = [(str(row.pk), row.listed) for row in people]
        offer(self, "person", [("", "Select"), *named])
        offer(self, "rota", lists)
