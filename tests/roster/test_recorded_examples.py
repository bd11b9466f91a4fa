"""Answers byte for byte, from rows of the database: what the two contracts show of them (R-012)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from roster.activities.models import Activity, Template
from roster.diary.models import Notice, Preference
from roster.feed.models import FeedRow
from roster.timeline import actions
from roster.timeline.actions import Item
from roster.timeline.models import Level
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
HOUR = 3600
MARCH = date(2022, 3, 31)


@pytest.fixture
def person(unit: Any) -> Any:
    return make_person(unit, user_name="AB12C")


def sent(path: str, role: str = "ROLE_CMD", user_name: str = "ab12c") -> bytes:
    answer = Program(role, user_name=user_name).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json"), answer.getvalue()
    found: bytes = answer.getvalue()
    return found


def test_details(person: Any, unit: Any) -> None:
    """(csr 3, 4) All eight fields, nulls as null, times without zone, in order of start; nothing is an empty list."""
    gate = Activity.objects.get(name="Gate")
    actions.put(person, unit, MARCH, items=[Item(gate, 10 * HOUR, 12 * HOUR)], level=Level.OVERTIME, by=None)
    actions.put(person, unit, MARCH, items=[Item(gate, -10, 10 * HOUR)], by=None)
    actions.put(person, unit, date(2022, 4, 1), template=Template.objects.get(code="RD"), by=None)
    assert sent("/user/details/2?from=2022-03-31&to=2022-04-01") == (
        b'[{"id":null,"quantumId":null,"shiftModified":null,"shiftType":"SHIFT","detailStart":"2022-03-30T23:59:50",'
        b'"detailEnd":"2022-03-31T10:00:00","activity":"Gate","actionType":null},'
        b'{"id":null,"quantumId":null,"shiftModified":null,"shiftType":"OVERTIME","detailStart":"2022-03-31T10:00:00",'
        b'"detailEnd":"2022-03-31T12:00:00","activity":"Gate","actionType":null},'
        b'{"id":null,"quantumId":null,"shiftModified":null,"shiftType":"SHIFT","detailStart":"2022-04-01T00:00:00",'
        b'"detailEnd":"2022-04-01T00:00:00","activity":"Rest Day","actionType":null}]'
    )
    assert sent("/user/details/2?from=2021-03-31&to=2021-04-01") == b"[]"


def test_updates(person: Any) -> None:
    """(csr 3, 6) A shift-level row without activity, a detail-level one, and one whose person is gone."""
    modified = datetime(2022, 3, 31, 9, 15, 30, 999_999, tzinfo=UTC)  # 10:15 on the clock in London
    rows: list[dict[str, Any]] = [
        {"pk": 101, "person": person, "level": Level.PLAN, "action": 47012},
        {"pk": 102, "person": person, "level": Level.OVERTIME, "action": 0, "activity": "Gate", "start": 27_000,
         "end": 113_400},
        {"pk": 103, "person": None, "level": Level.PLAN, "action": 1},
    ]  # fmt: skip
    for row in rows:
        FeedRow.objects.create(on_date=MARCH, modified=modified, **row)
    assert sent("/updates/2") == (
        b'[{"id":101,"quantumId":"AB12C","shiftModified":"2022-03-31T10:15:30","shiftType":"SHIFT",'
        b'"detailStart":"2022-03-31T00:00:00","detailEnd":"2022-03-31T00:00:00","activity":null,"actionType":"DELETE"},'
        b'{"id":102,"quantumId":"AB12C","shiftModified":"2022-03-31T10:15:30","shiftType":"OVERTIME",'
        b'"detailStart":"2022-03-31T07:30:00","detailEnd":"2022-04-01T07:30:00","activity":"Gate","actionType":"EDIT"},'
        b'{"id":103,"quantumId":null,"shiftModified":"2022-03-31T10:15:30","shiftType":"SHIFT",'
        b'"detailStart":"2022-03-31T00:00:00","detailEnd":"2022-03-31T00:00:00","activity":null,'
        b'"actionType":"UNCHANGED"}]'
    )
    answer = Program("ROLE_CMD").put("/updates/2", "[101,103]", content_type="application/json")
    assert (answer.status_code, answer.content) == (200, b"")
    assert list(FeedRow.objects.values_list("pk", flat=True)) == [102]


def test_errors(person: Any) -> None:
    """(csr 7) The five fields, the complaint where there is one, and never what was sent."""
    program = Program("ROLE_CMD", user_name="ab12c")
    nothing = b'"errorCode":null,"userMessage":null,"developerMessage":null,"moreInfo":null}'
    assert Program().get("/updates/2").content == b'{"status":401,' + nothing
    assert program.put("/updates/delete-all/2").content == b'{"status":403,' + nothing
    assert program.get("/user/details/2?to=2022-04-01").content == (
        b'{"status":400,"errorCode":null,"userMessage":null,"developerMessage":"from: Field required","moreInfo":null}'
    )
    assert program.get("/updates/99").content == (
        b'{"status":404,"errorCode":null,"userMessage":"No resource found failure: /updates/99",'
        b'"developerMessage":null,"moreInfo":null}'
    )


def test_days_notices_and_preferences(person: Any, unit: Any) -> None:
    """(diary 2, 3, 4) Days with start and finish of one shift and an empty one; a sentence; preferences."""
    actions.put(person, unit, MARCH, template=Template.objects.get(code="M"), by=None)
    start = b'{"activity":"Residential Duties","start":"2022-03-31T07:30:00","end":"2022-03-31T12:30:00",'
    finish = b'{"activity":"Residential Duties","start":"2022-03-31T13:30:00","end":"2022-03-31T17:30:00",'
    assert sent("/user/details?from=2022-03-31&to=2022-04-01", "ROLE_PRISON") == (
        b'[{"date":"2022-03-31","fullDayType":"SHIFT","fullDayTypeDescription":"Shift","details":['
        + start + b'"parentType":"SHIFT","displayType":"DAY_START","displayTypeTime":"2022-03-31T07:30:00",'
        b'"finishDuration":null},'
        + finish + b'"parentType":"SHIFT","displayType":"DAY_FINISH","displayTypeTime":"2022-03-31T17:30:00",'
        b'"finishDuration":32400},'
        b'{"activity":"Break (Unpaid)","start":"2022-03-31T12:30:00","end":"2022-03-31T13:30:00","parentType":"SHIFT",'
        b'"displayType":null,"displayTypeTime":null,"finishDuration":null}]},'
        b'{"date":"2022-04-01","fullDayType":"NONE","fullDayTypeDescription":"None","details":[]}]'
    )  # fmt: skip
    modified = datetime(2022, 3, 31, 9, 15, 30, tzinfo=UTC)
    Notice.objects.create(person=person, action="DELETE", first_day=MARCH, last_day=MARCH, modified_at=modified)
    assert sent("/notifications?from=2022-03-31&to=2022-03-31", "ROLE_PRISON") == (
        b'[{"description":"Your shift on Thursday 31 March has been removed.","shiftModified":"2022-03-31T10:15:30",'
        b'"processed":false}]'
    )
    Preference.objects.create(person=person, channel="SMS", sms="07700900123", snooze_until=MARCH)
    assert sent("/preferences/notifications", "ROLE_PRISON") == (
        b'{"snoozeUntil":"2022-03-31","email":null,"sms":"07700900123","preference":"SMS"}'
    )


def test_health_and_information(prison: Any, settings: Any) -> None:
    """(csr 1.6, 1.7) For whoever asks."""
    settings.RELEASE = "2027.1"
    assert Program().get("/health/ping").content == b'{"status":"UP"}'
    assert Program().get("/ping").content == b'{"status":"UP"}'
    assert Program().get("/info").content == (b'{"build":{"name":"csr-api","version":"2027.1"},"productId":"DPS052"}')
