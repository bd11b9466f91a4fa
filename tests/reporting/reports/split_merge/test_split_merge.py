"""Splitting, merging and converting reports when court orders change kind: nothing is lost (deputy-admin 9.4)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from foundation import clock, drafts
from foundation.audit import AuditEvent
from foundation.clients.storage import store
from foundation.drafts import Draft
from reporting.documents.models import Document
from reporting.engine.section import Answers
from reporting.people.models import CourtOrder
from reporting.reports.actions import touch
from reporting.reports.models import Report
from reporting.reports.split_merge import actions
from reporting.reports.split_merge.follow import follow_orders
from reporting.reports.split_merge.models import AnswerConflict, ReportChange
from reporting.sections.actions import Actions
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.decisions import Decision, Decisions
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.lifestyle import Lifestyle
from reporting.sections.visits_care import VisitsCare
from tests.reporting.conftest import make_person
from tests.reporting.reports.split_merge.conftest import content, join, make_joint, make_order, pair, part

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.defect("admin 9.4", "splitting and merging reports is an empty stub"),
]


def seen_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(conflict-\d+-seen)" value="(\w+)"', page))


def reports_of(report: Report) -> dict[str, Report]:
    return {each.type: each for each in Report.objects.filter(client=report.client)}


@pytest.mark.parametrize("code", ["102-4", "103-4", "102-4-5", "103-4-6"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_split_then_merge_gives_back_every_answer(code: str, seed: int) -> None:
    """For random answers of every family: health and property part, come together again, and are what they were."""
    _user, report = make_joint(code, seed)
    before = content(report)
    part(report)
    assert follow_orders().counts["reports_split"] == 1
    halves = [content(each) for each in Report.objects.filter(client=report.client)]
    assert len(halves) == 2
    for key, answers in before.items():
        holders = [half[key] for half in halves if key in half]
        assert holders, key
        assert answers["answers"] in [holder["answers"] for holder in holders] or key in {"balance", "decisions"}
        for kind, entries in answers["entries"].items():
            assert all(len(holder["entries"].get(kind, [])) == len(entries) for holder in holders)
    join(report)
    assert follow_orders().counts["reports_merged"] == 1
    assert content(report) == before
    assert (Report.objects.get(client=report.client), AnswerConflict.objects.count()) == (report, 0)
    assert follow_orders().counts == {"reports_split": 0, "reports_merged": 0, "reports_converted": 0}


def test_a_split_puts_each_section_where_it_belongs_and_what_both_ask_into_both(client: Any) -> None:
    user, report = make_joint()
    newcomer = make_person("102")
    lifestyle = Answers(report)[Lifestyle].pk
    account = Answers(report).entries(BankAccount)[0].pk
    decided = {entry.description for entry in Answers(report).entries(Decision)}
    store().put("documents/2026-01/one", b"%PDF-1.4", "application/pdf")
    values = {"name": "bill.pdf", "content_type": "application/pdf", "sha256": "ab" * 32, "size": 8}
    Document.objects.create(report=report, key="documents/2026-01/one", **values)
    part(report, newcomer)
    follow_orders()
    found = reports_of(report)
    money, health = found["102"], found["104"]
    assert money.pk == report.pk
    assert (health.start, health.end, health.due) == (report.start, report.end, report.due)
    assert {order.type for order in money.orders.all()} == {"pfa"}
    assert {order.type for order in health.orders.all()} == {"hw"}
    assert Answers(health)[Lifestyle].pk == lifestyle
    assert Answers(money).entries(BankAccount)[0].pk == account
    assert {entry.description for entry in Answers(money).entries(Decision)} == decided
    assert {entry.description for entry in Answers(health).entries(Decision)} == decided
    files = list(Document.objects.filter(name="bill.pdf").order_by("pk"))
    assert [each.report_id for each in files] == [money.pk, health.pk]
    assert store().get(files[1].key) == b"%PDF-1.4"
    assert {each.pk for each in Report.objects.visible_to(newcomer)} == {health.pk}
    assert {each.pk for each in Report.objects.visible_to(user)} == {money.pk, health.pk}
    assert AuditEvent.objects.filter(event="REPORT_SPLIT").count() == 1
    client.force_login(user)
    for each in (money, health):
        address = f"/court-orders/{each.orders.get().uid}"
        for page in (address, f"/report/{each.pk}/", f"/report/{each.pk}/changes/"):
            assert "This report is now two reports" in client.get(page).content.decode()
    client.force_login(newcomer)
    page = client.get(f"/report/{health.pk}/changes/").content.decode()
    assert "Open the other report" not in page, "it is not theirs to see"
    assert money.progress.keys() == {section.key for section in Answers(money).sections()}


def test_a_merge_keeps_all_entries_and_asks_which_of_two_answers_to_keep(client: Any) -> None:
    user, report = make_joint()
    part(report)
    follow_orders()
    money, health = (reports_of(report)[code] for code in ("102", "104"))
    for each, made, plan in ((money, "yes", "no"), (health, "no", "yes")):
        answers = Answers(each)
        decisions, plans = answers[Decisions], answers[Actions]
        decisions.made, decisions.reason = made, None if made == "yes" else "Nothing came up"
        decisions.save()
        plans.expect, plans.expect_details = plan, "A move to a home" if plan == "yes" else None
        plans.save()
        touch(Answers(each))
    Decision.objects.filter(report=money).delete()
    Decision.objects.create(report=money, description="Sold the car", involved="no", involvement="No")
    Answers(health)[VisitsCare].delete()
    Report.objects.filter(pk=health.pk).update(end=money.end + timedelta(days=30))
    kept = {entry.description for each in (money, health) for entry in Decision.objects.filter(report=each)}
    join(report)
    follow_orders()
    merged = Report.objects.get(client=report.client)
    answers = Answers(merged)
    assert (merged.pk, merged.type, merged.end) == (money.pk, "102-4", report.end)
    assert {entry.description for entry in answers.entries(Decision)} == kept
    assert answers[VisitsCare].pk, "the one that was answered is kept"
    assert merged.unsettled == {"decisions": 1, "actions": 1}
    assert not merged.ready
    assert answers[Decisions].state().missing[0].text == "Choose which of two answers to keep"
    assert answers[Decisions].made == "yes", "no entry is hidden before somebody chose"

    client.force_login(user)
    overview = client.get(f"/report/{merged.pk}/").content.decode()
    assert "2 answers differ" in overview
    page = f"/report/{merged.pk}/changes/"
    shown = client.get(page).content.decode()
    for words in ("Nothing came up", "A move to a home", "The other report covered"):
        assert words in shown
    assert "Select which answer to keep" in client.post(page).content.decode()
    seen = seen_in(shown)
    first, second = (AnswerConflict.objects.get(section=section) for section in ("decisions", "actions"))
    answer = client.post(page, seen | {f"conflict-{first.pk}": "theirs"})
    assert answer.status_code == 302
    assert Answers(merged)[Decisions].reason == "Nothing came up"

    stored = Answers(merged)[Actions]
    stored.expect_details, stored.expect = "Typed meanwhile", "yes"
    stored.save()
    stale = client.post(page, seen | {f"conflict-{second.pk}": "theirs"})
    assert stale.status_code == 409
    assert "Typed meanwhile" in stale.content.decode(), "what somebody typed meanwhile is a third answer"
    seen = seen_in(stale.content.decode())
    assert client.post(page, seen | {f"conflict-{second.pk}": "now"}).url == f"/report/{merged.pk}/"
    assert Answers(merged)[Actions].expect_details == "Typed meanwhile"
    merged.refresh_from_db()
    assert merged.unsettled == {}
    assert AuditEvent.objects.filter(event="ANSWER_CHOSEN").count() == 2


def test_copies_that_were_changed_after_a_split_are_both_kept_when_merged() -> None:
    _user, report = make_joint()
    answers = Answers(report)
    answers[DeputyExpenses].paid = "yes"
    answers[DeputyExpenses].save()
    Expense.objects.filter(report=report).delete()
    account = answers.entries(BankAccount)[0]
    for text in ("Stamps", "Train"):
        Expense.objects.create(report=report, explanation=text, amount=10, account=account)
    part(report)
    follow_orders()
    health = reports_of(report)["104"]
    Expense.objects.filter(report=health, explanation="Train").update(amount=25)
    join(report)
    follow_orders()
    found = Expense.objects.filter(report=report).values_list("explanation", "amount", "account")
    assert sorted(found) == [("Stamps", 10, account.pk), ("Train", 10, account.pk), ("Train", 25, account.pk)]


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [("102-4", "hw", "102"), ("103-4-5", "hw", "103-5"), ("102-4-6", "pfa", "104-6")],
)
def test_a_lone_report_is_converted_and_back_with_its_answers(code: str, status: str, wanted: str) -> None:
    """Also reports of organisations."""
    _user, report = make_joint(code)
    before = content(report)
    closed = CourtOrder.objects.get(client=report.client, type=status)
    CourtOrder.objects.filter(client=report.client).update(kind="single", sibling=None)
    CourtOrder.objects.filter(pk=closed.pk).update(status="CLOSED")
    assert follow_orders().counts["reports_converted"] == 1
    report.refresh_from_db()
    assert report.type == wanted
    CourtOrder.objects.filter(pk=closed.pk).update(status="ACTIVE")
    join(report)
    assert follow_orders().counts["reports_converted"] == 1
    report.refresh_from_db()
    assert (report.type, content(report)) == (code, before)
    assert [change.what for change in ReportChange.objects.of(report)] == ["converted", "converted"]


def test_submitted_and_reopened_reports_are_never_touched_and_staff_are_told() -> None:
    _user, report = make_joint()
    Report.objects.update(submitted=True, submitted_at=clock.now())
    part(report)
    before = content(report)
    assert follow_orders().counts["reports_split"] == 0
    Report.objects.update(submitted=False, reopened_at=clock.now())
    outcome = follow_orders()
    report.refresh_from_db()
    assert (report.type, Report.objects.count(), content(report)) == ("102-4", 1, before)
    assert [note["case_number"] for note in outcome.notes] == [report.client.case_number]
    assert "sent back" in outcome.notes[0]["reason"]
    with pytest.raises(actions.LeftAlone):
        actions.split(report)


def test_reports_wait_while_it_is_not_certain_what_to_do() -> None:
    """One of two orders is lacking in tonight's file; open reports are of different years; the storage is away."""
    _user, report = make_joint()
    CourtOrder.objects.filter(client=report.client).update(kind="single", sibling=None)
    assert "lacks one of two active orders" in follow_orders().notes[0]["reason"]
    part(report)
    follow_orders()
    early = {"start": report.start - timedelta(days=365), "end": report.start - timedelta(days=1)}
    Report.objects.filter(type="104").update(**early)
    join(report)
    assert "different years" in follow_orders().notes[0]["reason"]
    assert Report.objects.count() == 2


