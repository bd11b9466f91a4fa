"""How long the figures and each extract take, with a year of reports.

    python -m bench.extracts [--reports 60000] [--write]

Every report is submitted and has a document, an answer about satisfaction and one about research; half are of the
last month. Measured is what the dashboard counts and what the worker does for each extract, the storing left out.
``--write`` puts the table into bench/results/extracts.md, below what is written there by hand.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.scene import FOLDER, ORIGINALS, copy, where

from django.db import connection, models  # isort: skip

from foundation import clock  # isort: skip
from foundation.accounts.models import User  # isort: skip
from foundation.testing.stack import Stack  # isort: skip
from reporting.casework.figures.extract import Choices, extractions  # isort: skip
from reporting.casework.figures.metrics import METRICS, submitted_by_month  # isort: skip
from reporting.casework.figures.period import FIRST_DAY, Period  # isort: skip
from reporting.documents.models import Document  # isort: skip
from reporting.engine.answered import Answered  # isort: skip
from reporting.engine.sample import fill  # isort: skip
from reporting.people.models import Client, CourtOrder, CourtOrderDeputy, Deputy, Profile  # isort: skip
from reporting.reports.models import Report  # isort: skip
from reporting.submissions.models import Feedback, Submission  # isort: skip
from tests.reporting.conftest import make_deputy, make_report  # isort: skip

RESULTS = Path(__file__).parent / "results" / "extracts.md"
MARK = "<!-- Below: written by bench/extracts.py -->"
MONTH = timedelta(days=30)


def populate(reports: int) -> None:
    """Twenty reports as deputies make them, and copies of all that hangs on them."""
    for seed in range(ORIGINALS):
        deputy = make_deputy()
        report = make_report(deputy, "102-4" if seed % 2 else "102")
        fill(report, seed)
        submit(report, deputy, long_ago=seed % 4 < 2)
    tables: list[type[models.Model]] = [
        User, Deputy, Profile, Client, CourtOrder, CourtOrderDeputy, Report, Submission, Feedback, Document,
        Client.users.through, Report.orders.through, *(kind for kind in Answered.kinds if not kind._meta.proxy),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no row history: millions of rows in a minute
        for table in tables:
            copy(cursor, table, reports // ORIGINALS - 1)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def submit(report: Report, deputy: User, *, long_ago: bool) -> None:
    """As submitted, without the PDF."""
    at = clock.now() - (3 * MONTH if long_ago else timedelta(days=3))
    report.submitted, report.submitted_at, report.submitted_by = True, at, deputy
    report.save()
    deputy.last_login = at
    deputy.save()
    submission = Submission.objects.create(report=report, number=1, created_by=deputy, created_at=at)
    Feedback.objects.create(
        submission=submission, score=4, comments="=Good", role=deputy.role, report_type=report.type, created_at=at,
        deputyship_length="oneToFive", agreed_research=["surveys"], has_video_device=True,
    )  # fmt: skip
    key = f"documents/bench/{report.pk}"
    Document.objects.create(
        report=report, submission=submission, name="bill.pdf", key=key, content_type="application/pdf"
    )


def timed(what: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found


def measure() -> str:
    today = clock.today()
    month, ever = Period(today - MONTH, today), Period(FIRST_DAY, today)
    rows = ["| what | seconds | rows |", "|---|--:|--:|"]
    for name, period in (("the dashboard of the last month", month), ("the dashboard of all time", ever)):
        seconds, _ = timed(
            lambda period=period: len([each.measure(period) for each in METRICS]) + len(submitted_by_month(period))
        )
        rows.append(f"| {name} | {seconds:.2f} | |")
    choices = Choices({"first": ever.first.isoformat(), "last": ever.last.isoformat(), "months": 1, "family": ""})
    for kind in extractions().values():
        extraction = kind(choices)
        seconds, count = timed(lambda extraction=extraction: sum(1 for _ in extraction.encoded(extraction.rows())))
        rows.append(f"| {kind.title} | {seconds:.1f} | {count:,} |")
    return "\n".join(rows)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--reports", type=int, default=60_000)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    stack = Stack(Path(FOLDER.name))
    try:
        stack.make_database()
        populate(given.reports)
        text = f"{where()}; {given.reports:,} submitted reports.\n\n{measure()}\n"
    finally:
        connection.close()
        stack.stop()
    print(text)
    if given.write:
        by_hand = RESULTS.read_text().split(MARK)[0].rstrip()
        RESULTS.write_text(f"{by_hand}\n\n{MARK}\n\n{text}")


if __name__ == "__main__":
    main()
