"""The calendar feeds as a calendar program meets them, for the officer and for the family (R-064)."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from dateutil.tz import tzical
from django.test import Client
from icalendar import Calendar

from foundation import clock
from foundation.clock import LONDON
from roster.activities.models import Activity
from roster.calendars import calendar
from roster.diary import actions as diary
from roster.timeline import actions
from roster.timeline.models import Level
from tests.roster.diary.conftest import code

CHANGES = Path(__file__).parents[3] / "roster" / "data" / "clock_changes.csv"


@pytest.fixture
def fetch(person: Any, settings: Any) -> Callable[..., Any]:
    settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"

    def get(family: bool = False, **headers: str) -> Any:
        return Client().get(f"/calendar/{addresses[family]}.ics", headers=headers)

    addresses = {each: diary.make_address(person, family=each, by=person.user) for each in (False, True)}
    return get


def events(answer: Any) -> list[dict[str, Any]]:
    return [
        {name: event.decoded(name) for name in event} for event in Calendar.from_ical(answer.content).walk("VEVENT")
    ]


def test_the_zone_follows_every_change_of_the_clock() -> None:
    """Read by another library than the one that wrote it, to the half hour, around every change there is."""
    zone = tzical(StringIO(calendar("Any").to_ical().decode())).get("Europe/London")
    assert zone is not None
    days = [datetime.fromisoformat(row["date"]) for row in csv.DictReader(CHANGES.open())]
    assert len(days) == 8
    for day in days:
        for number in range(96):
            at = day.replace(tzinfo=UTC) - timedelta(hours=12) + timedelta(minutes=30 * number)
            assert at.astimezone(zone).replace(tzinfo=None) == at.astimezone(LONDON).replace(tzinfo=None), at


def test_a_changed_duty_is_known_again(person: Any, unit: Any, fetch: Callable[..., Any]) -> None:
    """A program that has seen it finds the same number with a later sequence; what is gone is not there any more."""
    day = clock.today() + timedelta(days=1)
    actions.put(person, unit, day, template=code("N"), by=None)
    actions.put(person, unit, day + timedelta(days=2), template=code("L"), by=None)
    extra = [actions.Item(Activity.objects.get(name="Gate"), 32400, 39600)]
    actions.put(person, unit, day + timedelta(days=2), items=extra, level=Level.OVERTIME, by=None)
    night, late, overtime = events(fetch())
    assert len({each["UID"] for each in (night, late, overtime)}) == 3
    assert night["DTEND"].date() == day + timedelta(days=1)
    actions.put(person, unit, day, template=code("E"), by=None, reason="Swap")
    actions.remove(person, day + timedelta(days=2), by=None, reason="Not needed")
    early, same = events(fetch())
    assert (early["UID"], early["SUMMARY"], same) == (night["UID"], "Early", overtime)
    assert early["SEQUENCE"] > night["SEQUENCE"]
    assert early["LAST-MODIFIED"] >= night["LAST-MODIFIED"]
    assert not {each["UID"] for each in events(fetch(family=True))} & {early["UID"], same["UID"]}


def test_the_family_learns_on_and_off_only(person: Any, unit: Any, fetch: Callable[..., Any]) -> None:
    """Work is on, wherever it is; leave is off, for part of a day too; nothing says what, where or with whom."""
    first = clock.today() + timedelta(days=1)
    whole = ("Training - Internal", "Union Duties", "Mutual aid", "Rest Day", "Sick", "On Call")
    for number, name in enumerate(whole):
        actions.put(person, unit, first + timedelta(days=number), activity=Activity.objects.get(name=name), by=None)
    leave = [actions.Item(Activity.objects.get(name="Annual Leave"), 27000, 43200)]
    actions.put(person, unit, first + timedelta(days=len(whole)), items=leave, by=None)
    seen = events(fetch(family=True))
    assert [each["SUMMARY"] for each in seen] == ["On", "On", "On", "Off", "Off", "Off", "Off"]
    allowed = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "UID", "TRANSP"}
    assert {name for each in seen for name in each} <= allowed


def test_what_has_not_changed_is_not_sent_again(person: Any, unit: Any, fetch: Callable[..., Any]) -> None:
    """Programs ask every hour: 304 while nothing is new; no cache on the way keeps a copy."""
    answer = fetch()
    assert answer["Cache-Control"] == "private, no-cache"
    again = fetch(if_none_match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    actions.put(person, unit, clock.today(), template=code("E"), by=None)
    assert fetch(if_none_match=answer["ETag"]).status_code == 200
    diary.revoke_address(person, family=False, by=person.user)
    assert fetch(if_none_match=answer["ETag"]).status_code == 404
