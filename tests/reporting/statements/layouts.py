"""Bank statements of invented layouts: the payments are drawn first, then written as some bank might write them."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

HEADERS = {
    "date": ["Date", "Transaction Date", "DATE", "Posting date", "Date of transaction"],
    "description": [
        "Description",
        "Narrative",
        "Details",
        "Merchant",
        "Memo",
        "Transaction Description",
        "Counter Party",
    ],
    "amount": ["Amount", "Value", "Amount (GBP)", "Transaction amount", "GBP"],
    "out": ["Paid out", "Debit Amount", "Money Out", "Withdrawals", "Debit"],
    "in": ["Paid in", "Credit Amount", "Money In", "Deposits", "Credit"],
    "direction": ["Debit/Credit", "DR/CR", "Direction"],
    "balance": ["Balance", "Balance (GBP)", "Running balance", "Account balance"],
    "sort code": ["Sort Code", "Sort code"],
    "account": ["Account Number", "Account No"],
    "type": ["Type", "Transaction Type"],
    "currency": ["Currency"],
    "empty": ["Notes", "Comments"],
}
FOREIGN = {name: f"Kolumna {chr(65 + at)}" for at, name in enumerate(HEADERS)}
DATE_FORMS = ["%d/%m/%Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%y", "%d-%b-%Y", "%d.%m.%Y", "%Y-%m-%dT09:30:00", "%d %B %Y"]
PAYEES = [
    "CARE HOME FEES",
    "COUNCIL TAX",
    "O'NEILL & SONS",
    "CAFÉ LUNCH",
    "GAS, WATER",
    'THE "CROWN" INN',
    "STATE PENSION",
]
PREAMBLES = [
    [],
    [["Account Name:", "Current account ****1234"], ["Account Balance:", "£82.14"], []],
    [["Statement of transactions"], ["From", "01/04/2024", "to", "31/03/2025"], [""]],
]


@dataclass(frozen=True)
class Written:
    """A file and the payments that a reader must find in it, in order: day, description, amount."""

    data: bytes
    payments: list[tuple[date, str, Decimal]]

    def __repr__(self) -> str:
        return self.data[:500].decode("latin-1")


@st.composite
def payments(draw: st.DrawFn, fewest: int) -> list[tuple[date, str, Decimal]]:
    day = date(2024, 4, 6) + timedelta(draw(st.integers(0, 300)))
    found = []
    many = draw(st.integers(fewest, 25))
    for number in range(many):
        # all on one day leaves open whether the newest comes first, and with it the sign of equal amounts
        day += timedelta(draw(st.integers(1 if number == many - 1 else 0, 9)))
        payee = draw(st.sampled_from(PAYEES))
        pence = draw(st.integers(1, 500_000).filter(lambda value: value % 10)) * draw(st.sampled_from([-1, 1]))
        found.append((day, f"{payee} {chr(65 + number)}BLE", Decimal(pence) / 100))
    return found


def money(value: Decimal, form: str) -> str:
    plain = {
        "plain": f"{value:.2f}",
        "short": f"{value.normalize():f}",
        "pound": f"{'-' if value < 0 else ''}£{abs(value):,.2f}",
        "comma": f"{value:,.2f}",
        "after": f"{abs(value):,.2f}{'-' if value < 0 else ''}",
        "brackets": f"({abs(value):.2f})" if value < 0 else f"{value:.2f}",
        "letters": f"{abs(value):.2f} {'DR' if value < 0 else 'CR'}",
    }
    return plain[form]


@st.composite
def statements(draw: st.DrawFn) -> Written:
    header = draw(st.sampled_from(["known", "foreign", "none"]))
    shows_balance = draw(st.booleans()) or header != "known"
    signs = draw(st.sampled_from(["signed", "pair", "negative pair", "direction", "flipped"]))
    if signs == "flipped" and not shows_balance:
        signs = "signed"
    found = draw(payments(2 if header == "known" else 6))
    opening = Decimal(draw(st.integers(100_000, 9_000_000))) / 100 + Decimal("0.07")
    columns = _columns(draw, found, opening, signs, shows_balance, extras=header == "known")
    names = draw(st.permutations(list(columns)))
    rows = [[columns[name][at] for name in names] for at in range(len(found))]
    if draw(st.booleans()):
        found, rows = found[::-1], rows[::-1]
    # a period above rows without any header could be the first payment for all that anybody can tell
    top = list(draw(st.sampled_from(PREAMBLES if header != "none" else PREAMBLES[:2])))
    if header != "none":
        top.append([draw(st.sampled_from(HEADERS[name])) if header == "known" else FOREIGN[name] for name in names])
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerows([*top, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]))
    return Written(text.getvalue().encode(encoding), found)


def _columns(
    draw: st.DrawFn,
    found: list[tuple[date, str, Decimal]],
    opening: Decimal,
    signs: str,
    shows_balance: bool,
    extras: bool,
) -> dict[str, list[str]]:
    form = draw(st.sampled_from(["plain", "short", "pound", "comma", "after", "brackets", "letters"]))
    unsigned = form if form in {"plain", "short", "pound", "comma"} else "plain"
    date_form = draw(st.sampled_from(DATE_FORMS))
    amounts = [amount for _, _, amount in found]
    columns = {
        "date": [day.strftime(date_form) for day, _, _ in found],
        "description": [description for _, description, _ in found],
    }
    if signs in {"signed", "flipped"}:
        columns["amount"] = [money(-amount if signs == "flipped" else amount, form) for amount in amounts]
    elif signs == "direction":
        columns["amount"] = [money(abs(amount), unsigned) for amount in amounts]
        columns["direction"] = ["Debit" if amount < 0 else "Credit" for amount in amounts]
    else:
        shown = -1 if signs == "negative pair" else 1
        columns["out"] = [
            money(shown * -amount, form if shown < 0 else unsigned) if amount < 0 else "" for amount in amounts
        ]
        columns["in"] = [money(amount, unsigned) if amount > 0 else "" for amount in amounts]
    if shows_balance:
        columns["balance"] = [money(opening + sum(amounts[: at + 1]), form) for at in range(len(found))]
    if extras:
        more = {
            "sort code": "'30-00-00",
            "account": "'00001234",
            "type": "Direct debit",
            "currency": "GBP",
            "empty": "",
        }
        for name in draw(st.sets(st.sampled_from(sorted(more)))):
            columns[name] = [more[name]] * len(found)
    return columns
