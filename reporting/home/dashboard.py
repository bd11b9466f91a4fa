"""The dashboard of an organisation: a row for each current report of its clients (deputy-people 8.2).

How far a report is comes from the columns ``progress`` and ``ready``, so that thousands of reports are counted,
filtered and sorted by the database without reading a single answer.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Lower

from foundation import clock
from reporting.home.orders import NOT_COUNTED, UNTOUCHED
from reporting.people.matching import case_of
from reporting.people.models import Client
from reporting.reports.models import Report

PER_PAGE = 15
CASE_NUMBER = re.compile(r"[0-9T]{8}", re.IGNORECASE)


class Status(StrEnum):
    """How far a report is; one that is complete counts as not finished until its period has ended."""

    NOT_STARTED = "not-started"
    NOT_FINISHED = "not-finished"
    READY = "ready"

    @property
    def words(self) -> str:
        return {"not-started": "Not started", "not-finished": "Not finished", "ready": "Ready to submit"}[self.value]

    @property
    def colour(self) -> str:
        return {"not-started": "grey", "not-finished": "yellow", "ready": "green"}[self.value]


SORTS: dict[str, tuple[str, list[Any]]] = {
    "due": ("Due date", ["due", "client__case_number"]),
    "client": ("Client", [Lower("client__last_name"), Lower("client__first_name"), "due"]),
    "case": ("Case number", ["client__case_number", "due"]),
}
"""Orders that a person may choose; the first is what they get without choosing."""

_TOUCHED = " && ".join(f'@.key != "{key}"' for key in sorted(NOT_COUNTED)) + f' && @.value.state != "{UNTOUCHED}"'


class _Started(Func):
    """Whether any section that counts was touched (deputy-reports 1.6)."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()


@dataclass(frozen=True)
class Wanted:
    """What a person asked the dashboard for; anything unknown counts as not asked."""

    text: str = ""
    status: Status | None = None
    sort: str = "due"

    @classmethod
    def from_query(cls, query: Any) -> "Wanted":
        status, sort = query.get("status", ""), query.get("sort", "")
        return cls(
            text=" ".join(query.get("q", "").split())[:100],
            status=Status(status) if status in set(Status) else None,
            sort=sort if sort in SORTS else "due",
        )

    def query(self, **other: Any) -> dict[str, str]:
        """As the query of an address, without what goes without saying."""
        found = {"q": self.text, "status": self.status or "", "sort": "" if self.sort == "due" else self.sort, **other}
        return {name: str(value) for name, value in found.items() if value}


def reports_of(user: Any) -> QuerySet[Any]:
    """The current reports of the user's organisations' clients, with their ``status``."""
    path = Value(f"$.keyvalue() ? ({_TOUCHED})", output_field=TextField())
    return (
        Report.objects.open()
        .visible_to(user)
        .annotate(
            status=Case(
                When(ready=True, end__lt=clock.today(), then=Value(Status.READY.value)),
                When(
                    Q(reopened_at__isnull=False) | Q(_Started("progress", path)), then=Value(Status.NOT_FINISHED.value)
                ),
                default=Value(Status.NOT_STARTED.value),
            )
        )
    )


def search(reports: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By case number; by part of a name; two words are a whole first and last name."""
    if not text:
        return reports
    if CASE_NUMBER.fullmatch(text):
        return reports.filter(client__case_number__iexact=case_of(text))
    first, _blank, last = text.partition(" ")
    if last:
        return reports.filter(client__first_name__iexact=first, client__last_name__iexact=last)
    return reports.filter(Q(client__first_name__icontains=text) | Q(client__last_name__icontains=text))


def counts(reports: QuerySet[Any]) -> dict[Status, int]:
    """How many reports there are of each status."""
    found = dict(reports.order_by().values_list("status").annotate(Count("pk")))
    return {status: found.get(status.value, 0) for status in Status}


def page_of(reports: QuerySet[Any], wanted: Wanted, total: int, number: Any) -> "Page[Any]":
    """One page of rows. ``total`` is known from the counts already."""
    found = reports.select_related("client__organisation").order_by(*SORTS[wanted.sort][1], "pk")
    if wanted.status:
        found = found.filter(status=wanted.status.value)
    return Counted(found, PER_PAGE, total).get_page(number)


class Counted(Paginator[Any]):
    """A paginator that need not count."""

    def __init__(self, rows: QuerySet[Any], per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.total = total

    @property
    def count(self) -> int:
        return self.total


def has_clients(user: Any) -> bool:
    return Client.objects.visible_to(user).exists()
