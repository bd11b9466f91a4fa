"""The head and the columns of the detail sheet (staff-roster 9.1), the same on screen, print, PDF and CSV."""

import csv
import io
from datetime import timedelta
from typing import Any

import pymupdf
import pytest
from django.urls import reverse

from roster.activities.expansion import Item
from roster.activities.models import Activity
from roster.day import cases
from roster.day.sheet import Sheet
from roster.day.tables import facts, need
from roster.demand.models import DayType, Post, Requirement
from roster.establishment.models import Skill
from roster.establishment.roles import reaches
from roster.timeline import actions as timeline
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.day.conftest import HOUR, SIX_THIRTY, TODAY, at, gatekeeper, shift

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def office(prison: Any) -> Post:
    """The Orderly Officer's post: by day and by night."""
    activity = Activity.objects.get(name="Orderly Officer (1)")
    found: Post = Post.objects.create(establishment=prison, code="OO", name="Orderly Officer", activity=activity)
    return found


def test_who_has_the_orderly_officers_post_at_night_is_the_night_manager(
    unit: Any, prison: Any, office: Post, monkeypatch: pytest.MonkeyPatch, as_planner: Any
) -> None:
    """By the post, whatever template they work; of last night and of the night to come. They run the day then."""
    by_day, last, tonight, other = (
        make_person(unit, last_name=name, grade="CM") for name in ("Day", "Last", "Next", "No")
    )
    shift(by_day, unit, code="OO")
    shift(last, unit, TODAY - timedelta(days=1), "N", post=office)
    shift(tonight, unit, code="N", post=office)
    shift(other, unit, code="N")
    told = dict(facts(Sheet(prison, TODAY), wall=True))
    assert told["Orderly Officer"] == "Day, Sam (CM), 07:15 to 20:15"
    assert told["Night manager"] == "Last, Sam (CM), Tue 20:45 to 07:30; Next, Sam (CM), 20:45 to Thu 07:30"
    assert dict(facts(Sheet(prison, TODAY + timedelta(days=3)), wall=True))["Night manager"] == "Nobody"
    browser = as_planner("DETAIL")
    for address in (reverse("day_sheet", args=["LHI", TODAY]), reverse("day_now", args=["LHI"])):
        page = browser.get(address).content.decode()
        assert "Night manager" in page
        assert "Next, Sam" in page.split("Night manager")[1].split("</dl>")[0]
    assert reaches(last.user, "day.edit", prison), "06:30: the night is not over"
    assert not reaches(tonight.user, "day.edit", prison)
    at(monkeypatch, SIX_THIRTY + timedelta(hours=15))
    assert reaches(tonight.user, "day.edit", prison)
    assert not reaches(other.user, "day.edit", prison), "a night on a wing is none in charge"
    work = Activity.objects.get(name="Night Duties")
    items = [Item(work, 20 * HOUR, 31 * HOUR)]
    timeline.put(tonight, unit, TODAY, items=items, by=None, source="day", reason="Moved to the wing")
    tonight.refresh_from_db()  # the next request
    assert not reaches(tonight.user, "day.edit", prison), "with the post go its rights"


def test_head_and_columns_are_complete_everywhere(unit: Any, prison: Any, gate: Post, as_planner: Any) -> None:
    """Every fact of 9.1, with "Nobody" where there is none. Telephone numbers hang on no wall (R-064)."""
    keeper = gatekeeper(unit, last_name="Keeper")
    aider = make_person(unit)
    aider.skills.create(skill=Skill.objects.get(code="FA"), valid=(LONG_AGO, None))
    shift(keeper, unit, post=gate, code="E")
    shift(aider, unit)
    governor = make_person(unit, last_name="Governor", grade="CM", mobile="07700900123")
    cases.put_on_call(prison, governor, "DG", TODAY, 1, by=None)
    browser = as_planner("DETAIL")
    head = [
        "Kind of day", "Orderly Officer", "Night manager", "Duty governor on call", "Negotiator on call", "Regime",
        "First aiders", "C&R trained", "Cases", "Away", "Detached here", "Detached elsewhere",
        "People missing, by hour",
    ]  # fmt: skip
    columns = ["Name", "Grade and band", "Skills", "Times", "Break", "Duty", "Moved from", "Remarks"]
    screen = browser.get(reverse("day_sheet", args=["LHI", TODAY])).content.decode()
    wall = browser.get(reverse("day_print", args=["LHI", TODAY])).content.decode()
    pdf = browser.get(reverse("day_export", args=["LHI", TODAY, "pdf"])).content
    printed = " ".join(" ".join(each.get_text() for each in pymupdf.open(stream=pdf, filetype="pdf")).split())
    table = browser.get(reverse("day_export", args=["LHI", TODAY, "csv"])).content.decode("utf-8-sig")
    for name, text in {"screen": screen, "wall": wall, "pdf": printed, "csv": table}.items():
        text = text.replace("&amp;", "&")
        assert (name, [each for each in [*head, *columns, "OFF, 3"] if each not in text]) == (name, [])
        assert "Governor, Sam (CM)" in text
        assert ("07700 900123" in text) == (name == "screen"), name
    now = browser.get(reverse("day_now", args=["LHI"])).content.decode()
    assert "07700 900123" in now, "who runs the day rings them"
    assert [text for text in (wall, printed, table) if "Radio and keys" not in text] == []
    rows = list(csv.reader(io.StringIO(table)))
    assert ["Negotiator on call", "Nobody"] in rows
    assert ["First aiders", "1 on duty today"] in rows
    assert len({len(row) for row in rows if row[:1] == ["Name"] or row[:1] == ["Keeper, Sam"]}) == 1


def test_what_a_place_needs_names_only_the_times_at_which_it_needs_it(unit: Any, prison: Any) -> None:
    """A night patrol is not needed all day, though last night and tonight need the same."""
    Requirement.objects.create(
        establishment=prison, unit=unit, name="Night patrol", activity=Activity.objects.get(name="Night Duties"),
        start=74_700, end=113_400, day_types=DayType.values, target=1, minimum=1, reduced=1, essential=1,
        valid=(LONG_AGO, None),
    )  # fmt: skip
    [station] = [each for each in Sheet(prison, TODAY).stations if each.stretches]
    assert need(station) == "Night patrol 00:00 to 07:30, 20:45 to 24:00: 1 needed, 1 short"
