"""From a draft to what staff see, and back while it settles."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import clock
from roster.activities.models import Activity, Template
from roster.diary import actions as diary
from roster.planning import actions, publishing
from roster.planning.actions import Refused
from roster.planning.models import DraftCell, PlanningPeriod
from roster.planning.sheet import Sheet
from roster.timeline import actions as timeline
from roster.timeline.models import Change, Duty
from tests.roster.api import Program, SpelledOut
from tests.roster.planning.conftest import MONDAY, at, shift

MARKS = {"E": rb"07:?30:?00|Early|07:30", "N": rb"20:?45:?00|Night|20:45"}
"""Of an early and of a night, wherever they are written."""


def codes() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for duty in Duty.objects.whole().filter(live=True).order_by("shift_date"):
        assert duty.template_version
        found.setdefault(duty.person_id, []).append(duty.template_version.template.code)
    return found


def test_publishing_needs_a_signature_then_a_reason(
    period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """(R-060) All of it at once, and only then do staff see it."""
    one, two, _ = people
    put(one, 0, "E")
    put(two, 0, "RD")
    for state in ("draft", "approving"):
        with pytest.raises(Refused):
            publishing.publish(period, by=planner)
        if state == "draft":
            period = actions.move_on(period, "approving", by=planner, version=period.version)
    period = actions.sign(period, by=planner, version=period.version)
    publishing.publish(period, by=planner)
    period.refresh_from_db()
    assert (period.state, period.stage) == ("published", "Published")
    assert codes() == {one.pk: ["E"], two.pk: ["RD"]}
    assert not DraftCell.objects.exists()
    assert set(Change.objects.values_list("first_publication", flat=True)) == {True}
    put(one, 0, "L")
    assert codes()[one.pk] == ["E"]
    with pytest.raises(Refused, match="Say why"):
        publishing.publish(period, by=planner)
    publishing.publish(period, by=planner, reason="Escort to court")
    assert codes()[one.pk] == ["L"]
    change = Change.objects.latest("pk")
    assert (change.reason, change.before["duties"][0]["name"], change.after["duties"][0]["name"]) == (
        "Escort to court", "Early", "Late",
    )  # fmt: skip
    with pytest.raises(Refused, match="published already"):
        publishing.publish(period, by=planner, reason="Again")


def test_officers_and_programs_see_what_is_published_and_nothing_else(
    period: PlanningPeriod, people: list[Any], planner: Any, put: Any, sign: Any, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """(R-060) Before, and from one publication to the next: month, week, files, calendar, both interfaces, feed."""
    monkeypatch.setattr("roster.api.identity", SpelledOut)
    settings.FEED_DAYS_SHIFT = settings.FEED_DAYS_DETAIL = 400
    one = people[0]
    secret = diary.make_address(one, family=False, by=one.user)
    own = Client()
    own.force_login(one.user)

    def seen() -> set[str]:
        settings.SITE, settings.ROOT_URLCONF = "diary", "roster.urls_diary"
        pages = ["/month/2027/1", "/day/2027/1/4", f"/week/{MONDAY}", f"/week/{MONDAY}/roster.csv",
                 f"/week/{MONDAY}/roster.ics"]  # fmt: skip
        found = [own.get(path).content for path in pages] + [Client().get(f"/calendar/{secret}.ics").content]
        settings.SITE, settings.ROOT_URLCONF = "api", "roster.urls_api"
        program = Program("ROLE_CMD", "ROLE_PRISON", user_name=one.user_name)
        asked = f"from={MONDAY}&to={MONDAY}"
        found += [program.get(path).content for path in (f"/user/details/2?{asked}", f"/user/details?{asked}")]
        found.append(b"".join(program.get("/updates/2")))
        settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
        return {code for code, mark in MARKS.items() if any(re.search(mark, each) for each in found)}

    put(one, 0, "E")
    assert seen() == set()
    period = sign(period)
    assert seen() == set(), "signed is not published"
    publishing.publish(period, by=planner)
    assert seen() == {"E"}
    put(one, 0, "N")
    actions.copy(actions.working(period), by=planner)
    assert seen() == {"E"}
    publishing.publish(period, by=planner, reason="Escort to court")
    assert "N" in seen()


def test_a_short_notice_change_is_marked(
    unit: Any, people: list[Any], planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(R-062) Inside the notice period a reason is needed and the officer is asked."""
    monday = clock.today() - timedelta(days=clock.today().weekday()) + timedelta(days=7)
    period = actions.open_period(unit, monday, by=planner)
    draft = actions.working(period)
    timeline.put(people[0], unit, monday, by=planner, template=Template.objects.get(code="E"), reason="As agreed")
    PlanningPeriod.objects.filter(pk=period.pk).update(state="published")
    actions.edit(draft, {(people[0].pk, monday): actions.Wanted(shift("L"))}, by=planner, words="Test")
    publishing.publish(period, by=planner, reason="Operational need")
    assert Change.objects.latest("pk").short_notice


