"""Freezing a report: what was asked and answered, in the words then shown, as versioned JSON with its schema.

A draft and a submission are different things. What is sent, printed and read later comes from here alone; a change of
the code, of the wording or of the client's address no longer touches it.
"""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema

from foundation import clock
from reporting.engine.questions import pounds
from reporting.engine.report_types import Family, ReportType, report_type
from reporting.engine.rows import Block, Line, Listing, Row, Rows
from reporting.engine.section import Answers, Section, sections_of
from reporting.people.models import Deputy
from reporting.reports.models import Report
from reporting.sections.assets import LIQUID, Asset, Assets
from reporting.sections.balance import sums
from reporting.sections.bank_accounts import KINDS, BankAccount
from reporting.sections.debts import Debts
from reporting.sections.decisions import Decisions
from reporting.sections.deputy_expenses import DeputyExpenses, Expense
from reporting.sections.gifts import Gift, Gifts
from reporting.sections.money_categories import kind_of
from reporting.sections.money_in import MoneyIn, MoneyReceived
from reporting.sections.money_out import MoneyOut, MoneySpent
from reporting.sections.other_info import OtherInfo
from reporting.sections.pa_deputy_expenses import PaDeputyExpenses, PaExpense
from reporting.submissions.transactions import Kind, Transaction, account_details

VERSION = 1


def freeze(answers: Answers, *, by: Any, at: Any, declaration: list[Row]) -> dict[str, Any]:
    """The whole report as JSON, checked against its schema. ``by`` submits it ``at`` this moment."""
    report = answers.report
    frozen = {
        "version": VERSION,
        "report": {
            "type": report.type,
            "title": report.kind.title,
            "start": report.start.isoformat(),
            "end": report.end.isoformat(),
            "period": report.period,
            "case_number": report.client.case_number,
            "court_orders": sorted(order.uid for order in report.orders.all()),
            "submitted_at": at.isoformat(),
        },
        "deputy": _rows(deputy_rows(report, by)),
        "client": _rows(client_rows(report)),
        "sections": [
            {"key": section.key, "place": section.place, "blocks": [block_json(block) for block in section.blocks()]}
            | section.frozen()
            for section in sorted(answers.sections(), key=lambda section: section.place)
        ],
        "internal": [block_json(block) for block in internal_summary(answers)],
        "financial": [block_json(block) for block in financial_summary(answers)],
        "transactions": [_transaction_json(each) for each in transactions(answers)],
        "declaration": _rows(declaration),
    }
    jsonschema.validate(frozen, schema(report.type), cls=jsonschema.Draft202012Validator)
    return frozen


@cache
def schema(code: str) -> dict[str, Any]:
    """The JSON schema of a snapshot of this report type."""
    kind: ReportType = report_type(code)
    rows = {"type": "array", "items": {"type": "object", "required": ["label", "text"]}}
    blocks = {"type": "array", "items": {"type": "object", "required": ["title"]}}
    sections = []
    for section in sorted(sections_of(kind), key=lambda section: section.place):
        one = section.frozen_schema()
        one["properties"] |= {"key": {"const": section.key}, "place": {"const": section.place}, "blocks": blocks}
        one["required"] = [*one["required"], "key", "place", "blocks"]
        sections.append(one)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A submitted deputy report of type {code}, version {VERSION}",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "report", "deputy", "client", "sections", "declaration"],
        "properties": {
            "version": {"const": VERSION},
            "report": {"type": "object", "required": ["type", "start", "end", "case_number", "submitted_at"]},
            "deputy": rows,
            "client": rows,
            "sections": {"type": "array", "prefixItems": sections, "items": False, "minItems": len(sections)},
            "internal": blocks,
            "financial": blocks,
            "transactions": {"type": "array", "items": {"type": "object"}},
            "declaration": rows,
        },
    }


def named_deputy(report: Report) -> Deputy | None:
    """The deputy whom the court named, where an organisation reports: any of its members may submit."""
    return None if report.kind.family is Family.LAY else report.client.deputy


def deputy_rows(report: Report, user: Any) -> list[Row]:
    """The named deputy, else the person who submits."""
    if deputy := named_deputy(report):
        return [
            Row("Name", deputy.name),
            Row("Address", "\n".join(deputy.address_lines)),
            Row("Phone", deputy.phone),
            Row("Email", deputy.email),
        ]
    profile = getattr(user, "profile", None)
    return [
        Row("Name", user.name),
        Row("Address", "\n".join(profile.address_lines) if profile else ""),
        Row("Phone", "\n".join(filter(None, (profile.phone, profile.phone_alternative))) if profile else ""),
        Row("Email", user.email),
    ]


def client_rows(report: Report) -> list[Row]:
    client = report.client
    return [
        Row("Name", client.name),
        Row("Address", "\n".join(client.address_lines)),
        Row("Phone", client.phone),
        Row("Email", client.email),
    ]


