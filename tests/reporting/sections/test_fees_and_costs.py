"""What public authorities and professionals charge (deputy-reports 4.14 to 4.16), by the acceptance cases' numbers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation import clock
from reporting.engine.section import Answers
from reporting.sections.documents import Documents
from reporting.sections.pa_deputy_expenses import FEES, PaDeputyExpenses, PaExpense
from reporting.sections.prof_deputy_costs import FURTHER, EarlierCost, ProfDeputyCosts
from reporting.sections.prof_deputy_costs_estimate import ProfDeputyCostsEstimate
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db
COSTS, ESTIMATE, PA = "prof-deputy-costs", "prof-deputy-costs-estimate", "pa-deputy-expenses"
MONTH = ("1", "3", "2026")


def answers_of(pages: Pages, kind: Any) -> Any:
    return Answers(pages.report)[kind]


# Professional costs


def test_d151_fixed_costs_and_nothing_for_earlier_periods(professional: Pages) -> None:
    """D-151: only what fixed costs need is asked."""
    assert "Senior Courts Costs Office" in professional.text(COSTS)
    assert professional.save(f"{COSTS}/charged", charged="fixed").url.endswith("/has-previous/")
    assert professional.save(f"{COSTS}/has-previous", has_previous="no").url.endswith("/fixed/")
    assert "Enter how much you charged" in readable(professional.save(f"{COSTS}/fixed", fixed=""))
    assert professional.save(f"{COSTS}/fixed", fixed="£1,205.50").url.endswith("/has-further/")
    assert professional.save(f"{COSTS}/has-further", has_further="no").url.endswith("?summary")
    text = professional.text(f"{COSTS}/?summary")
    for shown in ("Fixed costs", "£1,205.50", "Total costs"):
        assert shown in text
    assert "interim" not in text
    assert "assessment" not in text
    assert professional.state(ProfDeputyCosts) == "Finished"


def bill(number: int, amount: str, on: Any = MONTH) -> dict[str, Any]:
    return {f"bill{number}_on": on, f"bill{number}": amount}


def test_d152_assessed_costs_with_interim_bills(professional: Pages) -> None:
    """D-152: three amounts and dates, and the amount for court assessment. Oddity 7: 0 is an amount to assess."""
    professional.save(f"{COSTS}/charged", charged="assessed")
    assert professional.save(f"{COSTS}/has-previous", has_previous="no").url.endswith("/interim/")
    assert professional.save(f"{COSTS}/interim", interim="yes").url.endswith("/bill1-on/")
    page = f"{COSTS}/bill1-on"
    assert "at least one bill" in readable(professional.save(page))
    assert "Enter the amount of this bill" in readable(professional.save(page, bill2_on=MONTH))
    assert "Enter the date of this bill" in readable(professional.save(page, bill3="5"))
    tomorrow = clock.today() + timedelta(days=1)
    future = bill(1, "5", (str(tomorrow.day), str(tomorrow.month), str(tomorrow.year)))
    assert "not in the future" in readable(professional.save(page, **future))
    assert "£0.01 or more" in readable(professional.save(page, **bill(1, "0")))
    assert "£10,000,000.00 or less" in readable(professional.save(page, **bill(1, "10000000.01")))
    professional.save(page, **bill(1, "100.10"))
    assert "Date of the second bill None given" in professional.text(f"{COSTS}/?summary")
    sent = professional.save(page, **bill(1, "100.10"), **bill(2, "200.20"), **bill(3, "300.30"))
    assert sent.url.endswith("/to-assess/"), "no single amount where there are interim bills"
    assert professional.state(ProfDeputyCosts) == "Not finished"
    assert professional.save(f"{COSTS}/to-assess", to_assess="0").url.endswith("/has-further/")
    professional.save(f"{COSTS}/has-further", has_further="no")
    text = professional.text(f"{COSTS}/?summary")
    for shown in ("Assessed costs", "£100.10", "£200.20", "£300.30", "£600.60", "£0.00"):
        assert shown in text
    assert professional.state(ProfDeputyCosts) == "Finished"


def test_interim_bills_and_the_single_amount_replace_each_other(professional: Pages) -> None:
    """Bills or one amount count, never both; what is not asked any more is emptied."""
    professional.save(f"{COSTS}/charged", charged="both")
    professional.save(f"{COSTS}/has-previous", has_previous="no")
    professional.save(f"{COSTS}/interim", interim="yes")
    professional.save(f"{COSTS}/bill1-on", **bill(1, "100"))
    assert professional.save(f"{COSTS}/interim?from=summary", interim="no").url.endswith("/fixed/?from=summary")
    professional.save(f"{COSTS}/fixed", fixed="40")
    costs = answers_of(professional, ProfDeputyCosts)
    assert (costs.bill1_on, costs.bill1, costs.total()) == (None, None, Decimal("40.00"))
    professional.save(f"{COSTS}/interim", interim="yes")
    assert answers_of(professional, ProfDeputyCosts).fixed is None
    professional.save(f"{COSTS}/bill1-on", **bill(1, "100"))
    professional.save(f"{COSTS}/to-assess", to_assess="7", beyond_estimate="More hearings")
    professional.save(f"{COSTS}/charged", charged="fixed")
    costs = answers_of(professional, ProfDeputyCosts)
    assert (costs.interim, costs.bill1, costs.to_assess, costs.beyond_estimate) == (None, None, None, None)
    assert professional.state(ProfDeputyCosts) == "Not finished"


def test_d154_d156_earlier_periods_and_further_costs(professional: Pages) -> None:
    """D-154, D-156: two payments for earlier periods, all seven further kinds, the right total; adding and removing."""
    professional.save(f"{COSTS}/charged", charged="fixed")
    first = professional.save(f"{COSTS}/has-previous", has_previous="yes")
    assert first.url.endswith("/earlier-cost/add/"), "the payments come right after the answer that asks for them"
    earlier: dict[str, Any] = {"start": ("1", "1", "2023"), "end": ("31", "12", "2023"), "amount": "1,000.01"}
    assert "not before the start" in readable(
        professional.add(COSTS, "earlier-cost", earlier | {"end": ("31", "12", "2022")})
    )
    assert "no more than 15 months" in readable(
        professional.add(COSTS, "earlier-cost", earlier | {"end": ("2", "4", "2024")})
    )
    assert professional.add(COSTS, "earlier-cost", earlier, another="yes").url.endswith("/add/")
    longest = {"start": ("1", "1", "2024"), "end": ("1", "4", "2025"), "amount": "500"}
    onward = professional.add(COSTS, "earlier-cost", longest)
    assert onward.url.endswith("/fixed/"), "and the section goes on after them"
    professional.save(f"{COSTS}/fixed", fixed="100")
    none = readable(professional.save(f"{COSTS}/has-further", has_further="yes"))
    assert "Enter at least one amount" in none
    amounts = {name: str(10 * number) for number, name in enumerate(FURTHER, 1)}
    lacking = readable(professional.save(f"{COSTS}/has-further", has_further="yes", **amounts))
    assert "Describe the other costs" in lacking
    professional.save(f"{COSTS}/has-further", has_further="yes", **amounts, other_details="A search")
    text = professional.text(f"{COSTS}/?summary")
    for shown in ("£1,000.01", "£500.00", "£70.00", "A search", "£1,500.01", "£380.00", "£1,880.01"):
        assert shown in text, shown
    assert professional.state(ProfDeputyCosts) == "Finished"

    added = professional.add(COSTS, "earlier-cost", earlier | {"amount": "1"})
    assert added.url.endswith("?summary")
    assert "£1,881.01" in professional.text(f"{COSTS}/?summary")
    for entry in professional.entries(EarlierCost):
        professional.browser.post(f"{professional.base}{COSTS}/earlier-cost/{entry.token}/remove/")
    assert professional.state(ProfDeputyCosts) == "Not finished", "yes, but no payment: the question is open again"
    professional.save(f"{COSTS}/has-previous", has_previous="no")
    assert answers_of(professional, ProfDeputyCosts).total() == Decimal("380.00")


def test_last_years_estimate_stands_beside_the_reason_for_going_beyond_it(professional: Pages) -> None:
    from tests.reporting.conftest import make_report

    before = make_report(professional.report.client.organisation.users.get(), "102-4-5")
    ProfDeputyCostsEstimate.objects.create(report=before, charged="assessed", management=Decimal("4321.00"))
    professional.report.previous = before
    professional.report.save()
    professional.save(f"{COSTS}/charged", charged="assessed")
    assert "you estimated £4,321.00" in professional.text(f"{COSTS}/to-assess")


# The estimate


def test_d158_the_estimate(professional: Pages) -> None:
    """D-158: fixed; assessed with amounts and explanation; both. The parts may not exceed the total."""
    report = professional.report
    following = f"{report.end + timedelta(days=1):%-d %B %Y} to "
    assert following in professional.text(ESTIMATE)
    assert professional.save(f"{ESTIMATE}/charged", charged="fixed").url.endswith("?summary")
    assert professional.state(ProfDeputyCostsEstimate) == "Finished"
    again = professional.save(f"{ESTIMATE}/charged?from=summary", charged="assessed")
    assert again.url.endswith("/management/?from=summary")
    page = f"{ESTIMATE}/management"
    assert "Enter how much you expect" in readable(professional.save(page, contact_client="5"))
    over = {"management": "100", "contact_client": "60", "contact_others": "40.01"}
    assert "The parts come to £100.01" in readable(professional.save(page, **over))
    assert "£100,000,000.00 or less" in readable(
        professional.save(page, management="200,000,000", forms="100,000,000.01")
    )
    exact = over | {"contact_others": "39.50", "forms": "0.50"}
    assert professional.save(page, **exact).url.endswith("/more/")
    assert "Enter what you want to tell us" in readable(professional.save(f"{ESTIMATE}/more", more="yes"))
    professional.save(f"{ESTIMATE}/more", more="yes", details="A tribunal in spring")
    text = professional.text(f"{ESTIMATE}/?summary")
    for shown in ("Assessed costs", "£60.00", "£39.50", "£100.00", "A tribunal in spring"):
        assert shown in text
    professional.save(f"{ESTIMATE}/charged", charged="both")
    assert professional.state(ProfDeputyCostsEstimate) == "Finished"
    assert "Both fixed and assessed" in professional.text(f"{ESTIMATE}/?summary")
    professional.save(f"{ESTIMATE}/charged", charged="fixed")
    estimate = answers_of(professional, ProfDeputyCostsEstimate)
    assert (estimate.management, estimate.contact_client, estimate.more, estimate.details) == (None, None, None, None)


# Fees and expenses of a public authority


def test_fees_and_expenses_of_a_public_authority(authority: Pages) -> None:
    """Oddities 10, 22: yes clears the reason for no; 0.00 is no fee."""
    authority.save(f"{PA}/fees", fees="no", no_fees="The council waives them")
    assert authority.state(PaDeputyExpenses) == "Not finished"
    authority.save(f"{PA}/paid", paid="no")
    assert authority.state(PaDeputyExpenses) == "Finished"
    to_fees = authority.save(f"{PA}/fees?from=summary", fees="yes")
    assert to_fees.url.endswith("/work-until-order/?from=summary")
    assert answers_of(authority, PaDeputyExpenses).no_fees is None
    page = f"{PA}/work-until-order"
    assert "Enter at least one fee" in readable(authority.save(page, annual_management="0.00"))
    lacking = readable(authority.save(page, travel="10", specialist="20"))
    assert "Describe the travel costs" in lacking
    assert "Describe the specialist services" in lacking
    assert "£100,000,000,000.00 or less" in readable(authority.save(page, tax_return="100000000000.01"))
    every = {name: str(number) for number, name in enumerate(FEES, 1)}
    details = {"travel_details": "By train", "specialist_details": "A valuer"}
    onward = authority.save(f"{page}?from=summary", **every, **details)
    assert onward.url.endswith("?summary"), "expenses are answered already"
    text = authority.text(f"{PA}/?summary")
    for shown in ("By train", "A valuer", "£28.00"):
        assert shown in text
    authority.save(f"{PA}/paid", paid="yes")
    authority.add(PA, "pa-expense", {"explanation": "Postage", "amount": "12.34"})
    assert "£40.34" in authority.text(f"{PA}/?summary")
    assert authority.state(PaDeputyExpenses) == "Finished"
    [expense] = authority.entries(PaExpense)
    authority.browser.post(f"{authority.base}{PA}/pa-expense/{expense.token}/remove/")
    assert authority.state(PaDeputyExpenses) == "Not finished"
    authority.save(f"{PA}/fees", fees="no", no_fees="None this year")
    fees = answers_of(authority, PaDeputyExpenses)
    assert all(getattr(fees, name) is None for name in (*FEES, *details))
    assert fees.total() == 0


@pytest.mark.defect("deputy-reports 9.10", "a reason for no fees that outlives the answer yes")
def test_oddity_10_a_section_with_fees_has_no_reason_for_none(authority: Pages) -> None:
    authority.save(f"{PA}/fees", fees="no", no_fees="Waived")
    authority.save(f"{PA}/fees", fees="yes")
    assert "Waived" not in authority.text(f"{PA}/?summary")
    assert answers_of(authority, PaDeputyExpenses).fees == "yes"


# Documents


def test_d148_professionals_are_told_of_the_final_cost_certificate(professional: Pages, authority: Pages) -> None:
    """D-148: guidance on the previous period's final cost certificate, for professionals alone."""
    assert "final cost certificate" in professional.text("documents")
    assert "final cost certificate" in professional.text("documents/has")
    assert "certificate" not in authority.text("documents")
    assert Documents.intro(answers_of(authority, Documents)).endswith("each.")
