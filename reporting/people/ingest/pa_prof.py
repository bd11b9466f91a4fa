"""The PA/PROF file: clients of authorities and professionals, their deputies and organisations (deputy-admin 9.3).

Of several rows of one case the newest made date counts, of several rows of one deputy the last. What needs reports is
in ``reporting.home.ingest_reports``.
"""

# ruff: noqa: S608 - the statements are put together from names of our own tables and columns, never from values

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from foundation.audit import AuditEvent
from reporting.engine.report_types import SUFFIX, TYPES, Family
from reporting.people.ingest import rows
from reporting.people.ingest.lay import HYBRID, ORDER_TYPES, REPORT_TYPES, address
from reporting.people.ingest.rows import BadRow
from reporting.people.ingest.run import Counts, Layout, Staged, execute, query
from reporting.people.organisations import identity

COLUMNS = [
    "Case", "ClientForename", "ClientSurname", "ClientDateOfBirth",
    "ClientAddress1", "ClientAddress2", "ClientAddress3", "ClientAddress4", "ClientAddress5", "ClientPostcode",
    "DeputyUid", "DeputyType", "DeputyEmail", "DeputyOrganisation", "DeputyForename", "DeputySurname",
    "DeputyAddress1", "DeputyAddress2", "DeputyAddress3", "DeputyAddress4", "DeputyAddress5", "DeputyPostcode",
    "MadeDate", "LastReportDay", "ReportType", "OrderType", "Hybrid",
]  # fmt: skip

FIELDS = [
    "case_number", "client_first_name", "client_last_name", "client_born", "client_address", "client_postcode",
    "deputy_uid", "deputy_kind", "email", "identifier", "organisation",
    "deputy_first_name", "deputy_last_name", "deputy_address", "deputy_postcode",
    "made", "last_day", "type", "hybrid", "line",
]  # fmt: skip

DEPUTY_KINDS = {"PA": "PA", "PRO": "PRO"}
FAMILIES = {"PA": Family.PA, "PRO": Family.PROF}
OPTIONAL_ORDER_TYPES = ORDER_TYPES | {"": "pfa"}
OPTIONAL_HYBRID = HYBRID | {"": "SINGLE"}


def check(row: dict[str, str]) -> tuple[Any, ...]:
    rows.required(row, "Case", "DeputyUid", "LastReportDay", "MadeDate", "DeputyEmail", "DeputyType")
    kind = rows.one_of(row, "DeputyType", DEPUTY_KINDS)
    email = address_of_mail(row)
    return (
        rows.case_number(row, "Case")[:8],
        rows.text(row, "ClientForename", 100),
        rows.text(row, "ClientSurname", 100),
        rows.day(row, "ClientDateOfBirth") if row["ClientDateOfBirth"] else None,
        address(row, "ClientAddress"),
        rows.text(row, "ClientPostcode", 10),
        rows.uid(row, "DeputyUid", 20),
        kind,
        email,
        identifier(email),
        rows.text(row, "DeputyOrganisation", 256),
        rows.text(row, "DeputyForename", 100),
        rows.text(row, "DeputySurname", 100),
        address(row, "DeputyAddress"),
        rows.text(row, "DeputyPostcode", 10),
        rows.day(row, "MadeDate"),
        rows.day(row, "LastReportDay"),
        report_code(row, kind),
        rows.one_of(row, "Hybrid", OPTIONAL_HYBRID),
    )


def address_of_mail(row: dict[str, str]) -> str:
    email = rows.text(row, "DeputyEmail", 60).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadRow("DeputyEmail is not an email address") from None
    return email


def identifier(email: str) -> str:
    try:
        return identity.cleaned(identity.identify(email))
    except identity.BadIdentifier:
        raise BadRow("DeputyEmail has a domain that cannot tell an organisation apart") from None


