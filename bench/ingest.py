"""How long the nightly files take: 60,000 generated rows each (goal: each under 60 s on 2 quiet cores).

    python bench/ingest.py [rows] [--write]

Needs DATABASE_URL of the owner of a server; works in a database of its own that it makes and drops. Measured are the
first night (everything new), the same files again, and a night on which 1 row in 50 changed, while 1 lay case in 3 has
a registered deputy with an open report. "Of a processor" is the time that the job and its database connection really
used: what other work on the machine does not change. Results: bench/results/ingest.md.
"""

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reporting.settings")
os.environ.setdefault("LOCAL", "yes")
FOLDER = tempfile.TemporaryDirectory()
os.environ["STORAGE_FOLDER"] = FOLDER.name

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from foundation import clock  # noqa: E402
from foundation.clients import storage  # noqa: E402
from foundation.testing import database  # noqa: E402
from reporting.home.nightly_files import FILES, read  # noqa: E402
from reporting.people.ingest import court_orders, lay, pa_prof  # noqa: E402

NAME = f"bench_ingest_{os.getpid()}"
TYPES = ["OPG102", "OPG103", "OPG104"]


def lay_row(number: int, changed: bool) -> str:
    """Two rows in ten belong to a case with two deputies; one deputy in ten has two cases."""
    case, deputy = 10_000_000 + number - number % 10 // 9, 700_000_000_000 + number - number % 20 // 19
    kind = TYPES[number % 3] if not changed else TYPES[(number + 1) % 3]
    made = date(2015, 1, 1) + timedelta(days=number % 3600)
    return (
        f"{case},Client{number},Sample{number},{number} Sample Road,Testham,,,,ZZ1 1AA,{deputy},Deputy{number},"
        f"Sample{number},{number} Sample Road,Testham,,,,ZZ1 1AA,{kind},{made},{'hw' if kind == 'OPG104' else 'pfa'},"
        "no,SINGLE"
    )


def pa_prof_row(number: int, changed: bool) -> str:
    """Twenty clients a deputy, five deputies a firm; who changed has moved to another firm with all clients."""
    deputy = number // 20
    firm = deputy // 5 + (10_000 if changed else 0)
    kind = TYPES[number % 3]
    made = date(2015, 1, 1) + timedelta(days=number % 3600)
    last = date(2026, 1, 1) + timedelta(days=number % 365)
    return (
        f"{30_000_000 + number},Client{number},Sample{number},1950-01-31,{number} Sample Road,Testham,,,,ZZ1 1AA,"
        f"{800_000_000_000 + deputy},{'PA' if deputy % 4 == 0 else 'PRO'},team{deputy}@firm-{firm}.example,"
        f"Firm {firm},Solicitor{deputy},Sample,1 Office Lane,Mocktown,,,,ZZ3 3CC,{made},{last},{kind},"
        f"{'hw' if kind == 'OPG104' else 'pfa'},SINGLE"
    )


def order_row(number: int, changed: bool) -> str:
    case, deputy = 10_000_000 + number - number % 10 // 9, 700_000_000_000 + number - number % 20 // 19
    made = date(2015, 1, 1) + timedelta(days=number % 3600)
    state = "DISCHARGED" if changed else "ACTIVE"
    kind = TYPES[number % 3]
    return (
        f"{900_000_000_000 + number},{deputy},{'hw' if kind == 'OPG104' else 'pfa'},NEW DEPUTY,{made},ACTIVE,,{case},"
        f"{number},ACTIVE,,LAY,{state},,{kind},0"
    )