def test_a_storage_that_is_away_leaves_the_report_for_another_night(monkeypatch: pytest.MonkeyPatch) -> None:
    from foundation.clients import Unavailable
    from reporting.reports.split_merge import answers

    _user, report = make_joint()
    Document.objects.create(report=report, key="documents/2026-01/two", name="a.pdf", content_type="application/pdf")

    class Away:
        def get(self, key: str) -> bytes:
            raise Unavailable("away")

    part(report)
    with monkeypatch.context() as patch:
        patch.setattr(answers, "store", Away)
        assert "storage" in follow_orders().notes[0]["reason"]
    report.refresh_from_db()
    assert (report.type, Report.objects.count(), ReportChange.objects.count()) == ("102-4", 1, 0)
    assert follow_orders().counts["reports_split"] == 1, "the missing file is left out, the report asks for it"


def test_an_earlier_report_that_is_submitted_again_after_a_merge_makes_no_second_successor() -> None:
    """The successor of the re-opened report was taken into another one."""
    from reporting.submissions.actions import Declaration, submit
    from tests.reporting.submissions.test_submit import finish

    user, report = make_joint()
    part(report)
    follow_orders()
    health = finish(reports_of(report)["104"])
    submit(health, Declaration("only_deputy"), by=user, version=health.version)
    following = Report.objects.get(client=report.client, type="104", submitted=False)
    Report.objects.filter(pk=report.pk).update(start=following.start, end=following.end)
    join(report)
    assert follow_orders().counts["reports_merged"] == 1
    Report.objects.filter(pk=health.pk).update(submitted=False, reopened_at=clock.now())
    health.refresh_from_db()
    submit(health, Declaration("only_deputy"), by=user, version=health.version)
    assert [each.type for each in Report.objects.filter(client=report.client, submitted=False)] == ["102-4"]


