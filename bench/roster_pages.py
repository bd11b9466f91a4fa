"""What the benchmarks of planners' pages share: time whole requests in the benchmarks' region, tell them as a table.

By itself it measures nothing.
"""

import argparse
import logging
import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.roster_world import region, size

from django.test import override_settings  # isort: skip

from foundation import clock  # isort: skip

RESULTS = Path(__file__).parent / "results"
HEAD = ["| step | times | median ms | p95 ms | processor ms | limit ms |", "|---|--:|--:|--:|--:|--:|"]


def ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


def row(words: str, measured: tuple[list[float], float], limit: float) -> str:
    """A line of the table. ``measured``: seconds of each turn, and processor seconds of all; ``limit`` in seconds."""
    found, used = measured
    high = sorted(found)[round(0.95 * (len(found) - 1))]
    times = [median(found), high, used / len(found), limit]
    return f"| {words} | {len(found)} | {' | '.join(f'{each * 1000:.0f}' for each in times)} |"


def main(title: str, words: str | None, name: str, measure: Callable[[], tuple[str, list[str]]]) -> None:
    """``words``: the benchmark's docstring. ``measure``: what it was measured in, and the lines of the table.

    With ``--write`` the result is kept in ``results/NAME.md``.
    """
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    with region(), override_settings(SITE="planner", ROOT_URLCONF="roster.urls_planner", ALLOWED_HOSTS=["*"]):
        about = size()
        where, lines = measure()
    said = (words or "").split("\n\n", 1)[1].strip()
    when = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    text = "\n".join([f"{said}\n\n{about} {where}".rstrip() + "\n", *HEAD, *lines, "", when, ""])
    print(text)
    if given.write:
        (RESULTS / f"{name}.md").write_text(f"# {title}\n\n{text}")
