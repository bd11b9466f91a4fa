"""The pages of patterns: from a first line to people who follow it (staff-roster 6, R-051)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.activities.models import Template
from roster.patterns import actions, demo
from roster.patterns.models import Assignment, Pattern, PatternDay, PatternVersion
from tests.roster.conftest import make_person

MONDAY = date(2027, 1, 4)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def selects(version: PatternVersion, **more: Any) -> dict[str, str]:
    """What the designer's page would send."""
    sent = {f"c-{line}-{day}": "" for line in range(version.lines) for day in range(7)}
    sent |= {f"c-{cell.line}-{cell.weekday}": str(cell.template_id) for cell in version.cells.all()}
    version.refresh_from_db()
    return sent | {"version": str(version.version), "do": "save"} | more


@pytest.fixture
def version(prison: Any) -> PatternVersion:
    return actions.create(prison, "Five lines", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))


def test_from_the_first_line_to_people(prison: Any, unit: Any, as_planner: Any, monkeypatch: Any) -> None:
    """Add, design, paste, consult with comments, approve after 28 days, put a group on it, end one."""
    people = [make_person(unit) for _ in range(3)]
    detail = as_planner("DETAIL")
    assert "There are no patterns yet" in text(detail.get("/patterns"))
    wrong = detail.post("/patterns/add", {"establishment": prison.pk, "name": "Wing", "weekly_minutes": "99"})
    assert wrong.status_code == 400
    assert "between 0:01 and 60:00" in text(wrong)
    detail.post("/patterns/add", {"establishment": prison.pk, "name": "Wing", "weekly_minutes": "37:00"})
    version = PatternVersion.objects.get()
    address = f"/patterns/versions/{version.pk}"
    assert detail.get(f"{address}/edit").status_code == 200

    pasted = demo.OFFICERS.strip().replace(" ", "\t")
    bad = detail.post(f"{address}/paste", {"text": pasted.replace("E\tE", "E\tXX"), "version": "0"})
    assert bad.status_code == 400
    assert "Tue of line 5: there is no shift XX" in text(bad)
    look = detail.post(f"{address}/paste", {"text": "Line\tMon\tTue\n" + pasted, "version": "0"})
    assert "36:57" in text(look)
    assert PatternDay.objects.count() == 0, "looking saves nothing"
    assert "Codes that you can use" in text(detail.get(f"{address}/paste"))
    detail.post(f"{address}/paste", {"text": pasted, "version": "0", "do": "save"})
    assert PatternDay.objects.count() == 35

    page = text(detail.get(address))
    for words in ["36:57 of 37:00", "-0:15", "3 of 5", "Nobody works L on Mon, Tue."]:
        assert words in page
    assert detail.get(f"{address}/approve").status_code == 403
    version.refresh_from_db()
    detail.post(f"{address}/consult", {"version": version.version})
    assert detail.get(f"{address}/edit").status_code == 302, "a pattern in consultation stays as it is"
    officer_union = as_planner("READ_ONLY")
    officer_union.post(address, {"text": "Too many nights", "on_behalf_of": "The union"})
    assert "Too many nights" in text(detail.get(address))

    version.refresh_from_db()
    first = clock.today() + timedelta(days=40)
    sent = {"first": first.isoformat(), "version": version.version}
    governor = as_planner("GOVERNOR")
    assert f"{address}/approve" not in text(governor.get(address)), "not before the consultation is over"
    early = governor.post(f"{address}/approve", sent)
    assert early.status_code == 400
    assert "The consultation runs until" in text(early)
    PatternVersion.objects.update(consulted_on=clock.today() - timedelta(days=28))
    assert governor.post(f"{address}/approve", sent).status_code == 302
    version.refresh_from_db()
    assert (version.stage(first - timedelta(days=1)), version.stage(first)) == ("approved", "active")

    group = {"people": [p.pk for p in people], "line": "4", "first": first.isoformat(), "last": ""}
    where = f"/patterns/{version.pattern_id}/people?unit={unit.pk}"
    assert detail.get(where).status_code == 200
    assert "The four weeks from the first day" in text(detail.post(where, group | {"do": "look"}))
    assert not Assignment.objects.exists()
    assert detail.post(where, group | {"do": "save"}).status_code == 302
    assert sorted(Assignment.objects.values_list("start_line", flat=True)) == [0, 1, 4]
    assert people[0].listed in text(detail.get(f"/patterns/{version.pattern_id}"))
    each = Assignment.objects.earliest("pk")
    end = {"last": (first + timedelta(days=6)).isoformat(), "version": each.version}
    assert detail.post(f"/patterns/people/{each.pk}/end", end).status_code == 302
    each.refresh_from_db()
    assert each.last_day == first + timedelta(days=6)


