"""Work outside requests, on Procrastinate: jobs live in our own database and are queued inside the transaction.

A nightly job is a function in a file of the service's ``jobs`` package under ``@overnight``; finding the file is
enough. Every run leaves a ``JobRun``; a run that is late or missing turns the health page red.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.db import models, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from foundation import clock

log = structlog.get_logger()


class JobRun(models.Model):
    """One run of a job: when, and what came of it. ``detail`` holds counts and identifiers, no personal data."""

    impersonal = frozenset({"job", "detail", "error"})

    job = models.CharField(max_length=60, db_index=True)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    detail = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "foundation"
        get_latest_by = "started_at"


@dataclass(frozen=True)
class Overnight:
    """A job that runs by the clock. ``at`` and ``done_by`` are times of day in UTC, "02:00"."""

    name: str
    at: str
    done_by: str
    run: Callable[[], dict[str, Any] | None]
    days: str = "*"
    """Days of the week as in cron: "*" or "0" for Sundays."""
    enabled: bool = True

    def last_due(self, now: datetime) -> datetime:
        """When the latest run that should be finished by now had to start."""
        hour, minute = map(int, self.at.split(":"))
        start = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        end_hour, end_minute = map(int, self.done_by.split(":"))
        allowed = timedelta(hours=end_hour - hour, minutes=end_minute - minute) % timedelta(days=1)
        while start + allowed > now or not self._runs_on(start):
            start -= timedelta(days=1)
        return start

    def _runs_on(self, day: datetime) -> bool:
        return self.days == "*" or str(day.isoweekday() % 7) in self.days.split(",")


overnights: dict[str, Overnight] = {}


def overnight(
    *, at: str, done_by: str, days: str = "*", enabled: str | None = None
) -> Callable[[Callable[[], dict[str, Any] | None]], Callable[[], JobRun]]:
    """Run a function every night at ``at``; it returns counts for its ``JobRun`` or raises.

    ``enabled`` names a setting: where that is false the job is not run and not missed.
    """

    def declare(function: Callable[[], dict[str, Any] | None]) -> Callable[[], JobRun]:
        name = function.__name__
        on = enabled is None or bool(getattr(settings, enabled))
        overnights[name] = Overnight(name, at, done_by, function, days, on)
        hour, minute = at.split(":")

        @wraps(function)
        def run() -> JobRun:
            return run_now(name)

        if on:
            task = app.task(name=f"overnight.{name}", queueing_lock=f"overnight.{name}", pass_context=False)(
                lambda timestamp=0: run_now(name) and None
            )
            app.periodic(cron=f"{int(minute)} {int(hour)} * * {days}")(task)
        return run

    return declare


def run_now(name: str) -> JobRun:
    """Run one nightly job here and now, and keep what came of it. A failing job is recorded and raised."""
    row = JobRun.objects.create(job=name)
    try:
        row.detail = overnights[name].run() or {}
        row.ok = True
    except Exception as error:
        row.ok, row.error = False, type(error).__name__
        raise
    finally:
        row.ended_at = clock.now()
        row.save()
        log.info("job", job=name, outcome="success" if row.ok else "failure", **row.detail)
    return row


def late(now: datetime | None = None) -> dict[str, str]:
    """Nightly jobs whose latest due run is missing or failed, with the reason in words."""
    now = now or clock.now()
    found = {}
    for job in overnights.values():
        if not job.enabled:
            continue
        due = job.last_due(now)
        row = JobRun.objects.filter(job=job.name, started_at__gte=due).order_by("-started_at").first()
        if row is None:
            first = JobRun.objects.order_by("started_at").first()
            if first is not None and first.started_at < due:
                found[job.name] = f"did not run after {due:%d %B %H:%M} UTC"
        elif row.ok is False:
            found[job.name] = "failed"
        elif row.ok is None and now - row.started_at > timedelta(hours=6):
            found[job.name] = "has not finished"
    return found


class WorkerBeat(models.Model):
    """A sign of life of the workers of a queue, for the health page: one row for each queue."""

    impersonal = frozenset({"queue"})

    queue = models.CharField(max_length=40, unique=True, default="default")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "foundation"


@app.task(name="deliver", queueing_lock="deliver")
def deliver() -> None:
    """Deliver what is due (foundation.outbox)."""
    from foundation import outbox

    outbox.deliver_due()


def every(seconds: int) -> str:
    """As cron with a sixth field: so often within a minute, or once a minute."""
    return "* * * * *" if seconds >= 60 else f"* * * * * */{seconds}"


@app.periodic(cron=every(settings.WORKER_SWEEP_SECONDS))
@app.task(name="sweep", queueing_lock="sweep")
def sweep(timestamp: int = 0) -> None:
    """Every minute: a sign of life, and whatever is due though nobody told the worker."""
    beat()
    deliver_soon()


@app.periodic(cron=every(min(5, settings.WORKER_SWEEP_SECONDS)))
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int = 0) -> None:
    """Give jobs of a worker that died to another one."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_STALLED_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the same is waiting already and will do what this one did not
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)


def beat(queue: str = "default") -> None:
    WorkerBeat.objects.update_or_create(queue=queue, defaults={"at": clock.now()})


def soon(task: Any, **arguments: Any) -> None:
    """Queue a task unless the same is waiting already. Safe to call after a commit."""
    try:
        with transaction.atomic():
            task.defer(**arguments)
    except AlreadyEnqueued:
        pass


def deliver_soon() -> None:
    soon(deliver)


def load() -> None:
    """Import the packages that hold jobs, couriers and mails, so that every one is known. Called at start-up."""
    from foundation import discover

    for package in settings.JOB_PACKAGES:
        discover.modules(package)