def test_rules_that_block_stop_publishing(
    period: PlanningPeriod, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """(R-065) Late until 21:00, then early: nothing is published before somebody has mended or permitted it."""
    put(people[0], 0, "L")
    put(people[0], 1, "E")
    put(people[1], 0, "E")
    period = sign(period)
    with pytest.raises(publishing.BreaksRules) as told:
        publishing.publish(period, by=planner)
    assert "DailyRest" in {each.rule for each in told.value.findings}
    assert not codes()
    put(people[0], 1, "M")
    put(people[0], 1, "")
    publishing.publish(period, by=planner)
    assert codes() == {people[0].pk: ["L"], people[1].pk: ["E"]}


@pytest.mark.parametrize("code", ["E", "L"])
def test_what_came_in_meanwhile_is_looked_at_first(
    as_planner: Any, unit: Any, period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any,
    sign: Any, code: str,
) -> None:  # fmt: skip
    """Sickness is published after the plan was made over it: the plan does not silently win. The page names the days;
    one that is saved again, as it was or otherwise, has been looked at.
    """
    put(people[0], 0, "E")
    sick = Activity.objects.get(name="Sick")
    timeline.cover(people[0], MONDAY, sick, by=planner, unit=unit)
    period = sign(period)
    with pytest.raises(publishing.Overtaken):
        publishing.publish(period, by=planner)
    assert Sheet(draft).cell(people[0].pk, MONDAY).overtaken
    page = as_planner().get(reverse("plan_publish", args=[period.pk])).content.decode()
    assert reverse("plan_cell", args=[period.pk, people[0].pk, MONDAY]) in page.partition("Held up: 1 person")[2]
    put(people[0], 0, code)
    publishing.publish(period, by=planner)
    assert codes() == {people[0].pk: [code]}


def test_publishing_is_taken_back_while_nobody_has_been_told(
    period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any, sign: Any, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    put(people[0], 0, "E", locked=True)
    publication = publishing.publish(sign(period), by=planner)
    publishing.take_back(publication, by=planner)
    period.refresh_from_db()
    assert (period.state, codes()) == ("approving", {})
    cell = Sheet(draft).cell(people[0].pk, MONDAY)
    assert (cell.day, cell.locked, cell.overtaken) == (shift("E"), True, False)
    again = publishing.publish(period, by=planner)
    later = clock.now() + timedelta(seconds=settings.CHANGE_SETTLES_SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refused, match="too late"):
        publishing.take_back(again, by=planner)


def test_what_is_taken_back_stands_again_as_it_was(
    period: PlanningPeriod, unit: Any, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """An approved swap, for another unit, was the planner's own shift for this one afterwards."""
    other = unit.establishment.units.get(abbreviation="OSG")
    early = Template.objects.get(code="E")
    timeline.put(people[0], other, MONDAY, by=planner, template=early, source="swap", locked=True)
    sign(period)
    put(people[0], 0, "L", locked=False)
    put(people[1], 0, "L")
    publishing.take_back(publishing.publish(period, by=planner), by=planner)
    duty = Duty.objects.get(live=True)
    assert (duty.unit, duty.source, duty.locked) == (other, "swap", True)


def test_states_follow_the_handbook(period: PlanningPeriod, planner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff-roster 8.2: only the steps of the table; live and worked come with the date."""
    with pytest.raises(Refused):
        actions.move_on(period, "finalised", by=planner, version=0)
    with pytest.raises(Refused):
        actions.sign(period, by=planner, version=0)
    period = actions.move_on(period, "requests", by=planner, version=0, requests_until=at(-30))
    with pytest.raises(Refused, match="Requests open"):
        actions.move_on(period, "approving", by=planner, version=0)
    period = actions.move_on(period, "approving", by=planner, version=period.version)
    period = actions.sign(period, by=planner, version=period.version)
    period = actions.move_on(period, "draft", by=planner, version=period.version)
    assert period.signed_at is None
    period.state = "published"
    for day, stage in ((-1, "Published"), (0, "Live"), (27, "Live"), (28, "Worked")):
        monkeypatch.setattr(clock, "today", lambda day=day: at(day))
        assert period.stage == stage


def test_a_lock_alone_is_no_change_for_staff(
    period: PlanningPeriod, draft: Any, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    put(people[0], 0, "E")
    publishing.publish(sign(period), by=planner)
    changes = Change.objects.count()
    actions.lock_cells(draft, [(people[0].pk, MONDAY)], True, by=planner)
    publishing.publish(period, by=planner, reason="Keep it")
    assert Change.objects.count() == changes
    assert Duty.objects.get(live=True).locked


def test_the_reason_is_asked_for_where_it_is_entered(
    as_planner: Any, period: PlanningPeriod, people: list[Any], planner: Any, put: Any, sign: Any
) -> None:
    """A published plan changes with a reason, and none is cut short."""
    put(people[0], 0, "E")
    publishing.publish(sign(period), by=planner)
    put(people[0], 0, "L")
    browser, address = as_planner(), reverse("plan_publish", args=[period.pk])
    period.refresh_from_db()
    for reason, said in (("", "Say why the published plan changes."), ("x" * 301, "300 characters or fewer")):
        page = browser.post(address, {"reason": reason, "version": period.version}).content.decode()
        assert page.count(said) == 2, "in the summary, and at the field"
        assert reason in page
    browser.post(address, {"reason": "\0" + "x" * 300, "version": period.version})
    assert period.publications.latest("pk").reason == "x" * 300
    assert "Everything is published already." in browser.get(address).content.decode()


def test_absence_that_would_end_is_named_before_it_does(
    as_planner: Any, unit: Any, period: PlanningPeriod, people: list[Any], planner: Any, put: Any
) -> None:
    """A shift that is typed over leave is seen on the page that publishes it; leave that stays is not listed."""
    leave = Activity.objects.get(name="Annual Leave")
    for day in (0, 1):
        timeline.cover(people[0], MONDAY + timedelta(days=day), leave, by=planner, unit=unit)
    put(people[0], 0, "E")
    put(people[1], 0, "E")
    page = as_planner().get(reverse("plan_publish", args=[period.pk])).content.decode()
    listed = page.partition("absence that would end")[2].partition("</ul>")[0]
    assert (listed.count("<li>"), "Adams, Sam, Mon 4 January 2027" in listed) == (1, True)
    assert "Annual Leave" in listed
    auditor = as_planner("READ_ONLY").get(reverse("plan_board", args=[period.pk])).content.decode()
    assert reverse("plan_insert", args=[period.pk]) not in auditor, "what they may not do is not offered"


def test_finalising_asks_first(as_planner: Any, period: PlanningPeriod, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be undone; what is drafted and not published is said before."""
    PlanningPeriod.objects.filter(pk=period.pk).update(state="published", version=3)
    period.refresh_from_db()
    monkeypatch.setattr(clock, "today", lambda: period.last + timedelta(days=60))
    browser, where = as_planner("DETAIL"), reverse("plan_progress", args=[period.pk])
    assert str(period) in browser.get(reverse("plan")).content.decode(), "however long ago it was worked"
    assert "It cannot be undone" in browser.post(where, {"state": "finalised", "version": 3}).content.decode()
    assert PlanningPeriod.objects.get(pk=period.pk).state == "published"
    assert browser.post(where, {"state": "finalised", "version": 3, "sure": "yes"}).status_code == 302
    assert PlanningPeriod.objects.get(pk=period.pk).state == "finalised"
    assert "Finalise it" not in browser.get(where).content.decode()
