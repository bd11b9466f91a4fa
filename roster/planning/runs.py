"""Runs of the optimiser: asked for, worked in a subprocess, stopped, and their answer kept as a draft.

A worker that dies leaves the run to another, which begins again; the subprocess ends as soon as nobody reads from it.
"""

import json
import queue
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from foundation import audit, clock
from optimiser.files.reading import read
from optimiser.files.rosters import read_roster
from roster.planning import actions
from roster.planning.actions import Refused
from roster.planning.models import Draft, DraftCell, Run
from roster.planning.to_problem import Options, Task

log = structlog.get_logger()
QUEUE = "optimiser"
MOST_ATTEMPTS = 3
LOG_LINES = 200
MOST_GAPS = 400
State = Run.State


class Working(Refused):
    """The optimiser is at this draft: somebody asked twice, or two people did."""

    def __init__(self, run: Run) -> None:
        super().__init__("The optimiser is working on this draft already.")
        self.run = run


@transaction.atomic
def ask(draft: Draft, *, by: Any, options: Options, seconds: int = 60) -> Run:
    """Queue a run for this draft. One at a time: a second is refused."""
    actions.lock_draft(draft)
    try:
        with transaction.atomic():
            run = Run.objects.create(draft=draft, asked_by=by, options=options.to_json(), seconds=seconds)
    except IntegrityError:
        raise Working(draft.runs.filter(state__in=[State.WAITING, State.RUNNING]).latest("pk")) from None
    app.configure_task("optimise", queue=QUEUE, allow_unknown=True).defer(run_id=run.pk)
    audit.record("OPTIMISER_ASKED", by=by, subject=run, after={"seconds": seconds})
    return run


@transaction.atomic
def stop(run: Run, *, by: Any) -> None:
    """End the search: the best roster so far is kept. One that waits is never begun."""
    now = Run.objects.select_for_update().get(pk=run.pk)
    if now.is_over:
        return
    now.stop_asked = True
    if now.state == State.WAITING:
        now.state, now.ended_at = State.STOPPED, clock.now()
    now.save(update_fields=["stop_asked", "state", "ended_at"])
    audit.record("OPTIMISER_STOPPED", by=by, subject=now)


def work(run_id: int) -> None:
    """The job: solve, and keep the answer. Called again after a crash it begins anew."""
    run = _begin(run_id)
    if run is None:
        return
    try:
        with TemporaryDirectory(prefix="run-") as folder:
            task = Task(run.draft, Options.from_json(run.options))
            path = Path(folder) / "problem.json"
            path.write_text(json.dumps(task.data))
            trouble = solve(run, path)
            if trouble:
                _end(run, State.FAILED, trouble=trouble)
            else:
                _keep(run, task, path)
    except Exception as error:
        log.exception("optimiser_run", run=run.pk)
        run.result = None  # a proposal that was being kept is gone with its transaction
        _end(run, State.FAILED, trouble=f"Something went wrong ({type(error).__name__}).")
        raise


@transaction.atomic
def _begin(run_id: int) -> Run | None:
    run = (
        Run.objects.select_for_update(of=("self",)).select_related("draft__period__unit__establishment").get(pk=run_id)
    )
    if run.is_over:
        return None
    run.attempts += 1
    run.state, run.started_at, run.log = State.RUNNING, clock.now(), []
    if run.attempts > MOST_ATTEMPTS:
        run.state, run.ended_at = State.FAILED, clock.now()
        run.trouble = "It was begun three times and never ended."
    run.save()
    return None if run.state == State.FAILED else run


def solve(run: Run, problem: Path) -> str:
    """Run ``python -m optimiser solve``; what went wrong in words, or nothing."""
    command = [sys.executable, "-m", "optimiser", "solve", str(problem), "--time", str(run.seconds),
               "--out", str(problem.parent / "answer"), "--progress", "json",
               "--workers", str(settings.OPTIMISER_WORKERS)]  # fmt: skip
    limited = ["sh", "-c", 'ulimit -v "$0"; exec "$@"', str(settings.OPTIMISER_MEMORY_MB * 1024), *command]
    errors = problem.parent / "errors"
    with errors.open("w") as sink:
        process = subprocess.Popen(limited, stdout=subprocess.PIPE, stderr=sink, text=True, cwd=settings.ROOT)
        try:
            for line in lines(process, lambda: Run.objects.filter(pk=run.pk, stop_asked=True).exists()):
                _progress(run, line)
        finally:
            code = _gone(process)
    if code == 0:
        return ""
    said = errors.read_text().strip().splitlines()
    log.warning("optimiser_run", run=run.pk, outcome="failure", exit_code=code)
    if code == 3 and said and "not planned" in said[-1]:
        return "The time was over before there was a first roster."
    if code == 3:
        return "No roster is possible: what is locked, and the rules that block, leave no way."
    return "The optimiser could not read the plan." if code == 2 and said else "The optimiser ended without an answer."