def put(rows: int, share: int) -> None:
    """All files; of ``share`` rows one differs from the first night (0: none): of PA/PROF deputies, with all rows."""
    for name, columns, line, together in (
        ("lay_report.csv", lay.COLUMNS, lay_row, 1),
        ("pa_pro_report.csv", pa_prof.COLUMNS, pa_prof_row, 20),
        ("deputyships.csv", ["OrderUid", "DeputyUid", *court_orders.COLUMNS[2:]], order_row, 1),
    ):
        changed = [bool(share) and number // together % share == 0 for number in range(rows)]
        lines = [",".join(columns), *(line(number, changed[number]) for number in range(rows))]
        storage.store().put(f"ingest/{name}", "\n".join(lines).encode(), "text/csv")


def register(rows: int) -> None:
    """A registered deputy with client and open report for one case in three, as a year of use leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO foundation_user (id, email, password, first_name, last_name, role, is_active, route,
                created_at, registered_at, new_email, protected, version)
            SELECT n, 'deputy' || n || '@example.org', '!', 'Deputy', 'Sample', 'ROLE_LAY_DEPUTY', true,
                'SELF_REGISTER', now(), now(), '', false, 0
            FROM generate_series(1, %(rows)s, 3) n;
            INSERT INTO reporting_profile (user_id, deputy_uid, is_primary, phone, phone_alternative, job_title,
                is_co_deputy, co_deputy_confirmed, version, address1, address2, address3, address4, address5,
                postcode, country)
            SELECT id, 700000000000 + id - id %% 20 / 19, id %% 20 <> 19, '', '', '', false, true, 0,
                '', '', '', '', '', '', 'GB'
            FROM foundation_user;
            INSERT INTO reporting_client (id, case_number, first_name, last_name, phone, email, created_at, version,
                address1, address2, address3, address4, address5, postcode, country)
            SELECT id, 10000000 + id, 'Client', 'Sample', '', '', now(), 0, '', '', '', '', '', '', 'GB'
            FROM foundation_user WHERE id %% 10 < 9;
            INSERT INTO reporting_client_users (client_id, user_id)
            SELECT client.id, client.id FROM reporting_client client;
            INSERT INTO reporting_report (client_id, type, start, "end", due, submitted, changes_needed, progress,
                unsettled, ready, created_at, version)
            SELECT id, (ARRAY['102', '103', '104'])[1 + id %% 3], '2026-01-01', '2026-12-31', '2027-01-21', false, '[]',
                '{}', '{}', false, now(), 0
            FROM reporting_client WHERE id %% 100 <> 1;
            SELECT setval('reporting_client_id_seq', %(rows)s); SELECT setval('foundation_user_id_seq', %(rows)s);
            ANALYZE;
            """,
            {"rows": rows},
        )


def processor_seconds() -> float:
    """Of this process and of its database connection, which runs on the same machine: what load does not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(title: str) -> list[str]:
    lines = []
    for key in FILES:
        started, used = time.perf_counter(), processor_seconds()
        run = read(key)
        seconds, used = time.perf_counter() - started, processor_seconds() - used
        counts = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in run.counts.items() if value)
        lines.append(f"| {title} | {key} | {used:.1f} | {seconds:.1f} | {counts} |")
        print(lines[-1], flush=True)
    return lines


HEAD = ["| night | file | seconds of a processor | by the clock | rows by outcome |", "|---|---|---|---|---|"]


def main(rows: int, write: bool) -> None:
    database.create(NAME)
    try:
        with database.connected_to(NAME):
            register(rows)
            print("\n".join(HEAD))
            put(rows, 0)
            lines = measured("first") + measured("same files again")
            put(rows, 50)
            lines += measured("1 row in 50 changed")
    finally:
        database.drop(NAME)
    if write:
        load = os.getloadavg()[1]
        about = (
            f"# Nightly files: {rows:,} generated rows each\n\n"
            f"`python bench/ingest.py {rows} --write`, {clock.today():%-d %B %Y}, {os.cpu_count()} virtual cores, "
            f"PostgreSQL on the same machine, load of the machine at the end {load:.1f}. Goal: each file under 60 s on "
            "2 quiet cores; seconds of a processor do not depend on the load. One lay case in three has a registered "
            "deputy, most with an open report.\n\n"
        )
        (ROOT / "bench" / "results" / "ingest.md").write_text(about + "\n".join(HEAD + lines) + "\n")


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(numbers[0] if numbers else 60_000, "--write" in sys.argv)
