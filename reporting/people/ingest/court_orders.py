"""The court-order file: orders, the deputies on them, and how orders of one case belong together (deputy-admin 9.4).

A row whose client is not known yet waits for a later night. The kind of an order comes from the sets of active
deputies; the case system's own flag is only compared with it.
"""

# ruff: noqa: S608 - the statements are put together from names of our own tables and columns, never from values

from typing import Any

from django.conf import settings

from foundation import clock
from reporting.people.ingest import rows
from reporting.people.ingest.lay import ORDER_TYPES, REPORT_TYPES
from reporting.people.ingest.rows import BadFile
from reporting.people.ingest.run import Counts, Layout, Staged, execute, query, too_many

COLUMNS = [
    "OrderUid", "DeputyUid", "OrderType", "OrderSubType", "OrderMadeDate", "OrderStatus", "OrderUpdatedDate",
    "CaseNumber", "ClientUid", "ClientStatus", "ClientStatusDate", "DeputyType", "DeputyStatusOnOrder",
    "DeputyStatusChangeDate", "ReportType", "IsHybrid",
]  # fmt: skip

FIELDS = [
    "order_uid", "deputy_uid", "type", "made_date", "status", "case_number",
    "deputy_kind", "is_active", "changed_on", "report_type", "says_hybrid",
]  # fmt: skip

DEPUTY_KINDS = {"LAY": "LAY", "PA": "PA", "PRO": "PRO"}
HYBRID = {"1": True, "TRUE": True, "YES": True, "0": False, "FALSE": False, "NO": False, "": False}


def check(row: dict[str, str]) -> tuple[Any, ...]:
    rows.required(
        row, "OrderUid", "DeputyUid", "OrderType", "OrderMadeDate", "OrderStatus", "CaseNumber", "DeputyType",
        "DeputyStatusOnOrder",
    )  # fmt: skip
    return (
        rows.uid(row, "OrderUid", 36),
        rows.uid(row, "DeputyUid", 20),
        rows.one_of(row, "OrderType", ORDER_TYPES),
        rows.day(row, "OrderMadeDate"),
        rows.text(row, "OrderStatus", 20).upper(),
        rows.case_number(row, "CaseNumber")[:8],
        rows.one_of(row, "DeputyType", DEPUTY_KINDS),
        row["DeputyStatusOnOrder"].upper() == "ACTIVE",
        rows.parse_date(row["DeputyStatusChangeDate"]),
        REPORT_TYPES.get(row["ReportType"].upper(), ""),
        rows.one_of(row, "IsHybrid", HYBRID),
    )


def layout() -> Layout:
    return Layout(
        file="court_orders",
        pattern=settings.INGEST_COURT_ORDERS_FILE,
        columns=COLUMNS,
        check=check,
        identifiers={"order_uid": "OrderUid", "deputy_uid": "DeputyUid", "case_number": "CaseNumber"},
        table="staged_deputyship",
        create="""
            CREATE TEMPORARY TABLE staged_deputyship (
                line integer GENERATED ALWAYS AS IDENTITY, order_uid text, deputy_uid text, type text, made_date date,
                status text, case_number text, deputy_kind text, is_active boolean, changed_on date,
                report_type text, says_hybrid boolean
            ) ON COMMIT DROP
        """,
        fields=FIELDS,
    )


def apply(staged: Staged) -> Counts:
    gather_orders()
    staged.notes += several_active() + other_flag()
    counts = {"waiting": waiting(), "deputies_added": add_deputies()}
    counts |= save_orders()
    counts["kinds_changed"] = relate()
    counts["links_changed"] = save_links()
    counts["flagged"] = len(staged.notes)
    return counts


