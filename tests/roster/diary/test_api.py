"""The API of the officers' diary web app (diary-api-contract)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.activities.models import Template
from roster.diary.models import Notice, Preference
from roster.timeline import actions
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
MAY = date(2027, 5, 31)


@pytest.fixture
def person(unit: Any) -> Any:
    return make_person(unit)


@pytest.fixture
def app(person: Any) -> Program:
    """The web app with the officer's own token."""
    return Program("ROLE_PRISON", user_name=person.user_name.lower())


def test_days(app: Program, person: Any, unit: Any) -> None:
    """(R-027) A day for each date, empty ones too; a night over a month's end is on both its days."""
    actions.put(person, unit, MAY, template=Template.objects.get(code="N"), by=None)
    answer = app.get(f"/user/details?from={MAY}&to={MAY + timedelta(days=2)}").json()
    night = {
        "activity": "Night Duties", "start": "2027-05-31T20:45:00", "end": "2027-06-01T07:30:00", "parentType": "SHIFT",
    }  # fmt: skip
    start = {"displayType": "NIGHT_START", "displayTypeTime": "2027-05-31T20:45:00", "finishDuration": None}
    finish = {"displayType": "NIGHT_FINISH", "displayTypeTime": "2027-06-01T07:30:00", "finishDuration": 38700}
    shift = {"fullDayType": "SHIFT", "fullDayTypeDescription": "Shift"}
    assert answer == [
        {"date": "2027-05-31", **shift, "details": [night | start]},
        {"date": "2027-06-01", **shift, "details": [night | finish]},
        {"date": "2027-06-02", "fullDayType": "NONE", "fullDayTypeDescription": "None", "details": []},
    ]
    today = app.get("/user/details").json()
    assert [day["date"] for day in today] == [clock.today().isoformat()]
    assert app.get(f"/user/details?from={MAY}&to=2027-05-01").json() == []
    assert app.get("/user/details?from=0001-01-01&to=9999-12-31").status_code == 400
    assert app.get("/user/details?from=0001-01-01&to=0001-01-02").status_code == 200
    assert app.get("/user/details?from=9999-12-30&to=9999-12-31").status_code == 200


def test_notifications(app: Program, person: Any) -> None:
    """(R-048) Newest first, between dates, read when read unless asked not to; only one's own."""
    today = clock.today()
    for owner, days in ((person, 0), (person, 0), (person, 1), (make_person(), 0)):
        day = today + timedelta(days=days)
        made = clock.now() - timedelta(hours=days)
        Notice.objects.create(person=owner, action="ADD", first_day=day, last_day=day, modified_at=made)
    counter = "/notifications?processOnRead=false&unprocessedOnly=true"
    month = f"&from={today - timedelta(days=1)}&to={today}"
    first = app.get(counter + month).json()
    assert [each["processed"] for each in first] == [False] * len(first)
    assert first[0]["shiftModified"] >= first[-1]["shiftModified"]
    assert set(first[0]) == {"description", "shiftModified", "processed"}
    assert app.get("/notifications?processOnRead=true&unprocessedOnly=false" + month).json() == first
    assert app.get(counter + month).json() == []
    assert app.get("/notifications?processOnRead=false" + month).json()[0]["processed"]
    assert app.get(f"/notifications?from={today}&to={today - timedelta(days=1)}").json() == []
    assert app.get(f"/notifications?to={today - timedelta(days=200)}").json() == []
    assert Notice.objects.filter(read_at=None).count() == 1, "another's stays unread"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["06-30 23:30", "04-01 00:30", "03-01 00:00"]),
        ("to=2027-03-31", ["03-01 00:00", "02-28 23:59", "12-01 00:00"]),
        ("to=2027-04-01&from=2027-04-01", ["04-01 00:30"]),
        ("from=2027-02-28&to=2027-02-28", ["02-28 23:59"]),
        ("from=2027-04-02&to=2027-04-01", []),
    ],
)
def test_which_notifications(person: Any, monkeypatch: pytest.MonkeyPatch, query: str, found: list[str]) -> None:
    """(R-048) This month and three more, or three before a last day, by days in London; summer time included."""
    made = ["2026-11-30 23:59", "2026-12-01 00:00", "2027-02-28 23:59", "2027-03-01 00:00", "2027-04-01 00:30",
            "2027-06-30 23:30", "2027-07-01 00:30"]  # fmt: skip
    monkeypatch.setattr("foundation.clock.now", lambda: datetime(2027, 3, 15, 12, tzinfo=UTC))
    for number, text in enumerate(made):
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.LONDON)
        day = date(2027, 8, 1) + timedelta(days=number)
        Notice.objects.create(person=person, action="ADD", first_day=day, last_day=day, modified_at=moment)
    answer = Program("ROLE_PRISON", user_name=person.user_name).get(f"/notifications?{query}").json()
    shown = [each["shiftModified"][5:16].replace("T", " ") for each in answer]
    assert shown == found
    assert {each["processed"] for each in answer} <= {False}
    assert Notice.objects.exclude(read_at=None).count() == len(shown), "what was shown is read, nothing else"


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"email": "a@example.org", "sms": "07123456789", "preference": "EMAIL"}, 200),
        ({"email": "a@example", "sms": "", "preference": "EMAIL"}, 400),
        ({"email": "", "sms": "08123456789", "preference": "SMS"}, 400),
        ({"email": "", "sms": "071234567", "preference": "SMS"}, 400),
        ({"email": "", "sms": "0712345678", "preference": "SMS"}, 200),
        ({"email": None, "sms": None, "preference": "NONE"}, 200),
        ({"email": "", "sms": "", "preference": "PIGEON"}, 400),
        ({"email": "", "sms": ""}, 400),
    ],
)
def test_preferences(app: Program, person: Any, wish: dict[str, Any], status: int) -> None:
    """(R-050) Invalid refused, blank and null accepted; one's own only; a pause creates what is missing."""
    path = "/preferences/notifications"
    assert app.get(path).status_code == 404
    assert app.put_json(f"{path}/snooze", {"snoozeUntil": "2027-01-31"}).status_code == 200
    assert app.put_json(f"{path}/details", wish).status_code == status
    answer = app.get(path).json()
    changed = {key: wish[key] or None for key in ("email", "sms", "preference")} if status == 200 else {
        "email": None, "sms": None, "preference": "NONE",
    }  # fmt: skip
    assert answer == {"snoozeUntil": "2027-01-31"} | changed
    assert Preference.objects.get().person == person
    assert app.put_json(f"{path}/snooze", {"snoozeUntil": "soon"}).status_code == 400
    assert app.put_json(f"{path}/snooze", {"snoozeUntil": None}).status_code == 200
    assert app.get(path).json()["snoozeUntil"] is None


def test_who_is_refused(person: Any) -> None:
    """(R-002) 401, 403, 400, and 404 for somebody who is not on the roster."""
    assert Program().get("/notifications").status_code == 401
    assert Program("ROLE_CMD", user_name=person.user_name).get("/user/details").status_code == 403
    assert Program("ROLE_PRISON").get("/user/details").status_code == 400
    stranger = Program("ROLE_PRISON", user_name="nobody")
    assert stranger.get("/notifications").json() == []
    assert stranger.put_json("/preferences/notifications/snooze", {"snoozeUntil": None}).status_code == 404
    assert Program().get("/ping").json() == {"status": "UP"}
