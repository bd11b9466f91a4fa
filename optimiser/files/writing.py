"""The three files of an answer. Each appears whole or not at all."""

import json
import os
from pathlib import Path

from optimiser.answers import account, gaps
from optimiser.files.page import page
from optimiser.files.reading import BadFile, Task
from optimiser.files.report import report
from optimiser.files.rosters import roster_csv
from optimiser.problem import Result

EXPLAINED = 10
"""For so many gaps it is said of each person why not."""


def write(out: Path, task: Task, result: Result) -> None:
    """``roster.csv`` first: it is what counts when there is no time for the rest."""
    _put(out / "roster.csv", roster_csv(result.assignment))
    judged = account(task.problem, task.rules, result.assignment)
    found = gaps(task.problem, task.rules, result.assignment, EXPLAINED)
    _put(out / "report.json", json.dumps(report(task.problem, result, judged, found), indent=1))
    _put(out / "roster.html", page(task.problem, result, judged, found))


def _put(path: Path, text: str) -> None:
    try:
        beside = path.with_suffix(path.suffix + ".part")
        beside.write_text(text, encoding="utf-8", newline="")
        os.replace(beside, path)
    except OSError as error:
        raise BadFile(str(path), error.strerror or "cannot be written") from None