def test_each_officers_average(version: PatternVersion, unit: Any, as_planner: Any) -> None:
    """(R-051) Beside the hours of each one's contract; whose difference is beyond the tolerance is marked."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    PatternVersion.objects.filter(pk=version.pk).update(state="approved", valid=(monday, None))
    whole, longer, shares = make_person(unit), make_person(unit), make_person(unit)
    longer.contracts.update(weekly_minutes=39 * 60)
    shares.contracts.update(weekly_minutes=22 * 60, agreed_days=[0, 1, 2])
    actions.assign(version.pattern, {whole: 0, longer: 1, shares: 2}, monday, monday, by=None)
    page = re.sub(r"<[^>]*>", " ", as_planner("DETAIL").get(f"/patterns/{version.pattern_id}").content.decode())
    rows = [re.findall(r"-?\d+:\d\d|too far", line) for line in " ".join(page.split()).split("No end")[1:]]
    assert [row[:4] for row in rows] == [
        ["37:00", "36:57", "-0:03"], ["39:00", "36:57", "-2:03", "too far"], ["22:00", "19:12", "-2:48", "too far"],
    ]  # fmt: skip


def test_the_designer(version: PatternVersion, as_planner: Any) -> None:
    """Buttons duplicate, move and remove lines; a stale page overwrites nothing; an unknown shift is an error."""
    browser, address = as_planner("DETAIL"), f"/patterns/versions/{version.pk}/edit"
    night = str(Template.objects.get(code="N").pk)
    old = selects(version)
    for do, lines in [("add", 6), ("duplicate-2", 7), ("up-3", 7), ("down-0", 7), ("remove-0", 6), ("remove-99", 6)]:
        assert browser.post(address, selects(version, do=do)).status_code == 302
        version.refresh_from_db()
        assert version.lines == lines, do
    stale = browser.post(address, old | {"c-0-0": night})
    assert stale.status_code == 409
    assert "Somebody changed this while you had the page open" in text(stale)
    version.refresh_from_db()
    assert version.lines == 6
    wrong = browser.post(address, selects(version, **{"c-0-6": "999999"}))
    assert wrong.status_code == 400
    assert "Select a shift for Sun of line 1" in text(wrong)
    figures = browser.post(address.replace("edit", "figures"), selects(version, **{"c-5-0": night}))
    assert "What it adds up to" in text(figures)
    assert "<html" not in text(figures)


def test_whose_patterns(version: PatternVersion, as_planner: Any) -> None:
    """Another prison's planner finds nothing; who may only see is refused; a draft is copied from another pattern."""
    from roster.establishment.models import Establishment

    other = as_planner("DETAIL", establishment=Establishment.objects.exclude(code="LHI").first())
    for address in (f"/patterns/{version.pattern_id}", f"/patterns/versions/{version.pk}"):
        assert other.get(address).status_code == 404
    manager = as_planner("LINE_MANAGER")
    assert manager.get(f"/patterns/versions/{version.pk}").status_code == 200
    assert manager.get(f"/patterns/versions/{version.pk}/edit").status_code == 403
    detail = as_planner("DETAIL")
    second = actions.create(version.pattern.establishment, "Second", 37 * 60, by=None)
    PatternVersion.objects.filter(pk=second.pk).update(state="approved", valid=(MONDAY, None))
    assert detail.get(f"/patterns/{second.pattern_id}/draft").status_code == 200
    assert detail.post(f"/patterns/{second.pattern_id}/draft", {"like": version.pk}).status_code == 302
    again = detail.post(f"/patterns/{second.pattern_id}/draft", {"like": version.pk})
    assert "has a draft already" in text(again)
    copy = Pattern.objects.get(name="Second").versions.get(state="draft")
    assert actions.rows_of(copy) == actions.rows_of(version)
