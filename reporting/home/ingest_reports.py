"""What the nightly files mean for reports: right types, missing first reports, links to court orders.

Runs in the transaction of the file, after the people (``reporting.people.ingest``). Splitting and merging follow the
commit (``reporting.reports.split_merge``), so that no deputy waits for a whole file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from foundation.accounts.models import User
from reporting.engine.periods import year_until
from reporting.engine.report_types import LAY_TYPES
from reporting.people.ingest import court_orders, lay, pa_prof
from reporting.people.ingest.run import Counts, Staged, query
from reporting.people.models import Client, CourtOrder, PreRegistration
from reporting.reports.actions import change_type
from reporting.reports.creation import (
    Covers,
    First,
    covers,
    create_first_reports,
    financial,
    health,
    joint,
    lay_reports,
    link_to_orders,
)
from reporting.reports.models import Report

Cases = dict[str, list[PreRegistration]]
Options = Mapping[Covers, str]
"""The types that a file asks for in a case, by what they are about."""


def apply_lay(staged: Staged) -> Counts:
    counts = lay.apply(staged)
    cases = pre_registrations()
    counts["types_changed"] = change_lay_types(cases)
    counts["reports_added"] = add_lay_reports(cases)
    return counts


def apply_pa_prof(staged: Staged) -> Counts:
    counts = pa_prof.apply(staged)
    cases = pa_prof_cases()
    counts["types_changed"] = change_pa_prof_types(cases)
    counts["reports_added"] = add_pa_prof_reports(cases)
    return counts


def apply_court_orders(staged: Staged) -> Counts:
    counts = court_orders.apply(staged)
    counts["reports_linked"] = link_to_orders()
    return counts


# Types


def open_reports() -> QuerySet[Report]:
    """Open reports that were never submitted, with what their court orders say."""
    orders = CourtOrder.objects.active().filter(reports=OuterRef("pk"))
    others = Report.objects.open().filter(client=OuterRef("client")).exclude(pk=OuterRef("pk"))
    return (
        Report.objects.open()
        .filter(submitted_at=None, reopened_at=None, client__in=Client.objects.live())
        .select_related("client")
        .annotate(
            has_orders=Exists(orders),
            has_hybrid=Exists(orders.filter(kind=CourtOrder.Kind.HYBRID)),
            has_others=Exists(others),
        )
    )


def wanted_type(report: Report, options: Options) -> str | None:
    """The type that a file asks for; None to leave the report as it is.

    Where court orders are linked, they say whether the report is a joint one, not the file: what has to be split or
    merged waits for the file of court orders (``split_merge.follow_orders``).
    """
    options = dict(options)
    both = options.get(Covers.BOTH)
    alone = not report.has_others  # type: ignore[attr-defined]
    if report.has_hybrid:  # type: ignore[attr-defined]
        found = both or options.get(Covers.PFA)
        return joint(found) if found and alone else None
    if both and report.has_orders:  # type: ignore[attr-defined]
        options = {Covers.PFA: financial(both), Covers.HW: health(both)}
    about = covers(report.type)
    if about in options:
        return options[about]
    if about is Covers.BOTH and {Covers.PFA, Covers.HW} <= options.keys():
        return None
    # The case is about something else now: the one open report follows it.
    return options.get(Covers.BOTH) or options.get(Covers.PFA) or options.get(Covers.HW) if alone else None


def retype(report: Report, options: Options) -> bool:
    wanted = wanted_type(report, options)
    if wanted is None or wanted == report.type:
        return False
    change_type(report, wanted, by=None)
    return True


# The lay file


def pre_registrations() -> Cases:
    rows = PreRegistration.objects.only(
        "case_number", "deputy_uid", "report_type", "order_type", "hybrid", "order_date"
    ).order_by("case_number", "pk")
    return {case: list(group) for case, group in groupby(rows.iterator(), key=lambda row: row.case)}


def change_lay_types(cases: Cases) -> int:
    """Open lay reports get the type that the file asks for; in dual cases only the client's first deputy counts."""
    first_user = Client.users.through.objects.filter(client=OuterRef("client")).order_by("pk")
    reports = open_reports().filter(type__in=LAY_TYPES)
    changed = 0
    for report in reports.annotate(first_uid=Subquery(first_user.values("user__profile__deputy_uid")[:1])):
        rows = [
            row
            for row in cases.get(report.client.case_number.upper(), [])
            if row.hybrid != "DUAL" or row.deputy_uid == report.first_uid
        ]
        if rows:
            changed += retype(report, {about: wanted.type for about, wanted in lay_reports(rows).items()})
    return changed