def typed(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


def test_drafts_are_offered_where_their_page_is_now(client: Any) -> None:
    user, report = make_joint()
    entry = Answers(report).entries(Decision)
    if not entry:
        entry = [Decision.objects.create(report=report, description="Sold the car", involved="no", involvement="No")]
        Decisions.objects.filter(report=report).update(made="yes", reason=None)
    lifestyle = f"/report/{report.pk}/lifestyle/care/"
    decision = f"/report/{report.pk}/decisions/decision/{entry[0].token}/description/"
    drafts.keep(user, lifestyle, typed(care="Half a sentence"), 5)
    drafts.keep(user, decision, typed(description="Half a decision"), 5)
    part(report)
    follow_orders()
    health = reports_of(report)["104"]
    client.force_login(user)
    assert "Half a sentence" in client.get(lifestyle.replace(f"/{report.pk}/", f"/{health.pk}/")).content.decode()
    assert client.get(lifestyle).url == lifestyle.replace(f"/{report.pk}/", f"/{health.pk}/")
    assert "Half a decision" in client.get(decision).content.decode()
    copy = Draft.objects.get(page__startswith=f"/report/{health.pk}/decisions/")
    assert "Half a decision" in client.get(copy.page).content.decode()

    drafts.keep(user, f"/report/{health.pk}/other-info/more/", typed(more="From health"), 5)
    drafts.keep(user, f"/report/{report.pk}/visits-care/carers/", typed(carers="From money"), 5)
    drafts.keep(user, f"/report/{health.pk}/visits-care/carers/", typed(carers="From health"), 5)
    join(report)
    follow_orders()
    assert Draft.objects.filter(user=user, page=lifestyle).exists()
    assert Draft.objects.filter(user=user, page=f"/report/{report.pk}/other-info/more/").exists()
    changes = client.get(f"/report/{report.pk}/changes/").content.decode()
    assert "Typed and not saved" in changes
    assert "From health" in changes


def test_what_is_sent_to_a_report_that_is_gone_becomes_a_draft_where_it_is_now(client: Any) -> None:
    """Somebody was filling in a page at that moment."""
    user, report = make_joint()
    part(report)
    follow_orders()
    health = reports_of(report)["104"]
    join(report)
    follow_orders()
    client.force_login(user)
    answer = client.post(f"/report/{health.pk}/lifestyle/care/", {"care": "Long thoughts", "version": "x"})
    assert answer.url == f"/report/{report.pk}/lifestyle/care/"
    page = client.get(answer.url).content.decode()
    assert "Long thoughts" in page
    assert "split or merged while you had it open" in page
    assert client.get(f"/report/{health.pk}/").url == f"/report/{report.pk}/"
    stranger = make_person("102")
    client.force_login(stranger)
    assert client.get(f"/report/{health.pk}/").status_code == 404


def test_two_single_orders_that_become_hybrid_merge_their_reports() -> None:
    user = make_person("102")
    from tests.reporting.conftest import make_report

    money = make_report(user, "102")
    pfa = money.orders.get()
    hw = make_order(money, "hw", user, kind="single")
    health = Report.objects.create(
        client=money.client, type="104", start=money.start, end=money.end, due=money.due, previous=None
    )
    health.orders.add(hw)
    Lifestyle.objects.create(report=health, care="Well cared for")
    pair(pfa, hw, "hybrid")
    assert follow_orders().counts["reports_merged"] == 1
    money.refresh_from_db()
    assert (money.type, Answers(money)[Lifestyle].care) == ("102-4", "Well cared for")
    assert set(money.orders.all()) == {pfa, hw}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["save", "split"])
