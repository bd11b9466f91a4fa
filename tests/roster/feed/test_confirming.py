"""Confirmation of the feed when something fails, and across regions (R-018, R-020, R-022, R-024, R-098)."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from foundation import clock, health
from roster.activities.models import Template
from roster.feed.models import FeedRow
from roster.timeline import actions
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
CMD, ADMIN = "ROLE_CMD", "ROLE_CMD_ADMIN"
FAULT = """
    CREATE FUNCTION pg_temp.fails_half_way() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.id = {half} THEN RAISE EXCEPTION 'the disk is full'; END IF;
        RETURN OLD;
    END $$;
    CREATE TRIGGER fails BEFORE DELETE ON roster_feedrow FOR EACH ROW EXECUTE FUNCTION pg_temp.fails_half_way();
"""


def rows_of(number: int) -> list[int]:
    today, now = clock.today(), clock.now()
    rows = [FeedRow(level=1000, on_date=today, modified=now, action=47001) for _ in range(number)]
    return [row.pk for row in FeedRow.objects.bulk_create(rows)]


def test_five_thousand_and_a_fault_half_way(prison: Any) -> None:
    """(R-018) All or none: after the fault every row is there, the next round takes all, and a third does no harm."""
    from foundation.testing.database import as_owner

    *confirmed, kept = rows_of(5001)
    program = Program(CMD)
    program.raise_request_exception = False
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(FAULT.format(half=confirmed[2500]))
    answer = program.put_json("/updates/2", confirmed)
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "disk" not in answer.content.decode()
    assert FeedRow.objects.count() == 5001, "none is lost"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER fails ON roster_feedrow")
    for _ in range(2):
        assert program.put_json("/updates/2", confirmed).status_code == 200
        assert list(FeedRow.objects.values_list("pk", flat=True)) == [kept]


def test_no_call_crosses_into_another_region(prison: Any) -> None:
    """(R-022) The same numbers may be in another region's feed: its confirmation and deletes take nothing here."""
    ids = rows_of(3)
    for region in (1, 3, 4, 5, 6):
        assert json.loads(Program(CMD).get(f"/updates/{region}").getvalue()) == []
        assert Program(CMD).put_json(f"/updates/{region}", ids).status_code == 200
        for path in (f"delete-all/{region}?", f"delete-old/{region}?date=9999-12-31"):
            assert Program(ADMIN).put(f"/updates/{path}").content.startswith(b"Deleted 0 rows")
    assert FeedRow.objects.count() == 3
    assert Program(ADMIN).put("/updates/delete-old/2?date=9999-12-31").content.startswith(b"Deleted 3 rows")


def test_a_person_whom_no_region_knows(prison: Any) -> None:
    """(R-024) The diary asks one region after the other and stops at the first error: there is none."""
    program = Program(CMD, user_name="nowhere")
    for region in range(1, 7):
        answer = program.get(f"/user/details/{region}?from=2027-01-12&to=2027-01-12")
        assert (answer.status_code, answer.content) == (200, b"[]")
    diary = Program("ROLE_PRISON", user_name="nowhere").get("/user/details?from=2027-01-12&to=2027-01-12").json()
    assert [(day["fullDayType"], day["details"]) for day in diary] == [("NONE", [])]


def test_the_window_can_be_widened(unit: Any, settings: Any) -> None:
    """(R-020) By settings; in every width a change appears once."""
    settings.FEED_DAYS_SHIFT, settings.FEED_DAYS_DETAIL = 21, 0
    person, today = make_person(unit), clock.today()
    for days in (0, 1, 21, 22):
        template = Template.objects.get(code="E")
        actions.put(person, unit, today + timedelta(days=days), template=template, by=None)
    found = [(row.on_date, bool(row.activity)) for row in FeedRow.objects.all()]
    assert found == [(today, False), (today, True), (today + timedelta(days=1), False),
                     (today + timedelta(days=21), False)]  # fmt: skip


@pytest.mark.parametrize("failing", [None, "Database", "Worker", "Optimiser", "Notify", "Feed"])
def test_health_names_its_parts(prison: Any, monkeypatch: pytest.MonkeyPatch, failing: str | None) -> None:
    """(R-098) UP with database, queue, mail and feed; one that fails makes it DOWN with 503, and says no secret."""

    def results(wanted: list[health.Check]) -> list[health.Result]:
        return [health.Result(one.name, one.name != failing, "") for one in wanted]

    monkeypatch.setattr(health, "results", results)
    answer = Program().get("/health")
    parts = answer.json()["components"]
    assert {"Database", "Worker", "Optimiser", "Notify", "Identity", "Feed"} <= set(parts)
    assert parts["Database"]["details"]["region"] == 2
    assert (answer.status_code, answer.json()["status"]) == ((503, "DOWN") if failing else (200, "UP"))
    assert {name for name, part in parts.items() if part["status"] == "DOWN"} == ({failing} if failing else set())
    ready = Program().get("/health/readiness")
    assert ready.status_code == (503 if failing == "Database" else 200), "the others are no reason to be restarted"


def test_a_feed_that_nobody_fetches_is_not_well(prison: Any) -> None:
    """(csr 6, R-098) A row of a day's age is an alarm."""
    from roster.health import feed_is_fetched

    (row,) = rows_of(1)
    assert feed_is_fetched() is None
    FeedRow.objects.filter(pk=row).update(created_at=clock.now() - timedelta(days=1, minutes=1))
    with pytest.raises(TimeoutError):
        feed_is_fetched()


def test_rows_are_given_out_until_they_are_confirmed(prison: Any) -> None:
    """(R-013) However many there are, and however often one asks."""
    ids = rows_of(4100)
    for _ in range(2):
        answer = json.loads(Program(CMD).get("/updates/2").getvalue())
        assert [row["id"] for row in answer] == ids
        assert date.fromisoformat(answer[0]["detailStart"][:10]) == clock.today()
