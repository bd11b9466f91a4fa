"""Staff, units, contracts, skills from a spreadsheet (CSV, XLSX): looked at first, then applied whole or not at all.

The preview applies the file and takes everything back, so it knows exactly what would happen. A row that says what
holds already changes nothing, so a file can be applied again.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django import forms
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from foundation import audit, clock
from foundation.accounts.models import User
from foundation.csv_cells import to_csv
from roster.dates import Day
from roster.establishment import actions, unit_actions
from roster.establishment.forms import MOBILE, WEEKDAYS
from roster.establishment.models import Establishment, Function, Grade, Person, PlanningUnit, Skill
from roster.establishment.spreadsheets import Unreadable, table
from roster.wording import Worded

MOST_ROWS = 2_000
Row = tuple[int, dict[str, str]]
"""The number of a row in its file, and its cells by field."""
DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d-%b-%Y"]
ADDED, CHANGED, SAME = "added", "changed", "same"


Found = TypeVar("Found")


class RowForm(Worded, forms.Form):
    """One row. Labels are the headers; ``user`` is who imports; ``what`` of it is new once it is applied."""

    def __init__(self, *given: Any, user: Any, **more: Any) -> None:
        self.user = user
        self.what: list[str] = []
        super().__init__(*given, **more)
        for each in self.fields.values():
            each.error_messages["required"] = "This cell is empty"

    @classmethod
    def headers(cls) -> dict[str, str]:
        return {str(each.label): name for name, each in cls.base_fields.items()}

    def apply(self) -> str:
        """Write the row; says whether it was added, changed, or was so already. Raises Clash."""
        raise NotImplementedError

    def about(self) -> str:
        """Whom or what the row is about, as people say it."""
        raise NotImplementedError

    def news(self, done: str) -> str:
        """Changed: last name, unit."""
        return f"{done}: {', '.join(self.what)}" if done == CHANGED and self.what else done


def day(label: str, required: bool = True) -> Day:
    found = Day(label, "This cell is empty" if required else "")
    found.input_formats = DATES
    return found


class PersonRow(RowForm):
    """A row about somebody who is on the roster."""

    staff_number = forms.CharField(label="Staff number", max_length=12)

    def clean_staff_number(self) -> str:
        number: str = self.cleaned_data["staff_number"]
        found = Person.objects.visible_to(self.user, "staff.import").filter(staff_number=number).first()
        if found is None:
            raise forms.ValidationError("Nobody has this staff number")
        self.person = found
        return number

    def about(self) -> str:
        return self.person.listed

    def change(self, kind: str, values: dict[str, Any]) -> None:
        self.person.refresh_from_db(fields=["version"])
        actions.change(self.person, kind, values, by=self.user, version=self.person.version)


class UnitRow(RowForm):
    establishment = forms.CharField(label="Establishment", max_length=10)
    name = forms.CharField(label="Unit", max_length=50)
    abbreviation = forms.CharField(label="Abbreviation", max_length=25)
    function = forms.CharField(label="Function", max_length=50, required=False)

    def clean_establishment(self) -> Establishment:
        return establishment_of(self.cleaned_data["establishment"], self.user)

    def about(self) -> str:
        return str(self.cleaned_data["name"])

    def apply(self) -> str:
        """An empty function leaves a unit where it is."""
        given = self.cleaned_data
        place, abbreviation = given["establishment"], given["abbreviation"]
        function = None
        if given["function"]:
            function, _ = Function.objects.get_or_create(establishment=place, name=given["function"])
        unit = PlanningUnit.objects.filter(establishment=place, name__iexact=given["name"]).first()
        if unit is None:
            names = {"name": given["name"], "abbreviation": abbreviation}
            unit_actions.add_unit(place, **names, function=function, parent=None, by=self.user)
            return ADDED
        if unit.abbreviation != abbreviation:
            self.what.append("abbreviation")
            names = {"name": unit.name, "abbreviation": abbreviation}
            unit_actions.rename_unit(unit, clock.today(), **names, by=self.user, version=unit.version)
        if function not in (None, unit.function):
            self.what.append("function")
            unit.refresh_from_db(fields=["version"])
            unit_actions.move_unit(unit, function=function, parent=unit.parent, by=self.user, version=unit.version)
        return CHANGED if self.what else SAME


class StaffRow(RowForm):
    staff_number = forms.CharField(label="Staff number", max_length=12)
    user_name = forms.CharField(label="User name", max_length=30)
    first_name = forms.CharField(label="First name", max_length=60)
    last_name = forms.CharField(label="Last name", max_length=60)
    email = forms.EmailField(label="Email", required=False)
    mobile = forms.RegexField(
        MOBILE.pattern + "$", label="Mobile", required=False,
        error_messages={"invalid": "A mobile number begins with 07 and has 10 or 11 figures"},
    )  # fmt: skip
    grade = forms.CharField(label="Grade", max_length=10)
    establishment = forms.CharField(label="Establishment", max_length=10)
    unit = forms.CharField(label="Unit", max_length=50)
    service_from = day("Service from")
    since = day("From")
    HOLDS = ("user_name", "first_name", "last_name", "email", "mobile", "service_from")

    def clean_user_name(self) -> str:
        return str(self.cleaned_data["user_name"]).upper()

    def clean_establishment(self) -> Establishment:
        return establishment_of(self.cleaned_data["establishment"], self.user)

    def clean_grade(self) -> Grade:
        return known(Grade.objects.filter(code__iexact=self.cleaned_data["grade"]).first(), "There is no such grade")

    def clean_unit(self) -> PlanningUnit:
        place = self.cleaned_data.get("establishment")
        units = PlanningUnit.objects.filter(establishment=place, name__iexact=self.cleaned_data["unit"])
        return known(units.open().first() if place else None, "There is no such unit at this establishment")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        others = Person.objects.exclude(staff_number=given.get("staff_number", ""))
        if others.filter(user_name__iexact=given.get("user_name", "")).exists():
            self.add_error("user_name", "Somebody else has this user name")
        if given.get("since") and given.get("service_from") and given["since"] < given["service_from"]:
            self.add_error("since", "This is before their service began")
        found = Person.objects.filter(staff_number=given.get("staff_number", "")).first()
        if found and not Person.objects.visible_to(self.user, "staff.import").filter(pk=found.pk).exists():
            self.add_error("staff_number", "This person is not in an establishment of yours")
        return given

    def about(self) -> str:
        return f"{self.cleaned_data['last_name']}, {self.cleaned_data['first_name']}"

    def apply(self) -> str:
        """An empty cell leaves what is known."""
        given = self.cleaned_data
        details = {name: given[name] for name in self.HOLDS if given[name]}
        since, unit = given["since"], {"unit": given["unit"], "priority": 1, "until": None}
        person = Person.objects.filter(staff_number=given["staff_number"]).first()
        if person is None:
            held = {"grade": {"grade": given["grade"]}, "unit": unit}
            actions.add({"staff_number": given["staff_number"], **details}, since, held, (), by=self.user)
            return ADDED
        changed = [str(self.fields[name].label) for name, value in details.items() if getattr(person, name) != value]
        if person.left_on and person.left_on < since:
            actions.come_back(person, {}, since, {}, (), by=self.user, version=person.version)
            changed.append("comes back")
        if changed:
            person.refresh_from_db()
            actions.save_details(person, details, by=self.user, version=person.version)
        if not person.grades.filter(valid__contains=since, grade=given["grade"]).exists():
            changed.append(f"grade from {since:%-d %B %Y}")
            self._change(person, "grade", {"since": since, "grade": given["grade"]})
        if not person.memberships.filter(valid__contains=since, unit=given["unit"], priority=1).exists():
            changed.append(f"main unit from {since:%-d %B %Y}")
            self._change(person, "unit", {"since": since, **unit})
        self.what = [each[:1].lower() + each[1:] for each in changed]
        return CHANGED if changed else SAME

    def _change(self, person: Person, kind: str, values: dict[str, Any]) -> None:
        person.refresh_from_db(fields=["version"])
        actions.change(person, kind, values, by=self.user, version=person.version)


class ContractRow(PersonRow):
    weekly_hours = forms.DecimalField(label="Hours a week", min_value=1, max_value=60, max_digits=4, decimal_places=2)
    days_per_week = forms.DecimalField(label="Days a week", min_value=1, max_value=7, max_digits=2, decimal_places=1)
    agreed_days = forms.CharField(label="Agreed weekdays", max_length=80, required=False)
    since = day("From")

    def clean_agreed_days(self) -> list[str] | None:
        """Monday, Wed; none: any day; an empty cell: as it is."""
        typed = re.findall(r"[^\W\d_]+", self.cleaned_data["agreed_days"].casefold())
        if not typed or typed == ["none"]:
            return [] if typed else None
        begins = [name[:3].casefold() for _, name in WEEKDAYS]
        if unknown := [each for each in typed if each[:3] not in begins]:
            raise forms.ValidationError(f"Enter weekdays like Monday, Wednesday, or none: not {unknown[0]}")
        return [str(number) for number in sorted({begins.index(each[:3]) for each in typed})]

    def apply(self) -> str:
        """Agreed weekdays that the file says nothing of are kept."""
        given = self.cleaned_data
        holds = self.person.contracts.filter(valid__contains=given["since"]).first()
        known = [str(each) for each in holds.agreed_days] if holds else []
        agreed = known if given["agreed_days"] is None else given["agreed_days"]
        minutes, days = round(given["weekly_hours"] * 60), given["days_per_week"]
        if holds and (holds.weekly_minutes, holds.days_per_week, known) == (minutes, days, agreed):
            return SAME
        values = {name: given[name] for name in ("since", "weekly_hours", "days_per_week")}
        self.change("contract", {**values, "agreed_days": agreed})
        if holds:
            before = f"{holds.weekly_minutes / 60:g} hours, {float(holds.days_per_week):g} days"
            self.what = [
                f"{before} become {minutes / 60:g} hours, {float(days):g} days from {given['since']:%-d %B %Y}"
            ]
        return CHANGED if holds else ADDED


class SkillRow(PersonRow):
    skill = forms.CharField(label="Skill", max_length=10)
    level = forms.CharField(label="Level", max_length=20, required=False)
    since = day("From")
    until = day("Last day", required=False)

    def clean_skill(self) -> Skill:
        return known(Skill.objects.filter(code__iexact=self.cleaned_data["skill"]).first(), "There is no such skill")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        skill, level = given.get("skill"), given.get("level", "")
        if skill and level and level not in skill.levels:
            self.add_error("level", f"Levels of this skill: {', '.join(skill.levels) or 'none'}")
        if given.get("until") and given.get("since") and given["until"] < given["since"]:
            self.add_error("until", "The last day is before the first")
        return given

    def apply(self) -> str:
        given = {name: self.cleaned_data[name] for name in ("skill", "level", "since", "until")}
        holds = self.person.skills.filter(skill=given["skill"], valid__contains=given["since"]).first()
        last = given["until"] or actions.lasts(given["skill"], given["since"])
        if holds and (holds.first_day, holds.last_day, holds.level) == (given["since"], last, given["level"]):
            return SAME
        self.change("skill", given)
        return CHANGED if holds else ADDED


KINDS: dict[str, tuple[str, type[RowForm]]] = {
    "units": ("Units", UnitRow), "staff": ("Staff", StaffRow), "contracts": ("Contracts", ContractRow),
    "skills": ("Skills", SkillRow),
}  # fmt: skip
"""In the order in which a new establishment is filled."""


def establishment_of(code: str, user: Any) -> Establishment:
    found = Establishment.objects.visible_to(user, "staff.import").filter(code__iexact=code).first()
    return known(found, "There is no such establishment, or you may not import for it")


def known(found: Found | None, message: str) -> Found:
    if found is None:
        raise forms.ValidationError(message)
    return found


@dataclass
class Outcome:
    """What a file does, or why it does nothing: errors as (row in the file, column, text), and what the rows that say
    something new do, as (row, whom or what it is about, added or changed).
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys([ADDED, CHANGED, SAME], 0))
    errors: list[tuple[int, str, str]] = field(default_factory=list)
    news: list[tuple[int, str, str]] = field(default_factory=list)


