"""How a report comes about: its type, and the one function that makes it (deputy-reports 1.2, 1.4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from foundation import audit
from reporting.engine.report_types import SUFFIX, TYPES, Family, report_type
from reporting.people.models import Client, CourtOrder, Deputy, PreRegistration
from reporting.reports.models import Report


class Covers(StrEnum):
    """What a report is about; a client has at most one open report about each thing."""

    PFA = "pfa"
    HW = "hw"
    BOTH = "both"


@dataclass(frozen=True)
class Wanted:
    """A report that a client should have: its type, and the made date of the order that asks for it."""

    type: str
    made: date


class ReportRefused(Exception):
    """The client has such a report already, or the period does not follow the last one."""


# Types


def covers(code: str) -> Covers:
    kind = report_type(code)
    if kind.hybrid:
        return Covers.BOTH
    return Covers.HW if kind.health_and_welfare else Covers.PFA


def type_for(orders: Iterable[CourtOrder]) -> str | None:
    """The type that the orders of one report agree on; None when they do not, or when there are none."""
    found = {_type_for(order) for order in orders}
    return found.pop() if len(found) == 1 else None


def _type_for(order: CourtOrder) -> str:
    hybrid = order.kind == CourtOrder.Kind.HYBRID
    base = order.report_type.removeprefix("OPG")
    if order.type == CourtOrder.Type.HW and not hybrid:
        base = "104"
    elif base not in {"102", "103"}:
        base = "102"
    return base + ("-4" if hybrid else "") + SUFFIX[_family(order)]


def _family(order: CourtOrder) -> Family:
    kinds = Deputy.objects.filter(links__order=order, links__is_active=True).order_by("links__pk").values("kind")
    not_lay = kinds.exclude(kind=Deputy.Kind.LAY).first()
    if not_lay is None:
        return Family.LAY
    return Family.PA if not_lay["kind"] == Deputy.Kind.PA else Family.PROF


def joint(code: str, base: str = "") -> str:
    """The type of the joint report of the same deputy; ``base`` is that of the financial report."""
    kind = report_type(code)
    return replace(kind, base=base or kind.base, hybrid=True).code


def financial(code: str) -> str:
    """The type of the same deputy's report on property and affairs alone."""
    return replace(report_type(code), hybrid=False).code


def health(code: str) -> str:
    """The type of the same deputy's report on health and welfare alone."""
    return replace(report_type(code), base="104", hybrid=False).code


def lay_reports(rows: Iterable[PreRegistration]) -> dict[Covers, Wanted]:
    """The reports that the rows of one case ask for; of several orders of a type the newest counts.

    A health and welfare row that is marked single but asks for a financial report means a joint report; so the file
    has always been read.
    """
    found: dict[Covers, Wanted] = {}
    for row in sorted(rows, key=lambda row: (row.order_date, row.base != "104"), reverse=True):
        financial = row.base if row.base in {"102", "103"} else ""
        if row.hybrid == "HYBRID" or (row.hybrid == "SINGLE" and row.order_type == "hw" and financial):
            joint = Wanted(f"{financial or '102'}-4", row.order_date)
            if Covers.BOTH not in found or (financial and found[Covers.BOTH].made == row.order_date):
                found[Covers.BOTH] = joint
        elif row.order_type == "hw":
            found.setdefault(Covers.HW, Wanted("104", row.order_date))
        else:
            found.setdefault(Covers.PFA, Wanted(financial or "102", row.order_date))
    return {Covers.BOTH: found[Covers.BOTH]} if Covers.BOTH in found else found


# The report


