"""The planning board under a quick hand, and when the service goes away and comes back."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from foundation import clock
from roster.planning import actions
from roster.planning.models import Draft, Edit
from roster.planning.sheet import Sheet
from tests.roster.conftest import give_role, make_person
from tests.roster.journeys.walk import clean, signed_in
from tests.roster.planning.conftest import shift

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.django_db(transaction=True)]

EDIT = "**/edit/**"
ASK = """void htmx.ajax("GET", document.getElementById("board-presence").getAttribute("hx-get"), "#board-presence")
  .catch(() => {})"""

CLEAR_OF_HEADINGS = """() => {
  const [cell, head, name] = ["#board a:focus", "#board thead th:nth-child(3)", "#board tbody tr:nth-child(2) th"]
    .map(each => document.querySelector(each)?.getBoundingClientRect())
  return cell && head && name && cell.top >= head.bottom && cell.left >= name.right
}"""


class Board:
    """One officer's four weeks, open at a planner's."""

    def __init__(self, page: Page, draft: Draft, one: Any, monday: date) -> None:
        self.page, self.draft, self.one, self.monday = page, draft, one, monday
        self.status = page.locator("#board-status")
        page.goto(f"/plan/{draft.period_id}/")

    def cell(self, day: int) -> Any:
        on = self.monday + timedelta(days=day)
        return self.page.locator(f'#person-{self.one.pk} a[data-day="{on.isoformat()}"]')

    def type(self, day: int, *keys: str) -> None:
        self.cell(day).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def stands(self, *codes: str) -> None:
        sheet = Sheet(self.draft)
        found = [sheet.day(self.one.pk, self.monday + timedelta(days=n)) for n in range(len(codes))]
        assert found == [shift(code) for code in codes]

    def reconnect(self) -> None:
        self.page.unroute(EDIT)
        self.page.evaluate("dispatchEvent(new Event('online'))")


@pytest.fixture
def board(browser: Browser, live_server: LiveServer, settings: Any, prison: Any, unit: Any) -> Iterator[Board]:
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    one, planner = make_person(unit), make_person()
    give_role(planner, "DETAIL", prison)
    monday = clock.today() - timedelta(days=clock.today().weekday()) + timedelta(weeks=4)
    draft = actions.working(actions.open_period(unit, monday, by=planner.user))
    page = signed_in(browser, live_server.url, planner.user)
    yield Board(page, draft, one, monday)
    page.close()


def saved(board: Board) -> None:
    expect(board.page.locator(".unsent")).to_have_count(0)


def test_a_quick_hand_loses_nothing(board: Board) -> None:
    """Of several changes in one breath one was saved, and the next refused. Each is, in order, where it was typed: a
    night too, whose letter could still become another code when the hand has moved on.
    """
    board.type(0, "e", "ArrowRight", "m", "ArrowRight", "n", "ArrowRight", "l", "ArrowRight", "n", "2")
    expect(board.cell(4)).to_contain_text("N2")
    saved(board)
    board.stands("E", "M", "N", "L", "N2", "")
    board.type(1, "e", "l", "Control+z", "Control+z")
    expect(board.page.get_by_role("button", name="Redo")).to_be_enabled()
    expect(board.cell(1)).to_contain_text("M")
    board.stands("E", "M", "N", "L", "N2")
    board.type(5, "Shift+ArrowRight", "q", "ArrowLeft")
    expect(board.status).to_contain_text("There is no shift “Q”")


def test_what_is_typed_while_the_service_is_away_is_saved_when_it_is_back(board: Board) -> None:
    """Kept and shown meanwhile; in order; an undo takes back what was never sent; and refusals are told at the end."""
    board.page.route(EDIT, lambda route: route.abort())
    board.type(0, "e", "ArrowRight", "l", "ArrowRight", "m")
    expect(board.status).to_contain_text("The service cannot be reached. 3 changes are kept on this page")
    board.type(2, "Control+z")
    expect(board.status).to_contain_text("2 changes are kept")
    expect(board.cell(0)).to_have_text("E")
    expect(board.cell(2)).to_have_text("–")
    clean(board.page)
    board.stands("", "", "")
    meanwhile = {(board.one.pk, board.monday): actions.Wanted(shift("N"))}
    actions.edit(board.draft, meanwhile, by=make_person().user, words="Meanwhile")
    board.type(3, "r", "d")
    board.reconnect()
    expect(board.status).to_contain_text(board.one.listed)
    expect(board.status).to_contain_text("it is now “Night, 20:45 to 07:30”, you wanted “Early")
    saved(board)
    expect(board.cell(0)).to_contain_text("N")
    board.stands("N", "L", "", "RD")
    board.page.route(EDIT, lambda route: route.fulfill(status=503))
    board.type(2, "e")
    expect(board.status).to_contain_text("1 change is kept")
    board.reconnect()
    expect(board.status).to_contain_text("The service answers again. Everything that you changed is saved.")
    board.stands("N", "L", "E", "RD")


def test_an_answer_that_is_lost_does_nothing_twice(board: Board) -> None:
    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    for keys, steps, day in ((["l"], 1, "L"), (["e"], 2, "E"), (["Control+z"], 1, "L"), (["Control+y"], 2, "E")):
        board.page.route(EDIT, lost)
        board.type(0, *keys)
        expect(board.status).to_contain_text("1 change is kept")
        board.reconnect()
        expect(board.status).to_contain_text("The service answers again")
        expect(board.cell(0)).to_contain_text(day)
        board.stands(day)
        assert Edit.objects.filter(undone=False).count() == steps


def test_who_only_looks_is_not_told_of_a_change(board: Board) -> None:
    """The page asks who else is there every 20 seconds; when that failed, it said that a change was not saved."""
    board.page.route("**/presence/", lambda route: route.abort())
    board.page.evaluate(ASK)
    expect(board.status).to_contain_text("The service cannot be reached just now")
    board.page.unroute("**/presence/")
    board.page.evaluate(ASK)
    expect(board.status).to_have_text("The service answers again.")


def test_what_has_the_focus_and_what_is_said_of_it_are_seen(board: Board, unit: Any) -> None:
    """Moving up, the focus went behind the days at the top of the grid; what was said stood above the window."""
    for _ in range(25):
        make_person(unit, last_name="Zola")
    page = board.page
    page.set_viewport_size({"width": 1100, "height": 600})
    page.reload()
    page.locator("#board tbody tr").nth(24).locator("a[data-stamp]").nth(20).focus()
    for key, times in (("ArrowUp", 20), ("ArrowLeft", 18)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("e")
    expect(board.status).to_contain_text("1 day changed")
    expect(board.status).to_be_in_viewport()
    page.wait_for_function(CLEAR_OF_HEADINGS)  # once the answer is there and the grid has come to rest
