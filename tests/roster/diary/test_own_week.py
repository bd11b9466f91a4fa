"""An officer's own week in every form, and reporting sick."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pymupdf
from django.test import Client as Browser
from icalendar import Calendar

from foundation import clock
from roster.absence.models import Sickness, SicknessReason
from roster.activities.models import Activity
from roster.demand.models import Post
from roster.timeline import actions
from roster.timeline.models import Duty, Level
from tests.roster.conftest import make_person
from tests.roster.diary.conftest import code

MONDAY = date(2027, 3, 22)
"""The clock goes forward in the night to Sunday."""


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_page_csv_and_calendar_say_the_same(browser: Browser, person: Any, unit: Any) -> None:
    """(R-064) Break, post, overtime, leave over a shift, a night that is an hour shorter; nothing of anybody else."""
    gate = Activity.objects.get(name="Gate")
    post = Post.objects.create(establishment=unit.establishment, name="Gate post", activity=gate)
    actions.put(person, unit, MONDAY, template=code("M"), post=post, by=None)
    extra = [actions.Item(gate, 64800, 72000)]
    actions.put(person, unit, MONDAY, items=extra, level=Level.OVERTIME, by=None)
    actions.put(person, unit, MONDAY + timedelta(days=1), template=code("E"), by=None)
    actions.cover(person, MONDAY + timedelta(days=1), Activity.objects.get(name="Annual Leave"), by=None)
    actions.put(person, unit, MONDAY + timedelta(days=5), template=code("N"), by=None)
    actions.put(person, unit, MONDAY + timedelta(days=7), template=code("L"), by=None)
    actions.put(make_person(unit), unit, MONDAY, template=code("L"), by=None)
    page = text(browser.get(f"/week/{MONDAY + timedelta(days=3)}"))
    for words in (
        "Week from 22 March to 28 March 2027", "12:30 to 13:30: Break (Unpaid)", post.name, "(overtime)",
        "<strong>Annual Leave</strong>", "20:45 to 07:30 Sunday", "9 h 45 min", "20 h 45 min of work",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("Nothing published") == 4
    assert "12:15" not in page
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/week/{MONDAY}/roster.csv").content.decode("utf-8-sig"))))
    said = {row["Day"]: (row["What"], row["From"], row["To"]) for row in rows}
    assert said["Tuesday"] == ("Annual Leave", "All day", "")
    assert said["Saturday"] == ("Night Duties", "20:45", "07:30 Sunday")
    assert [row["Overtime"] for row in rows if row["Day"] == "Monday"].count("Yes") == 1
    assert {row["Post"] for row in rows if row["Day"] == "Monday" and row["Overtime"] == "No"} == {post.name}
    events = Calendar.from_ical(browser.get(f"/week/{MONDAY}/roster.ics").content).walk("VEVENT")
    assert sorted(str(event["SUMMARY"]) for event in events) == ["Annual Leave", "Gate (overtime)", "Main", "Night"]
    assert browser.get(f"/week/{MONDAY}/roster.pdf")["Content-Type"] == "application/pdf"
    printed = pymupdf.open(stream=browser.get(f"/week/{MONDAY}/roster.pdf").content, filetype="pdf")
    assert printed.metadata["title"].startswith("Week from 22 March to 28 March 2027")
    on_paper = " ".join(" ".join(page.get_text() for page in printed).split())
    for cell in {cell for row in rows for cell in row.values()} | {person.name, person.staff_number, "20 h 45 min"}:
        assert cell in on_paper, cell
    answer = browser.get(f"/week/{MONDAY}/roster.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="roster-2027-03-22.csv"'
    assert browser.get("/week").status_code == 200
    for wrong in ("/week/1500-01-01", "/week/2027-02-29", f"/week/{MONDAY}/roster.exe"):
        assert browser.get(wrong).status_code == 404


def test_reporting_sick(browser: Browser, person: Any, unit: Any) -> None:
    """(R-087, staff-roster 11.1) Shifts are marked at once and stay beneath; the reason is apart; never twice."""
    today = clock.today()
    for days in (0, 1, 8):
        actions.put(person, unit, today + timedelta(days=days), template=code("L"), by=None)
    assert "/sick" in text(browser.get("/"))
    assert "Your next shift" in text(browser.get("/sick"))
    sent = {"first": (today + timedelta(days=1)).isoformat(), "category": "sick", "reason": "back", "note": "On stairs"}
    late = browser.post("/sick", {**sent, "first": (today - timedelta(days=3)).isoformat()})
    assert "call the detail office" in text(late)
    assert "On stairs" in text(late), "what was typed is kept"
    assert "after the first day" in text(browser.post("/sick", {**sent, "back": today.isoformat()}))
    assert "Select a reason" in text(browser.post("/sick", {**sent, "reason": ""}))
    assert not Sickness.objects.exists()
    assert browser.post("/sick", {**sent, "back": (today + timedelta(days=9)).isoformat()}).status_code == 302
    row = Sickness.objects.get()
    assert (row.person, row.reported_by, row.review_on) == (person, person.user, today + timedelta(days=8))
    assert SicknessReason.objects.get(sickness=row).note == "On stairs"
    shown = Duty.objects.top().between(today, today + timedelta(days=8)).filter(person=person, activity__name="Sick")
    assert [duty.shift_date for duty in shown.order_by("shift_date")] == [
        today + timedelta(days=1), today + timedelta(days=8),
    ]  # fmt: skip
    page = text(browser.get("/sick"))
    assert "You are reported sick" in page
    assert "Back, neck or joints" in page
    assert browser.post("/sick", sent).status_code == 400
    assert Sickness.objects.count() == 1