class _TakenBack(Exception):
    pass


def preview(kind: str, rows: list[Row], *, by: User) -> Outcome:
    """What ``apply`` would do. Nothing is changed."""
    return _run(kind, rows, by, keep=False)


def apply(kind: str, rows: list[Row], *, by: User) -> Outcome:
    """All rows in one transaction; with an error in any row nothing is changed."""
    return _run(kind, rows, by, keep=True)


def _run(kind: str, rows: list[Row], by: User, *, keep: bool) -> Outcome:
    outcome = Outcome()
    try:
        with transaction.atomic():
            for number, row in rows:
                _row(KINDS[kind][1], row, number, by, outcome)
            if outcome.errors or not keep:
                raise _TakenBack
            audit.record(f"IMPORTED_{kind.upper()}", by=by, after=outcome.counts)
    except _TakenBack:
        pass
    return outcome


def _row(kind: type[RowForm], row: dict[str, str], number: int, by: User, outcome: Outcome) -> None:
    form = kind(row, user=by)
    if form.is_valid():
        try:
            with transaction.atomic():
                done = form.apply()
            outcome.counts[done] += 1
            if done != SAME:
                outcome.news.append((number, form.about(), form.news(done)))
            return
        except actions.Clash as clash:
            form.add_error(None, str(clash))
        except IntegrityError:
            form.add_error(None, "This row contradicts another one")
    for name, errors in form.errors.items():
        column = str(form.fields[name].label) if name in form.fields else ""
        outcome.errors += [(number, column, str(error)) for error in errors]


