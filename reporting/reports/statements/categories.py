"""What a payment was for: a suggestion by simple rules that can be explained, better with each correction.

The tables are the product. A phrase is looked for as whole words, in any case; a star stands for the rest of a word.
The first row that fits decides, so special rows stand above general ones. `check`: the person should look again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from reporting.reports.statements.lines import AccountHint, StatementLine

Kind = Literal["money-in", "money-out", "gift", "expense", "transfer"]


@dataclass(frozen=True)
class Rule:
    """Phrases, and what a payment is that mentions one of them."""

    choice: str
    phrases: tuple[str, ...]
    check: bool = False


def _rule(choice: str, *phrases: str, check: bool = False) -> Rule:
    return Rule(choice, phrases, check)


GIFT, EXPENSE, TRANSFER = "gift", "expense", "transfer"
OTHER_IN, OTHER_OUT = "anything-else", "anything-else-paid-out"

MONEY_IN: tuple[Rule, ...] = (
    _rule("attendance-allowance", "attendance allowance", "dwp aa"),
    _rule("disability-living-allowance", "disability living allowance", "dla", "dwp dla"),
    _rule("personal-independence-payment", "personal independence", "pip", "dwp pip"),
    _rule("employment-support-allowance", "employment support", "employment and support", "esa", "dwp esa"),
    _rule("universal-credit", "universal credit", "dwp uc"),
    _rule("pension-credit", "pension credit"),
    _rule("housing-benefit", "housing benefit"),
    _rule("incapacity-benefit", "incapacity benefit"),
    _rule("income-support", "income support"),
    _rule("severe-disablement-allowance", "severe disablement"),
    _rule("winter-fuel-cold-weather-payment", "winter fuel", "cold weather"),
    _rule("state-pension", "state pension", "retirement pension", "dwp sp", "dwp rp"),
    _rule("other-benefits", "benefit*", "carers allowance", "carer's allowance", "tax credit*", "dwp", check=True),
    _rule("personal-pension", "pension*", "annuity", "superannuation"),
    _rule("salary-or-wages", "salary", "wages", "payroll", "net pay"),
    _rule("dividends", "dividend*", "div"),
    _rule("account-interest", "interest", "gross int", "credit int"),
    _rule("income-from-property-rental", "rent", "rental", "lettings", "letting agent*", "tenant"),
    _rule("compensation-or-damages-award", "compensation", "damages", "cica", "criminal injuries", "settlement"),
    _rule("bequest-or-inheritance", "bequest", "inheritance", "legacy", "probate", "estate of", "executor*"),
    _rule("refunds", "refund*", "rebate", "reimburse*", "reversal", "chargeback", "cashback"),
    _rule("sale-of-property", "sale of house", "sale of flat", "house sale", "property sale", "completion monies"),
    _rule("sale-of-investment", "sale of shares", "sale of investment*", "fund redemption", "bond surrender", "ns&i"),
    _rule("sale-of-asset", "auction*", "sale of", "ebay", check=True),
    _rule("cash-gift-received", "gift*", "birthday", "christmas"),
)

MONEY_OUT: tuple[Rule, ...] = (
    _rule(GIFT, "gift*", "birthday", "christmas", "wedding", "present for", "donation*", check=True),
    _rule(EXPENSE, "deputy expense*", "deputy mileage", "deputy travel", "deputy postage"),
    _rule("deputy-security-bond", "security bond", "surety bond", "deputy bond"),
    _rule("opg-fees", "office of the public guardian", "public guardian", "opg"),
    _rule("opg-fees", "court of protection", check=True),
    _rule("professional-fees-eg-solicitor-accountant", "solicitor*", "accountant*", "accountancy", "legal fee*"),
    _rule("local-authority-charges-for-care", "adult social care", "council care", "county council care"),
    _rule("care-fees", "care home", "nursing home", "care fees", "homecare", "home care", "carer*", "care ltd"),
    _rule("care-fees", "care", check=True),
    _rule("medical-insurance", "medical insurance", "health insurance", "bupa"),
    _rule(
        "medical-expenses",
        *("chemist*", "pharmac*", "dentist*", "dental", "optician*", "chiropod*", "podiatr*", "physio*", "hospital"),
    ),
    _rule("council-tax", "council tax", "counciltax"),
    _rule("dual-fuel", "gas and electric*", "gas & electric*", "dual fuel", "energy"),
    _rule("electricity", "electric*"),
    _rule("gas", "gas"),
    _rule("water", "water", "sewerage"),
    _rule("telephone-and-broadband", "phone and broadband", "telephone and broadband", "bt group"),
    _rule("broadband", "broadband", "internet", "fibre"),
    _rule("tv-services", "tv licence", "tv licensing", "television", "sky tv", "satellite tv"),
    _rule("telephone", "telephone", "phone", "mobile"),
    _rule("insurance-eg-life-home-contents", "insurance", "assurance", "life cover"),
    _rule("accommodation-service-charge", "service charge", "ground rent"),
    _rule("mortgage", "mortgage"),
    _rule("rent", "rent", "housing association"),
    _rule("food", "supermarket*", "grocer*", "butcher*", "baker*", "greengrocer*", "milkman", "meals", "food*"),
    _rule("property-maintenance-improvement", "plumb*", "roof*", "builder*", "gardener*", "decorator*", "repair*"),
    _rule(
        "client-transport-bus-train-taxi-fares", "taxi*", "train*", "railway*", "rail", "bus", "coach", "dial a ride"
    ),
    _rule("clothes", "clothing", "clothes", "shoes", "outfitter*"),
    _rule("holidays", "holiday*", "hotel*", "travel agent*", "cruise*"),
    _rule("day-trips", "day trip*", "theatre", "cinema", "museum", "outing*", "zoo"),
    _rule("toiletries", "toiletries"),
    _rule("toiletries", "hairdresser*", "barber*", check=True),
    _rule("personal-allowance-pocket-money", "personal allowance", "pocket money"),
    _rule("investment-bonds-purchased", "investment bond*", "premium bond*"),
    _rule("stocks-and-shares-purchased", "stockbroker*", "shares", "share dealing"),
    _rule("investment-account-purchased", "investment*", "isa"),
    _rule("credit-cards-charges", "credit card*"),
    _rule("tax-payments-to-hmrc", "hmrc", "income tax", "self assessment"),
    _rule("loans", "loan*"),
    _rule("bank-charges", "overdraft", "account fee", "bank charge*", "unpaid item", "interest"),
    _rule("cash-withdrawn", "cash withdrawal", "cash", "atm", "cashpoint", "cash machine"),
    _rule("transfers-out-to-other-accounts", "transfer*", "tfr", "standing order to savings", check=True),
)

# Long-form category to the tick of the short form (103); None where the short form has none. Ids as they are stored.
SHORT_IN: Mapping[str, str | None] = {
    "salary-or-wages": "salary_or_wages",
    **dict.fromkeys(
        ("account-interest", "dividends", "income-from-property-rental"),
        "income_from_invesments_dividends_rental",
    ),
    "personal-pension": "personal_pension",
    **dict.fromkeys(
        (
            *("state-pension", "attendance-allowance", "disability-living-allowance", "employment-support-allowance"),
            *("housing-benefit", "incapacity-benefit", "income-support", "pension-credit", "universal-credit"),
            *("personal-independence-payment", "severe-disablement-allowance", "winter-fuel-cold-weather-payment"),
            "other-benefits",
        ),
        "state_pension_and_benefit",
    ),
    "compensation-or-damages-award": "compensations_and_damages_awards",
    "bequest-or-inheritance": "bequests",
    **dict.fromkeys(("sale-of-asset", "sale-of-investment", "sale-of-property"), "sale_of_investments_property_assets"),
    **dict.fromkeys(("cash-gift-received", "refunds", OTHER_IN)),
}
SHORT_OUT: Mapping[str, str | None] = {
    **dict.fromkeys(("care-fees", "local-authority-charges-for-care", "unpaid-care-fees"), "care_fees"),
    **dict.fromkeys(
        (
            *("broadband", "council-tax", "telephone-and-broadband", "dual-fuel", "electricity", "food", "gas"),
            *("insurance-eg-life-home-contents", "property-maintenance-improvement", "telephone", "tv-services"),
            "water",
        ),
        "households_bills",
    ),
    **dict.fromkeys(("accommodation-service-charge", "mortgage", "rent"), "accomodation_costs"),
    "client-transport-bus-train-taxi-fares": "travel_costs",
    **dict.fromkeys(("day-trips", "holidays"), "holidays"),
    **dict.fromkeys(("clothes", "personal-allowance-pocket-money", "toiletries"), "personal_allowance"),
    **dict.fromkeys(
        (
            "professional-fees-eg-solicitor-accountant",
            "professional-fees-eg-solicitor-accountant-non-lay",
            "deputy-fees-and-expenses",
        ),
        "professional_fees",
    ),
    **dict.fromkeys(
        ("investment-bonds-purchased", "investment-account-purchased", "stocks-and-shares-purchased"),
        "new_investments",
    ),
    **dict.fromkeys(
        (
            *("medical-expenses", "medical-insurance", "deputy-security-bond", "opg-fees", "purchase-over-1000"),
            *("bank-charges", "credit-cards-charges", "loans", "tax-payments-to-hmrc", "cash-withdrawn"),
            *("transfers-out-to-other-accounts", OTHER_OUT),
        )
    ),
}

# Words of the bank around a payment: not what distinguishes one payee from another.
_BANK_WORDS = frozenset(
    {
        *("a", "and", "for", "no", "number", "on", "so", "the", "to", "was", "ref", "reference", "mandate"),
        *("bcc", "bgc", "bp", "chq", "cpm", "cr", "dd", "dr", "fpi", "fpo", "pos"),
        *(
            "card",
            "contactless",
            "credit",
            "debit",
            "direct",
            "faster",
            "order",
            "payment",
            "payments",
            "standing",
            "visa",
        ),
    }
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_TAIL = re.compile(rf"\s*on\s+\d{{1,2}}\s+(?:{_MONTHS})[a-z]*(?:\s+\d{{2,4}})?(?:\s+[a-z]{{2,4}})?\s*$")
_DATE = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ /.-]?(?:{_MONTHS})[a-z]*(?:[ /.-]?\d{{2,4}})?\b")


@dataclass(frozen=True)
class Suggestion:
    """What a payment could be. `category` is None for a gift, an expense and a transfer, which have none.

    `why` is a sentence for the person. `check`: a guess that the person should look at.
    """

    category: str | None
    kind: Kind
    why: str
    check: bool = False

    @property
    def choice(self) -> str:
        """What is stored for a correction: the category, or the kind where there is no category."""
        return self.category or self.kind


def suggest(line: StatementLine, learned: Mapping[str, str], own_accounts: Sequence[AccountHint] = ()) -> Suggestion:
    """What `line` could be. `learned` is `learn_key` to choice, as the person corrected; it goes before all rules.

    A choice that does not fit the direction of the money is passed over: a refund from a shop is not clothes.
    """
    paid_in = line.amount > 0
    chosen = learned.get(learn_key(line.description))
    if chosen is not None and fits(chosen, paid_in=paid_in):
        return _suggestion(chosen, paid_in, f"You chose {_in_words(chosen)} for payments like this.")
    if any(names_account(line.description, account) for account in own_accounts):
        return _suggestion(TRANSFER, paid_in, "Names another account of the same person.")
    text = without_date(line.description)
    for rule in MONEY_IN if paid_in else MONEY_OUT:
        if phrase := _first_phrase(rule.phrases, text):
            return _suggestion(rule.choice, paid_in, f"Mentions “{phrase}”.", rule.check)
    return _suggestion(OTHER_IN if paid_in else OTHER_OUT, paid_in, "We do not know what this is. Please check.", True)


def _suggestion(choice: str, paid_in: bool, why: str, check: bool = False) -> Suggestion:
    kind = kind_of(choice, paid_in=paid_in)
    return Suggestion(choice if kind in {"money-in", "money-out"} else None, kind, why, check)


def kind_of(choice: str, *, paid_in: bool) -> Kind:
    """The kind of entry that a choice leads to."""
    if choice == GIFT:
        return "gift"
    if choice == EXPENSE:
        return "expense"
    if choice == TRANSFER:
        return "transfer"
    return "money-in" if paid_in else "money-out"


def fits(choice: str, *, paid_in: bool) -> bool:
    """Whether a payment in that direction can have this category, or be a gift, an expense or a transfer."""
    return choice == TRANSFER or choice in (SHORT_IN if paid_in else {*SHORT_OUT, GIFT, EXPENSE})


def _in_words(choice: str) -> str:
    words = {GIFT: "a gift", EXPENSE: "a deputy expense", TRANSFER: "a transfer"}
    return words.get(choice) or f"“{choice.replace('-', ' ')}”"


def _first_phrase(phrases: Iterable[str], text: str) -> str | None:
    return next((found[0] for phrase in phrases if (found := _pattern(phrase).search(text))), None)


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    words = re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return re.compile(rf"(?<!\w){words}(?!\w)")


def without_date(description: str) -> str:
    """In small letters, without a closing "ON 23 Oct BCC" that some banks glue to the name."""
    return _DATE_TAIL.sub("", " ".join(description.casefold().split()))


def learn_key(description: str) -> str:
    """What like payments have in common: the words, without dates, numbers, references and the bank's own words.

    The same payee gives the same key next month and next year. A description of nothing else is its own key.
    """
    text = _DATE.sub(" ", without_date(description))
    words = [word for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text) if not any(map(str.isdigit, word))]
    telling = [word for word in words if word not in _BANK_WORDS and len(word) > 1]
    return " ".join(telling or words) or text


def names_account(description: str, account: AccountHint) -> bool:
    """Whether a description names the account by sort code, by number, or both, and nothing in it says otherwise.

    Of a number we know only the last four characters, so a sort code beside it must agree.
    """
    text = re.sub(r"\b(\d{6})-?(\d{8})\b", r"\1 \2", without_date(description))
    dashed = {code.replace("-", "") for code in re.findall(r"(?<![\w-])\d\d-\d\d-\d\d(?![\w-])", text)}
    plain = re.findall(r"(?<![\w-])\d{6,8}(?![\w-])", text)
    numbers = [number for number in plain if len(number) > 6]
    by_code = account.sort_code is not None and account.sort_code in {*dashed, *plain}
    by_number = account.last_four is not None and any(number.endswith(account.last_four) for number in numbers)
    contradicted = (dashed and account.sort_code and not by_code) or (numbers and account.last_four and not by_number)
    return (by_code or by_number) and not contradicted