def report_code(row: dict[str, str], kind: str) -> str:
    """The digits of the file's type, ``-4`` for health and welfare with a financial report, the deputy's realm."""
    base: str = rows.one_of(row, "ReportType", REPORT_TYPES).removeprefix("OPG")
    joint = rows.one_of(row, "OrderType", OPTIONAL_ORDER_TYPES) == "hw" and base != "104"
    code = base + ("-4" if joint else "") + SUFFIX[FAMILIES[kind]]
    if code not in TYPES:
        raise BadRow("ReportType and OrderType make no type of report")
    return code


def layout() -> Layout:
    return Layout(
        file="pa_prof",
        pattern=settings.INGEST_PA_PROF_FILE,
        columns=COLUMNS,
        check=check,
        identifiers={"case_number": "Case", "deputy_uid": "DeputyUid"},
        table="staged_pa_prof",
        create="""
            CREATE TEMPORARY TABLE staged_pa_prof (
                case_number text, client_first_name text, client_last_name text, client_born date,
                client_address jsonb, client_postcode text, deputy_uid text, deputy_kind text, email text,
                identifier text, organisation text, deputy_first_name text, deputy_last_name text,
                deputy_address jsonb, deputy_postcode text, made date, last_day date, type text, hybrid text,
                line integer
            ) ON COMMIT DROP
        """,
        fields=FIELDS,
    )


def apply(staged: Staged) -> Counts:
    counts = {"skipped": skip_archived()}
    refuse_lay_cases(staged)
    counts["organisations_added"] = add_organisations()
    gather_deputies()
    counts["deputies_moved"] = record_moves()
    counts["clients_updated"] = move_clients()
    counts |= save_deputies()
    counts["clients_added"] = add_clients()
    counts["clients_updated"] += update_clients()
    staged.notes += deputies_elsewhere()
    counts["flagged"] = len(staged.notes)
    return counts


LIVE = "reporting_client live ON upper(live.case_number) = staged.case_number AND live.discharged_at IS NULL"
"""The client of a row: at most one, which may be archived."""


def skip_archived() -> int:
    return execute(
        "DELETE FROM staged_pa_prof staged USING reporting_client live "
        "WHERE upper(live.case_number) = staged.case_number AND live.discharged_at IS NULL "
        "AND live.archived_at IS NOT NULL"
    )


def refuse_lay_cases(staged: Staged) -> None:
    """Cases of clients whom a lay deputy reports for."""
    for line, case, uid in query(
        """
        DELETE FROM staged_pa_prof staged USING reporting_client live
        WHERE upper(live.case_number) = staged.case_number AND live.discharged_at IS NULL AND (
            EXISTS (SELECT FROM reporting_client_users pair JOIN foundation_user account ON account.id = pair.user_id
                WHERE pair.client_id = live.id AND account.role = 'ROLE_LAY_DEPUTY')
            OR EXISTS (SELECT FROM reporting_deputy lay WHERE lay.id = live.deputy_id AND lay.kind = 'LAY'))
        RETURNING staged.line, staged.case_number, staged.deputy_uid
        """
    ):
        reason = "the case number is already used by a lay deputy"
        staged.refusals.add(line, reason, case_number=case, deputy_uid=uid)


# Organisations


