"""An officer's own pages (R-027 to R-036, R-048 to R-050)."""

from datetime import date, timedelta
from typing import Any

from django.test import Client as Browser
from icalendar import Calendar

from foundation import clock
from roster.activities.models import Activity
from roster.diary import actions as diary
from roster.diary.models import Acknowledgement, CalendarAddress, Notice, Preference
from roster.hours.actions import adjust
from roster.timeline import actions
from roster.timeline.models import Change, Level
from tests.roster.conftest import make_person
from tests.roster.diary.conftest import code


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_month_and_a_day(browser: Browser, person: Any, unit: Any) -> None:
    """(R-028, R-029, R-033, R-035, R-036) Monday first; the same facts in list and grid; nothing of colleagues."""
    actions.put(person, unit, date(2027, 5, 31), template=code("N"), by=None)
    actions.put(person, unit, date(2027, 6, 3), template=code("M"), by=None, reason="Swap")
    actions.cover(person, date(2027, 6, 3), Activity.objects.get(name="Maternity Leave (Absence)"), by=person.user)
    actions.put(person, unit, date(2027, 6, 4), template=code("RD"), by=None)
    extra = [actions.Item(Activity.objects.get(name="Gate"), 50400, 64800)]
    actions.put(person, unit, date(2027, 6, 4), items=extra, level=Level.OVERTIME, by=None)
    actions.put(make_person(unit), unit, date(2027, 6, 9), template=code("L"), by=None)
    page = text(browser.get("/month/2027/6"))
    assert '<h1 class="govuk-heading-l">June 2027</h1>' in page
    for words in ("Night ends 07:30", "Maternity Leave (Absence)", "Rest Day", "Overtime starts 14:00", "diary-start-1",
                  "/month/2027/5", "/month/2027/7"):  # fmt: skip
        assert words in page
    assert "12:15" not in page
    assert text(browser.get("/month/2027/5")).count("Nothing</span>") == 30
    page = text(browser.get("/day/2027/6/3"))
    assert "All day" in page
    assert "Main (07:30 - 17:30)" in page, "what the day was before"
    assert person.user.name in page
    page = text(browser.get("/day/2027/5/31"))
    assert "20:45 (Monday) to 07:30 (Tuesday)" in page
    page = text(browser.get("/day/2027/6/1"))
    assert "Length of the night that ends on this day: 10 hours 45 minutes" in page
    page = text(browser.get("/day/2027/6/4"))
    assert "Length of the overtime: 4 hours" in page
    assert "Nothing of yours" in text(browser.get("/day/2030/1/1"))
    for wrong in ("/month/2027/13", "/month/9999/1", "/day/2027/2/29", "/day/9999/1/1"):
        assert browser.get(wrong).status_code == 404


def test_the_next_duties_first(browser: Browser, person: Any, unit: Any) -> None:
    assert "No duties of yours" in text(browser.get("/"))
    for days in range(7):
        actions.put(person, unit, clock.today() + timedelta(days=days + 1), template=code("E"), by=None)
    assert text(browser.get("/")).count("07:30 to 12:45") == 5


def test_notices_are_read_when_one_says_so(browser: Browser, person: Any, unit: Any) -> None:
    """(R-048) Newest first, only one's own; looking changes nothing."""
    assert "There are no notices" in text(browser.get("/notices"))
    day = clock.today() + timedelta(days=30)
    for owner in (person, make_person(unit)):
        actions.put(owner, unit, day, template=code("E"), by=None)
    diary.tell_settled(clock.now() + timedelta(minutes=6))
    page = text(browser.get("/notices"))
    assert page.count("has been added. (new)") == 1
    assert "Early (07:30 - 12:45)" in page
    assert "1 new notice<" in text(browser.get("/"))
    browser.post("/notices", {"newest": person.notices.get().pk})
    assert "(new)" not in text(browser.get("/notices"))
    assert Notice.objects.filter(read_at=None).count() == 1


def test_answering_a_change_at_short_notice(browser: Browser, person: Any, unit: Any) -> None:
    """(R-062) Seen, then agreed or not; somebody else's question is not there."""
    day = clock.today() + timedelta(days=2)
    for owner in (person, make_person(unit)):
        actions.put(owner, unit, day, template=code("E"), by=None)
    diary.tell_settled(clock.now() + timedelta(minutes=6))
    mine, other = (Acknowledgement.objects.get(person=each) for each in (person, Change.objects.last().person))  # type: ignore[union-attr]
    path = f"/notices/{mine.pk}/answer"
    assert path in text(browser.get("/"))
    assert "Select whether you agree" in text(browser.post(path, {"version": 0}))
    assert browser.post(path, {"version": 0, "agreed": "seen"}).status_code == 302
    assert "meanwhile" in text(browser.post(path, {"version": 0, "agreed": "yes"}))
    browser.post(path, {"version": 1, "agreed": "no"})
    mine.refresh_from_db()
    assert (mine.agreed, mine.seen_at is None, mine.answered_at is None) == (False, False, False)
    assert path not in text(browser.get("/"))
    page = text(browser.get(f"/day/{day.year}/{day.month}/{day.day}"))
    assert ": you do not agree." in page, "one's answer stays to be seen, and can be changed"
    assert path in page
    assert browser.get(f"/notices/{other.pk}/answer").status_code == 404


