"""The dashboard of an organisation with 2,000 clients, among thirty other organisations: goal 300 ms a page.

    python -m bench.dashboard [--clients 2000] [--write]

Every client has an open report and three that are submitted; the other organisations have 300 clients each. One
browser asks for one page after the other, page by page in turns, so that other work on the machine meets all alike.
``--write`` puts the table into bench/results/dashboard.md, below what is written there by hand.
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.scene import Browser, percentile, scene, where

from django.db import connection, models  # isort: skip

from foundation.accounts.models import User  # isort: skip
from reporting.engine.report_types import report_type  # isort: skip
from reporting.engine.section import sections_of  # isort: skip
from reporting.people.models import Client  # isort: skip
from reporting.people.organisations.models import Organisation  # isort: skip
from tests.reporting.people.organisations.making import make_client, make_member, make_report  # isort: skip

RESULTS = Path(__file__).parent / "results" / "dashboard.md"
MARK = "<!-- Below: written by bench/dashboard.py -->"
OTHERS, EACH, ROUNDS, GOAL = 30, 300, 30, 300
PAGES = {
    "first page": "/dashboard",
    "last page": "/dashboard?page=1000000",
    "not started": "/dashboard?status=not-started",
    "not finished, by client": "/dashboard?status=not-finished&sort=client",
    "ready to submit": "/dashboard?status=ready",
    "part of a name": "/dashboard?q=ample1",
    "whole name": "/dashboard?q=Client17+Sample17",
    "case number": "/dashboard?q=10000017",
    "nobody": "/dashboard?q=nosuchname",
}


def populate(clients: int) -> None:
    """Organisations, clients and reports by SQL: of four open reports one is ready, one is not started."""
    Organisation.objects.bulk_create(
        Organisation(name=f"Firm {number}", identifier=f"firm{number}.example", is_activated=True)
        for number in range(OTHERS + 1)
    )
    first = Organisation.objects.order_by("pk")[0]
    member = make_member(first)
    original = make_report(make_client(first))
    day = "current_date - 365 * (year + 1) + (n %% 90)::int"
    with connection.cursor() as cursor:
        copies(
            cursor,
            original.client,
            f"generate_series(1, {clients - 1 + OTHERS * EACH}) n",
            case_number="(10000000 + n)::text",
            first_name="'Client' || n",
            last_name="'Sample' || n",
            organisation_id=f"{first.pk} + CASE WHEN n < {clients} THEN 0 ELSE 1 + (n - {clients}) / {EACH} END",
        )
        copies(
            cursor,
            original,
            "(SELECT id AS n FROM reporting_client) clients, generate_series(0, 3) year",
            client_id="n",
            start=day,
            end=f"{day} + 364",
            due=f"{day} + 420",
            submitted="year > 0",
            ready="n %% 4 = 1 OR year > 0",
            progress=f"CASE WHEN n %% 4 = 0 AND year = 0 THEN '{progress('not-started')}'::jsonb "
            f"ELSE '{progress('incomplete')}'::jsonb END",
        )
        cursor.execute("DELETE FROM reporting_report WHERE id = %s", [original.pk])
        cursor.execute("ANALYZE")
    assert Client.objects.visible_to(member).count() == clients


def copies(cursor: Any, row: models.Model, source: str, **columns: str) -> None:
    """A copy of the row for each of ``source``, with these columns in SQL."""
    names = [each.column for each in row._meta.concrete_fields if not each.primary_key]
    values = ", ".join(columns.get(name, f'original."{name}"') for name in names)
    listed, table = ", ".join(f'"{name}"' for name in names), row._meta.db_table
    text = f'INSERT INTO "{table}" ({listed}) SELECT {values} FROM "{table}" original, {source} WHERE original.id = %s'
    cursor.execute(text, [row.pk])


def progress(state: str) -> str:
    """What a report of this type has stored, every section in this state."""
    sections = [f'"{kind.key}": {{"state": "{state}", "count": 0}}' for kind in sections_of(report_type("102-5"))]
    return f"{{{', '.join(sections)}}}"


def measure(browser: Browser) -> str:
    seconds: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS + 2):
        for name, path in PAGES.items():
            started = time.perf_counter()
            status, text = browser.get(path)
            assert status == 200, f"{path}: {status}"
            assert "Your clients" in text
            if turn >= 2:  # warm
                seconds[name].append(time.perf_counter() - started)
    slowest = max(percentile(found, 0.95) for found in seconds.values())
    return "\n".join(
        [
            "| page | p50, ms | p95, ms | slowest, ms |",
            "|---" * 4 + "|",
            *(
                f"| {name} | {percentile(found, 0.5):.0f} | {percentile(found, 0.95):.0f} | {max(found) * 1000:.0f} |"
                for name, found in seconds.items()
            ),
            "",
            f"Goal {'met' if slowest < GOAL else 'missed'}: p95 of every page under {GOAL} ms.",
        ]
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--clients", type=int, default=2000)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    with scene(given.clients, populate) as built:
        table = measure(built.browser_of(User.objects.get()))
    text = f"{where()}; {given.clients:,} clients in the organisation, {OTHERS * EACH:,} in others.\n\n{table}\n"
    print(text)
    if given.write:
        by_hand = RESULTS.read_text().split(MARK)[0].rstrip()
        RESULTS.write_text(f"{by_hand}\n\n{MARK}\n\n{text}")


if __name__ == "__main__":
    main()
