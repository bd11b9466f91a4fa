"""Which questions a checklist asks of which report, and what stands beside them (deputy-admin 5.2, 5.4)."""

from decimal import Decimal
from typing import Any

import pytest

from foundation.accounts.models import User
from reporting.casework.checklists.beside import Beside, against
from reporting.casework.checklists.models import KINDS, FullReviewChecklist, LodgingChecklist
from reporting.casework.checklists.questions import Asked
from reporting.engine.report_types import TYPES
from reporting.engine.rows import Listing, Rows
from reporting.engine.section import Answers, all_sections
from reporting.reports.models import Report
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.lifestyle import Lifestyle
from tests.reporting.casework.checklists.making import next_year, of, submitted
from tests.reporting.conftest import make_deputy

ALWAYS = "L1.1 L1.2 L2.1 L3.1 L4.1 L13.1 L13.2 L14.1"
MONEY = "L6.1 L6.2 L7.1 L8.1 L8.3"
BONDS = "L9.1 L9.2"
COSTS = "L10.1 L10.2 L10.3 L11.1"
FEES = "L12.1 L12.2"
SHOWN = {
    "102": f"{ALWAYS} L1.3 {MONEY} L8.2 {BONDS}",
    "103": f"{ALWAYS} L1.3 {MONEY} {BONDS}",
    "104": f"{ALWAYS} L1.3 L5.1",
    "102-4": f"{ALWAYS} L1.3 L5.1 {MONEY} L8.2 {BONDS}",
    "103-4": f"{ALWAYS} L1.3 L5.1 {MONEY} {BONDS}",
    "102-5": f"{ALWAYS} L1.3 {MONEY} L8.2 {BONDS} {COSTS}",
    "103-5": f"{ALWAYS} L1.3 {MONEY} {BONDS} {COSTS}",
    "104-5": f"{ALWAYS} L1.3 L5.1 {COSTS}",
    "102-4-5": f"{ALWAYS} L1.3 L5.1 {MONEY} L8.2 {BONDS} {COSTS}",
    "103-4-5": f"{ALWAYS} L1.3 L5.1 {MONEY} {BONDS} {COSTS}",
    "102-6": f"{ALWAYS} {MONEY} L8.2 {FEES}",
    "103-6": f"{ALWAYS} {MONEY} {FEES}",
    "104-6": f"{ALWAYS} L5.1",
    "102-4-6": f"{ALWAYS} L5.1 {MONEY} L8.2 {FEES}",
    "103-4-6": f"{ALWAYS} L5.1 {MONEY} {FEES}",
}
NOT_APPLICABLE = ["L6.1", "L6.2", "L7.1", "L8.1", "L8.2", "L9.1", "L9.2", "L10.1", "L10.2", "L10.3", "L12.2"]
REVIEW = ["R1.1", "R2.1", "R3.1", "R3.2", "R3.3", "R3.4", "R3.5", "R4.1"]


def numbers(checklist: Any) -> set[str]:
    return {question.number for question in checklist.asked_questions() if question.number}


@pytest.mark.parametrize("code", TYPES)
def test_every_type_of_report_shows_its_questions_and_no_others(code: str) -> None:
    report = Report(type=code)
    lodging = LodgingChecklist(report=report)
    assert numbers(lodging) == set(SHOWN[code].split())
    assert numbers(FullReviewChecklist(report=report)) == set(REVIEW)
    asked = [question.name for question in lodging.asked_questions()]
    assert asked[-2:] == ["summary", "decision"]


def test_the_declarations_name_sections_that_exist_and_every_question_is_on_the_page() -> None:
    known = {section.key for section in all_sections()}
    for kind in KINDS.values():
        named = {key for group in kind.groups for key in group.sections}
        fields = [field for field in kind._meta.get_fields() if isinstance(field, Asked)]
        named |= {key for field in fields for key in field.sections | field.without}
        assert named <= known
        assert {field.name for field in fields} == set(kind.questions())
        options = {
            field.number: [each.value for each in field.options_for(None)] for field in fields if field.kind == "radios"
        }
        for number, values in options.items():
            if number:
                may_not_apply = number in NOT_APPLICABLE or (number in REVIEW and number != "R4.1")
                assert values == (["yes", "no", "na"] if may_not_apply else ["yes", "no"]), number


@pytest.fixture
def deputy(db: None) -> User:
    return make_deputy()