def gather_orders() -> None:
    """One row an order (the file's last word on it), with its kind, its sibling and the client it is for."""
    execute("DROP TABLE IF EXISTS staged_order")
    execute(
        """
        CREATE TEMPORARY TABLE staged_order ON COMMIT DROP AS
        WITH said AS (
            SELECT DISTINCT ON (order_uid) order_uid, type, made_date, status, case_number, report_type, says_hybrid
            FROM staged_deputyship ORDER BY order_uid, line DESC
        ), held AS (
            SELECT said.*, array_agg(DISTINCT pair.deputy_uid ORDER BY pair.deputy_uid) AS deputies
            FROM said JOIN staged_deputyship pair ON pair.order_uid = said.order_uid AND pair.is_active
            WHERE said.status = 'ACTIVE'
            GROUP BY said.order_uid, said.type, said.made_date, said.status, said.case_number, said.report_type,
                said.says_hybrid
        ), newest AS (
            SELECT DISTINCT ON (case_number, type) * FROM held
            ORDER BY case_number, type, made_date DESC, order_uid DESC
        ), paired AS (
            SELECT mine.order_uid, other.order_uid AS sibling_uid,
                CASE WHEN mine.deputies = other.deputies THEN 'hybrid' ELSE 'dual' END AS kind,
                CASE mine.type WHEN 'pfa' THEN mine.report_type ELSE other.report_type END AS financial
            FROM newest mine JOIN newest other ON other.case_number = mine.case_number AND other.type <> mine.type
        )
        SELECT said.order_uid, said.type, said.made_date, said.status, said.case_number, said.says_hybrid,
            coalesce(paired.kind, 'single') AS kind, paired.sibling_uid,
            CASE WHEN paired.kind = 'hybrid' THEN coalesce(nullif(paired.financial, ''), said.report_type)
                WHEN said.type = 'hw' THEN 'OPG104' ELSE said.report_type END AS report_type,
            live.id AS client_id
        FROM said
        LEFT JOIN paired USING (order_uid)
        LEFT JOIN reporting_client live ON upper(live.case_number) = said.case_number
            AND live.discharged_at IS NULL AND live.archived_at IS NULL
        """
    )
    execute("CREATE UNIQUE INDEX ON staged_order (order_uid)")
    execute("ANALYZE staged_order")


def several_active() -> list[dict[str, Any]]:
    """Cases with two active orders of one type: the newest made date counts, a person should look."""
    return [
        {"case_number": case, "reason": f"{count} active {kind} orders: the newest is used"}
        for case, kind, count in query(
            "SELECT case_number, type, count(*) FROM staged_order WHERE status = 'ACTIVE' "
            "GROUP BY case_number, type HAVING count(*) > 1 ORDER BY 1, 2"
        )
    ]


def other_flag() -> list[dict[str, Any]]:
    """Orders whose hybrid flag in the file disagrees with the sets of deputies."""
    return [
        {"order_uid": uid, "reason": f"the deputies make this order {kind}, the file's flag says otherwise"}
        for uid, kind in query(
            "SELECT order_uid, kind FROM staged_order "
            "WHERE status = 'ACTIVE' AND says_hybrid <> (kind = 'hybrid') ORDER BY 1 LIMIT 1000"
        )
    ]


def waiting() -> int:
    """Orders that nobody has a client for yet."""
    [(count,)] = query("SELECT count(*) FROM staged_order WHERE client_id IS NULL")
    return int(count)


def add_deputies() -> int:
    """Deputies on orders of known clients, with the names that the lay file gives for their number."""
    return execute(
        """
        INSERT INTO reporting_deputy (
            uid, kind, first_name, last_name, email, phone,
            address1, address2, address3, address4, address5, postcode, country
        )
        SELECT DISTINCT ON (pair.deputy_uid) pair.deputy_uid, pair.deputy_kind,
            coalesce(known.deputy_first_name, ''), coalesce(known.deputy_last_name, ''), '', '',
            coalesce(known.deputy_address ->> 0, ''), coalesce(known.deputy_address ->> 1, ''),
            coalesce(known.deputy_address ->> 2, ''), coalesce(known.deputy_address ->> 3, ''),
            coalesce(known.deputy_address ->> 4, ''), left(coalesce(known.deputy_postcode, ''), 10), 'GB'
        FROM staged_deputyship pair
        JOIN staged_order found ON found.order_uid = pair.order_uid AND found.client_id IS NOT NULL
        LEFT JOIN reporting_preregistration known ON known.deputy_uid = pair.deputy_uid
        ORDER BY pair.deputy_uid, pair.line DESC, known.order_date DESC
        ON CONFLICT (uid) DO NOTHING
        """
    )


