"""Inserting a rota through the page: dry run, difference, never over what must stay."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from roster.activities.models import Activity
from roster.patterns import actions as patterns
from roster.patterns import demo
from roster.patterns.models import PatternVersion
from roster.planning.sheet import Sheet
from roster.timeline import actions as timeline
from tests.roster.planning.conftest import MONDAY, at, shift


def test_a_rota_is_inserted_for_a_group_on_its_lines(
    as_planner: Any, prison: Any, unit: Any, period: Any, draft: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """(R-051) Five lines, each person one further; leave and locks stay; the offset moves all by a line."""
    version = patterns.create(prison, "Officers", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    PatternVersion.objects.filter(pk=version.pk).update(state="approved", valid=(MONDAY, None))
    lines = {person: number for number, person in enumerate(people[:2])}
    patterns.create(prison, "Still a draft", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    patterns.assign(version.pattern, lines, MONDAY, MONDAY, by=planner)
    one, two, alone = people
    put(one, 0, "N", locked=True)
    timeline.cover(one, at(1), Activity.objects.get(name="Annual Leave"), by=planner, unit=unit)
    browser = as_planner()
    address = reverse("plan_insert", args=[period.pk])
    asked = {"first": MONDAY.isoformat(), "last": at(27).isoformat(), "offset": "0"}
    page = browser.get(address, asked).content.decode()
    assert ("Officers" in page, "Still a draft" in page) == (True, False), "only approved rotas are offered"
    table = re.sub(r"<[^>]*>|\s+", " ", page.partition("Person by person</caption>")[2])
    assert re.search(r"Adams, Sam +26 +1 locked, 1 leave +Brown, Sam +28 ", table), table
    assert "Day by day" not in page, "of many days only how many"
    link = re.search(rf'href="(\?[^"]*person={one.pk})#days"', page)
    assert link
    page = browser.get(address + unescape(link[1])).content.decode()
    days = page.partition("Day by day: Adams, Sam</caption>")[2].partition("</table>")[0]
    assert (days.count("<tr"), "Stays: it is locked" in days, "Stays: it is leave" in days) == (29, True, True)
    assert not Sheet(draft).day(one.pk, at(2))
    seen = re.search(r'name="revision" value="(\d+)"', page)
    assert seen
    put(one, 2, "E")
    page = browser.post(address, {**asked, "revision": seen[1]}).content.decode()
    assert "meanwhile" in page, "the hand of another planner is not written over unseen"
    assert Sheet(draft).day(one.pk, at(2)) == shift("E")
    draft.refresh_from_db()
    asked["revision"] = draft.revision
    browser.post(address, asked)
    sheet = Sheet(draft)
    assert [sheet.day(one.pk, at(day)) for day in (0, 2, 3, 7)] == [shift(code) for code in ("N", "M", "RD", "RD")]
    assert sheet.day(one.pk, at(1)).status
    assert [sheet.day(two.pk, at(day)) for day in (0, 2, 7)] == [shift(code) for code in ("RD", "L", "N")]
    assert not sheet.day(alone.pk, at(2))
    assert "stands there already" in browser.get(address, {**asked, "first": at(2).isoformat()}).content.decode()
    draft.refresh_from_db()
    browser.post(address, {**asked, "first": at(7).isoformat(), "offset": "1", "revision": draft.revision})
    assert Sheet(draft).day(one.pk, at(7)) == shift("N")
    browser.post(reverse("plan_edit", args=[period.pk]), {"do": "undo"})
    assert Sheet(draft).day(one.pk, at(7)) == shift("RD")


def test_what_the_rota_cannot_keep_is_listed_by_day(
    as_planner: Any, prison: Any, period: Any, people: list[Any], planner: Any, put: Any
) -> None:
    """A locked night stays, so the main shift of the next day leaves no rest: which day, whose, and why."""
    version = patterns.create(prison, "Officers", 37 * 60, by=None, rows=demo.rows(demo.OFFICERS))
    PatternVersion.objects.filter(pk=version.pk).update(state="approved", valid=(MONDAY, None))
    patterns.assign(version.pattern, {people[0]: 0}, MONDAY, MONDAY, by=planner)
    put(people[0], 0, "N", locked=True)
    asked = {"first": MONDAY.isoformat(), "last": at(27).isoformat(), "offset": "0"}
    page = as_planner().get(reverse("plan_insert", args=[period.pk]), asked).content.decode()
    _, _, listed = page.partition("What nobody could keep")
    assert "Tuesday 5 January 2027" in listed
    assert "Adams, Sam: " in listed
    assert "Mon 4 Jan is locked." in listed


def test_wrong_days_are_refused(as_planner: Any, period: Any) -> None:
    browser = as_planner()
    address = reverse("plan_insert", args=[period.pk])
    for first, last in ((at(-1), at(3)), (at(5), at(4)), (at(1), at(28))):
        page = browser.get(address, {"first": first.isoformat(), "last": last.isoformat()}).content.decode()
        assert "Choose days of this period" in page
    wrong = {"first": MONDAY.isoformat(), "last": at(27).isoformat(), "pattern": "abc", "offset": "99"}
    page = browser.get(address, wrong).content.decode()
    assert page.count("Choose a rota from the list") == page.count("Enter a whole number from -52 to 52") == 2
    nobody = {"first": MONDAY.isoformat(), "last": at(27).isoformat()}
    assert "Nobody of this unit follows a rota" in browser.get(address, nobody).content.decode()