def section(beside: Beside, key: str) -> Any:
    group = next(group for group in LodgingChecklist.groups if key in group.sections)
    return next(each for each in beside.sections(group) if each.key == key)


@pytest.mark.django_db(transaction=True)
def test_answers_stand_beside_the_questions_with_what_changed_since_last_year(deputy: User) -> None:
    first = submitted("102-4", deputy)
    report = next_year(first, deputy)
    before, now = Answers(first), Answers(report)
    beside = Beside(report)
    shown = section(beside, "lifestyle")
    texts = [row.text for block in shown.blocks if isinstance(block, Rows) for row in block.rows]
    assert now[Lifestyle].care in texts
    changed = {change.label: (change.before, change.now) for change in shown.changes}
    label = now[Lifestyle].questions()["care"].label_for(now[Lifestyle])
    if before[Lifestyle].care != now[Lifestyle].care:
        assert changed[label] == (before[Lifestyle].care, now[Lifestyle].care)
    else:
        assert label not in changed
    # A live change is not what was submitted.
    Lifestyle.objects.filter(report=report).update(care="Typed after it was sent back")
    again = section(Beside(report), "lifestyle")
    assert "Typed after it was sent back" not in str(again)


@pytest.mark.django_db(transaction=True)
def test_accounts_are_compared_with_themselves(deputy: User) -> None:
    """Opening balances beside last year's closing ones; an account that is new, and one that is gone."""
    first = submitted("102", deputy)
    following = first.next.get()
    carried, dropped = Answers(following).entries(BankAccount)
    BankAccount.objects.filter(pk=carried.pk).update(opening=Decimal("990.00"), closing=Decimal("990.00"))
    dropped.delete()
    BankAccount.objects.create(
        report=following, account_type="isa", bank="Trial Building Society", number="77AB", sort_code="010203",
        joint="no", opening=Decimal("5.00"), closing=Decimal("5.00"),
    )  # fmt: skip
    report = next_year(first, deputy)
    beside = Beside(report)
    money = next(group for group in LodgingChecklist.groups if "bankAccounts" in group.sections)
    table = next(block for block in beside.facts(money) if isinstance(block, Listing))
    lines = {line.cells[0]: line.cells[1:] for line in table.lines}
    assert lines["Example Bank current account ending 1204"] == ("£1,000.00", "£990.00", "-£10.00")
    assert lines["Trial Building Society isa ending 77AB"] == ("Not in last year’s report", "£5.00", "")
    assert lines["Example Bank savings account ending 1214"] == ("£1,000.00", "Not in this report", "")
    changes = section(beside, "bankAccounts").changes
    assert ("", "Account") in {(change.before, change.label) for change in changes}
    assert any(change.now == "" and change.label == "Account" for change in changes)
    assert any((change.before, change.now) == ("£1,000.00", "£990.00") for change in changes)
    balance = next(block for block in beside.facts(money) if block.title == "Balance")
    assert {row.label for row in balance.rows} >= {"Opening balances", "Money in", "Difference"}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1200.00", "20% more, beyond the 20% that needs an explanation"),
        ("1190.00", "19% more"),
        ("1000.00", "the same"),
        ("900.00", "10% less"),
    ],
)
def test_costs_are_measured_by_last_years_estimate(amount: str, words: str) -> None:
    assert against(Decimal(amount), Decimal("1000.00")) == words


@pytest.mark.django_db(transaction=True)
def test_costs_of_a_professional_stand_beside_last_years_estimate(deputy: User, settings: Any) -> None:
    first = submitted("104-5", deputy)
    report = next_year(first, deputy)
    group = next(group for group in LodgingChecklist.groups if "profDeputyCosts" in group.sections)
    (costs,) = Beside(report).facts(group)
    rows = {row.label: row.text for row in costs.rows}
    assert rows["Charged for this period"].startswith("£")
    assert "Estimate of last year" in rows


@pytest.mark.django_db(transaction=True)
def test_the_deputys_own_plans_and_concerns_are_filled_in(deputy: User) -> None:
    """L13.1 and L13.2, until somebody has answered them."""
    report = submitted("104", deputy)
    given = Beside(report).now["actions"]["answers"]
    assert Beside(report).offered() == {"future_decisions": given["expect"], "concerns": given["concerns"]}
    assert of(report).pk is None