def read(name: str, content: bytes, kind: str) -> list[Row]:
    """The rows of a file by field. Headers may come in any order and case; others are passed over."""
    rows = table(name, content, most_rows=MOST_ROWS)
    headers = {header.casefold(): field for header, field in KINDS[kind][1].headers().items()}
    if not any(cell for row in rows for cell in row):
        raise Unreadable("The file is empty")
    first = [headers.get(cell.casefold()) for cell in rows[0]]
    places = {field: at for at, field in enumerate(first) if field}
    labels = KINDS[kind][1].headers().items()
    if twice := [label for label, field in labels if first.count(field) > 1]:
        raise Unreadable(f"The first row has more than one column named {', '.join(twice)}")
    needed = [label for label, field in labels
              if KINDS[kind][1].base_fields[field].required and field not in places]  # fmt: skip
    if needed:
        raise Unreadable(f"The first row has no column named {', '.join(needed)}")
    found = [
        (number, {field: row[at] if at < len(row) else "" for field, at in places.items()})
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
    if not found:
        raise Unreadable("The file has headers and no rows")
    if len(found) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it")
    return found


def template(kind: str, form: str) -> bytes:
    """An empty file with the headers, to fill in."""
    headers = list(KINDS[kind][1].headers())
    makers: dict[str, Callable[[list[str]], bytes]] = {"csv": lambda row: to_csv([row]), "xlsx": _workbook}
    return makers[form](headers)


def _workbook(headers: list[str]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(headers)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