def test_a_save_that_meets_a_split_is_in_the_new_report_or_offered_there(client: Any, first: str) -> None:
    """The row lock makes one wait for the other; whoever comes second finds the page where it is now."""
    from threading import Event, Thread

    from django.db import connection

    from reporting.reports import actions as report_actions

    user, report = make_joint()
    pages = f"/report/{report.pk}/lifestyle/care/"
    client.force_login(user)
    version = Answers(report)[Lifestyle].page_version(Lifestyle.pages[0])
    part(report)
    inside, go = Event(), Event()
    touch_as_it_is, locked_as_it_is = report_actions.touch, report_actions.locked
    faults: list[BaseException] = []

    def in_a_thread(work: Any) -> Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told by the test
                faults.append(error)
            finally:
                connection.close()

        thread = Thread(target=run)
        thread.start()
        return thread

    def save() -> None:
        client.post(pages, {"care": "Written at that moment", "version": version})

    with pytest.MonkeyPatch.context() as patch:
        if first == "save":
            # The save holds the lock and is about to commit when the split begins.
            patch.setattr(
                report_actions, "touch", lambda *given: (inside.set(), go.wait(20), touch_as_it_is(*given))[-1]
            )
            one = in_a_thread(save)
            assert inside.wait(20), faults
            patch.setattr(report_actions, "touch", touch_as_it_is)
            other = in_a_thread(follow_orders)
        else:
            # The page has been let in and waits; the split is done before it takes the lock.
            patch.setattr(report_actions, "locked", lambda row: (inside.set(), go.wait(20), locked_as_it_is(row))[-1])
            one = in_a_thread(save)
            assert inside.wait(20)
            patch.setattr(report_actions, "locked", locked_as_it_is)
            other = in_a_thread(follow_orders)
            other.join(20)
        go.set()
        one.join(20)
        other.join(20)
    assert not faults
    health = reports_of(report)["104"]
    assert not Lifestyle.objects.filter(report=report).exists()
    if first == "save":
        assert Answers(health)[Lifestyle].care == "Written at that moment"
    else:
        page = client.get(f"/report/{health.pk}/lifestyle/care/").content.decode()
        assert "Written at that moment" in page
