"""Report types: what a change of type keeps, what the balance counts, and how the case system is told."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from foundation import clock
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from reporting.clients.contract import fault
from reporting.clients.payloads import File, report_case_type, report_payload
from reporting.engine.report_types import TYPES, report_type
from reporting.engine.rows import Row
from reporting.engine.sample import fill
from reporting.engine.section import Answered, Answers, Entry, sections_of
from reporting.reports.actions import Closed, change_type, touch
from reporting.reports.models import Report
from reporting.sections.balance import Balance, sums
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.money_in import MoneyIn
from reporting.sections.money_out import MoneyOut
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses, PaExpense
from reporting.sections.prof_deputy_costs import EarlierCost, ProfDeputyCosts
from reporting.sections.prof_deputy_costs_estimate import ProfDeputyCostsEstimate
from reporting.submissions.snapshot import freeze
from tests.reporting.conftest import make_deputy, make_report


def stored(report: Report) -> dict[str, list[Any]]:
    """Every answer that the report has, of whatever type."""
    return {
        kind.__name__: list(kind._default_manager.filter(report=report).order_by("pk").values())
        for kind in Answered.kinds
        if not kind._meta.proxy
    }


class AnyChanges(TestCase):
    """A report whose every section of every type is answered goes through types as they come."""

    report: Report

    @classmethod
    def setUpTestData(cls) -> None:
        cls.report = make_report(make_deputy(), "102-4")
        for code in ("103-4", "102-5", "102-6", "102-4"):
            change_type(cls.report, code, by=None)
            cls.report.refresh_from_db()
            fill(cls.report)
        answers = Answers(cls.report)
        for kind in Answered.kinds:
            if issubclass(kind, Entry) and not answers.entries(kind):
                for entry in answers[kind.section].sample_entries(kind, random.Random(1)):
                    entry.save()
        assert all(stored(cls.report).values()), "every kind of answer and entry is there"

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=4))
    def test_a_change_of_type_loses_nothing_and_the_balance_counts_only_what_the_type_has(
        self, codes: list[str]
    ) -> None:
        before, due = stored(self.report), self.report.due
        for code in codes:
            report = change_type(self.report, code, by=None)
            answers = Answers(report)
            members = sections_of(report_type(code))
            counted = {part.section for part in sums(answers).parts}
            assert counted <= set(members)
            assert set(report.progress) == {section.key for section in members}
            assert report.ready == all(section.state().finished for section in answers.sections())
        assert stored(self.report) == before
        assert Report.objects.get(pk=self.report.pk).due == due


def spends(report: Report) -> None:
    """£100 in; £50 of lay expenses, £28 of fees and expenses, £17 of costs and £5 of gifts out."""
    BankAccount.objects.create(
        report=report, account_type="current", bank="Bank", number="1234", sort_code="010203", joint="no",
        opening=Decimal("1000"), closing=Decimal("995"),
    )  # fmt: skip
    MoneyIn.objects.create(report=report, exists="no", reason="None at all")
    MoneyOut.objects.create(report=report, exists="no", reason="None at all")
    Gifts.objects.create(report=report, given="yes")
    Gift.objects.create(report=report, explanation="A book", amount=Decimal("5"))
    DeputyExpenses.objects.create(report=report, paid="yes")
    Expense.objects.create(report=report, explanation="Lay train fares", amount=Decimal("50"))
    PaDeputyExpenses.objects.create(report=report, fees="yes", annual_management=Decimal("20"), paid="yes")
    PaExpense.objects.create(report=report, explanation="Council postage", amount=Decimal("8"))
    ProfDeputyCosts.objects.create(
        report=report, charged="fixed", has_previous="yes", fixed=Decimal("10"), has_further="no"
    )
    EarlierCost.objects.create(report=report, start=date(2024, 1, 1), end=date(2024, 12, 31), amount=Decimal("7"))
    ProfDeputyCostsEstimate.objects.create(report=report, charged="assessed", management=Decimal("9999"))


@pytest.mark.django_db
@pytest.mark.defect("deputy-reports 9.27", "a lay report turned professional still subtracts its hidden expenses")
@pytest.mark.defect("deputy-reports 9.23", "what is summed up depends on who looks")
@pytest.mark.parametrize(
    ("code", "out", "words"),
    [
        ("102", "50", "Deputy expenses in total"),
        ("102-4", "50", "Deputy expenses in total"),
        ("102-5", "17", "Deputy costs in total"),
        ("102-4-5", "17", "Deputy costs in total"),
        ("102-6", "28", "Deputy fees and expenses in total"),
        ("102-4-6", "28", "Deputy fees and expenses in total"),
    ],
)
def test_only_sections_of_the_type_are_in_the_sums(deputy: User, code: str, out: str, words: str) -> None:
    """Balance, summaries and transactions take the deputy's own costs from the report's type; estimates never count."""
    report = make_report(deputy, "102")
    spends(report)
    answers = Answers(change_type(report, code, by=deputy))
    assert sums(answers).expected == Decimal("995") - Decimal(out)
    frozen = freeze(answers, by=deputy, at=clock.now(), declaration=[Row("Statement", "It is true")])
    assert words in str(frozen["internal"])
    assert str(frozen["internal"]).count("in total") == 2, "the deputy's own, and gifts"
    assert f"-£{out}.00" in str(frozen["financial"])
    listed = {each["description"] for each in frozen["transactions"]}
    own = {
        "102": "Lay train fares",
        "102-4": "Lay train fares",
        "102-6": "Council postage",
        "102-4-6": "Council postage",
    }
    assert listed == {"A book", *filter(None, [own.get(code)])}


@pytest.mark.django_db
@pytest.mark.defect("deputy-reports 9.18", "a balance that does not wait for professional costs")
def test_the_balance_waits_for_professional_costs(deputy: User) -> None:
    report = make_report(deputy, "102-5")
    spends(report)
    balance = Answers(report)[Balance]
    assert balance.state().key == "not-matching"
    ProfDeputyCosts.objects.update(has_further=None)
    balance = Answers(report)[Balance]
    assert balance.state().key == "not-started"
    assert [section.key for section in balance.waits_for] == ["profDeputyCosts"]
    assert balance.table().lines[-1].cells == ("Difference", "", "Not known yet")


@pytest.mark.django_db
@pytest.mark.defect("deputy-admin 6", "a change of type that is not audited and leaves states as they were")
def test_a_change_of_type_is_written_down_once_and_only_of_an_open_report(deputy: User) -> None:
    report = make_report(deputy, "102")
    touch(Answers(report))
    changed = change_type(report, "104", by=deputy)
    assert (changed.type, changed.due) == ("104", report.due)
    assert set(changed.progress) == {section.key for section in sections_of(report_type("104"))}
    change_type(report, "104", by=deputy)
    [event] = AuditEvent.objects.filter(event="REPORT_TYPE_CHANGED")
    assert (event.before, event.after, event.actor) == ({"type": "102"}, {"type": "104"}, deputy.pk)
    with pytest.raises(ValueError, match="104-4"):
        change_type(report, "104-4", by=deputy)
    Report.objects.filter(pk=report.pk).update(submitted=True)
    with pytest.raises(Closed):
        change_type(report, "102", by=deputy)


@pytest.mark.parametrize("code", list(TYPES))
@pytest.mark.parametrize("mapping", ["current", "corrected"])
def test_the_case_system_takes_every_type(code: str, mapping: str, settings: Any) -> None:
    """D-213 for all fifteen: PF, HW or COMBINED, and the full type beside it."""
    settings.CASE_SYSTEM_TYPE_MAPPING = mapping
    payload = report_payload(
        submission_id=1,
        start=date(2025, 1, 1),
        end=date(2025, 12, 31),
        submitted=clock.now(),
        report_type=code,
        court_orders=["912345678901"],
        file=File("report.pdf", "application/pdf", source="YQ=="),
    )
    assert fault("ReportBody", payload) == ""
    attributes = payload["report"]["data"]["attributes"]
    assert attributes["digideps_report_type"] == code
    assert attributes["type"] == report_case_type(code)
    if mapping == "corrected":
        kind = report_type(code)
        wanted = "COMBINED" if kind.hybrid else "HW" if kind.base == "104" else "PF"
        assert attributes["type"] == wanted