def test_settings_and_pause(browser: Browser, person: Any) -> None:
    """(R-050) What is wrong is said at the field and kept; a pause creates what is missing and ends at once."""
    wish = {"channel": "SMS", "email": "x", "sms": "08123456789", "version": 0}
    page = text(browser.post("/settings", wish))
    assert "Enter an email address in the correct format" in page
    assert "Enter a mobile number that begins with 07" in page
    assert 'value="08123456789"' in page
    assert "Enter a mobile number, as this is how" in text(browser.post("/settings", wish | {"email": "", "sms": ""}))
    assert not Preference.objects.exists()
    assert browser.post("/settings/pause", {"number": 100, "unit": "days"}).status_code == 400
    browser.post("/settings/pause", {"number": 2, "unit": "weeks"})
    assert Preference.objects.get().snooze_until == clock.today() + timedelta(days=14)
    assert "You have paused messages until" in text(browser.get("/settings"))
    right = wish | {"email": "", "sms": "07700 900123", "version": 1}
    assert browser.post("/settings", right).status_code == 302
    assert "Saved meanwhile: Text message" in text(browser.post("/settings", right | {"sms": "07700900999"}))
    browser.post("/settings/pause", {"end": "yes"})
    row = Preference.objects.get(person=person)
    assert (row.snooze_until, row.sms) == (None, "07700900123")


def test_the_calendar_file(browser: Browser, person: Any, unit: Any) -> None:
    """(R-064) The clock of London, days off as whole days; the family's says on and off; a stopped one is gone."""
    day = clock.today() + timedelta(days=1)
    actions.put(person, unit, day, template=code("N"), by=None)
    actions.put(person, unit, day + timedelta(days=2), template=code("E"), by=None)
    actions.cover(person, day + timedelta(days=2), Activity.objects.get(name="Sick"), by=None, reason="Rang in")
    actions.put(person, unit, day + timedelta(days=181), template=code("E"), by=None)

    def address(whose: str) -> str:
        assert "shown once" in text(browser.get(f"/settings/calendar/{whose}/make"))
        page = browser.post(f"/settings/calendar/{whose}/make").content.decode()
        return "/calendar/" + page.split('diary-address">')[1].split("/calendar/")[1].split("<")[0]

    own, family = address("own"), address("family")
    answer = Browser().get(own)
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Night", "Sick"], "180 days, no further"
    start = events[0].decoded("DTSTART")
    assert (start.hour, start.minute, events[0]["DTSTART"].params["TZID"]) == (20, 45, "Europe/London")
    assert events[1].decoded("DTSTART") == day + timedelta(days=2)
    assert b"BEGIN:VTIMEZONE" in answer.content
    shared = Browser().get(family).content
    assert [str(event["SUMMARY"]) for event in Calendar.from_ical(shared).walk("VEVENT")] == ["On", "Off"]
    assert b"Sick" not in shared
    newer = address("own")
    assert Browser().get(own).status_code == 404
    assert "stops working at once" in text(browser.get("/settings/calendar/own/stop"))
    assert Browser().get(newer).status_code == 200, "to ask is not to stop"
    browser.post("/settings/calendar/own/stop")
    assert browser.get("/settings/calendar/own/stop").status_code == 302, "nothing to stop"
    assert Browser().get(newer).status_code == 404
    assert Browser().get(family).status_code == 200
    assert not any(row.secret_hash in family for row in CalendarAddress.objects.all())
    person.left_on = clock.today() - timedelta(days=1)
    person.save()
    assert Browser().get(family).status_code == 404


def test_own_hours(browser: Browser, person: Any, unit: Any) -> None:
    """(staff-roster 13.1) Line by line: what was credited for what, what the contract asks, who adjusted and why."""
    yesterday = clock.today() - timedelta(days=1)
    assert "148 h behind your contract" in text(browser.get("/hours"))
    actions.put(person, unit, yesterday, template=code("M"), by=None)
    actions.put(person, unit, yesterday - timedelta(days=2), template=code("E"), by=None)
    actions.cover(person, yesterday - timedelta(days=2), Activity.objects.get(name="Annual Leave"), by=None)
    extra = [actions.Item(Activity.objects.get(name="Gate"), 50400, 64800)]
    actions.put(person, unit, yesterday - timedelta(days=3), items=extra, level=Level.OVERTIME, by=None)
    hub = make_person()
    for days, minutes, kind in ((40, 600, "opening"), (1, -60, "to_toil")):
        adjust(person, day=yesterday - timedelta(days=days), minutes=minutes, kind=kind, reason="Agreed", by=hub.user)
    page = text(browser.get("/hours"))
    for words in ("Annual Leave", "5 h 15 min", "9 h", "Overtime of 4 h", "37 hours a week, 28 days", "+10 h",
                  "moved to the toil ledger. Agreed", hub.user.name, "Running balance: "):  # fmt: skip
        assert words in page
    assert "124 h 45 min behind" in page, "148 h less 14 h 15 min, 10 h brought forward, 1 h taken out"
    assert "Four weeks after" not in page
    earlier = text(browser.get(f"/hours?until={yesterday - timedelta(days=28)}"))
    assert "Four weeks after" in earlier
    assert "Annual Leave" not in earlier
    assert browser.get("/hours?until=0001-01-01").status_code == 200


def test_strangers(settings: Any, prison: Any) -> None:
    settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"
    for path in ("/", "/notices", "/settings", "/settings/calendar", "/hours", "/day/2027/6/3"):
        assert Browser().get(path).status_code == 302
    assert Browser().get("/calendar/nothing.ics").status_code == 404
