"""What the nightly files mean for reports: right types, missing first reports, links to court orders.

Runs in the transaction of the file, after the people (``reporting.people.ingest``).
"""

from datetime import timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, Subquery

from foundation import audit
from foundation.accounts.models import User
from reporting.engine.report_types import LAY_TYPES
from reporting.engine.section import Answers
from reporting.people.ingest import court_orders, lay
from reporting.people.ingest.run import Counts, Staged, execute
from reporting.people.models import Client, CourtOrder, PreRegistration
from reporting.reports.actions import touch
from reporting.reports.creation import Covers, covers, create_report, lay_reports
from reporting.reports.models import Report

Cases = dict[str, list[PreRegistration]]


def apply_lay(staged: Staged) -> Counts:
    counts = lay.apply(staged)
    cases = pre_registrations()
    counts["types_changed"] = change_types(cases)
    counts["reports_added"] = add_reports(cases)
    return counts


def apply_court_orders(staged: Staged) -> Counts:
    counts = court_orders.apply(staged)
    counts["reports_linked"] = link_reports()
    return counts


def pre_registrations() -> Cases:
    rows = PreRegistration.objects.only(
        "case_number", "deputy_uid", "report_type", "order_type", "hybrid", "order_date"
    ).order_by("case_number", "pk")
    return {case: list(group) for case, group in groupby(rows.iterator(), key=lambda row: row.case)}


def change_types(cases: Cases) -> int:
    """Open lay reports that were never submitted get the type that the file asks for."""
    changed = 0
    for report in open_lay_reports():
        rows = cases.get(report.client.case_number.upper())
        if rows and (wanted := wanted_type(report, rows)) and wanted != report.type:
            audit.record("REPORT_TYPE_CHANGED", subject=report, before={"type": report.type}, after={"type": wanted})
            report.type = wanted
            report.save(update_fields=["type"])
            touch(Answers(report))
            changed += 1
    return changed


def open_lay_reports() -> list[Report]:
    live = Client.objects.live()
    orders = CourtOrder.objects.active().filter(reports=OuterRef("pk"))
    others = Report.objects.open().filter(client=OuterRef("client")).exclude(pk=OuterRef("pk"))
    first_user = Client.users.through.objects.filter(client=OuterRef("client")).order_by("pk")
    return list(
        Report.objects.open()
        .filter(submitted_at=None, reopened_at=None, type__in=LAY_TYPES, client__in=live)
        .select_related("client")
        .annotate(
            has_orders=Exists(orders),
            has_hybrid=Exists(orders.filter(kind=CourtOrder.Kind.HYBRID)),
            has_others=Exists(others),
            first_uid=Subquery(first_user.values("user__profile__deputy_uid")[:1]),
        )
    )


def wanted_type(report: Report, rows: list[PreRegistration]) -> str | None:
    """The type that the rows ask for; None to leave the report as it is.

    In dual cases only the rows of the client's first deputy count. Where court orders are linked, they say whether
    the report is a joint one, not the file.
    """
    first_uid = report.first_uid  # type: ignore[attr-defined]
    options = {
        about: wanted.type
        for about, wanted in lay_reports(
            row for row in rows if row.hybrid != "DUAL" or row.deputy_uid == first_uid
        ).items()
    }
    joint = options.get(Covers.BOTH)
    alone = not report.has_others  # type: ignore[attr-defined]
    if report.has_hybrid:  # type: ignore[attr-defined]
        # Two open reports would have to be merged by a person, so that no answer is lost.
        financial = joint or options.get(Covers.PFA)
        return f"{financial[:3]}-4" if financial and alone else None
    if joint and report.has_orders:  # type: ignore[attr-defined]
        options = {Covers.PFA: joint[:3], Covers.HW: "104"}
    if (about := covers(report.type)) in options:
        return options[about]
    # The case is about something else now: the one open report follows it.
    return options.get(Covers.BOTH) or options.get(Covers.PFA) or options.get(Covers.HW) if alone else None


def add_reports(cases: Cases) -> int:
    """First reports for clients of registered deputies that have none at all: a year from the order."""
    added = 0
    registered = User.objects.filter(clients=OuterRef("pk"), is_active=True, registered_at__isnull=False)
    for client in Client.objects.live().filter(Exists(registered), reports=None):
        for wanted in lay_reports(cases.get(client.case_number.upper(), [])).values():
            create_report(client, wanted.type, wanted.made, wanted.made + timedelta(days=364))
            added += 1
    return added


def link_reports() -> int:
    """Link reports to the orders they answer, as ``fitting_orders`` does for a new one, for all clients at once.

    An order that is no longer active is linked only to what was submitted already.
    """
    return execute(
        """
        INSERT INTO reporting_report_orders (report_id, courtorder_id)
        SELECT report.id, made.id
        FROM reporting_report report
        JOIN reporting_courtorder made ON made.client_id = report.client_id AND made.made_date <= report.due
            AND (made.status = 'ACTIVE' OR report.submitted)
        JOIN reporting_client live ON live.id = report.client_id
            AND live.archived_at IS NULL AND live.discharged_at IS NULL
        WHERE report.type ~ '^10[23]-4'
            OR made.type = CASE left(report.type, 3) WHEN '104' THEN 'hw' ELSE 'pfa' END
        ON CONFLICT DO NOTHING
        """
    )