def save_orders() -> Counts:
    """New orders of known clients, and what the file says differently of orders that we have."""
    [(active, absent)] = query(
        """
        SELECT count(*), count(*) FILTER (WHERE staged_order.order_uid IS NULL)
        FROM reporting_courtorder live LEFT JOIN staged_order ON staged_order.order_uid = live.uid
        WHERE live.status = 'ACTIVE'
        """
    )
    if too_many(absent, active, settings.INGEST_MAX_REMOVED_PERCENT):
        raise BadFile(f"The file lacks {absent} of {active} active orders: too many, nothing was changed.")
    changed = execute(
        """
        UPDATE reporting_courtorder live
        SET type = said.type, made_date = said.made_date, status = said.status, report_type = said.report_type
        FROM staged_order said
        WHERE said.order_uid = live.uid AND (live.type, live.made_date, live.status, live.report_type)
            IS DISTINCT FROM (said.type, said.made_date, said.status, said.report_type)
        """
    )
    added = execute(
        """
        INSERT INTO reporting_courtorder (uid, type, report_type, kind, status, made_date, client_id)
        SELECT order_uid, type, report_type, 'single', status, made_date, client_id FROM staged_order
        WHERE client_id IS NOT NULL
        ON CONFLICT (uid) DO NOTHING
        """
    )
    return {"orders_added": added, "orders_changed": changed, "orders_absent": absent}


WANTED = """
    FROM reporting_courtorder mine
    LEFT JOIN staged_order said ON said.order_uid = mine.uid
    LEFT JOIN reporting_courtorder other ON other.uid = said.sibling_uid
    WHERE mine.id = live.id
"""


def relate() -> int:
    """Kind and sibling of every order; an active order that the file pairs with none is single.

    A sibling is nobody else's sibling, so old pairs are undone before new ones are made.
    """
    execute(
        f"UPDATE reporting_courtorder live SET sibling_id = NULL {WANTED} "
        "AND live.sibling_id IS NOT NULL AND live.sibling_id IS DISTINCT FROM other.id"
    )
    return execute(
        f"UPDATE reporting_courtorder live SET sibling_id = other.id, kind = coalesce(said.kind, 'single') {WANTED} "
        "AND (live.sibling_id, live.kind) IS DISTINCT FROM (other.id, coalesce(said.kind, 'single'))"
    )


def save_links() -> int:
    """Deputies on orders with their present state. A discharged deputy stays, inactive, with the day: of the file, or
    today where it gives none.
    """
    return execute(
        """
        INSERT INTO reporting_courtorderdeputy AS live (order_id, deputy_id, is_active, discharged_on)
        SELECT DISTINCT ON (kept.id, deputy.id) kept.id, deputy.id, pair.is_active,
            CASE WHEN NOT pair.is_active THEN coalesce(pair.changed_on, known.discharged_on, %s) END
        FROM staged_deputyship pair
        JOIN reporting_courtorder kept ON kept.uid = pair.order_uid
        JOIN reporting_deputy deputy ON deputy.uid = pair.deputy_uid
        LEFT JOIN reporting_courtorderdeputy known ON known.order_id = kept.id AND known.deputy_id = deputy.id
        ORDER BY kept.id, deputy.id, pair.line DESC
        ON CONFLICT (order_id, deputy_id)
        DO UPDATE SET is_active = excluded.is_active, discharged_on = excluded.discharged_on
        WHERE (live.is_active, live.discharged_on) IS DISTINCT FROM (excluded.is_active, excluded.discharged_on)
        """,
        [clock.today()],
    )
