"""Import from CSV and XLSX: preview, headers, errors by row, nothing half applied, again changes nothing."""

import io
import re
from datetime import date, timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from foundation import clock
from foundation.csv_cells import to_csv
from roster.establishment import actions
from roster.establishment.models import Contract, Person, PlanningUnit, SkillHeld
from roster.establishment.unit_actions import call_by_todays_names
from tests.roster.conftest import LONG_AGO, make_person

pytestmark = pytest.mark.django_db

STAFF = ["last name", "FIRST NAME", "Staff number", "User name", "Grade", "Establishment", "Unit", "Service from",
         "From", "Email", "Mobile", "Shoe size"]  # fmt: skip
ANN = [
    "Quill",
    "Ann",
    "77001",
    "QAA01A",
    "off",
    "LHI",
    "Lindholme Residential 1",
    "1/4/2020",
    "2026-01-05",
    "",
    "",
    "5",
]


def csv_file(*rows: list[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", to_csv(rows))


def xlsx_file(*rows: list[Any]) -> SimpleUploadedFile:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    return SimpleUploadedFile("people.XLSX", content.getvalue())


def broken(part: str, instead: bytes) -> SimpleUploadedFile:
    """A spreadsheet one of whose parts is something else."""
    whole, made = ZipFile(xlsx_file(STAFF, ANN)), io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name in whole.namelist():
            file.writestr(name, instead if name == part else whole.read(name))
    return SimpleUploadedFile("people.xlsx", made.getvalue())


def apply(browser: Any, kind: str, file: SimpleUploadedFile) -> str:
    """Through the preview; what the page says after it."""
    looked = browser.post(f"/staff/import/{kind}", {"file": file})
    assert looked.status_code == 200, looked.content.decode()
    found = re.search(r'name="rows" value="([^"]+)"', looked.content.decode())
    assert found
    return str(browser.post(f"/staff/import/{kind}", {"rows": found[1]}, follow=True).content.decode())


def test_a_file_is_previewed_applied_and_applied_again(as_planner: Any, unit: Any) -> None:
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    looked = browser.post("/staff/import/staff", {"file": csv_file(STAFF, ANN)})
    page = " ".join(looked.content.decode().split())
    assert '<th scope="row" class="govuk-table__header">2</th> <td class="govuk-table__cell">Quill, Ann</td>' in page
    assert "Will be added" in page
    assert not Person.objects.filter(staff_number="77001").exists()  # only looked at
    assert "1 added, 0 changed, 0 were so already" in apply(browser, "staff", csv_file(STAFF, ANN))
    again = browser.post("/staff/import/staff", {"file": csv_file(STAFF, ANN)}).content.decode()
    assert "Everything in the file is on the roster already" in again
    moved = [*ANN[:6], unit.name, *ANN[7:8], "2026-02-01", *ANN[9:]]
    moved[4] = "SO"
    assert "0 added, 1 changed" in apply(browser, "staff", csv_file(STAFF, moved))
    ann = Person.objects.get(staff_number="77001")
    assert [one.grade.code for one in ann.grades.order_by("valid")] == ["OFF", "SO"]
    units = xlsx_file(["Unit", "Establishment", "Abbreviation"], ["Lindholme Gate", "LHI", "Gate"])
    assert "1 added" in apply(browser, "units", units)
    assert PlanningUnit.objects.filter(name="Lindholme Gate").exists()
    hours = xlsx_file(["Staff number", "Hours a week", "Days a week", "From"], [77001, 24.5, 3, "2026-03-01"])
    assert "1 added" in apply(browser, "contracts", hours)
    assert Contract.objects.get(person=ann).weekly_minutes == 1470
    skills = csv_file(
        ["Staff number", "Skill", "Level", "From", "Last day"], ["77001", "cr", "basic", "2026-03-01", ""]
    )
    assert "1 added" in apply(browser, "skills", skills)
    skills.seek(0)
    assert "on the roster already" in browser.post("/staff/import/skills", {"file": skills}).content.decode()
    assert SkillHeld.objects.filter(person=ann).count() == 1


def test_what_a_file_does_not_say_stays(as_planner: Any, prison: Any, unit: Any) -> None:
    """No column or an empty cell takes nothing away; a name in another case is the same unit, and it is renamed as on
    its page, so that the night does not take it back.
    """
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    person = make_person(unit, email="ann@prison.example", mobile="07700900123")
    known = [person.staff_number, person.user_name, person.first_name, "Newname", "OFF", "LHI", unit.name]
    headers = ["Staff number", "User name", "First name", "Last name", "Grade", "Establishment", "Unit"]
    file = csv_file([*headers, "Service from", "From"], [*known, "2020-01-01", "2026-01-05"])
    assert "1 changed" in apply(browser, "staff", file)
    person.refresh_from_db()
    assert (person.last_name, person.email, person.mobile) == ("Newname", "ann@prison.example", "07700900123")
    unit.function = prison.functions.create(name="Dogs")
    unit.save()
    file = csv_file(["Establishment", "Unit", "Abbreviation"], ["lhi", unit.name.upper(), "New"])
    assert "0 added, 1 changed" in apply(browser, "units", file)
    call_by_todays_names()
    unit.refresh_from_db()
    assert (unit.abbreviation, unit.function.name) == ("New", "Dogs")
    file = csv_file(["Establishment", "Unit", "Abbreviation", "Function"], ["lhi", unit.name, "Newer", "Cats"])
    assert "0 added, 1 changed" in apply(browser, "units", file)
    unit.refresh_from_db()
    assert (unit.abbreviation, unit.function.name, unit.names.count()) == ("Newer", "Cats", 2)


def test_a_contract_keeps_the_agreed_weekdays_that_a_file_does_not_name(as_planner: Any, unit: Any) -> None:
    """They were lost with each import (R-057). The preview says what becomes of what."""
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    person = make_person(unit)
    held = {"weekly_minutes": 1332, "days_per_week": 3, "agreed_days": [0, 2, 4], "valid": (LONG_AGO, None)}
    person.contracts.update_or_create(defaults=held)
    head = ["Staff number", "Hours a week", "Days a week", "From"]
    more = csv_file(head, [person.staff_number, "24", "3", "2026-12-01"])
    looked = browser.post("/staff/import/contracts", {"file": more}).content.decode()
    assert "22.2 hours, 3 days become 24 hours, 3 days from 1 December 2026" in looked
    more.seek(0)
    assert "1 changed" in apply(browser, "contracts", more)
    assert person.contracts.latest("valid").agreed_days == [0, 2, 4]
    assert "on Mondays, Wednesdays and Fridays" in browser.get(f"/staff/{person.pk}").content.decode()
    named = [[person.staff_number, "24", "3", day, words] for day, words in (
        ("2027-01-01", "tue, Wednesday; thurs"), ("2027-02-01", "none"))]  # fmt: skip
    apply(browser, "contracts", csv_file([*head, "Agreed weekdays"], *named))
    assert [row.agreed_days for row in person.contracts.order_by("valid")] == [[0, 2, 4], [0, 2, 4], [1, 2, 3], []]
    wrong = csv_file([*head, "Agreed weekdays"], [person.staff_number, "24", "3", "2027-03-01", "Mo, Dienstag"])
    assert "not mo" in browser.post("/staff/import/contracts", {"file": wrong}).content.decode()


def test_who_left_comes_back_with_a_file(as_planner: Any, unit: Any) -> None:
    """They got units and a grade, and stayed out of sight."""
    person = make_person(unit, service_from="2020-01-01")
    actions.leave(person, date(2025, 6, 30), by=None, version=0)
    row = [person.staff_number, person.user_name, "Ann", "Quill", "OFF", "LHI", unit.name, "2020-01-01"]
    head = ["Staff number", "User name", "First name", "Last name", "Grade", "Establishment", "Unit", "Service from"]
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    file = csv_file([*head, "From"], [*row, "2026-02-02"])
    looked = browser.post("/staff/import/staff", {"file": file}).content.decode()
    assert "last name, comes back, grade from 2 February 2026, main unit from 2 February 2026" in looked
    file.seek(0)
    apply(browser, "staff", file)
    person.refresh_from_db()
    assert person.left_on is None
    assert person.memberships.filter(valid__contains=date(2026, 2, 2), unit=unit, priority=1).exists()
    unit.closed_on = clock.today() + timedelta(days=90)
    unit.save()
    row[0], row[1] = "99001", "Q99001"
    closing = csv_file([*head, "From"], [*row, "2026-02-02"])
    refused = browser.post("/staff/import/staff", {"file": closing})
    assert (refused.status_code, "is closed from" in refused.content.decode()) == (422, True)
    early = csv_file([*head, "From"], [*row, "2019-12-31"])
    assert "before their service began" in browser.post("/staff/import/staff", {"file": early}).content.decode()


def test_one_bad_row_and_nothing_is_applied(as_planner: Any, unit: Any) -> None:
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    bad = [*ANN[:2], "77002", "qaa01a", "WIZARD", "LHI", "Nowhere", "31/2/2020", *ANN[8:]]
    refused = browser.post("/staff/import/staff", {"file": csv_file(STAFF, ANN, bad)})
    page = refused.content.decode()
    assert refused.status_code == 422
    for words in (
        "There is no such grade",
        "There is no such unit",
        "Enter a real date",
        "Somebody else has this user",
    ):
        assert words in page
    assert 'name="rows"' not in page
    assert not Person.objects.filter(staff_number__startswith="7700").exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (csv_file(["Name"], ["x"]), "has no column named Staff number"),
        (csv_file(STAFF), "headers and no rows"),
        (SimpleUploadedFile("a.csv", b""), "empty"),
        (SimpleUploadedFile("a.xlsx", b"no spreadsheet"), "not a spreadsheet that we can read"),
        (csv_file(STAFF, *[ANN] * 2001), "Split it"),
        (csv_file([*STAFF, "from"], ANN), "more than one column named From"),
        (SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)), "Save the file as XLSX or CSV"),
        (SimpleUploadedFile("a.csv", b"Staff number\x81"), "not a CSV file that we can read"),
        (broken("xl/workbook.xml", b"<"), "not a spreadsheet that we can read"),
        (broken("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "not a spreadsheet that we can read"),
        (broken("xl/styles.xml", bytes(60_000_000)), "holds too much"),
    ],
)
def test_files_that_cannot_be_read_say_why(as_planner: Any, file: Any, words: str) -> None:
    file.seek(0)
    answer = as_planner("REGIONAL_ADMIN", establishment=None).post("/staff/import/staff", {"file": file})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_preview_of_somebody_else_or_altered_is_not_applied(as_planner: Any, unit: Any) -> None:
    first = as_planner("REGIONAL_ADMIN", establishment=None)
    page = first.post("/staff/import/staff", {"file": csv_file(STAFF, ANN)}).content.decode()
    rows = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows
    other = as_planner("NATIONAL_ADMIN", establishment=None)
    assert "too old" in other.post("/staff/import/staff", {"rows": rows[1]}, follow=True).content.decode()
    assert "too old" in first.post("/staff/import/staff", {"rows": rows[1] + "x"}, follow=True).content.decode()
    assert not Person.objects.filter(staff_number="77001").exists()


