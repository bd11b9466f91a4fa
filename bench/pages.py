"""What the pages of a section cost a deputy and the server, beside a bare Django view on the same server.

    python -m bench.pages [--rounds 12] [--write]

Latency: one browser, one request after the other. Throughput: eight browsers, one for each thread of gunicorn, as
fast as they can. Every page has its turn for a second, round after round, so that other work on the machine meets all
alike. Where ``perf`` is installed, processor instructions are counted too. ``--write`` puts the table into
bench/results/pages.md, below what is written there by hand.
"""

import argparse
import os
import shutil
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.scene import ALONE, BARE, REPORTS, Browser, Scene, percentile, scene, where

from django.db import connection  # isort: skip
from django.test import Client as SignedIn  # isort: skip

RESULTS = Path(__file__).parent / "results" / "pages.md"
MARK = "<!-- Below: written by bench/pages.py -->"
BROWSERS, SAMPLES, TURN = 8, 20, 1.0


def asks(path: str) -> Callable[[Browser], bool]:
    return lambda browser: browser.get(path)[0] == 200


STEPS: dict[str, Callable[[Browser], bool]] = {
    "bare view without middleware": asks(ALONE),
    "bare view": asks(BARE),
    "overview": Browser.overview,
    "page": Browser.page,
    "save": Browser.save_again,
    "summary": Browser.summary,
}


def one_by_one(browser: Browser, step: Callable[[Browser], bool]) -> list[float]:
    """Seconds of each of ``SAMPLES`` requests."""
    found = []
    for _ in range(SAMPLES):
        started = time.perf_counter()
        assert step(browser), "not the page that was expected"
        found.append(time.perf_counter() - started)
    return found


def at_once(browsers: list[Browser], step: Callable[[Browser], bool]) -> float:
    """Requests a second of all browsers together for the length of a turn."""
    answered, wrong = [0] * len(browsers), []
    end = time.perf_counter() + TURN

    def work(number: int) -> None:
        while time.perf_counter() < end:
            if not step(browsers[number]):
                wrong.append(number)
            answered[number] += 1

    threads = [threading.Thread(target=work, args=[number]) for number in range(len(browsers))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, "not the page that was expected"
    return sum(answered) / (time.perf_counter() - started)


def queries(inside: "Inside") -> dict[str, int]:
    """Statements that each step sends to the database, counted in this process; BEGIN and COMMIT are not counted."""
    counts: dict[str, int] = {}
    asked: list[str] = []

    def count(execute: Callable[..., object], sql: str, *more: object) -> object:
        asked.append(sql)
        return execute(sql, *more)

    for name, step in STEPS.items():
        if not name.startswith("bare"):
            with connection.execute_wrapper(count):
                asked.clear()
                step(inside)
                counts[name] = len(asked)
    return counts


def instructions(inside: "Inside") -> dict[str, float]:
    """Millions of processor instructions of each step in this process: what other work on the machine leaves alone."""
    if not shutil.which("perf"):
        return {}

    def used(step: Callable[[Browser], bool], times: int) -> int:
        count = ["perf", "stat", "-x,", "-e", "instructions:u", "-p", str(os.getpid())]
        with subprocess.Popen(count, stderr=subprocess.PIPE, text=True) as perf:
            time.sleep(0.5)
            for _ in range(times):
                assert step(inside), "not the page that was expected"
            perf.send_signal(signal.SIGINT)
            assert perf.stderr
            return int(perf.stderr.read().partition(",")[0])

    found = {}
    for name, step in STEPS.items():
        if not name.startswith("bare"):
            used(step, 10)
            found[name] = (used(step, 32) - used(step, 2)) / 30 / 1e6  # what measuring itself costs falls out
    return found


class Inside(Browser):
    """The same browser asking the site in this process."""

    def __init__(self, like: Browser) -> None:
        super().__init__(like.port, like.report, like.cookies, shown=like.shown, version=like.version)
        self.inside = SignedIn()
        for name, value in like.cookies.items():
            self.inside.cookies[name] = value

    def get(self, path: str) -> tuple[int, str]:
        answer = self.inside.get(path)
        return answer.status_code, answer.content.decode()

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        answer = self.inside.post(path, fields)
        return answer.status_code, answer.headers.get("Location", "")


def measure(built: Scene, rounds: int) -> str:
    browsers = [built.browser(number) for number in range(BROWSERS)]
    for browser in browsers:
        for step in (Browser.overview, Browser.page, Browser.save_again, Browser.summary):
            assert step(browser), "not the page that was expected"
    latency: dict[str, list[float]] = defaultdict(list)
    throughput: dict[str, list[float]] = defaultdict(list)
    before = built.seconds()
    for _ in range(rounds):
        for name, step in STEPS.items():
            latency[name] += one_by_one(browsers[0], step)
            throughput[name].append(at_once(browsers, step))
    after = built.seconds()
    inside = Inside(browsers[0])
    asked, executed = queries(inside), instructions(inside)
    rates = {name: median(found) for name, found in throughput.items()}
    head = (
        "| page | p50, ms | p95, ms | queries | million instructions | requests a second | bare views for one "
        "| the same, no middleware |"
    )
    rows = [
        f"| {name} | {percentile(latency[name], 0.5):.1f} | {percentile(latency[name], 0.95):.1f} "
        f"| {asked.get(name, 1)} | {executed.get(name, 0):.0f} | {rates[name]:.0f} "
        f"| {rates['bare view'] / rates[name]:.1f} "
        f"| {rates['bare view without middleware'] / rates[name]:.1f} |"
        for name in STEPS
    ]
    used = ", ".join(f"{name} {after[name] - before[name]:.0f} s" for name in after)
    return "\n".join([head, "|---" * 8 + "|", *rows, "", f"Processor time used meanwhile: {used}."])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=12)
    arguments.add_argument("--reports", type=int, default=REPORTS)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    with scene(given.reports) as built:
        text = f"{where()}; {given.reports:,} reports, {given.rounds} rounds.\n\n{measure(built, given.rounds)}\n"
    print(text)
    if given.write:
        by_hand = RESULTS.read_text().split(MARK)[0].rstrip()
        RESULTS.write_text(f"{by_hand}\n\n{MARK}\n\n{text}")


if __name__ == "__main__":
    main()
