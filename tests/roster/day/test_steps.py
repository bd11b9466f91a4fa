"""The daily clock (staff-roster 9.2): each step on the day on which it is done, whatever day it is about."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation import clock
from foundation.clock import LONDON
from roster.absence import actions as absence
from roster.day import waiting
from roster.day.models import LogEntry
from tests.roster.conftest import give_role, make_person
from tests.roster.day.conftest import TODAY, at, shift


def test_steps_of_the_night_of_yesterday_and_of_tomorrow(
    unit: Any, prison: Any, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The detail of tomorrow is reviewed today; a handover after midnight is that of the evening before; the hours of
    a day are confirmed on the next."""
    planner = make_person()
    browser = as_planner("DETAIL", planner)
    now = reverse("day_now", args=["LHI"])
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

    def on(hour: int, day: date = TODAY) -> str:
        at(monkeypatch, datetime(day.year, day.month, day.day, hour, tzinfo=LONDON))
        browser.force_login(planner.user)
        return str(browser.get(now).content.decode())

    def due() -> list[str]:
        tasks = [task.words for task in waiting.waiting(planner.user)]
        return [words.removeprefix("Step of the day due: ") for words in tasks if words.startswith("Step")]

    page = on(2)
    assert "Night handover acknowledged, Tue 2 February" in page, "nobody has, and the night goes on"
    assert "Actual hours and cases confirmed, Tue 2 February" in due()
    sent = {"step": "handover", "day": yesterday.isoformat()}
    assert browser.post(now, sent).status_code == 302
    assert LogEntry.objects.get(step="handover").day == yesterday
    page = on(15)
    assert "Final detail reviewed, Thu 4 February" in page
    assert "handover acknowledged, Tue" not in page, "done, and of yesterday"
    assert "Final detail reviewed, Thu 4 February" in due()
    for step, day in (("reviewed", tomorrow), ("calls", TODAY), ("confirmed", yesterday)):
        assert browser.post(now, {"step": step, "day": day.isoformat()}).status_code == 302
    assert due() == []
    assert browser.post(now, {"step": "confirmed", "day": tomorrow.isoformat()}).status_code == 400, "not yet"
    assert browser.post(now, {"step": "calls", "day": "x"}).status_code == 400
    assert set(LogEntry.objects.values_list("step", "day")) == {
        ("handover", yesterday), ("reviewed", tomorrow), ("calls", TODAY), ("confirmed", yesterday),
    }  # fmt: skip
    assert "Final detail reviewed, Thu 4 February: done" in on(16)
    assert due() == []
    on(21)
    assert due() == ["Night handover acknowledged, today"]


def test_the_log_of_the_evening_is_there_after_midnight(
    unit: Any, prison: Any, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = make_person()
    give_role(manager, "ORDERLY_OFFICER", prison)
    browser = as_planner("DETAIL", manager)
    now = reverse("day_now", args=["LHI"])
    for hour, said in ((21, "Boiler is out"), (26, "")):
        at(monkeypatch, datetime(2027, 2, 3, tzinfo=LONDON) + timedelta(hours=hour))
        browser.force_login(manager.user)
        if said:
            LogEntry.objects.create(establishment=prison, day=TODAY, text=said, at=clock.now())
        assert "Boiler is out" in browser.get(now).content.decode()


@pytest.mark.usefixtures("morning")
def test_who_is_away_all_day_is_not_offered_to_be_moved(unit: Any, prison: Any, as_planner: Any) -> None:
    """Every link of a person's day leads to something that can be done."""
    person = make_person(unit)
    shift(person, unit)
    browser = as_planner("DETAIL")
    where, move = (reverse(name, args=["LHI", TODAY, person.pk]) for name in ("day_person", "day_move"))
    assert move in browser.get(where).content.decode()
    row = absence.report_sick(person, by=None)
    assert move not in browser.get(where).content.decode()
    absence.withdraw(row, by=None)
    assert move in browser.get(where).content.decode()
