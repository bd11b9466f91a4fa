"""The feed of changes: what comes in, what is given out, what takes it away (csr-api-contract 6)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from foundation import clock
from foundation.testing.database import as_owner
from roster.activities.models import Activity, Template
from roster.feed import actions as feed
from roster.feed.models import FeedRow
from roster.feed.rows import action_of
from roster.timeline import actions
from roster.timeline.models import Change
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
CMD, ADMIN = "ROLE_CMD", "ROLE_CMD_ADMIN"


def code(name: str) -> Template:
    return Template.objects.get(code=name)


def fetched() -> list[dict[str, Any]]:
    answer = Program(CMD).get("/updates/2")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = json.loads(answer.getvalue())
    return rows


@pytest.mark.parametrize(
    ("number", "action"),
    [(47012, "DELETE"), (0, "EDIT"), (None, "EDIT"), (47001, "EDIT"), (47006, "ADD"), (47015, "ADD"),
     (47000, "UNCHANGED")],
)  # fmt: skip
def test_codes_of_the_legacy_system(number: int | None, action: str) -> None:
    """(R-014)"""
    assert action_of(number) == action


def test_the_windows(unit: Any) -> None:
    """(R-013, R-020) Yesterday to 14 days ahead by shift, to 2 days ahead by detail; once each."""
    person, today = make_person(unit), clock.today()
    for days in (-2, -1, 0, 2, 3, 14, 15):
        actions.put(person, unit, today + timedelta(days=days), template=code("E"), by=None)
    rows = fetched()
    shifts = [row for row in rows if row["activity"] is None]
    details = [row for row in rows if row["activity"] is not None]
    assert [row["detailStart"] for row in shifts] == [
        f"{today + timedelta(days=days)}T00:00:00" for days in (-1, 0, 2, 3, 14)
    ]
    assert [row["detailStart"] for row in details] == [f"{today + timedelta(days=d)}T07:30:00" for d in (-1, 0, 2)]
    assert {row["actionType"] for row in shifts} == {"ADD"}
    assert {(row["actionType"], row["activity"], row["shiftType"]) for row in details} == {("EDIT", "Early", "SHIFT")}
    assert {row["quantumId"] for row in rows} == {person.user_name}
    assert all(row["shiftModified"] and row["id"] > 0 for row in rows)
    assert [row["id"] for row in rows] == sorted({row["id"] for row in rows})


def test_confirming(unit: Any) -> None:
    """(R-017, R-018; 10.6) There until confirmed, gone after; twice and unknown numbers do no harm."""
    person, today = make_person(unit), clock.today()
    for days in (4, 5, 6):
        actions.put(person, unit, today + timedelta(days=days), template=code("E"), by=None)
    ids = [row["id"] for row in fetched()]
    assert [row["id"] for row in fetched()] == ids
    for _ in range(2):
        answer = Program(CMD).put_json("/updates/2", [ids[0], str(ids[2]), 999_999, 2**70, -1])
        assert (answer.status_code, answer.content) == (200, b"")
    assert [row["id"] for row in fetched()] == [ids[1]]
    with as_owner():
        person.delete()
    assert [row["quantumId"] for row in fetched()] == [None], "given out though the person is gone"
    Program(CMD).put_json("/updates/2", [ids[1]])
    assert fetched() == []


def test_taken_back_before_it_settled(unit: Any) -> None:
    """(staff-roster 21.5) An undone change leaves no row, unless the first was confirmed already."""
    person, day = make_person(unit), clock.today() + timedelta(days=10)
    actions.put(person, unit, day, template=code("E"), by=None)
    Change.objects.update(settled_at=clock.now())
    FeedRow.objects.all().delete()
    actions.put(person, unit, day, template=code("L"), by=None)
    actions.put(person, unit, day, template=code("RD"), by=None)
    assert len(fetched()) == 2
    actions.put(person, unit, day, template=code("E"), by=None)
    assert fetched() == []
    assert not Change.objects.filter(settled_at=None).exists()

    actions.put(person, unit, day, template=code("L"), by=None)
    Program(CMD).put_json("/updates/2", [fetched()[0]["id"]])
    actions.put(person, unit, day, template=code("E"), by=None)
    assert len(fetched()) == 1, "the other side was told of the first: it is told of the second"


def test_taken_back_after_midnight(unit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """(R-020) The window of a change is that of its own day: what was made just before midnight goes whole."""
    evening = datetime(2027, 3, 1, 23, 58, tzinfo=UTC)
    person = make_person(unit)
    for days in (-1, 2, 3, 15):
        monkeypatch.setattr("foundation.clock.now", lambda: evening)
        day = evening.date() + timedelta(days=days)
        actions.put(person, unit, day, template=code("E"), by=None, reason="x")
        monkeypatch.setattr("foundation.clock.now", lambda: evening + timedelta(minutes=4))
        actions.remove(person, day, by=None, reason="x")
        assert fetched() == [], days


def test_leave_sickness_and_removal(unit: Any) -> None:
    """(staff-roster 8.3) Leave and sickness over a shift are EDIT; a rest day in its place is DELETE."""
    person, day = make_person(unit), clock.today() + timedelta(days=1)
    actions.put(person, unit, day, template=code("E"), by=None)
    actions.cover(person, day, Activity.objects.get(name="Sick"), by=None, reason="Rang in")
    sick = fetched()[2:]
    assert [(row["actionType"], row["activity"], row["detailStart"][11:]) for row in sick] == [
        ("EDIT", None, "00:00:00"), ("EDIT", "Sick", "00:00:00"),
    ]  # fmt: skip
    actions.put(person, unit, day, template=code("RD"), by=None, reason="Moved")
    assert fetched()[4]["actionType"] == "DELETE"


def test_bulk_deletes_and_age(unit: Any) -> None:
    """(10.11) Only for the administrator's role; what is a month old goes by itself."""
    person, today = make_person(unit), clock.today()
    for days in (4, 5, 6):
        actions.put(person, unit, today + timedelta(days=days), template=code("E"), by=None)
    first, second, _ = FeedRow.objects.order_by("pk")
    FeedRow.objects.filter(pk=first.pk).update(modified=clock.now() - timedelta(days=3))
    FeedRow.objects.filter(pk=second.pk).update(created_at=clock.now() - timedelta(days=31))
    told = Program(ADMIN).put(f"/updates/delete-old/2?date={today - timedelta(days=1)}").content.decode()
    assert told.startswith(f"Deleted 1 rows up to {today - timedelta(days=1)}, time taken ")
    assert feed.drop_old() == 1
    assert Program(ADMIN).put("/updates/delete-all/2").content.decode().startswith("Deleted 1 rows, time taken ")
    assert fetched() == []