@transaction.atomic
def create_report(
    client: Client,
    type: str,
    start: date,
    end: date,
    orders: Iterable[CourtOrder] | None = None,
    *,
    previous: Report | None = None,
    by: Any = None,
) -> Report:
    """Make a report and link it to its orders; without ``orders``, to those of the client that fit.

    The successor of ``previous`` follows it by construction; any other report is refused if the client has an open
    one about the same thing, or if its period does not start the day after the last submitted one.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    if previous is None:
        _refuse_if_not_next(client, covers(type), start)
    report = Report.objects.create(
        client=client, type=type, start=start, end=end, due=report_type(type).due(end), previous=previous
    )
    report.orders.set(fitting_orders(report) if orders is None else orders)
    audit.record("REPORT_CREATED", by=by, subject=report, after={"type": type, "start": str(start), "end": str(end)})
    return report


@dataclass(frozen=True)
class First:
    """The first report of a client."""

    client: int
    type: str
    start: date
    end: date


def create_first_reports(wanted: Iterable[First]) -> int:
    """First reports of many clients at once, as ``create_report`` makes one; clients that have any are passed over.

    A night may bring tens of thousands of them.
    """
    firsts = list(wanted)
    with transaction.atomic():
        clients = Client.objects.live().filter(pk__in={first.client for first in firsts})
        # Locked first, asked after: somebody may be making a report for one of them.
        locked = [pk for (pk,) in clients.order_by("pk").select_for_update().values_list("pk")]
        free = set(Client.objects.filter(pk__in=locked, reports=None).values_list("pk", flat=True))
        made = Report.objects.bulk_create(
            (
                Report(
                    client_id=each.client,
                    type=each.type,
                    start=each.start,
                    end=each.end,
                    due=report_type(each.type).due(each.end),
                )
                for each in firsts
                if each.client in free
            ),
            batch_size=2000,
        )
        link_to_orders([report.pk for report in made])
        audit.AuditEvent.objects.bulk_create(
            (
                audit.AuditEvent(
                    event="REPORT_CREATED",
                    subject=f"{Report._meta.db_table}:{report.pk}",
                    after={"type": report.type, "start": str(report.start), "end": str(report.end)},
                )
                for report in made
            ),
            batch_size=2000,
        )
    return len(made)


def link_to_orders(reports: list[int] | None = None) -> int:
    """Link reports (all: None) to the orders that they answer, as ``fitting_orders`` does for one.

    An order that is no longer active is linked only to what was submitted already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO reporting_report_orders (report_id, courtorder_id)
            SELECT report.id, made.id
            FROM reporting_report report
            JOIN reporting_courtorder made ON made.client_id = report.client_id AND made.made_date <= report.due
                AND (made.status = 'ACTIVE' OR report.submitted)
            JOIN reporting_client live ON live.id = report.client_id
                AND live.archived_at IS NULL AND live.discharged_at IS NULL
            WHERE (report.type ~ '^10[23]-4'
                OR made.type = CASE left(report.type, 3) WHEN '104' THEN 'hw' ELSE 'pfa' END)
                AND (%(reports)s::bigint[] IS NULL OR report.id = ANY(%(reports)s::bigint[]))
            ON CONFLICT DO NOTHING
            """,
            {"reports": reports},
        )
        return int(cursor.rowcount)


def _refuse_if_not_next(client: Client, about: Covers, start: date) -> None:
    same = [code for code in TYPES if Covers.BOTH in {about, covers(code)} or covers(code) == about]
    alike = Report.objects.filter(client=client, type__in=same)
    if alike.open().exists():
        raise ReportRefused("The client has an open report.")
    last = alike.aggregate(last=Max("end"))["last"]
    if last is not None and start != last + timedelta(days=1):
        raise ReportRefused("The period does not start on the day after the last one.")


def later_report(report: Report) -> Report | None:
    """An open report of a later time that covers what this one is about: its successor may have been merged into it."""
    about = covers(report.type)
    wider = [code for code in TYPES if covers(code) in {about, Covers.BOTH}]
    later = Report.objects.open().filter(client=report.client, type__in=wider, end__gt=report.end)
    return later.exclude(pk=report.pk).order_by("start", "pk").first()


def fitting_orders(report: Report) -> list[CourtOrder]:
    """Active orders of the client that a report of this type and due date answers."""
    fits = Q()
    about = covers(report.type)
    if about is not Covers.BOTH:
        fits = Q(type=about.value)
    return list(CourtOrder.objects.active().filter(fits, client=report.client, made_date__lte=report.due))
