"""The lay file: who could register for which case (deputy-admin 9.2).

A deputy's postcode may be blank, though the file's description demands it: such rows exist, and registration
then does not compare postcodes (acceptance case D-058).
"""

# ruff: noqa: S608 - the statements are put together from names of our own tables and columns, never from values

import json
from typing import Any

from django.conf import settings

from reporting.people.ingest import rows
from reporting.people.ingest.rows import BadFile
from reporting.people.ingest.run import Counts, Layout, Staged, execute, query, too_many

COLUMNS = [
    "Case", "ClientFirstname", "ClientSurname",
    "ClientAddress1", "ClientAddress2", "ClientAddress3", "ClientAddress4", "ClientAddress5", "ClientPostcode",
    "DeputyUid", "DeputyFirstname", "DeputySurname",
    "DeputyAddress1", "DeputyAddress2", "DeputyAddress3", "DeputyAddress4", "DeputyAddress5", "DeputyPostcode",
    "ReportType", "MadeDate", "OrderType", "CoDeputy", "Hybrid",
]  # fmt: skip

FIELDS = [
    "case_number", "client_first_name", "client_last_name", "client_address", "client_postcode",
    "deputy_uid", "deputy_first_name", "deputy_last_name", "deputy_address", "deputy_postcode",
    "report_type", "order_date", "order_type", "is_co_deputy", "hybrid", "court_order_uid",
]  # fmt: skip
"""Columns of the pre-registration table, in the order in which ``check`` returns them."""

REPORT_TYPES = {"OPG102": "OPG102", "OPG103": "OPG103", "OPG104": "OPG104"}
ORDER_TYPES = {"PFA": "pfa", "HW": "hw"}
YES_NO = {"YES": True, "NO": False}
HYBRID = {"SINGLE": "SINGLE", "HYBRID": "HYBRID", "DUAL": "DUAL"}


def check(row: dict[str, str]) -> tuple[Any, ...]:
    rows.required(
        row, "Case", "ClientSurname", "DeputyUid", "DeputyFirstname", "DeputySurname",
        "ReportType", "MadeDate", "OrderType", "CoDeputy", "Hybrid",
    )  # fmt: skip
    return (
        rows.case_number(row, "Case"),
        rows.text(row, "ClientFirstname", 100),
        rows.text(row, "ClientSurname", 100),
        address(row, "ClientAddress"),
        rows.text(row, "ClientPostcode", 20),
        rows.uid(row, "DeputyUid", 20),
        rows.text(row, "DeputyFirstname", 100),
        rows.text(row, "DeputySurname", 100),
        address(row, "DeputyAddress"),
        rows.text(row, "DeputyPostcode", 20),
        rows.one_of(row, "ReportType", REPORT_TYPES),
        rows.day(row, "MadeDate"),
        rows.one_of(row, "OrderType", ORDER_TYPES),
        rows.one_of(row, "CoDeputy", YES_NO),
        rows.one_of(row, "Hybrid", HYBRID),
        rows.text(row, "CourtOrderUid", 36),
    )


def address(row: dict[str, str], prefix: str) -> str:
    return json.dumps([rows.text(row, f"{prefix}{number}", 200) for number in range(1, 6)])


def layout() -> Layout:
    return Layout(
        file="lay",
        pattern=settings.INGEST_LAY_FILE,
        columns=COLUMNS,
        check=check,
        identifiers={"case_number": "Case", "deputy_uid": "DeputyUid"},
        table="staged_lay",
        create="CREATE TEMPORARY TABLE staged_lay ON COMMIT DROP AS "
        f"SELECT {', '.join(FIELDS)} FROM reporting_preregistration WITH NO DATA",
        fields=FIELDS,
    )


def apply(staged: Staged) -> Counts:
    """Make the pre-registrations what the file says, then give registered deputies their further clients."""
    counts = replace_pre_registrations()
    counts["clients_added"] = add_clients()
    counts["links_added"] = link_users()
    return counts


def replace_pre_registrations() -> Counts:
    """Only what differs is deleted and inserted, so that the same file again writes nothing."""
    same = " AND ".join(f"live.{name} = staged.{name}" for name in FIELDS)
    [(before,)] = query("SELECT count(*) FROM reporting_preregistration")
    removed = execute(
        f"DELETE FROM reporting_preregistration live WHERE NOT EXISTS (SELECT FROM staged_lay staged WHERE {same})"
    )
    if too_many(removed, before, settings.INGEST_MAX_REMOVED_PERCENT):
        raise BadFile(f"The file lacks {removed} of {before} known deputyships: too many, nothing was changed.")
    columns = ", ".join(FIELDS)
    # Compared as a whole before the first is inserted: looked up one by one, they would go through those just added.
    added = execute(
        f"INSERT INTO reporting_preregistration ({columns}) SELECT {columns} FROM staged_lay "
        f"EXCEPT SELECT {columns} FROM reporting_preregistration ORDER BY case_number, deputy_uid"
    )
    return {"added": added, "removed": removed, "unchanged": before - removed}


REGISTERED = """
    FROM staged_lay staged
    JOIN reporting_profile profile ON profile.deputy_uid = staged.deputy_uid AND profile.is_primary
    JOIN foundation_user account ON account.id = profile.user_id
        AND account.is_active AND account.registered_at IS NOT NULL AND account.role = 'ROLE_LAY_DEPUTY'
"""
"""Rows of deputies who finished registering, with the one account that counts for their number."""


def add_clients() -> int:
    """Cases of registered deputies that have no client yet: a client from the newest row of the case."""
    return execute(
        f"""
        INSERT INTO reporting_client (
            case_number, first_name, last_name, court_date,
            address1, address2, address3, address4, address5, postcode, country,
            phone, email, created_at, version
        )
        SELECT DISTINCT ON (left(staged.case_number, 8))
            left(staged.case_number, 8), client_first_name, client_last_name, order_date,
            client_address ->> 0, client_address ->> 1, client_address ->> 2, client_address ->> 3,
            client_address ->> 4, left(client_postcode, 10), 'GB', '', '', now(), 0
        {REGISTERED}
        WHERE NOT EXISTS (
            SELECT FROM reporting_client live
            WHERE upper(live.case_number) = left(staged.case_number, 8) AND live.discharged_at IS NULL
        )
        ORDER BY left(staged.case_number, 8), order_date DESC, client_first_name
        ON CONFLICT DO NOTHING
        """
    )


def link_users() -> int:
    """Attach registered deputies to the clients of their cases. Archived clients stay as they are."""
    return execute(
        f"""
        INSERT INTO reporting_client_users (client_id, user_id)
        SELECT DISTINCT live.id, account.id
        {REGISTERED}
        JOIN reporting_client live ON upper(live.case_number) = left(staged.case_number, 8)
            AND live.discharged_at IS NULL AND live.archived_at IS NULL
        ON CONFLICT DO NOTHING
        """
    )
