"""Forms of the pages about staff. Every change of something dated says from which day on it holds."""

import re
from typing import Any

from django import forms

from foundation import clock
from foundation.web.offering import offer, offer_rows
from roster.dates import Day
from roster.establishment.models import Establishment, Grade, Person, PersonalRule, PlanningUnit, Skill, here
from roster.establishment.queries import grantable
from roster.establishment.roles import everywhere
from roster.wording import Worded

MOBILE = re.compile(r"07\d{8,9}")
WEEKDAYS = [
    (str(number), name)
    for number, name in enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
]
TITLES = {
    "DETAIL": "Detail officer", "HUB_MANAGER": "Hub manager", "LINE_MANAGER": "Line manager",
    "ORDERLY_OFFICER": "Orderly Officer", "GOVERNOR": "Governor or head of function",
    "REGIONAL_ADMIN": "Regional admin", "NATIONAL_ADMIN": "National admin", "SUPPORT": "Application support",
    "READ_ONLY": "Read only",
}  # fmt: skip


def day(label: str, *, required: bool = True, help_text: str = "") -> Day:
    missing = f"Enter a date: {label.lower()}" if required else ""
    return Day(label if required else f"{label} (optional)", missing, help_text=help_text)


def clock_time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=f"{label} (optional)", required=False, help_text="Like 07:30",
        error_messages={"invalid": "Enter a time like 07:30"},
    )  # fmt: skip


