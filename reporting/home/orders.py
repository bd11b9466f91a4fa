"""What a deputy sees of their court orders: cards, and the reports of an order by what is to be done."""

from dataclasses import dataclass
from typing import Any

from foundation import clock
from reporting.documents.models import Document
from reporting.engine.report_types import report_type
from reporting.people.models import Client, CourtOrder
from reporting.reports.creation import type_for
from reporting.reports.models import Report

UNTOUCHED = "not-started"
NOT_COUNTED = {"balance", "moneyTransfers"}
"""Sections whose state says nothing about whether a report was started (deputy-reports 1.6)."""


@dataclass(frozen=True)
class Card:
    """One order, or the two of a hybrid, which share their reports."""

    orders: list[CourtOrder]

    @property
    def order(self) -> CourtOrder:
        return self.orders[0]

    @property
    def client(self) -> Client:
        return self.order.client

    @property
    def numbers(self) -> str:
        return " and ".join(order.uid for order in self.orders)

    @property
    def title(self) -> str:
        """What the order is about, in the words of its report."""
        return report_type(type_for([self.order]) or "102").title


def cards_of(user: Any) -> list[Card]:
    """The person's orders, hybrids joined, by the client's first name."""
    orders = {
        order.pk: order
        for order in CourtOrder.objects.visible_to(user).select_related("client").order_by("-type", "uid")
    }
    cards = []
    for order in list(orders.values()):
        if orders.pop(order.pk, None) is None:
            continue
        partner = None
        if order.kind == CourtOrder.Kind.HYBRID and order.sibling_id:
            partner = orders.pop(order.sibling_id, None)
        cards.append(Card([order, partner] if partner else [order]))
    return sorted(cards, key=lambda card: (card.client.first_name.lower(), card.client.last_name.lower()))


def card_of(cards: list[Card], order: CourtOrder) -> Card:
    return next(card for card in cards if order in card.orders)


@dataclass(frozen=True)
class Line:
    """A report on an order page."""

    report: Report
    status: str
    colour: str
    started: bool

    @property
    def pdf(self) -> Document | None:
        """The report as it was last submitted, once the file is made."""
        files = self.report.documents.filter(kind=Document.Kind.REPORT, made=True)
        return files.order_by("-created_at", "-pk").first()


def status_of(report: Report) -> Line:
    """Not started, not finished, ready to submit; or changes needed (deputy-reports 1.6)."""
    started = any(state["state"] != UNTOUCHED for key, state in report.progress.items() if key not in NOT_COUNTED)
    if report.reopened_at and not report.submitted:
        return Line(report, "Changes needed", "red", True)
    if report.submitted:
        return Line(report, "Submitted", "green", True)
    if report.ready and report.is_due():
        return Line(report, "Ready to submit", "green", True)
    return Line(report, "Not finished", "yellow", True) if started else Line(report, "Not started", "grey", False)


@dataclass(frozen=True)
class Reports:
    """The reports of an order: sent back first, then open, then submitted, newest first."""

    changes_needed: list[Line]
    current: list[Line]
    submitted: list[Line]

    def __bool__(self) -> bool:
        return bool(self.changes_needed or self.current or self.submitted)


def reports_of(user: Any, orders: list[CourtOrder]) -> Reports:
    found = Report.objects.visible_to(user).filter(orders__in=orders).distinct().order_by("-end", "-pk")
    return sorted_by_state(list(found))


def reports_without_order(user: Any) -> Reports:
    """Reports that a new deputy can work on while the court order is still being set up."""
    found = Report.objects.visible_to(user).filter(orders=None).select_related("client").order_by("-end", "-pk")
    return sorted_by_state(list(found))


def former_reports(user: Any) -> list[Line]:
    """What was submitted while the deputy held an order that they are discharged from, or that is closed: to read."""
    held = CourtOrder.objects.visible_to(user)
    found = Report.objects.visible_to(user).filter(submitted=True).exclude(orders=None).exclude(orders__in=held)
    return [status_of(report) for report in found.select_related("client").order_by("-end", "-pk")]


def sorted_by_state(reports: list[Report]) -> Reports:
    lines = [status_of(report) for report in reports]
    return Reports(
        changes_needed=[line for line in lines if line.report.reopened_at and not line.report.submitted],
        current=[line for line in lines if not line.report.reopened_at and not line.report.submitted],
        submitted=[line for line in lines if line.report.submitted],
    )


def due_in(report: Report) -> str:
    """Overdue by 3 days, due today, due in 30 days, else the date (deputy-people 8.2)."""
    days = (report.due - clock.today()).days
    if days < 0:
        return f"Overdue by {-days} day{'' if days == -1 else 's'}"
    if days == 0:
        return "Due today"
    return f"Due in {days} day{'' if days == 1 else 's'}" if days <= 30 else ""
