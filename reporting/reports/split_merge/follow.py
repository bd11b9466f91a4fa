"""Every night, after the court orders: open reports that do not fit the kind of their client's orders follow it.

What is compared is the state of both, not what changed last: a report that could not follow tonight does tomorrow.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.clients import Unavailable
from reporting.engine.report_types import report_type
from reporting.people.ingest.run import Outcome
from reporting.people.models import Client, CourtOrder
from reporting.reports.creation import Covers, covers, financial, health, joint, type_for
from reporting.reports.models import Report
from reporting.reports.split_merge import actions
from reporting.reports.split_merge.models import ReportChange

NAMES = {
    ReportChange.What.SPLIT: "reports_split",
    ReportChange.What.MERGED: "reports_merged",
    ReportChange.What.CONVERTED: "reports_converted",
}


class Look(Exception):
    """A person has to look at this case; the text says why, without personal data."""


def follow_orders() -> Outcome:
    """A transaction for each client: deputies wait for nobody else's reports."""
    outcome = Outcome(dict.fromkeys(NAMES.values(), 0))
    for client in disagreeing():
        try:
            change = follow(client)
        except Look as why:
            outcome.notes.append({"case_number": client.case_number, "reason": str(why)})
        except Unavailable:
            outcome.notes.append({"case_number": client.case_number, "reason": "the storage of documents is away"})
        else:
            if change is not None:
                outcome.counts[NAMES[ReportChange.What(change.what)]] += 1
    return outcome


def disagreeing() -> QuerySet[Client]:
    """Live clients with an open report that is joint where their orders are not, or the other way round."""
    orders = CourtOrder.objects.active().filter(client=OuterRef("pk"))
    hybrid = Exists(orders.filter(kind=CourtOrder.Kind.HYBRID))
    reports = Report.objects.open().filter(client=OuterRef("pk"))
    is_joint = Q(type__regex="^10[23]-4")
    return (
        Client.objects.live()
        .filter(
            (hybrid & Exists(reports.exclude(is_joint))) | (Exists(orders) & ~hybrid & Exists(reports.filter(is_joint)))
        )
        .order_by("pk")
    )


@transaction.atomic
def follow(client: Client) -> ReportChange | None:
    """Split, merge or convert; None if nothing is to be done. Raises ``Look``."""
    Client.objects.select_for_update().get(pk=client.pk)
    orders = list(CourtOrder.objects.active().filter(client=client).order_by("-made_date", "-uid"))
    found = list(Report.objects.open().filter(client=client).order_by("pk"))
    free = [report for report in found if report.submitted_at is None and report.reopened_at is None]
    hybrid = [order for order in orders if order.kind == CourtOrder.Kind.HYBRID]
    try:
        change = _join(free, hybrid) if hybrid else _part(free, orders)
    except actions.LeftAlone:
        raise Look("a report was submitted at this moment and is left as it is") from None
    if change is None and len(free) < len(found):
        raise Look("a report that was sent back to its deputy does not fit the court orders and is left as it is")
    return change


def _join(free: list[Report], hybrid: list[CourtOrder]) -> ReportChange | None:
    """What a hybrid order asks for: one joint report."""
    joints = [report for report in free if covers(report.type) is Covers.BOTH]
    singles = [report for report in free if covers(report.type) is not Covers.BOTH]
    if not singles:
        return None
    if joints:
        raise Look("an open joint report and an open report on a part of it")
    about = {covers(report.type): report for report in singles}
    if len(singles) == 1:
        (report,) = singles
        wanted = type_for([order for order in hybrid if order.type == CourtOrder.Type.PFA] or hybrid)
        base = report_type(wanted).base if wanted and covers(report.type) is Covers.HW else ""
        return actions.convert(report, joint(report.type, base))
    if len(singles) > 2 or len(about) < 2:
        raise Look("several open reports about the same thing")
    one, other = about[Covers.PFA], about[Covers.HW]
    if one.end < other.start or other.end < one.start:
        raise Look("two open reports of different years are merged once the earlier one is submitted")
    return actions.merge(one, other)


def _part(free: list[Report], orders: list[CourtOrder]) -> ReportChange | None:
    """What single and dual orders ask for: reports of their own."""
    joints = [report for report in free if covers(report.type) is Covers.BOTH]
    if not joints:
        return None
    if len(free) > 1:
        raise Look("an open joint report and another open report")
    (report,) = joints
    types = {order.type for order in orders}
    if types == {CourtOrder.Type.PFA}:
        return actions.convert(report, financial(report.type))
    if types == {CourtOrder.Type.HW}:
        return actions.convert(report, health(report.type))
    if any(order.kind == CourtOrder.Kind.DUAL for order in orders):
        return actions.split(report)
    raise Look("the file lacks one of two active orders, so the joint report is left as it is")