class StaffSearchForm(Worded, forms.Form):
    text = forms.CharField(label="Name, staff number or user name", required=False, max_length=100)
    unit = forms.ModelChoiceField(PlanningUnit.objects.none(), label="Unit", required=False, empty_label="All units")
    on = day("On", required=False)

    def __init__(self, *given: Any, user: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        offer_rows(self, "unit", PlanningUnit.objects.visible_to(user))


class DatedForm(Worded, forms.Form):
    """From a day on. ``user``: who fills it in, ``person``: whom it is about."""

    heading, verb = "", "staff.edit"
    since = day("From", help_text="What held before stays in the record until the day before")

    def __init__(self, *given: Any, user: Any, person: Person, **more: Any) -> None:
        self.user, self.person = user, person
        super().__init__(*given, **more)
        self.fields["since"].initial = clock.today().isoformat()
        self.prepare()

    def prepare(self) -> None: ...


class ContractForm(DatedForm):
    heading = "Change the contract"
    weekly_hours = forms.DecimalField(label="Hours a week", min_value=1, max_value=60, max_digits=4, decimal_places=2)
    days_per_week = forms.DecimalField(label="Days a week", min_value=1, max_value=7, max_digits=2, decimal_places=1)
    agreed_days = forms.MultipleChoiceField(
        label="Agreed weekdays (optional)", choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """As it is now, so that nothing is lost by changing one of them."""
        now = self.person.contracts.filter(valid__contains=clock.today()).first()
        if now:
            self.initial = {**self.initial,
                "weekly_hours": f"{now.weekly_minutes / 60:g}", "days_per_week": f"{float(now.days_per_week):g}",
                "agreed_days": [str(each) for each in now.agreed_days],
            }  # fmt: skip


class GradeForm(DatedForm):
    heading = "Change the grade"
    grade = forms.ModelChoiceField(Grade.objects.all(), label="Grade", empty_label="Select a grade")


class UnitForm(DatedForm):
    heading = "Change or add a unit"
    unit = forms.ModelChoiceField(PlanningUnit.objects.none(), label="Unit", empty_label="Select a unit")
    priority = forms.IntegerField(
        label="Priority", min_value=1, max_value=100, initial=1,
        help_text="1 is the main unit, and takes the place of the one before",
    )  # fmt: skip
    until = day("Last day", required=False, help_text="After it they are in their main unit of before again")

    def prepare(self) -> None:
        units = PlanningUnit.objects.visible_to(self.user, self.verb).open()
        offer_rows(self, "unit", units)
        self.fields["priority"].initial = 1

    def clean(self) -> dict[str, Any]:
        return in_order(self)


class ManagerForm(DatedForm):
    heading = "Change the line manager"
    manager = forms.CharField(label="Staff number or user name of the line manager", max_length=30)

    def clean_manager(self) -> Person:
        return manager_of(self.user, self.cleaned_data["manager"])


def manager_of(user: Any, typed: str) -> Person:
    """The one person who is meant, among those the user can see."""
    found = Person.objects.visible_to(user).named(typed).filter(here())[:2]
    if len(found) != 1:
        raise forms.ValidationError("Enter the staff number or user name of one person whom you can see")
    return found[0]


class SkillForm(DatedForm):
    heading, verb = "Add or renew a skill", "skill.edit"
    skill = forms.ModelChoiceField(Skill.objects.all(), label="Skill", empty_label="Select a skill")
    level = forms.CharField(label="Level (optional)", max_length=20, required=False)
    until = day("Last day", required=False, help_text="Empty: as long as this skill lasts by the catalogue")

    def clean(self) -> dict[str, Any]:
        given = in_order(self)
        skill, level = given.get("skill"), given.get("level", "")
        if skill and level and level not in skill.levels:
            self.add_error("level", f"Levels of this skill: {', '.join(skill.levels) or 'none'}")
        return given


class RoleForm(DatedForm):
    heading, verb = "Give a role", "roles.edit"
    role = forms.ChoiceField(label="Role")
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(), label="Establishment", required=False, empty_label="The whole region"
    )
    until = day("Last day", required=False)

    def prepare(self) -> None:
        """Nothing is given by a mere click: a role has to be chosen, and the place is the person's own."""
        can = grantable(self.user)
        offer(self, "role", [("", "Select a role"), *((role, TITLES[role]) for role in TITLES if role in can)])
        places = Establishment.objects.visible_to(self.user, self.verb)
        must = "" if everywhere(self.user, self.verb) else "Select an establishment"
        offer_rows(self, "establishment", places, required=must)
        main = self.person.memberships.filter(valid__contains=clock.today(), priority=1).select_related("unit").first()
        self.fields["establishment"].initial = main.unit.establishment_id if main else None

    def clean(self) -> dict[str, Any]:
        return in_order(self)


class RuleForm(DatedForm):
    """What is agreed with one person: planners see that it holds, never why (staff-roster 4.2)."""

    heading, verb = "Agree what holds for this person only", "staff.agree"
    since = day("From", help_text="Say everything that holds from then on: it takes the place of what is agreed now")
    weekdays = forms.MultipleChoiceField(
        label="Works only on (optional)", choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Agreed weekdays; none ticked: any day",
    )  # fmt: skip
    no_nights = forms.BooleanField(label="No nights", required=False)
    earliest = clock_time("Not before")
    latest = clock_time("Not after")
    longest = forms.DecimalField(
        label="Longest day in hours (optional)", min_value=1, max_value=13, max_digits=4, decimal_places=2,
        required=False,
    )  # fmt: skip
    without = forms.CharField(
        label="Not these shifts (optional)", max_length=60, required=False, help_text="Codes of templates, like N, L"
    )
    reason = forms.ChoiceField(
        label="Reason", choices=[("", "Select a reason"), *PersonalRule.Reason.choices],
        help_text="Only the line manager sees it",
    )  # fmt: skip
    until = day("Last day", required=False, help_text="After it, what was agreed before holds again")

    def prepare(self) -> None:
        """What is agreed now; why stays hidden, and is asked for anew."""
        now = self.person.rules.filter(rule="Personal", valid__contains=clock.today()).first()
        agreed = dict(now.parameters) if now else {}
        at = {
            name: f"{agreed[name] // 60:02}:{agreed[name] % 60:02}" for name in ("earliest", "latest") if name in agreed
        }
        self.initial = {**self.initial,
            "weekdays": [str(each) for each in agreed.get("weekdays", ())], "no_nights": agreed.get("nights") is False,
            "longest": f"{agreed['longest'] / 60:g}" if "longest" in agreed else "",
            "without": ", ".join(agreed.get("without", ())), **at,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = in_order(self)
        found: dict[str, Any] = {}
        if given.get("weekdays"):
            found["weekdays"] = sorted(map(int, given["weekdays"]))
        if given.get("no_nights"):
            found["nights"] = False
        for name in ("earliest", "latest"):
            if at := given.get(name):
                found[name] = at.hour * 60 + at.minute
        if given.get("longest"):
            found["longest"] = round(given["longest"] * 60)
        if codes := re.findall(r"\w+", given.get("without", "").upper()):
            found["without"] = codes
        if not found and not self.errors:
            self.add_error("weekdays", "Say what holds: weekdays, no nights, times, hours or shifts")
        if found.get("earliest", 0) >= found.get("latest", 1440):
            self.add_error("latest", "This must be later than the time before")
        kept: dict[str, Any] = {name: given[name] for name in ("since", "reason", "until") if name in given}
        return {**kept, "parameters": found}


def in_order(form: forms.Form) -> dict[str, Any]:
    given = form.cleaned_data
    if given.get("until") and given.get("since") and given["until"] < given["since"]:
        form.add_error("until", "The last day must not be before the first")
    return given


CHANGES: dict[str, type[DatedForm]] = {
    "contract": ContractForm, "grade": GradeForm, "unit": UnitForm, "manager": ManagerForm, "skill": SkillForm,
    "role": RoleForm, "rule": RuleForm,
}  # fmt: skip
VERB = {kind: form.verb for kind, form in CHANGES.items()}


class EndForm(Worded, forms.Form):
    last_day = day("Last day")


class DetailsForm(Worded, forms.ModelForm):
    mobile = forms.CharField(
        label="Mobile number (optional)", max_length=20, required=False, help_text="Begins with 07"
    )

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "email", "mobile", "may_be_called"]
        labels = {
            "email": "Work email address (optional)", "may_be_called": "Consents to calls on rest days",
        }  # fmt: skip
        help_texts = {"may_be_called": ""}

    def clean_mobile(self) -> str:
        mobile: str = re.sub(r"\s", "", self.cleaned_data["mobile"])
        if mobile and not MOBILE.fullmatch(mobile):
            raise forms.ValidationError("Enter a mobile number that begins with 07")
        return mobile


class JoinForm(DetailsForm):
    """Somebody joins: who they are, and what holds from their first day on."""

    service_from = day("Continuous service from")
    since = day("First day on this roster")
    grade = forms.ModelChoiceField(Grade.objects.all(), label="Grade", empty_label="Select a grade")
    weekly_hours = forms.DecimalField(
        label="Hours a week", min_value=1, max_value=60, max_digits=4, decimal_places=2, initial="37"
    )
    days_per_week = forms.DecimalField(
        label="Days a week", min_value=1, max_value=7, max_digits=2, decimal_places=1, initial="5"
    )
    agreed_days = forms.MultipleChoiceField(
        label="Agreed weekdays (optional)", choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ModelChoiceField(PlanningUnit.objects.none(), label="Main unit", empty_label="Select a unit")
    manager = forms.CharField(
        label="Staff number or user name of the line manager (optional)", max_length=30, required=False
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(), label="Skills (optional)", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="From the first day, for as long as each lasts by the catalogue. Other dates: on the next page",
    )  # fmt: skip
    field_order = ["first_name", "last_name", "staff_number", "user_name", "email", "mobile", "service_from", "since"]

    class Meta(DetailsForm.Meta):
        fields = ["staff_number", "user_name", "service_from", *DetailsForm.Meta.fields]
        help_texts = DetailsForm.Meta.help_texts | {"user_name": "The name that every system knows them by"}

    def __init__(self, data: Any, *, user: Any) -> None:
        self.user = user
        self.back = _who_left(data) if data else None
        super().__init__(data, instance=self.back)
        if self.back:
            self.fields["comes_back"] = _comes_back(self.back)
        units = PlanningUnit.objects.visible_to(user, "staff.edit").open().select_related("establishment")
        offer_rows(self, "unit", units)
        self.fields["since"].initial = clock.today().isoformat()

    def clean_user_name(self) -> str:
        name: str = self.cleaned_data["user_name"].strip().upper()
        if Person.objects.filter(user_name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody on the roster has this user name already")
        return name

    def clean_manager(self) -> Person | None:
        return manager_of(self.user, self.cleaned_data["manager"]) if self.cleaned_data["manager"] else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begins, service = given.get("since"), given.get("service_from")
        if begins and service and begins < service:
            self.add_error("since", "The first day must not be before their service began")
        if begins and self.back and begins <= self.back.left_on:
            self.add_error("since", f"They left on {self.back.left_on:%-d %B %Y}: the first day must be later")
        return given

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def held(self) -> dict[str, dict[str, Any]]:
        """What begins on the first day, by kind (``actions.CHANGES``)."""
        given = self.cleaned_data
        contract = {name: given[name] for name in ("weekly_hours", "days_per_week", "agreed_days")}
        unit = {"unit": given["unit"], "priority": 1, "until": None}
        found = {"contract": contract, "grade": {"grade": given["grade"]}, "unit": unit}
        return found | ({"manager": {"manager": given["manager"]}} if given["manager"] else {})


def _who_left(data: Any) -> Person | None:
    """Who had this staff number and user name until they left."""
    named = {
        "staff_number": data.get("staff_number", "").strip(),
        "user_name__iexact": data.get("user_name", "").strip(),
    }
    if any("\0" in text for text in named.values()):  # the fields say so; a query for it would fail
        return None
    return Person.objects.filter(**named, left_on__lt=clock.today()).first()


def _comes_back(person: Person) -> forms.BooleanField:
    return forms.BooleanField(
        label="This is the same person, who comes back",
        help_text=f"Somebody with this staff number and user name left on {person.left_on:%-d %B %Y}",
        error_messages={"required": "Confirm that this is the same person, who left and comes back"},
    )


class LeaveForm(Worded, forms.Form):
    last_day = day("Last day of service")