@pytest.mark.parametrize(
    "made",
    [
        lambda rows: "\n".join(";".join(row) for row in rows).encode("utf-8-sig"),
        lambda rows: "\r\n".join("\t".join(row) for row in rows).encode("utf-16"),
        lambda rows: "\r\n".join(",".join(row) for row in rows).encode("cp1252"),
        lambda rows: xlsx_file(*rows).read(),
    ],
    ids=["semicolons", "tabs", "commas", "spreadsheet"],
)
def test_the_ways_in_which_programs_write_a_table(as_planner: Any, unit: Any, made: Any) -> None:
    """What is wrong is told by the number that its row has there: rows that are empty or right count."""
    number = make_person(unit).staff_number
    rows = [
        ["From", "Staff number", "Hours a week", "Days a week"], ["2027-01-04", number, "39", "5"], [" ", "", "", ""],
        ["4/13/2027", "nobody", "39", "5"], ["9999-12-31", number, "39", "5"], ["2027-02-01", number, "NaN", "5"],
    ]  # fmt: skip
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    answer = browser.post("/staff/import/contracts", {"file": SimpleUploadedFile("hours", made(rows))})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    wrong = re.findall(r'govuk-table__header">(\d+)</th> <td class="govuk-table__cell">([^<]+)</td>', page)
    assert wrong == [("4", "Staff number"), ("4", "From"), ("5", "From"), ("6", "Hours a week")]
    assert "Enter a day between 1950 and 2100" in page


def test_templates_hold_the_headers(as_planner: Any) -> None:
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    book = load_workbook(io.BytesIO(browser.get("/staff/import/skills/template.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][1]] == ["Staff number", "Skill", "Level", "From", "Last day"]
    assert b"Staff number,Skill" in browser.get("/staff/import/skills/template.csv").content
    assert browser.get("/staff/import/skills/template.exe").status_code == 404
    assert as_planner("DETAIL").get("/staff/import").status_code == 403
