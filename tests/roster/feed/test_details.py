"""An officer's details as the CSR API gives them out (csr-api-contract 1-5, 7, 10)."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from foundation import clock
from roster.activities.models import Activity, Template, TemplateVersion
from roster.timeline import actions
from roster.timeline.actions import Item
from roster.timeline.models import Duty, Level
from tests.roster.api import Program, token
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
JANUARY = date(2027, 1, 12)
HOUR = 3600


def code(name: str) -> Template:
    return Template.objects.get(code=name)


def gate(start: int, end: int) -> Item:
    return Item(Activity.objects.get(name="Gate"), start, end)


def asked(person: Any, first: date, last: date | None = None, region: int = 2) -> list[dict[str, Any]]:
    program = Program("ROLE_CMD", user_name=person.user_name)
    answer = program.get(f"/user/details/{region}?from={first}&to={last or first}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_night_is_found_from_the_morning_after(unit: Any) -> None:
    """(R-001, R-003, R-005, R-007; 10.2, 10.5; staff-roster 21.1) One detail, on its start date; the day before is
    searched too.
    """
    person, other = make_person(unit, user_name="AB12C"), make_person(unit)
    actions.put(person, unit, JANUARY, template=code("N"), by=None)
    actions.put(person, unit, JANUARY - timedelta(days=1), template=code("E"), by=None)
    actions.put(other, unit, JANUARY, template=code("E"), by=None)
    detail = {
        "id": None, "quantumId": None, "shiftModified": None, "shiftType": "SHIFT",
        "detailStart": "2027-01-12T20:45:00", "detailEnd": "2027-01-13T07:30:00", "activity": "Night Duties",
        "actionType": None,
    }  # fmt: skip
    assert asked(person, JANUARY + timedelta(days=1)) == [detail]
    person.user_name = "ab12c"
    assert len(asked(person, JANUARY)) == 2, "in any case of the letters"
    assert asked(person, JANUARY + timedelta(days=2)) == []
    assert asked(person, JANUARY + timedelta(days=3), JANUARY) == [], "from after to"
    person.user_name = "nobody"
    assert asked(person, JANUARY) == []


def test_templates_are_expanded(unit: Any) -> None:
    """(R-008; 5, 10.1; staff-roster 21.4) Relative and clock items mix; a plain activity beside them goes out as it
    is.
    """
    person = make_person(unit)
    actions.put(person, unit, JANUARY, template=code("M"), by=None)
    names = [
        (each["detailStart"][11:16], each["detailEnd"][11:16], each["activity"]) for each in asked(person, JANUARY)
    ]
    assert names == [
        ("07:30", "12:30", "Residential Duties"), ("12:30", "13:30", "Break (Unpaid)"),
        ("13:30", "17:30", "Residential Duties"),
    ]  # fmt: skip
    template = Template.objects.create(code="X", name="Frame")
    version = TemplateVersion.objects.create(
        template=template, start=HOUR, end=2 * HOUR, valid=(date(2020, 1, 1), None)
    )
    activity = Activity.objects.get(name="Gate")
    for start, end, relative in [(0, 300, True), (3900, 4200, False), (600, 3600, True)]:
        version.items.create(activity=activity, start=start, end=end, relative=relative)
    actions.put(person, unit, JANUARY, template=template, by=None)
    actions.put(person, unit, JANUARY, items=[gate(2 * HOUR, 9 * HOUR)], beside=True, by=None)
    times = [(each["detailStart"][11:16], each["detailEnd"][11:16]) for each in asked(person, JANUARY)]
    assert times == [("01:00", "01:05"), ("01:05", "01:10"), ("01:10", "02:00"), ("02:00", "09:00")]


def test_the_arithmetic_of_offsets(unit: Any, settings: Any) -> None:
    """(10.3, 10.4; staff-roster 21.2, 21.3) Before midnight, at 24:00 and after it; a full day begins and ends at
    00:00.
    """
    person = make_person(unit)
    days = [JANUARY + timedelta(days=2 * n) for n in range(4)]
    actions.put(person, unit, days[0], items=[gate(-10, HOUR)], by=None)
    actions.put(person, unit, days[1], items=[gate(16 * HOUR, 24 * HOUR)], by=None)
    actions.put(person, unit, days[2], items=[gate(16 * HOUR, 24 * HOUR + 1)], by=None)
    actions.put(person, unit, days[3], template=code("RD"), by=None)

    def times() -> list[tuple[str, str]]:
        return [(each["detailStart"][5:], each["detailEnd"][5:]) for each in asked(person, days[0], days[3])]

    assert times() == [
        ("01-11T23:59:50", "01-12T01:00:00"), ("01-14T16:00:00", "01-14T00:00:00"),
        ("01-16T16:00:00", "01-17T00:00:01"), ("01-18T00:00:00", "01-18T00:00:00"),
    ]  # fmt: skip
    settings.CSR_API_MIDNIGHT = "next_day"
    assert times()[1] == ("01-14T16:00:00", "01-15T00:00:00")


@pytest.mark.defect("staff-roster 5.2", "expansion by template name doubles details")
def test_levels_layers_and_templates_without_parts(unit: Any) -> None:
    """(R-009, R-010, 10.12; staff-roster 21.19) Plan and overtime on top, nothing else; a template without parts is its
    shift; another live template of the same name adds nothing.
    """
    person = make_person(unit)
    namesake = Template.objects.create(code="E", name="Early", establishment=unit.establishment)
    version = TemplateVersion.objects.create(template=namesake, start=0, end=HOUR, valid=(date(2020, 1, 1), None))
    version.items.create(activity=Activity.objects.get(name="Gate"), start=0, end=HOUR, relative=True)
    duty = actions.put(person, unit, JANUARY, template=Template.objects.get(code="E", establishment=None), by=None)
    TemplateVersion.objects.create(template=code("N"), start=0, end=60, valid=(date(2019, 1, 1), date(2019, 2, 1)))
    actions.put(person, unit, JANUARY, items=[gate(14 * HOUR, 16 * HOUR)], level=Level.OVERTIME, by=None)
    for level in (Level.ACTUAL, Level.REQUEST, Level.AVAILABILITY):
        actions.put(person, unit, JANUARY, items=[gate(8 * HOUR, 9 * HOUR)], level=level, by=None)
    assert [(each["shiftType"], each["activity"]) for each in asked(person, JANUARY)] == [
        ("SHIFT", "Residential Duties"), ("OVERTIME", "Gate"),
    ]  # fmt: skip
    duty.items.all().delete()
    assert asked(person, JANUARY)[0]["activity"] == "Early"
    actions.cover(person, JANUARY, Activity.objects.get(name="Annual Leave"), by=None, reason="Granted")
    assert [each["activity"] for each in asked(person, JANUARY)] == ["Annual Leave", "Gate"]
    Duty.objects.filter(person=person).update(live=False)
    assert asked(person, JANUARY) == []


def test_who_is_refused(prison: Any) -> None:
    """(R-002; 7, 10.7, 10.9) 401, 403, 404 and 400 with their bodies."""
    path = "/user/details/2?from=2027-01-12&to=2027-01-13"
    for stranger in (Program(), Program("ROLE_CMD")):
        if stranger.defaults.get("HTTP_AUTHORIZATION"):
            stranger.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token('ROLE_CMD', seconds=-10)}"
        for unknown in (path, "/updates/2", "/no/such/path"):
            answer = stranger.get(unknown)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Bearer"
            assert answer.json()["status"] == 401
    answer = Program("ROLE_OTHER", user_name="x").get(path)
    assert (answer.status_code, answer.json()["status"]) == (403, 403)
    assert answer.json()["developerMessage"] is None
    program = Program("ROLE_CMD", user_name="x")
    answer = program.get("/no/such/path")
    assert answer.status_code == 404
    assert answer.json()["userMessage"].startswith("No resource found failure:")
    for wrong, status in {
        "/user/details/2?from=2027-01-12": 400, "/user/details/2": 400, "/user/details/two?from=2027-01-12&to=x": 400,
        "/user/details/99?from=2027-01-12&to=2027-01-12": 404, "/updates/99": 404, "/updates/x": 400,
    }.items():  # fmt: skip
        answer = program.get(wrong)
        assert answer.status_code == status, wrong
        assert status == 404 or answer.json()["developerMessage"]
    assert Program("ROLE_CMD").get(path).status_code == 400, "the token names nobody"
    assert program.put("/updates/2", "[1,", content_type="application/json").status_code == 400
    assert program.put_json("/updates/2", {"id": 1}).status_code == 400
    for admin in ("/updates/delete-all/2", "/updates/delete-old/2?date=2027-01-12"):
        assert program.put(admin).status_code == 403


def test_health_and_info_without_a_token(prison: Any) -> None:
    """(R-098) Open to monitors; nothing secret in it."""
    assert Program().get("/health/ping").json() == {"status": "UP"}
    assert Program().get("/health/liveness").status_code == 200
    info = Program().get("/info").json()
    assert (info["build"]["name"], info["productId"]) == ("csr-api", "DPS052")


def test_regions_one_to_six_always_answer(unit: Any) -> None:
    """(R-022, R-024; 10.8; staff-roster 21.15) Another cell's number, live or retired, is empty here; one that never
    was is unknown.
    """
    person = make_person(unit)
    actions.put(person, unit, clock.today(), template=code("E"), by=None)
    found = [len(asked(person, clock.today(), region=region)) for region in range(1, 7)]
    assert found == [0, 1, 0, 0, 0, 0]
    for region in range(1, 7):
        feed = Program("ROLE_CMD").get(f"/updates/{region}")
        assert len(json.loads(feed.getvalue())) == (2 if region == 2 else 0)
        assert Program("ROLE_CMD_ADMIN").put(f"/updates/delete-all/{(region - 1) or 6}").status_code == 200