def add_organisations() -> int:
    """Those of addresses that belong to none yet: inactive, with the file's name. Then each address with its own."""
    found = """
        SELECT DISTINCT ON (staged.email) staged.email, staged.identifier, coalesce(whole.id, part.id) AS id
        FROM staged_pa_prof staged
        LEFT JOIN reporting_organisation whole
            ON lower(whole.identifier) = staged.email AND whole.deleted_at IS NULL
        LEFT JOIN reporting_organisation part
            ON lower(part.identifier) = staged.identifier AND part.deleted_at IS NULL
    """
    added = query(
        f"""
        INSERT INTO reporting_organisation (name, identifier, is_activated, created_at, version)
        SELECT DISTINCT ON (missing.identifier)
            coalesce(nullif(staged.organisation, ''), 'Organisation at ' || missing.identifier),
            missing.identifier, false, now(), 0
        FROM ({found}) missing JOIN staged_pa_prof staged USING (email)
        WHERE missing.id IS NULL
        ORDER BY missing.identifier, staged.organisation = '', staged.line
        RETURNING id, identifier
        """
    )
    record(
        ("ORG_CREATED", f"reporting_organisation:{pk}", {}, {"id": pk, "identifier": name, "is_activated": False})
        for pk, name in added
    )
    execute("DROP TABLE IF EXISTS staged_place")
    execute(f"CREATE TEMPORARY TABLE staged_place ON COMMIT DROP AS {found}")
    return len(added)


def record(events: Any) -> None:
    """Many events at once: event, subject, before, after."""
    AuditEvent.objects.bulk_create(
        (AuditEvent(event=event, subject=subject, before=old, after=new) for event, subject, old, new in events),
        batch_size=2000,
    )


# Deputies


NAMES = ("first_name", "last_name")
LINES = ("address1", "address2", "address3", "address4", "address5", "postcode")


def gather_deputies() -> None:
    """One row a deputy, as the last line with their number says."""
    execute("DROP TABLE IF EXISTS staged_named")
    execute(
        """
        CREATE TEMPORARY TABLE staged_named ON COMMIT DROP AS
        SELECT DISTINCT ON (deputy_uid) deputy_uid AS uid, deputy_kind AS kind, staged.email,
            deputy_first_name AS first_name, deputy_last_name AS last_name,
            deputy_address ->> 0 AS address1, deputy_address ->> 1 AS address2, deputy_address ->> 2 AS address3,
            deputy_address ->> 3 AS address4, deputy_address ->> 4 AS address5, deputy_postcode AS postcode,
            place.id AS organisation_id
        FROM staged_pa_prof staged JOIN staged_place place USING (email)
        ORDER BY deputy_uid, line DESC
        """
    )
    execute("CREATE UNIQUE INDEX ON staged_named (uid)")
    execute("ANALYZE staged_named")


def record_moves() -> int:
    """Deputies who have changed organisation, kept aside for their clients, each with an audit event."""
    execute("DROP TABLE IF EXISTS staged_move")
    execute(
        """
        CREATE TEMPORARY TABLE staged_move ON COMMIT DROP AS
        SELECT named.id AS deputy_id, named.organisation_id AS old_id, said.organisation_id AS new_id
        FROM reporting_deputy named JOIN staged_named said USING (uid)
        WHERE named.organisation_id <> said.organisation_id
        """
    )
    moves = query("SELECT deputy_id, old_id, new_id FROM staged_move ORDER BY deputy_id")
    record(
        ("DEPUTY_CHANGED_ORG", f"reporting_deputy:{deputy}", {"organisation": old}, {"organisation": new})
        for deputy, old, new in moves
    )
    return len(moves)


def save_deputies() -> Counts:
    """Created or updated by number. What the file leaves blank stays as it is."""
    columns = [*NAMES, *LINES]
    wanted = ", ".join(
        ["said.kind", "said.email", "said.organisation_id"]
        + [f"coalesce(nullif(said.{name}, ''), named.{name})" for name in NAMES]
        # An address is replaced as a whole: a line less is a line less.
        + [f"CASE WHEN said.address1 || said.postcode = '' THEN named.{name} ELSE said.{name} END" for name in LINES]
    )
    known = ", ".join(["kind", "email", "organisation_id", *columns])
    updated = execute(
        f"UPDATE reporting_deputy named SET ({known}) = ROW({wanted}) FROM staged_named said "
        f"WHERE said.uid = named.uid AND ROW({', '.join(f'named.{name}' for name in known.split(', '))}) "
        f"IS DISTINCT FROM ROW({wanted})"
    )
    added = execute(
        f"INSERT INTO reporting_deputy (uid, phone, country, {known}) "
        f"SELECT uid, '', 'GB', {known} FROM staged_named ON CONFLICT (uid) DO NOTHING"
    )
    return {"deputies_added": added, "deputies_updated": updated}


