"""The day of operation: the sheet and its prints, sickness at 06:30 and who covers it, moves, roles that end."""

import csv
import io
from datetime import timedelta
from typing import Any

import pymupdf
import pytest
from django.urls import reverse
from icalendar import Calendar

from roster.absence import actions as absence
from roster.activities.models import Activity
from roster.day import actions, moves
from roster.day.judging import days_of
from roster.day.models import Deviation, LogEntry, Move
from roster.day.sheet import Sheet
from roster.day.staffing import staffing
from roster.day.tables import page
from roster.demand import actions as demand
from roster.demand.models import Post, Requirement
from roster.establishment.models import RoleHeld
from roster.establishment.roles import reaches, roles_of
from roster.hours.models import RestOwed
from roster.planning.cover import Desk
from roster.rules.models import RuleException
from roster.timeline.models import Change, Level
from tests.roster.conftest import give_role, make_person
from tests.roster.day.conftest import SIX_THIRTY, TODAY, at, gatekeeper, shift

pytestmark = pytest.mark.usefixtures("morning")


def test_sickness_at_half_past_six(unit: Any, prison: Any, gate: Post, detail: Any) -> None:
    """(R-087) The post is short at once; eligible replacements are listed with reasons; one of them covers it."""
    one, two, free, unskilled, tired = (
        gatekeeper(unit),
        gatekeeper(unit),
        gatekeeper(unit),
        make_person(unit),
        gatekeeper(unit),
    )
    for person in (one, two):
        shift(person, unit, post=gate)
    shift(tired, unit, TODAY - timedelta(days=1), "N")
    assert not Sheet(prison, TODAY).gaps()
    absence.report_sick(two, by=detail)
    sheet = Sheet(prison, TODAY)
    coverage, gap = next((c, g) for c, g in sheet.gaps() if c.name(g.key) == "Gate")
    assert gap.gap == 1
    assert [(each.worker.pk, each.cause) for each in sheet.away] == [(two.pk, "Sickness")]
    desk = Desk(coverage, gap)
    offered = [each.person.pk for each in desk.free()]
    assert offered == [free.pk]
    assert "has the day off" in desk.free()[0].sentence
    assert unskilled.pk not in offered
    assert tired.pk not in offered, "out of a night that ends at 07:30"
    done = moves.put_on_post(prison, free, desk.on, desk.shift, by=detail, reason="Covers the gate", overtime=True)
    assert not done.owed
    assert not [g for c, g in Sheet(prison, TODAY).gaps() if c.name(g.key) == "Gate"]
    now = staffing(prison)
    assert (now.planned, now.present, now.overtime, now.absent) == (2, 2, 1, (("Sickness", 1),))


def test_rules_refuse_and_a_right_with_a_reason_permits(unit: Any, prison: Any, gate: Post, detail: Any) -> None:
    """(R-054) (R-065) Without the skill, or the rest: refused with the reason; permitted, rest is owed."""
    lacking, tired = make_person(unit), gatekeeper(unit)
    shift(tired, unit, TODAY - timedelta(days=1), "L")
    sheet = Sheet(prison, TODAY)
    coverage, gap = sheet.gaps()[0]
    desk = Desk(coverage, gap)
    with pytest.raises(moves.Broken, match="no GATE"):
        moves.put_on_post(prison, lacking, TODAY, desk.shift, by=detail, reason="Nobody else")
    with pytest.raises(moves.Broken, match="10 h 30 min of rest"):
        moves.put_on_post(prison, tired, TODAY, desk.shift, by=detail, reason="Nobody else")
    from roster.rules.actions import Refused as NoRight

    with pytest.raises(NoRight, match="A governor can permit"):
        moves.put_on_post(prison, tired, TODAY, desk.shift, by=detail, reason="Nobody else", permit_because="Emergency")
    assert not days_of(tired, TODAY, TODAY), "what was refused is not there"
    governor = make_person()
    give_role(governor, "GOVERNOR", prison)
    give_role(governor, "DETAIL", prison)
    done = moves.put_on_post(
        prison, tired, TODAY, desk.shift, by=governor.user, reason="Nobody else", permit_because="Emergency"
    )
    assert done.owed
    assert RestOwed.objects.get(person=tired).minutes == 30
    shift(lacking, unit, TODAY - timedelta(days=1), "RD")
    another = Desk(coverage, gap)
    with pytest.raises(NoRight, match="A governor can permit"):
        moves.put_on_post(prison, lacking, TODAY, another.shift, by=detail, reason="x", permit_because="Emergency")
    moves.put_on_post(prison, lacking, TODAY, another.shift, by=governor.user, reason="x", permit_because="Emergency")
    kept = RuleException.objects.get(person=lacking)
    assert (kept.rule, kept.reason, kept.permitted_by) == ("SkillValid", "Emergency", governor.user)


