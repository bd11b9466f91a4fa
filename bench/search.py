"""How long staff wait for a search among a million clients and a million users (goal: under 1 s).

    python bench/search.py [thousands]

Needs DATABASE_URL of the owner of a server; works in a database of its own that it makes and drops. Each client has a
deputy, a report and a case number. Names are as unevenly spread as in life: some first names and surnames are those
of thousands, most are rare. Measured are the pages' own functions, as the role app, with what they show read too.
Results: bench/results/search.md.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reporting.settings")
os.environ.setdefault("LOCAL", "yes")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from foundation.accounts.models import User  # noqa: E402
from foundation.testing import database  # noqa: E402
from reporting.casework import search  # noqa: E402
from reporting.casework.clients import queries as clients  # noqa: E402
from reporting.casework.users import queries as users  # noqa: E402
from reporting.people.models import Client  # noqa: E402
from reporting.reports.models import Report  # noqa: E402

NAME = f"bench_search_{os.getpid()}"
TIMES = 15

FIRST = (
    "Margaret John Mary David Susan Michael Patricia Peter Jean Robert Ann Paul Linda James Barbara William Joan Alan "
    "Christine Brian Dorothy George Sheila Kenneth Maureen Anthony Pamela Colin Janet Roy Doreen Derek Sylvia Ronald "
    "Irene Keith Eileen Raymond Joyce Stephen Brenda Graham Shirley Dennis Kathleen Malcolm Jacqueline Terence Valerie "
    "Zoë Siân Łukasz Noor Ifeoma Mohammed Aisha Jo Li"
)
LAST = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts "
    "Green Hall Wood Jackson Clarke Khan O'Brien MacDonald"
)
STARTS = "Ash Bar Brad Bur Chal Cole Cran Dray Ed Fair Gran Hart Hol King Lang Mor Nor Oak Pem Quil Rad Stan Thorn Wex"
MIDDLES = "a e i o u er in en al ing by den ham mer ning sel ter wor"
ENDS = "ton ford ley worth field man son well wick by dale thorpe wood stone more smith"

MAKE = """
CREATE TEMP TABLE surname AS
    SELECT row_number() OVER (ORDER BY random()) AS at, name FROM (
        SELECT unnest(%(last)s::text[]) || '' AS name FROM generate_series(1, 40)
        UNION ALL
        SELECT s || m || e FROM unnest(%(starts)s::text[]) s, unnest(%(middles)s::text[]) m, unnest(%(ends)s::text[]) e
    ) names;
SET session_replication_role = replica;  -- no row history, no checks: 3 million rows in a minute
INSERT INTO {user} (id, password, email, first_name, last_name, role, is_active, route, created_at, registered_at,
        new_email, protected, version)
    SELECT n, '', lower(f.name || '.' || s.name || n) || '@example.org', f.name, s.name, 'ROLE_LAY_DEPUTY', true,
        'SELF_REGISTER', now() - n * interval '1 minute', now() - n * interval '1 minute', '', false, 0
    FROM generate_series(1, %(rows)s::bigint) n
    JOIN LATERAL (SELECT (%(first)s::text[])[1 + mod(n * 7919, %(firsts)s)] AS name) f ON true
    JOIN surname s ON s.at = 1 + mod(n * 104729, (SELECT count(*) FROM surname));
INSERT INTO {client} (id, case_number, first_name, last_name, address1, address2, address3, address4, address5,
        postcode, country, phone, email, created_at, version)
    SELECT n, (10000000 + n)::text, f.name, s.name, '', '', '', '', '', '', 'GB', '', '', now(), 0
    FROM generate_series(2, %(rows)s::bigint) n
    JOIN LATERAL (SELECT (%(first)s::text[])[1 + mod(n * 15485863, %(firsts)s)] AS name) f ON true
    JOIN surname s ON s.at = 1 + mod(n * 32452843, (SELECT count(*) FROM surname));
INSERT INTO {attached} (client_id, user_id) SELECT n, n FROM generate_series(1, %(rows)s) n;
INSERT INTO {report} (client_id, {columns}) SELECT n, {columns} FROM {report}, generate_series(2, %(rows)s::bigint) n;
SET session_replication_role = origin;
"""

SEARCHES = {
    "a common surname (smith)": "smith",
    "part of a word that many have (wood)": "wood",
    "a rare surname (quildenthorpe)": "quildenthorpe",
    "first and last name (margaret smith)": "margaret smith",
    "parts of both (marg quil)": "marg quil",
    "two short names (jo li)": "jo li",
    "two letters (zo)": "zo",
    "one letter (q)": "q",
    "a name with an accent (siân)": "siân",
    "a name that nobody has (nemotherrin)": "nemotherrin",
    "a whole case number": "10654321",
}


def make(rows: int) -> None:
    """A first client with a report, of which all others are copies with another name."""
    tables = {
        "user": User._meta.db_table,
        "client": Client._meta.db_table,
        "attached": Client.users.through._meta.db_table,
        "report": Report._meta.db_table,
        "columns": ", ".join(
            f'"{field.column}"' for field in Report._meta.concrete_fields if field.column not in {"id", "client_id"}
        ),
    }
    given = {
        "rows": rows, "first": FIRST.split(), "firsts": len(FIRST.split()), "last": LAST.split(),
        "starts": STARTS.split(), "middles": MIDDLES.split(), "ends": ENDS.split(),
    }  # fmt: skip
    first = Client.objects.create(pk=1, case_number="10000001", first_name="Ada", last_name="First")
    Report.objects.create(client=first, type="102", start="2025-04-01", end="2026-03-31", due="2026-04-21")
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(**tables), given)
        cursor.execute("VACUUM ANALYZE")


def milliseconds(what: Callable[[], Any]) -> tuple[list[float], int]:
    found, times = 0, []
    for _ in range(TIMES):
        begun = time.perf_counter()
        found = what()
        times.append((time.perf_counter() - begun) * 1000)
    return times, found


def client_page(text: str) -> int:
    found = clients.search(Client.objects.all(), text)
    clients.active_from(found)
    return len(found)


def user_page(text: str) -> int:
    return len(users.search(User.objects.all(), text))


def one_box(staff: User, text: str) -> int:
    found = search.search(staff, text)
    return len(found.clients) + len(found.users) + len(found.organisations)


def main(thousands: int) -> None:
    database.create(NAME)
    try:
        with database.connected_to(NAME):
            begun = time.monotonic()
            make(thousands * 1000)
            print(f"{thousands},000 clients and users made in {time.monotonic() - begun:.0f} s")
            staff = User.objects.create(
                pk=thousands * 1000 + 1, email="sam@office.example", role="ROLE_ADMIN", is_active=True
            )
        with database.connected_to(NAME, role=settings.DATABASE_APP_ROLE):
            measure(staff)
    finally:
        database.drop(NAME)


def measure(staff: User) -> None:
    print("| search | clients p50 | p95 | found | users p50 | p95 | found | one box p50 | p95 |\n|---|" + "---|" * 8)
    for name, text in SEARCHES.items():
        cells = []
        for page in (client_page, user_page, lambda words: one_box(staff, words)):
            times, found = milliseconds(lambda page=page, text=text: page(text))
            cells += [f"{statistics.median(times):.0f}", f"{statistics.quantiles(times, n=20)[-1]:.0f}", str(found)]
        print(f"| {name} | " + " | ".join(cells[:-1]) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
