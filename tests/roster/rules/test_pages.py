"""The rule book's pages: who may set what, bounds, dates, and two people at once."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from foundation import clock
from roster.activities.models import Activity
from roster.demand.models import Post
from roster.rules.book import book
from roster.rules.models import HazardPost, NightAssessment, OptOut, RuleException, RuleSetting
from tests.roster.conftest import make_person


def sent(**fields: Any) -> dict[str, Any]:
    return {"start": clock.today().isoformat(), "reason": "Agreed with the union", "seen": "", "permit": ""} | fields


def test_a_hub_manager_sets_a_rule_within_bounds_from_a_day_on(as_planner: Any, prison: Any) -> None:
    browser = as_planner("HUB_MANAGER")
    assert "Daily rest" in browser.get(reverse("rules")).content.decode()
    address = f"{reverse('rule', args=['QuickReturn'])}?place={prison.pk}"
    answer = browser.post(address, sent(level="block", price="10", hours="50"))
    assert answer.status_code == 400
    assert "Enter a number from 6 to 18" in answer.content.decode()
    assert not RuleSetting.objects.exists()
    tomorrow = clock.today() + timedelta(days=1)
    assert (
        browser.post(address, sent(level="block", price="10", hours="13", start=tomorrow.isoformat())).status_code
        == 302
    )
    assert book(prison, clock.today()).entry("QuickReturn").rule.hours == 12  # type: ignore[attr-defined]
    now = book(prison, tomorrow).entry("QuickReturn")
    assert (now.rule.hours, now.rule.level) == (13, "block")  # type: ignore[attr-defined]
    assert book(None, tomorrow).entry("QuickReturn").rule.level == "warn", "the region keeps its own"
    assert "Set for later" in browser.get(f"{reverse('rules')}?place={prison.pk}").content.decode()
    stale = browser.post(address, sent(level="warn", price="10", hours="12"))
    assert stale.status_code == 400
    assert "Hours 13" in stale.content.decode(), "both values shown, nothing overwritten"


def test_the_law_leaves_only_its_own_choices(as_planner: Any, prison: Any) -> None:
    browser = as_planner("HUB_MANAGER")
    address = f"{reverse('rule', args=['DailyRest'])}?place={prison.pk}"
    page = browser.get(address).content.decode()
    assert "This rule is law" in page
    assert 'name="hours"' not in page
    assert 'name="level"' not in page
    address = f"{reverse('rule', args=['WeeklyRest'])}?place={prison.pk}"
    assert browser.post(address, sent(period="7", rests="2")).status_code == 400
    assert browser.post(address, sent(period="14", rests="2")).status_code == 302
    assert book(prison, clock.today()).entry("WeeklyRest").rule.period == 14  # type: ignore[attr-defined]
    assert "Counted over how many days" in browser.get(reverse("rules_drift")).content.decode()


def test_who_only_reads_cannot_set_and_others_places_are_not_found(as_planner: Any, prison: Any) -> None:
    browser = as_planner("DETAIL")
    address = f"{reverse('rule', args=['QuickReturn'])}?place={prison.pk}"
    assert "Save" not in browser.get(address).content.decode()
    assert browser.post(address, sent(level="off", price="1", hours="12")).status_code == 403
    other = type(prison).objects.exclude(pk=prison.pk).first()
    assert browser.get(f"{reverse('rules')}?place={other.pk}").status_code == 404
    assert browser.get(reverse("register_add", args=["opt-out"])).status_code == 403


def test_the_registers_are_kept(as_planner: Any, prison: Any, unit: Any) -> None:
    browser, person, today = as_planner("HUB_MANAGER"), make_person(unit), clock.today()
    stranger = make_person()
    address = reverse("register_add", args=["opt-out"])
    given = {"signed_on": today.isoformat(), "notice_days": "7"}
    assert browser.post(address, given | {"person": stranger.staff_number}).status_code == 400
    assert browser.post(address, given | {"person": person.staff_number, "notice_days": "91"}).status_code == 400
    assert browser.post(address, given | {"person": person.user_name.lower()}).status_code == 302
    row = OptOut.objects.get()
    assert (
        browser.post(reverse("register_end", args=["opt-out", row.pk]), {"last": today.isoformat()}).status_code == 302
    )
    row.refresh_from_db()
    assert row.last_day == today + timedelta(days=6)
    assert not row.holds_on(today + timedelta(days=7))
    address = reverse("register_add", args=["night-assessment"])
    assert browser.post(address, {"person": person.staff_number, "done_on": "2028-02-29"}).status_code == 302
    assert NightAssessment.objects.get().due_on.isoformat() == "2029-02-28"
    post = Post.objects.create(
        establishment=prison, code="SEG", name="Segregation", activity=Activity.objects.get(name="Seg Duties")
    )
    address = reverse("register_add", args=["hazard"])
    given = {"post": str(post.pk), "start": today.isoformat(), "reason": "Assessment 12"}
    assert browser.post(address, given).status_code == 302
    assert browser.post(address, given).status_code == 400, "declared already"
    assert HazardPost.objects.count() == 1
    page = browser.get(reverse("registers")).content.decode()
    assert person.name in page
    assert "Segregation" in page
    assert "Assessment 12" in page


def test_where_nothing_can_be_chosen_there_is_no_form(as_planner: Any, prison: Any, unit: Any) -> None:
    """What is agreed with people was shown as "Nights in a row: Yes", with a form that could set nothing."""
    browser, today = as_planner("HUB_MANAGER"), clock.today()
    address = f"{reverse('rule', args=['Personal'])}?place={prison.pk}"
    page = browser.get(address).content.decode()
    assert "agreed with each person" in page
    assert "Nights in a row" not in page
    assert "Save" not in page
    assert browser.post(address, sent(level="block", price="1", hours="12")).status_code == 403
    RuleException.objects.create(
        person=make_person(unit), rule="DailyRest", reason="Escort", valid=(today, today + timedelta(days=1))
    )
    page = browser.get(reverse("registers")).content.decode()
    assert "Daily rest" in page
    assert "DailyRest" not in page
