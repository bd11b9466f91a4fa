"""What super admins see of runs: state, counts, refused rows, and earlier runs of the same file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from foundation.access import can
from reporting.home.nightly_files import FILES, NightlyFile, running, troubles
from reporting.people.models import IngestRun

PER_PAGE = 20
SHOWN = 100
"""Refused rows on the page of a run; the rest are in the file to download."""


def visible_to(user: Any) -> QuerySet[IngestRun]:
    found = IngestRun.objects.select_related("started_by").order_by("-started_at", "-pk")
    return found if can(user, "ingest.see") else found.none()


class Outcome(StrEnum):
    """What came of a run, for the filter."""

    DONE = "done"
    FAILED = "failed"
    RUNNING = "running"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        return {"refused": "With refused rows", "running": "Not ended"}.get(self.value, self.value.capitalize())

    @property
    def condition(self) -> Q:
        ended = Q(phase=IngestRun.Phase.ENDED)
        return {
            Outcome.DONE: ended & Q(ok=True),
            Outcome.FAILED: ended & ~Q(ok=True),
            Outcome.RUNNING: ~ended,
            Outcome.REFUSED: Q(counts__refused__gt=0),
        }[self]


def search(runs: QuerySet[IngestRun], file: str, outcome: str) -> QuerySet[IngestRun]:
    if file:
        runs = runs.filter(file=file)
    return runs.filter(Outcome(outcome).condition) if outcome else runs


@dataclass(frozen=True)
class Seen:
    """A run as a page shows it."""

    run: IngestRun

    @property
    def title(self) -> str:
        return FILES[self.run.file].title if self.run.file in FILES else self.run.file

    @property
    def state(self) -> tuple[str, str]:
        """Words and colour of its tag."""
        if self.run.phase != IngestRun.Phase.ENDED:
            return self.run.get_phase_display(), "blue"
        if not self.run.ok:
            return "Failed: nothing was changed", "red"
        return ("Done", "green") if not self.run.counts.get("refused") else ("Done, rows refused", "yellow")

    @property
    def refused(self) -> list[dict[str, Any]]:
        """Rows that were not taken."""
        return [row for row in self.run.refused if "line" in row]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was taken though somebody should look at it."""
        return [row for row in self.run.refused if "line" not in row]

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(name.replace("_", " ").capitalize(), count) for name, count in self.run.counts.items()]

    def same_before(self) -> IngestRun | None:
        """The run that read exactly this file before."""
        earlier = IngestRun.objects.filter(file=self.run.file, sha256=self.run.sha256, ok=True, pk__lt=self.run.pk)
        return earlier.order_by("-pk").first() if self.run.sha256 else None


@dataclass(frozen=True)
class Present:
    """One of the three files as it stands: its last run, what is wrong, whether it is being read."""

    file: NightlyFile
    last: Seen | None
    trouble: str
    running: IngestRun | None


def present() -> list[Present]:
    wrong = troubles()
    return [Present(file, _last(key), wrong.get(key, ""), running(key)) for key, file in FILES.items()]


def _last(key: str) -> Seen | None:
    run = IngestRun.objects.filter(file=key).order_by("-started_at", "-pk").first()
    return Seen(run) if run else None


def read_before(file: NightlyFile) -> IngestRun | None:
    """The last good run, if the file that lies there now was there then: it would change nothing."""
    found = file.found()
    last = IngestRun.objects.filter(file=file.key, ok=True).order_by("-started_at").first()
    if found is None or last is None:
        return None
    return (
        last if (last.key, last.size) == (found.key[:200], found.size) and found.modified <= last.started_at else None
    )