def test_a_move_before_and_during_the_duty(
    unit: Any, prison: Any, gate: Post, detail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(R-062) Before it starts the plan changes, at short notice with its reason; later only the actual day does."""
    person = gatekeeper(unit)
    shift(person, unit)
    moves.move(prison, person, TODAY, 27_000, 45_000, post=gate, by=detail, reason="Two are sick")
    change = Change.objects.latest("pk")
    assert (change.level, change.short_notice, change.reason) == (Level.PLAN, True, "Two are sick")
    [line] = [each for each in Sheet(prison, TODAY).lines if each.station == f"post {gate.pk}"]
    assert (line.start, line.end, line.came_from) == (27_000, 48_600, "Residential Duties"), "with the break after it"
    at(monkeypatch, SIX_THIRTY + timedelta(hours=8))
    moves.move(prison, person, TODAY, 54_000, 63_000, post=gate, by=detail)
    assert Change.objects.latest("pk").level == Level.ACTUAL
    assert Move.objects.count() == 2
    lines = [each for each in Sheet(prison, TODAY).lines if each.worker.pk == person.pk]
    assert [(each.start, each.end) for each in lines if each.station == f"post {gate.pk}"] == [
        (27_000, 48_600), (54_000, 63_000),
    ]  # fmt: skip
    with pytest.raises(moves.Refused, match="not on duty"):
        moves.move(prison, person, TODAY, 70_000, 75_000, post=gate, by=detail)
    give_role(person, "DETAIL", prison)
    with pytest.raises(moves.Refused, match="Nobody changes their own day"):
        moves.move(prison, person, TODAY, 27_000, 45_000, post=gate, by=person.user)


def test_how_the_day_really_went(unit: Any, prison: Any, gate: Post, detail: Any) -> None:
    """A no-show is a gap; an over-run asks what becomes of it; coming back sick ends the actual day too."""
    one, two = gatekeeper(unit), gatekeeper(unit)
    for person in (one, two):
        shift(person, unit, post=gate)
    moves.deviate(prison, one, TODAY, Deviation.Kind.ABSENT, by=detail)
    sheet = Sheet(prison, TODAY)
    assert [(each.worker.pk, each.cause) for each in sheet.away] == [(one.pk, "Did not come")]
    assert [g.gap for _, g in sheet.gaps()] == [1]
    with pytest.raises(moves.Refused, match="time off in lieu"):
        moves.deviate(prison, two, TODAY, Deviation.Kind.OVER, 64_800, by=detail)
    row = moves.deviate(prison, two, TODAY, Deviation.Kind.OVER, 64_800, by=detail, decision="toil")
    assert row.minutes == 30
    assert [each.end for each in Sheet(prison, TODAY).lines if each.worker.pk == two.pk] == [64_800]
    absence.report_sick(two, by=detail, from_time=36_000)
    assert [each.end for each in Sheet(prison, TODAY).lines if each.worker.pk == two.pk] == [36_000]


def test_page_print_pdf_and_csv_say_the_same(unit: Any, prison: Any, gate: Post, as_planner: Any, detail: Any) -> None:
    """(R-064) The same facts everywhere; why somebody is away hangs on no wall, and only who may sees it on screen."""
    here, ill = gatekeeper(unit, last_name="Atwork"), gatekeeper(unit, last_name="Unwell")
    for person in (here, ill):
        shift(person, unit, post=gate)
    absence.report_sick(ill, by=detail)
    browser = as_planner("DETAIL")
    kept = ["Atwork, Sam", "07:30 to 17:30", "12:30 to 13:30", "Unwell, Sam"]
    screen = browser.get(reverse("day_sheet", args=["LHI", TODAY])).content.decode()
    wall = browser.get(reverse("day_print", args=["LHI", TODAY])).content.decode()
    pdf = browser.get(reverse("day_export", args=["LHI", TODAY, "pdf"]))
    printed = pymupdf.open(stream=pdf.content, filetype="pdf")
    pages = " ".join(each.get_text() for each in printed)
    table = browser.get(reverse("day_export", args=["LHI", TODAY, "csv"])).content.decode("utf-8-sig")
    assert any("Atwork, Sam" in row for row in csv.reader(io.StringIO(table)))
    for text in (screen, wall, " ".join(pages.split()), table):
        assert [each for each in kept if each not in text] == []
    assert "Sickness 1" in screen, "counted"
    assert ">Sickness<" in screen
    assert not [text for text in (wall, table, pages) if "Sick" in text], "with one away a number would say it"
    assert printed.markinfo["Marked"], "tagged"
    assert reverse("day_export", args=["LHI", TODAY, "ics"]) in screen
    events = Calendar.from_ical(browser.get(reverse("day_export", args=["LHI", TODAY, "ics"])).content).walk("VEVENT")
    said = {str(each["summary"]): each for each in events}
    work, away = said["Atwork, Sam: Gate"], said["Unwell, Sam: Absent"]
    assert f"{work['dtstart'].dt:%H:%M %Z} {work['dtend'].dt:%H:%M}" == "07:30 GMT 17:30"
    assert "Break: 12:30 to 13:30" in work["description"]
    assert away["dtstart"].dt == TODAY
    (head,) = [each for name, each in said.items() if name.startswith("Detail sheet")]
    facts = [fact for fact in ("Orderly Officer: Nobody", "Away: 1", "Gate: ") if fact not in head["description"]]
    assert facts == []
    assert not [name for name, each in said.items() if "Sick" in name + each.get("description", "")]
    masked = as_planner("READ_ONLY").get(reverse("day_sheet", args=["LHI", TODAY])).content.decode()
    assert ">Sickness<" not in masked
    issue = actions.issue_sheet(prison, TODAY, by=detail)
    shift(here, unit, code="RD")
    assert "Atwork" in browser.get(reverse("day_issue", args=["LHI", TODAY, issue.number])).content.decode()
    assert (issue.number, issue.name) == (1, "Morning")


def test_the_orderly_officers_rights_end_with_the_shift(
    unit: Any, prison: Any, as_planner: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """(staff-roster 21.20) They begin an hour before the duty, end an hour after; a sick one never has them."""
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    officer, ill = make_person(unit, grade="CM"), make_person(unit, grade="CM")
    for person in (officer, ill):
        shift(person, unit, code="OO")
    absence.report_sick(ill, by=ill.user)
    assert not RoleHeld.objects.filter(person=ill).exists()
    from django.test import Client

    browser = Client()
    browser.force_login(officer.user)
    now = reverse("day_now", args=["LHI"])
    seen = []
    for hours in (-1, 1, 14, 15):  # 05:30, 07:30, 20:30, 21:30; the duty is 07:15 to 20:15
        at(monkeypatch, SIX_THIRTY + timedelta(hours=hours))
        browser.force_login(officer.user)  # a new session: the old one has long ended
        seen.append((browser.get(now).status_code, "ORDERLY_OFFICER" in roles_of(officer.user)))
    assert seen == [(302, False), (200, True), (200, True), (302, False)], "led away from the planners' face"
    give_role(officer, "READ_ONLY", prison)
    browser.force_login(officer.user)
    assert browser.get(now).status_code == 200
    assert browser.post(now, {"text": "After the shift"}).status_code == 403, "looks on as an auditor, changes nothing"
    assert not LogEntry.objects.exists()
    at(monkeypatch, SIX_THIRTY + timedelta(hours=2))
    assert reaches(officer.user, "day.edit", prison)
    shift(officer, unit, code="RD")
    officer.refresh_from_db()  # the next request
    assert not reaches(officer.user, "day.edit", prison), "off the duty, off the role"


def test_the_pages_of_a_day_and_one_click(unit: Any, prison: Any, gate: Post, as_planner: Any) -> None:
    """(R-091) (R-094) The gap's page puts a person there by one form; who changed what stands on the day's page."""
    here, free = gatekeeper(unit), gatekeeper(unit, last_name="Free")
    shift(here, unit, post=gate)
    browser = as_planner("DETAIL")
    key = Requirement.objects.get().pk
    where = reverse("day_gap", args=["LHI", TODAY, key, 27_000])
    assert "Free has the day off" in browser.get(where).content.decode()
    assign = reverse("day_assign", args=["LHI", TODAY, key, 27_000, free.pk])
    assert browser.post(assign, {"overtime": "yes", "reason": "Covers Gate"}).status_code == 302
    assert "Every minimum is met" in browser.get(reverse("day_sheet", args=["LHI", TODAY])).content.decode()
    history = browser.get(reverse("day_person", args=["LHI", TODAY, free.pk])).content.decode()
    assert "Covers Gate" in history
    region = browser.get(reverse("day_region") + "?all=yes").content.decode()
    assert "Lindholme" in region
    row = browser.get(reverse("day_region_row", args=["LHI"]), headers={"HX-Request": "true"}).content.decode()
    assert row.count("<td") == 8
    assert "Oxford" not in region
    part = browser.get(reverse("day_now", args=["LHI"]), headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part
    move = reverse("day_move", args=["LHI", TODAY, here.pk])
    refused = browser.post(move, {"to": "", "start": "x", "end": ""})
    assert refused.status_code == 400
    stale = browser.post(move, {"to": f"post {gate.pk}", "start": "07:30", "end": "12:00", "version": "99"})
    assert "It is now: Main 07:30 to 17:30 at Gate. Nothing was changed" in stale.content.decode()


def test_a_bedwatch_and_who_is_on_call(unit: Any, prison: Any, as_planner: Any, detail: Any) -> None:
    """(staff-roster 9.4, 9.5) A case is demand; who is moved there stands on it with hours; on call is a list."""
    person = make_person(unit, last_name="Sent")
    shift(person, unit)
    case = demand.open_case(
        prison, None, by=detail, kind="bedwatch", name="Ward 4", activity=Activity.objects.get(name="Bedwatch"),
        people=1, starts_at=SIX_THIRTY + timedelta(hours=1), expected_end=SIX_THIRTY + timedelta(hours=6),
    )  # fmt: skip
    assert [coverage.name(gap.key) for coverage, gap in Sheet(prison, TODAY).gaps()] == ["Ward 4"]
    moves.move(prison, person, TODAY, 27_000, 45_000, case=case, by=detail)
    assert not Sheet(prison, TODAY).gaps()
    browser = as_planner("DETAIL")
    where = reverse("day_case", args=["LHI", case.pk])
    assert "5.00 hours so far" in browser.get(where).content.decode().replace("5.0 hours", "5.00 hours")
    fields = {"place": "General", "reference": "E1", "prisoner_reference": "", "risk_assessed": "2"}
    assert browser.post(where, {**fields, "version": "0"}).status_code == 302
    stale = browser.post(where, {**fields, "place": "Other", "version": "0"})
    assert stale.status_code == 400
    assert "Somebody else has changed this record" in stale.content.decode()
    lists = reverse("day_on_call", args=["LHI", TODAY])
    assert browser.post(lists, {"person": person.pk, "rota": "DG", "days": "2"}).status_code == 302
    assert [(name, worker.pk) for name, worker, _ in Sheet(prison, TODAY + timedelta(days=1)).on_call] == [
        ("Duty governor on call", person.pk)
    ] * 2, "until 08:00 of the next day, and that day's own"
    assert "Ward 4" in browser.get(reverse("day_cases", args=["LHI", TODAY])).content.decode()


def test_two_nights_of_one_day_are_told_apart(unit: Any, prison: Any, as_planner: Any, detail: Any) -> None:
    """Who works the night before and the night after stands twice: with the day's name, and each leads to its own."""
    person = make_person(unit, last_name="Owl")
    before = TODAY - timedelta(days=1)
    for day in (before, TODAY):
        shift(person, unit, day, "N")
    for screen, column in (("post", 3), ("unit", 4), ("person", 5)):
        rows = [
            row for table in page(Sheet(prison, TODAY), screen).tables for row in table.rows if "Owl" in row.cells[0]
        ]
        assert [(row.cells[column], row.on) for row in rows] == [
            ("Tue 20:45 to 07:30", before.isoformat()), ("20:45 to Thu 07:30", ""),
        ]  # fmt: skip
    browser = as_planner("DETAIL")
    screen = browser.get(reverse("day_sheet", args=["LHI", TODAY])).content.decode()
    for day in (before, TODAY):
        assert reverse("day_person", args=["LHI", day, person.pk]) in screen
    wall = browser.get(reverse("day_print", args=["LHI", TODAY])).content.decode()
    assert "printed by Sam Officer" in wall
    actions.issue_sheet(prison, TODAY, by=detail)
    assert "Tue 20:45" in browser.get(reverse("day_issue", args=["LHI", TODAY, 1])).content.decode()


def test_an_empty_day(prison: Any) -> None:
    sheet = Sheet(prison, TODAY)
    assert page(sheet, "post").tables == ()
    assert sheet.absent_by_cause() == []


def test_the_cookies_page_tells_of_the_kept_sheet(prison: Any, settings: Any, client: Any) -> None:
    """(ADR 19) What the browser keeps beside cookies, and how to remove it; the diary keeps none."""
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    page = client.get("/cookies").content.decode()
    for words in ("day-sheets", "service worker", "/day-worker.js", "never why", "sign out here", "of your browser"):
        assert words in page
    settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"
    assert "day-sheets" not in client.get("/cookies").content.decode()