def lines(process: "subprocess.Popen[str]", stop_asked: Callable[[], bool]) -> Iterator[str]:
    """Lines as they come; once a second it is asked whether to stop, once there is a first roster to keep."""
    arrived: queue.Queue[str | None] = queue.Queue()

    def read_all() -> None:
        for line in process.stdout or ():
            arrived.put(line)
        arrived.put(None)

    Thread(target=read_all, daemon=True).start()
    begun = told = False
    while True:
        if begun and not told and stop_asked():
            process.send_signal(signal.SIGTERM)
            told = True
        try:
            line = arrived.get(timeout=1)
        except queue.Empty:
            continue
        if line is None:
            return
        begun = True
        yield line


def _gone(process: "subprocess.Popen[str]") -> int:
    """Its exit code; whatever happens to us, it does not outlive this."""
    try:
        return process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _progress(run: Run, line: str) -> None:
    try:
        run.log = [*run.log, json.loads(line)][-LOG_LINES:]
    except ValueError:
        return
    Run.objects.filter(pk=run.pk).update(log=run.log)


@transaction.atomic
def _keep(run: Run, task: Task, problem: Path) -> None:
    """The answer as a draft: what the run's draft says, and where the optimiser planned something else."""
    answer = problem.parent / "answer"
    roster = read_roster(answer / "roster.csv", read(problem).problem)
    planned = task.answer({int(person): names for person, names in roster.items()})
    name = f"Proposal of {clock.london(clock.now()):%-d %B %H:%M}"
    made = actions.copy(run.draft, by=run.asked_by, kind=Draft.Kind.OPTIMISER, name=name)
    made.revision += 1
    made.save(update_fields=["revision"])
    DraftCell.objects.bulk_create(
        [
            DraftCell(
                draft=made, person_id=person, shift_date=day, content=content.to_json(), source="optimiser",
                seen=task.sheet.cell(person, day).published.version, version=made.revision, changed_by=run.asked_by,
            )
            for (person, day), content in planned.items()
            if content != task.sheet.day(person, day)
        ],
        update_conflicts=True, unique_fields=["draft", "person", "shift_date"], batch_size=2000,
        update_fields=["content", "source", "seen", "version", "changed_by"],
    )  # fmt: skip
    report = json.loads((answer / "report.json").read_text())
    stopped = Run.objects.filter(pk=run.pk, stop_asked=True).exists()
    run.result = made
    _end(run, State.STOPPED if stopped else State.DONE, report=summary(report, task))


def summary(report: dict[str, Any], task: Task) -> dict[str, Any]:
    """What a planner wants to know of the answer; people by number. A post's gap is at its worst moment of the day."""
    gaps: dict[str, dict[str, Any]] = {}
    for gap in report["gaps"]:
        known = gaps.get(gap["where"])
        if known is None or gap["missing"] > known["missing"]:
            gaps[gap["where"]] = {key: gap[key] for key in ("where", "missing", "reasons")}
    kept = ("cost", "bound", "optimal", "legal", "still_to_gain", "ended", "seconds", "cost_by_rule")
    return {key: report[key] for key in kept} | {
        "gaps": list(gaps.values())[:MOST_GAPS], "forbidden": task.unkept(report["forbidden"][:MOST_GAPS]),
        "cost_by_post": by_post(report["parts"]),
    }  # fmt: skip


def by_post(parts: list[dict[str, Any]]) -> dict[str, int]:
    """What unmet demand costs, by post and session, the dearest first."""
    found: Counter[str] = Counter()
    for part in parts:
        if part["rule"] == "Cover":
            where = part["sentence"].partition(", ")[2].rpartition(": ")[0]  # "Mon 4 Jan 2027, Gate: 1 of 2"
            found[where] += part["cost"]
    return dict(found.most_common())


def _end(run: Run, state: str, *, trouble: str = "", report: dict[str, Any] | None = None) -> None:
    run.state, run.ended_at, run.trouble, run.report = state, clock.now(), trouble, report or {}
    run.save(update_fields=["state", "ended_at", "trouble", "report", "result"])
    audit.record("OPTIMISER_ENDED", by=run.asked_by, subject=run, after={"state": state})
