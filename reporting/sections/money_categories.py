"""Kinds of money in and out with their ids (deputy-reports 5.2). The category decides group and direction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """``describe``: an entry of this kind needs a description."""

    id: str
    label: str
    describe: bool = False
    families: frozenset[str] = frozenset({"lay", "pa", "prof"})
    """Deputies who are offered it; an empty set: recognised in stored data only."""


@dataclass(frozen=True)
class Group:
    id: str
    label: str
    kinds: tuple[Kind, ...]


C = Kind
LAY, OTHERS = frozenset({"lay"}), frozenset({"pa", "prof"})

MONEY_IN = (
    Group("salary-or-wages", "Salary or wages", (C("salary-or-wages", "Salary or wages"),)),
    Group("income-and-earnings", "Income and earnings", (
        C("account-interest", "Account interest"),
        C("dividends", "Dividends"),
        C("income-from-property-rental", "Income from renting out property"),
    )),
    Group("pensions", "Pensions", (
        C("personal-pension", "Personal or workplace pension"),
        C("state-pension", "State Pension"),
    )),
    Group("state-benefits", "State benefits", (
        C("attendance-allowance", "Attendance Allowance"),
        C("disability-living-allowance", "Disability Living Allowance"),
        C("employment-support-allowance", "Employment and Support Allowance"),
        C("housing-benefit", "Housing Benefit"),
        C("incapacity-benefit", "Incapacity Benefit"),
        C("income-support", "Income Support"),
        C("pension-credit", "Pension Credit"),
        C("personal-independence-payment", "Personal Independence Payment"),
        C("severe-disablement-allowance", "Severe Disablement Allowance"),
        C("universal-credit", "Universal Credit"),
        C("winter-fuel-cold-weather-payment", "Winter Fuel or Cold Weather Payment"),
        C("other-benefits", "Another benefit", describe=True),
    )),
    Group("compensation-or-damages-award", "Compensation or damages", (
        C("compensation-or-damages-award", "Compensation or damages award", describe=True),
    )),
    Group("one-off", "One-off payments", (
        C("bequest-or-inheritance", "Inheritance"),
        C("cash-gift-received", "Cash gift received"),
        C("refunds", "Refunds"),
        C("sale-of-asset", "Sale of a possession", describe=True),
        C("sale-of-investment", "Sale of an investment", describe=True),
        C("sale-of-property", "Sale of a property", describe=True),
    )),
    Group("moneyin-other", "Other money in", (C("anything-else", "Anything else", describe=True),)),
)  # fmt: skip

MONEY_OUT = (
    Group("care-and-medical", "Care and medical", (
        C("care-fees", "Care fees"),
        C("local-authority-charges-for-care", "Local authority charges for care"),
        C("medical-expenses", "Medical expenses"),
        C("medical-insurance", "Medical insurance"),
    )),
    Group("household-bills", "Household bills", (
        C("broadband", "Broadband"),
        C("council-tax", "Council Tax"),
        C("telephone-and-broadband", "Telephone and broadband"),
        C("dual-fuel", "Gas and electricity together"),
        C("electricity", "Electricity"),
        C("food", "Food"),
        C("gas", "Gas"),
        C("insurance-eg-life-home-contents", "Insurance, such as life, home or contents"),
        C("property-maintenance-improvement", "Looking after or improving a property", describe=True),
        C("telephone", "Telephone"),
        C("tv-services", "TV services"),
        C("water", "Water"),
    )),
    Group("accommodation", "Accommodation", (
        C("accommodation-service-charge", "Service charge"),
        C("mortgage", "Mortgage"),
        C("rent", "Rent"),
    )),
    Group("client-expenses", "Personal spending", (
        C("client-transport-bus-train-taxi-fares", "Transport, such as bus, train or taxi fares"),
        C("clothes", "Clothes"),
        C("day-trips", "Day trips"),
        C("holidays", "Holidays"),
        C("personal-allowance-pocket-money", "Personal allowance or pocket money"),
        C("toiletries", "Toiletries"),
    )),
    Group("fees", "Fees", (
        C("deputy-security-bond", "Deputy security bond"),
        C("opg-fees", "Office of the Public Guardian fees"),
        C("professional-fees-eg-solicitor-accountant", "Professional fees, such as a solicitor", True, LAY),
        C("professional-fees-eg-solicitor-accountant-non-lay", "Fees other than deputy costs", True, OTHERS),
        C("deputy-fees-and-expenses", "Deputy fees and expenses", True, frozenset()),
    )),
    Group("major-purchases", "Major purchases", (
        C("investment-bonds-purchased", "Investment bonds bought", describe=True),
        C("investment-account-purchased", "Money put into an investment account", describe=True),
        C("stocks-and-shares-purchased", "Stocks and shares bought", describe=True),
        C("purchase-over-1000", "Another purchase over £1,000", describe=True),
    )),
    Group("debt-and-charges", "Debts and charges", (
        C("bank-charges", "Bank charges"),
        C("credit-cards-charges", "Credit card charges"),
        C("loans", "Loans"),
        C("tax-payments-to-hmrc", "Tax paid to HM Revenue and Customs"),
        C("unpaid-care-fees", "Unpaid care fees"),
    )),
    Group("moving-money", "Moving money", (
        C("cash-withdrawn", "Cash withdrawn", describe=True),
        C("transfers-out-to-other-accounts", "Transfers to accounts that are not listed here", describe=True),
    )),
    Group("moneyout-other", "Other money out", (C("anything-else-paid-out", "Anything else paid out", describe=True),)),
)  # fmt: skip


def kind_of(identifier: str | None) -> Kind | None:
    return CATEGORIES.get(identifier or "")


def group_of(identifier: str) -> Group:
    return next(group for group in MONEY_IN + MONEY_OUT if any(one.id == identifier for one in group.kinds))


CATEGORIES = {one.id: one for group in MONEY_IN + MONEY_OUT for one in group.kinds}
