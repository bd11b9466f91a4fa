"""What the optimiser makes of a unit of 240 under the roster's own rule book, with 17 weeks behind it.

    python -m bench.roster_run [--core-seconds 100] [--write]

An empty draft of 28 days right after what is published, the demand of the example unit at its size, every shift that
the planner is offered. First the way from the draft to the optimiser's file, then the run that the planner would start.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.roster_world import MONDAY, account, region, size, timed, unit_of

from foundation import clock  # isort: skip
from roster.demand.seeds import residential  # isort: skip
from roster.planning import actions as planning  # isort: skip
from roster.planning.board import Board  # isort: skip
from roster.planning.run_views import shifts_of  # isort: skip
from roster.planning.to_problem import Options, Task  # isort: skip

RESULTS = Path(__file__).parent / "results" / "roster_run.md"
PEOPLE = 240
OPEN = MONDAY + timedelta(weeks=8)
"""The first four weeks of which nothing is published."""


def task() -> tuple[dict[str, Any], str]:
    """The optimiser's file, and a row about the making of it."""
    by = account("HUB_MANAGER")
    unit = unit_of("Wing", PEOPLE)
    residential(unit, 180 * PEOPLE // 60)
    draft = planning.working(planning.open_period(unit, OPEN, by=by))
    options = Options({code: 0 for code, _ in shifts_of(Board(draft, user=by)).usual})
    found: list[dict[str, Any]] = []
    (_, second, third), used = timed(lambda: found.append(Task(draft, options).data), 3)
    data = found[-1]
    made = f"| from the draft to the file | {(second + third) / 2:.2f} s, {used / 3:.2f} s of processor |"
    about = f"| people, shifts, demands | {len(data['people'])}, {len(data['shifts'])}, {len(data['demand'])} |"
    return data, f"{about}\n{made}"


def solved(data: dict[str, Any], core_seconds: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        problem, out = Path(folder) / "problem.json", Path(folder) / "answer"
        problem.write_text(json.dumps(data))
        command = [sys.executable, "-m", "optimiser", "solve", str(problem), "--core-seconds", str(core_seconds)]
        ran = subprocess.run(
            [*command, "--out", str(out), "--progress", "json"], stdout=subprocess.PIPE, text=True, check=True
        )
        steps = [json.loads(line) for line in ran.stdout.splitlines()]
        report = json.loads((out / "report.json").read_text())
    first = next(step for step in steps if step.get("cost") is not None)
    gap = (report["cost"] - report["bound"]) / report["cost"] if report["cost"] else 0
    return [
        f"| first roster | after {first['seconds']:.1f} s: {first['cost']:,} |",
        f"| after {core_seconds} core-seconds | cost {report['cost']:,}, bound {report['bound']:,}, gap {gap:.1%} |",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core-seconds", type=int, default=100)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    with region():
        about = size()
        data, rows = task()
    lines = ["| step | |", "|---|---|", rows, *solved(data, given.core_seconds)]
    said = (__doc__ or "").split("\n\n", 1)[1]
    when = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    text = "\n".join([f"{said.strip()}\n\n{about}\n", *lines, "", when, ""])
    print(text)
    if given.write:
        RESULTS.write_text(f"# A run of the optimiser\n\n{text}")


if __name__ == "__main__":
    main()