def transactions(answers: Answers) -> list[Transaction]:
    """Every gift, expense and kind of money in and out of a full account, for the transactions file.

    Fees and costs have no single payments to list.
    """
    if not answers.report.kind.higher_assets:
        return []
    found = [_transaction(Kind.GIFT, gift, "", gift.explanation) for gift in answers[Gifts].entries(Gift)]
    expenses: list[tuple[type[Section], type[Any]]] = [(DeputyExpenses, Expense), (PaDeputyExpenses, PaExpense)]
    for owner, each in expenses:
        if answers.has(owner):
            found += [_transaction(Kind.EXPENSE, one, "", one.explanation) for one in answers[owner].entries(each)]
    for kind, section, entry_kind in ((Kind.MONEY_OUT, MoneyOut, MoneySpent), (Kind.MONEY_IN, MoneyIn, MoneyReceived)):
        entries: list[Any] = answers[section].entries(entry_kind)
        for entry in entries:
            category = kind_of(entry.category)
            found.append(_transaction(kind, entry, category.label if category else "", entry.description))
    return found


def _transaction(kind: Kind, entry: Any, category: str, description: str | None) -> Transaction:
    account: BankAccount | None = entry.account
    words = {option.value: option.label for option in KINDS}
    return Transaction(
        kind,
        entry.amount or Decimal("0.00"),
        category,
        (account.bank or "") if account else "",
        account_details(
            words.get(account.account_type or "", ""),
            account.number or "",
            account.sort_code or "",
            joint=account.joint == "yes",
        )
        if account
        else "",
        description or "",
    )


def _transaction_json(each: Transaction) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(each).items()}


def transaction_from(stored: dict[str, str]) -> Transaction:
    return Transaction(
        Kind(stored["kind"]),
        Decimal(stored["amount"]),
        stored["category"],
        stored["bank_name"],
        stored["account_details"],
        stored["description"],
    )


def financial_summary(answers: Answers) -> list[Block]:
    """Opening, in, out, expenses or costs, gifts and what follows from them (deputy-reports 8.1, 18)."""
    if not answers.report.kind.higher_assets:
        return []
    found = sums(answers)
    lines = [Line(("Opening balances", pounds(found.opening)))]
    lines += [Line((part.label, pounds(part.sign * part.amount))) for part in found.parts]
    lines.append(Line(("Balance that follows", pounds(found.expected)), kind="subtotal"))
    return [Listing("Financial summary", ("", "Amount"), frozenset({1}), tuple(lines))]


def internal_summary(answers: Answers) -> list[Block]:
    """What staff look at first; only in the copy that is stored at submission (deputy-reports 8.1, 2)."""
    if not answers.report.kind.higher_assets:
        return []
    assets = answers[Assets].entries(Asset)
    split: dict[str, Decimal] = {"Property": Decimal(0), "Liquid assets": Decimal(0), "Other assets": Decimal(0)}
    for asset in assets:
        name = "Property" if asset.is_property else "Liquid assets" if asset.kind in LIQUID else "Other assets"
        split[name] += asset.worth()
    found = sums(answers)
    spent = [part for part in found.parts if part.section not in {MoneyIn, MoneyOut}]
    rows = [
        Row("Significant decisions made", "Yes" if answers[Decisions].made == "yes" else "No"),
        Row("Other information given", "Yes" if answers[OtherInfo].more == "yes" else "No"),
        Row("Accounts", "Balanced" if found.matches else f"Not balanced: {pounds(found.difference)}"),
        *(Row(name, pounds(amount), kind="money") for name, amount in split.items()),
        Row("Debts", "Yes" if answers[Debts].owes == "yes" else "No"),
        *(Row(f"{part.label} in total", pounds(part.amount), kind="money") for part in spent),
    ]
    return [Rows(tuple(rows))]


# Blocks as JSON and back


def block_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Rows):
        return {"title": block.title, "rows": _rows(block.rows)}
    stored = asdict(block)
    return stored | {"numeric": sorted(block.numeric)}


def block_from(stored: dict[str, Any]) -> Block:
    if "rows" in stored:
        return Rows(tuple(Row(**row) for row in stored["rows"]), stored["title"])
    lines = tuple(
        Line(**line | {"cells": tuple(line["cells"]), "details": tuple(Row(**row) for row in line["details"])})
        for line in stored["lines"]
    )
    return Listing(
        **stored
        | {
            "columns": tuple(stored["columns"]),
            "numeric": frozenset(stored["numeric"]),
            "lines": lines,
            "total": tuple(stored["total"]),
        }
    )


def blocks_from(stored: Iterable[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(block_from(block) for block in stored)


def _rows(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [asdict(row) for row in rows]


def rows_from(stored: Iterable[dict[str, str]]) -> tuple[Row, ...]:
    return tuple(Row(**row) for row in stored)


def preview(answers: Answers, *, by: Any) -> dict[str, Any]:
    """The same shape for a report that is not submitted, for reading and printing it; nothing is stored."""
    return freeze(answers, by=by, at=clock.now(), declaration=[]) | {"internal": []}