# Clients


CASES = """
    (SELECT DISTINCT ON (case_number) * FROM staged_pa_prof ORDER BY case_number, made DESC, line DESC) staged
    JOIN reporting_deputy named ON named.uid = staged.deputy_uid
"""
"""The row that counts for each case, with its deputy."""


def move_clients() -> int:
    """Follow a deputy to another organisation: the same order, the same deputy. Before the deputies are updated."""
    moved = query(
        """
        UPDATE reporting_client live SET organisation_id = move.new_id
        FROM staged_move move JOIN reporting_deputy named ON named.id = move.deputy_id
        WHERE live.deputy_id = move.deputy_id AND live.organisation_id = move.old_id AND live.discharged_at IS NULL
            AND EXISTS (SELECT FROM staged_pa_prof staged WHERE staged.case_number = upper(live.case_number)
                AND staged.deputy_uid = named.uid AND staged.made = coalesce(live.court_date, staged.made))
        RETURNING live.id, move.old_id, move.new_id
        """
    )
    record(
        ("CLIENT_CHANGED_ORG", f"reporting_client:{client}", {"organisation": old}, {"organisation": new})
        for client, old, new in moved
    )
    return len(moved)


def add_clients() -> int:
    return execute(
        f"""
        INSERT INTO reporting_client (
            case_number, first_name, last_name, court_date, date_of_birth, deputy_id, organisation_id,
            address1, address2, address3, address4, address5, postcode, country, phone, email, created_at, version
        )
        SELECT staged.case_number, client_first_name, client_last_name, made, client_born,
            named.id, named.organisation_id,
            client_address ->> 0, client_address ->> 1, client_address ->> 2, client_address ->> 3,
            client_address ->> 4, client_postcode, 'GB', '', '', now(), 0
        FROM {CASES}
        WHERE NOT EXISTS (SELECT FROM reporting_client live
            WHERE upper(live.case_number) = staged.case_number AND live.discharged_at IS NULL)
        """
    )


def update_clients() -> int:
    """The court date if there is none; a new deputy of the same organisation, but for dual cases. A client who
    belongs to no organisation yet gets the deputy's.
    """
    return execute(
        f"""
        UPDATE reporting_client live
        SET court_date = wanted.court_date, deputy_id = wanted.deputy_id, organisation_id = wanted.organisation_id
        FROM (
            SELECT live.id, coalesce(live.court_date, staged.made) AS court_date,
                CASE WHEN live.deputy_id IS NULL OR staged.hybrid <> 'DUAL'
                        AND named.organisation_id = coalesce(live.organisation_id, named.organisation_id)
                    THEN named.id ELSE live.deputy_id END AS deputy_id,
                coalesce(live.organisation_id, named.organisation_id) AS organisation_id
            FROM {CASES} JOIN {LIVE}
        ) wanted
        WHERE wanted.id = live.id AND (live.court_date, live.deputy_id, live.organisation_id)
            IS DISTINCT FROM (wanted.court_date, wanted.deputy_id, wanted.organisation_id)
        """
    )


def deputies_elsewhere() -> list[dict[str, Any]]:
    """Clients whose row names a deputy of another organisation: the file alone does not move them."""
    return [
        {"case_number": case, "deputy_uid": uid, "reason": "the deputy belongs to another organisation than the client"}
        for case, uid in query(
            f"SELECT staged.case_number, staged.deputy_uid FROM {CASES} JOIN {LIVE} "
            "WHERE staged.hybrid <> 'DUAL' AND named.organisation_id <> live.organisation_id ORDER BY 1 LIMIT 1000"
        )
    ]