def add_lay_reports(cases: Cases) -> int:
    """First reports for clients of registered deputies that have none at all: a year from the order."""
    registered = User.objects.filter(clients=OuterRef("pk"), is_active=True, registered_at__isnull=False)
    clients = Client.objects.live().filter(Exists(registered), reports=None).order_by("pk")
    return create_first_reports(
        First(client.pk, wanted.type, wanted.made, wanted.made + timedelta(days=364))
        for client in clients
        for wanted in lay_reports(cases.get(client.case_number.upper(), [])).values()
    )


# The PA/PROF file


@dataclass(frozen=True)
class OrganisationRow:
    """What a row of the PA/PROF file says about its client's reports. ``named``: by the client's own deputy."""

    client: int
    type: str
    made: date
    last_day: date
    dual: bool
    named: bool
    free: bool
    """The client has no report at all."""


def pa_prof_cases() -> dict[int, list[OrganisationRow]]:
    """The rows by client: the newest made date first, of equal ones the last line."""
    found = [
        OrganisationRow(*values)
        for values in query(
            """
            SELECT live.id, staged.type, staged.made, staged.last_day, staged.hybrid = 'DUAL',
                coalesce(named.uid = staged.deputy_uid, false),
                NOT EXISTS (SELECT FROM reporting_report report WHERE report.client_id = live.id)
            FROM staged_pa_prof staged
            JOIN reporting_client live ON upper(live.case_number) = staged.case_number
                AND live.discharged_at IS NULL
            LEFT JOIN reporting_deputy named ON named.id = live.deputy_id
            ORDER BY live.id, staged.made DESC, staged.line DESC
            """
        )
    ]
    return {client: list(group) for client, group in groupby(found, key=lambda row: row.client)}


def pa_prof_reports(rows: Iterable[OrganisationRow]) -> dict[Covers, OrganisationRow]:
    """The rows that ask for reports: of several about the same thing the first, a joint one instead of single ones."""
    found: dict[Covers, OrganisationRow] = {}
    for row in rows:
        found.setdefault(covers(row.type), row)
    return {Covers.BOTH: found[Covers.BOTH]} if Covers.BOTH in found else found


def change_pa_prof_types(cases: dict[int, list[OrganisationRow]]) -> int:
    """Open reports get the type that the file asks for; in dual cases only rows of the client's deputy count."""
    disagree = query(
        """
        SELECT DISTINCT report.id FROM reporting_report report
        JOIN reporting_client live ON live.id = report.client_id AND live.discharged_at IS NULL
        JOIN staged_pa_prof staged ON staged.case_number = upper(live.case_number) AND staged.type <> report.type
        WHERE NOT report.submitted
        """
    )
    changed = 0
    for report in open_reports().filter(pk__in=[pk for (pk,) in disagree]):
        rows = [row for row in cases.get(report.client_id, []) if not row.dual or row.named]
        if rows:
            changed += retype(report, {about: row.type for about, row in pa_prof_reports(rows).items()})
    return changed


def add_pa_prof_reports(cases: dict[int, list[OrganisationRow]]) -> int:
    """A first report for every client without any: the year that ends on the last report day."""
    return create_first_reports(
        First(client, row.type, *year_until(row.last_day))
        for client, rows in cases.items()
        if rows[0].free
        for row in pa_prof_reports(rows).values()
    )
