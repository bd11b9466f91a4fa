"""Reports by grade and month: sums equal the rota, nobody else's figures, safe in a spreadsheet (R-092)."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from foundation import clock
from roster.absence import actions as absence
from roster.activities.models import Template
from roster.establishment.models import Establishment, Grade, GradeHeld, PlanningUnit
from roster.hours.balance import balances
from roster.reports.report import Month, Scope, reports
from roster.timeline import actions
from roster.timeline.models import Level
from tests.roster.conftest import LONG_AGO, make_person

JANUARY, FEBRUARY = Month(2027, 1), Month(2027, 2)


def put(person: Any, unit: Any, day: date, code: str, **more: Any) -> None:
    actions.put(person, unit, day, template=Template.objects.get(code=code), by=None, reason="test", **more)


@pytest.fixture
def worked(unit: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An officer, supervising officer from February: a short rest, overtime, and two days of sickness."""
    monkeypatch.setattr(clock, "today", lambda: date(2027, 2, 15))
    person = make_person(unit)
    person.grades.update(valid=(LONG_AGO, FEBRUARY.first))
    GradeHeld.objects.create(person=person, grade=Grade.objects.get(code="SO"), valid=(FEBRUARY.first, None))
    for day, code in ((4, "L"), (5, "E"), (6, "M"), (11, "M"), (12, "M")):
        put(person, unit, JANUARY.first.replace(day=day), code)
    put(person, unit, FEBRUARY.first.replace(day=2), "M")
    put(person, unit, FEBRUARY.first.replace(day=4), "E", level=Level.OVERTIME)
    absence.report_sick(person, by=None, first=date(2027, 1, 11), last=date(2027, 1, 12))
    return person


def rows(name: str, scope: Scope) -> dict[tuple[str, str], tuple[int, ...]]:
    return {(row.month, row.grade): row.numbers for row in reports()[name].rows(scope)}


def test_sums_equal_the_rota(worked: Any, prison: Any) -> None:
    """(R-092) Grade and establishment of the day that is counted; every minute once."""
    scope = Scope(prison, JANUARY, FEBRUARY)
    titles = dict(Grade.objects.values_list("code", "title"))
    officer, senior = ("January 2027", titles["OFF"]), ("February 2027", titles["SO"])
    hours = rows("hours", scope)
    found = balances(scope.people, scope.first, scope.last)
    assert sum(numbers[1] for numbers in hours.values()) == sum(one.credited for one in found.values())
    assert abs(sum(numbers[0] for numbers in hours.values()) - sum(one.contracted for one in found.values())) <= 1
    assert hours[officer][1:3] == (495 + 315 + 3 * 540, 2 * 540)
    assert hours[senior][1:3] == (540, 0)
    assert all(numbers[3] == numbers[1] - numbers[0] for numbers in hours.values())
    assert rows("overtime", scope) == {senior: (1, 315)}
    assert rows("sickness", scope) == {officer: (1, 2, 2, 1080)}
    assert rows("rest-breaches", scope)[officer][0] == 1, "late until 21:00, then 07:30"


def test_nobody_elses_figures(worked: Any, prison: Any, as_planner: Any) -> None:
    """(R-092) Neither who belongs elsewhere on that day, nor another establishment for who has no role there."""
    other = Establishment.objects.exclude(pk=prison.pk).order_by("name")[0]
    far = PlanningUnit.objects.create(establishment=other, name="Far", abbreviation="Far")
    worked.memberships.update(valid=(LONG_AGO, FEBRUARY.first))
    worked.memberships.create(unit=far, valid=(FEBRUARY.first, None))
    assert rows("overtime", Scope(prison, JANUARY, FEBRUARY)) == {}
    assert len(rows("overtime", Scope(other, JANUARY, FEBRUARY))) == 1
    asked = {"place": other.code, "start": "2027-01", "end": "2027-02"}
    refused = as_planner("HUB_MANAGER").get("/reports/overtime", asked)
    assert (refused.status_code, "Select an establishment" in refused.content.decode()) == (400, True)
    assert as_planner("REGIONAL_ADMIN", establishment=None).get("/reports/overtime", asked).status_code == 200
    assert as_planner("DETAIL").get("/reports").status_code == 403
    assert as_planner("GOVERNOR").get("/reports/nothing").status_code == 404


def test_page_and_file(worked: Any, prison: Any, as_planner: Any) -> None:
    """(R-092) The same numbers; a name that a spreadsheet would run stays text; the sum is the sum of the rows."""
    Establishment.objects.filter(pk=prison.pk).update(name="=HYPERLINK(1)")
    Grade.objects.filter(code="OFF").update(title="@officer")
    browser = as_planner("GOVERNOR")
    assert 'href="/reports/hours"' in browser.get("/reports").content.decode()
    asked = {"place": "LHI", "start": "2027-01", "end": "2027-02"}
    for name in reports():
        assert "form=csv" in browser.get(f"/reports/{name}", asked).content.decode(), name
        answer = browser.get(f"/reports/{name}", {**asked, "form": "csv"})
        head, *lines, total = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert head[:3] == ["Establishment", "Month", "Grade"]
        assert lines
        assert {line[0] for line in lines} == {"'=HYPERLINK(1)"}
        assert not [line for line in lines if line[2] == "@officer"]
        sums = [sum(int(line[column]) for line in lines) for column in range(3, len(head))]
        assert list(map(int, total[3:])) == sums
    assert "5:15" in browser.get("/reports/overtime", asked).content.decode()
    wrong = [({"start": "2027-02", "end": "2027-01"}, "must not be before"), ({"start": "²"}, "Select a month")]
    for sent, words in wrong:
        answer = browser.get("/reports/hours", {**asked, **sent})
        assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert "at most 12 months" in browser.get("/reports/hours", {**asked, "start": "2025-12"}).content.decode()


def test_a_breach_over_the_end_of_a_month_counts_once(unit: Any, prison: Any) -> None:
    """Late on the 31st, early on the 1st: it was counted in both months, as the last day of each saw it."""
    person = make_person(unit)
    put(person, unit, JANUARY.last, "L")
    put(person, unit, FEBRUARY.first, "E")
    breaches = [rows("rest-breaches", Scope(prison, *months)) for months in (
        (JANUARY, FEBRUARY), (JANUARY, JANUARY), (FEBRUARY, FEBRUARY))]  # fmt: skip
    daily = [{month: numbers[0] for (month, _), numbers in found.items()} for found in breaches]
    assert daily == [{"February 2027": 1}, {}, {"February 2027": 1}]
