"""Many deputies at once, each thinking between two pages: goal p95 under 500 ms for 210 who think for 2 seconds.

    python -m bench.deputies [--deputies 210] [--think 2] [--seconds 60] [--write]

Each walks round and round: the overview, a page of questions, save it (and follow at once to the summary where that
leads, as a browser does), then the overview again; after every page seen comes the time to think. They arrive spread
over one time to think, and what they ask in the first ten seconds is not counted. Each has a report of its own. The
load comes from this process over the loopback only, and ends by itself.

Another run, shorter and with fewer deputies, says how the time grows. ``--write`` keeps the table in
bench/results/deputies.md, below what is written there by hand.
"""

import argparse
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.scene import REPORTS, Browser, Scene, percentile, scene, where

RESULTS = Path(__file__).parent / "results" / "deputies.md"
MARK = "<!-- Below: written by bench/deputies.py -->"
WARM_UP, GOAL = 10.0, 500
WALK = [[Browser.overview], [Browser.page], [Browser.save, Browser.summary]]
"""Page after page; the steps of one page follow each other without a pause."""


@dataclass
class Crowd:
    """What a number of deputies met."""

    think: float
    begin: float
    end: float
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    def walk(self, browser: Browser, late: float) -> None:
        time.sleep(late)
        while True:
            for steps in WALK:
                for step in steps:
                    if time.perf_counter() > self.end:
                        return
                    self._take(browser, step.__name__)
                time.sleep(self.think)

    def _take(self, browser: Browser, step: str) -> None:
        started = time.perf_counter()
        try:
            right = getattr(browser, step)()
        except OSError as error:
            right = False
            self.errors[f"{step}: {type(error).__name__}"] += 1
        else:
            if not right:
                self.errors[f"{step}: another answer than expected"] += 1
        if right and started > self.begin:
            self.seconds[step].append(time.perf_counter() - started)


def meet(built: Scene, browsers: list[Browser], think: float, seconds: float) -> str:
    """A line for each step and one for all, in a table."""
    start = time.perf_counter()
    crowd = Crowd(think, start + WARM_UP, start + WARM_UP + seconds)
    threads = [
        threading.Thread(target=crowd.walk, args=[browser, think * number / len(browsers)])
        for number, browser in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    time.sleep(WARM_UP)
    before = built.seconds()
    psutil.cpu_percent()
    time.sleep(seconds)
    busy, after = psutil.cpu_percent(), built.seconds()
    for thread in threads:
        thread.join()
    every = [one for found in crowd.seconds.values() for one in found]
    lines = [
        f"| {len(browsers)} | {name} | {len(found)} | {percentile(found, 0.5):.0f} | {percentile(found, 0.95):.0f} "
        f"| {max(found) * 1000:.0f} |"
        for name, found in [*crowd.seconds.items(), ("all", every)]
    ]
    errors = ", ".join(f"{what} {times}" for what, times in crowd.errors.items()) or "none"
    used = ", ".join(f"{name} {after[name] - before[name]:.0f} s" for name in after)
    verdict = "met" if percentile(every, 0.95) < GOAL and not crowd.errors else "missed"
    return "\n".join(
        [
            "| deputies | step | requests | p50, ms | p95, ms | slowest, ms |",
            "|---" * 6 + "|",
            *lines,
            "",
            f"{len(every) / seconds:.0f} requests a second. Errors: {errors}. Goal {verdict}.",
            f"Processor time in {seconds:.0f} s on {psutil.cpu_count()} cores: {used}; "
            f"the machine, with all that others ran, was {busy:.0f} % busy.",
        ]
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--deputies", type=int, default=210)
    arguments.add_argument("--think", type=float, default=2.0)
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--reports", type=int, default=REPORTS)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    if given.deputies > 500 or given.seconds > 600:
        arguments.error("at most 500 deputies and 600 seconds")
    with scene(max(given.reports, given.deputies)) as built:
        browsers = [built.browser(number) for number in range(given.deputies)]
        runs = [(given.deputies // 4, given.seconds / 3), (given.deputies, given.seconds)]
        tables = [meet(built, browsers[:number], given.think, seconds) for number, seconds in runs]
        text = "\n\n".join([f"{where()}; {given.reports:,} reports, {given.think:g} s to think.", *tables]) + "\n"
    print(text)
    if given.write:
        by_hand = RESULTS.read_text().split(MARK)[0].rstrip()
        RESULTS.write_text(f"{by_hand}\n\n{MARK}\n\n{text}")


if __name__ == "__main__":
    main()
