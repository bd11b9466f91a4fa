"""The three nightly files of the case system: read by the clock or because somebody asked, and watched.

What is wrong with them (absent, failed, many refused rows) shows on the health page and to super admins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from foundation import audit, clock, mails
from foundation.accounts.models import User
from foundation.clients import Unavailable
from foundation.clients.storage import Stored
from foundation.health import Result
from foundation.jobs import soon
from reporting.home.ingest_reports import apply_court_orders, apply_lay, apply_pa_prof
from reporting.mails.ingest_finished import IngestFinished
from reporting.people.ingest import court_orders, lay, pa_prof
from reporting.people.ingest.rows import BadFile
from reporting.people.ingest.run import Counts, Layout, Outcome, Staged, ingest, newest
from reporting.people.models import IngestRun
from reporting.reports.split_merge.follow import follow_orders

LONGEST = timedelta(hours=2)
"""A run that has not ended after this died with its worker."""


class Refused(Exception):
    """The file cannot be read now; the text says why, for the person."""


@dataclass(frozen=True)
class NightlyFile:
    key: str
    title: str
    layout: Callable[[], Layout]
    apply: Callable[[Staged], Counts]
    then: Callable[[], Outcome] | None = None

    def found(self) -> Stored | None:
        """The file that would be read now; None if there is none or the storage is away."""
        try:
            return newest(self.layout().pattern)
        except (BadFile, Unavailable):
            return None


FILES = {
    each.key: each
    for each in (
        NightlyFile("lay", "Lay deputyships", lay.layout, apply_lay),
        NightlyFile("pa_prof", "Public authority and professional deputyships", pa_prof.layout, apply_pa_prof),
        NightlyFile("court_orders", "Court orders", court_orders.layout, apply_court_orders, follow_orders),
    )
}
"""In the order in which the night reads them."""


def read(key: str, run: IngestRun | None = None) -> IngestRun:
    """Read the newest file of a kind, here and now."""
    file = FILES[key]
    return ingest(file.layout(), file.apply, then=file.then, run=run)


# By hand


def running(key: str) -> IngestRun | None:
    since = clock.now() - LONGEST
    found = IngestRun.objects.filter(file=key, started_at__gte=since).exclude(phase=IngestRun.Phase.ENDED)
    return found.order_by("-started_at").first()


@transaction.atomic
def start(key: str, *, by: User) -> IngestRun:
    """Have a file read by a worker; the person gets a mail when it is done. Raises ``Refused``."""
    if running(key) is not None:
        raise Refused("This file is being read already")
    run = IngestRun.objects.create(file=key, key="", sha256="", phase=IngestRun.Phase.QUEUED, started_by=by)
    audit.record("INGEST_STARTED", by=by, subject=run, after={"file": key})
    transaction.on_commit(lambda: soon(read_file, run=run.pk))
    return run


@app.task(name="read_file")
def read_file(run: int) -> None:
    """The worker's part: a run that somebody asked for. Its failure is in the run, and in the mail."""
    row = IngestRun.objects.get(pk=run)
    try:
        read(row.file, row)
    except BadFile:
        pass
    finally:
        if row.started_by_id is not None:
            mails.send(IngestFinished(run=row.pk), key=str(row.pk), subject=row)


# What is wrong


def troubles() -> dict[str, str]:
    """Files that somebody should look at, with the reason in words. One that was never read here is not missed."""
    found = {}
    for key in FILES:
        last = IngestRun.objects.filter(file=key).order_by("-started_at").first()
        if last is not None and (why := trouble(last)):
            found[key] = why
    return found


def trouble(run: IngestRun) -> str:
    now = clock.now()
    if run.phase != IngestRun.Phase.ENDED:
        return "has not ended" if now - run.started_at > LONGEST else ""
    if not run.ok:
        return "failed"
    if run.counts.get("refused", 0) > settings.INGEST_ALERT_REFUSED_ROWS:
        return f"{run.counts['refused']:,} rows refused"
    if run.arrived_at and now - run.arrived_at > timedelta(hours=settings.INGEST_MAX_FILE_HOURS):
        return f"no new file since {run.arrived_at:%-d %B %H:%M} UTC"
    return ""


def health() -> list[Result]:
    """A line for each file."""
    wrong = troubles()
    return [Result(f"Nightly file: {file.title}", key not in wrong, wrong.get(key, "")) for key, file in FILES.items()]
