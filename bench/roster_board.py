"""What the planning board costs in a region of 5,000 staff and more with 12 weeks of duties (R-059).

    python -m bench.roster_board [--write]

Server time of whole requests, all middleware included, in this process: a unit of 60 people with their rule results,
one of 500 at once, one edit with its rule results, each with the demand of the example unit at its size; then
publishing 500 people for 28 days with every day altered.
Processor time is that of this process and of its database session, of one turn: on a busy machine it says more.
"""

import argparse
import logging
import os
from pathlib import Path
from statistics import median
from typing import Any

from bench.roster_world import NEXT, account, region, size, timed, unit_of

from django.test import Client, override_settings  # isort: skip
from django.urls import reverse  # isort: skip

from foundation import clock  # isort: skip
from foundation.accounts.models import User  # isort: skip
from roster.demand.seeds import residential  # isort: skip
from roster.planning import actions as planning  # isort: skip
from roster.planning import publishing  # isort: skip
from roster.planning.board import Board  # isort: skip
from roster.planning.models import PlanningPeriod  # isort: skip
from roster.planning.sheet import Sheet  # isort: skip
from roster.timeline.days import Catalogue  # isort: skip

RESULTS = Path(__file__).parent / "results" / "roster_board.md"
SMALL, LARGE = 60, 500


def row(words: str, measured: tuple[list[float], float], limit: float) -> str:
    found, used = measured
    high = sorted(found)[round(0.95 * (len(found) - 1))]
    times = [median(found), high, used / len(found), limit]
    return f"| {words} | {len(found)} | {' | '.join(f'{each * 1000:.0f}' for each in times)} |"


def ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


def measure() -> list[str]:
    by = account("HUB_MANAGER")
    units = unit_of("Sixty", SMALL), unit_of("Everybody", LARGE, after=SMALL)
    for unit, people in zip(units, (SMALL, LARGE), strict=True):
        residential(unit, 180 * people // SMALL)
    small, large = (planning.open_period(each, NEXT, by=by) for each in units)
    browser = Client()
    browser.force_login(by)
    board = reverse("plan_board", args=[small.pk])
    whole = f"{reverse('plan_board', args=[large.pk])}?everybody=yes"
    address = reverse("plan_edit", args=[small.pk])
    draft = planning.working(small)
    person = Sheet(draft).people[0]
    turn = 0

    def edit() -> None:
        nonlocal turn
        turn += 1
        stamp = Sheet(draft, [person]).cell(person, NEXT).stamp
        line = f"{person} {NEXT.isoformat()} {stamp} {'LE'[turn % 2]}"
        ok(browser.post(address, {"do": "set", "cells": line}, headers={"HX-Request": "true"}))

    ok(browser.get(board))
    edit()
    lines = [
        row(f"board of {SMALL} people and 28 days, rules and demand", timed(lambda: ok(browser.get(board)), 30), 0.3),
        row(f"board of {LARGE} people and 28 days at once, demand", timed(lambda: ok(browser.get(whole)), 10), 1.0),
        row("edit of one day, rules and demand", timed(edit, 60), 0.1),
    ]
    return [*lines, *publish(large, by)]


def publish(period: PlanningPeriod, by: User) -> list[str]:
    draft = planning.working(period)
    sheet = Sheet(draft)
    templates = {code: day for code, _, day in Board(draft).templates}
    late, rest = planning.Wanted(templates["L"]), planning.Wanted(templates["RD"])
    wanted = {key: late if now.shifts else rest for key, now in sheet.days.items() if now}
    altered = timed(lambda: planning.edit(draft, wanted, by=by, words="Everything"), 1)
    for finding in publishing.outlook(Sheet(draft), Catalogue()).findings:
        back = {key: planning.Wanted(day) for key, day in sheet.days.items() if key[0] == finding.person_id}
        planning.edit(draft, back, by=by, words="Not these")  # a late before the early that follows the period
    PlanningPeriod.objects.filter(pk=period.pk).update(state="published")
    number = len(Sheet(draft).differing())
    published = timed(lambda: publishing.publish(period, by=by, reason="Measured"), 1)
    return [
        row(f"alter {len(wanted):,} days in the draft", altered, 5),
        row(f"publish {number:,} days of {LARGE} people, rules checked", published, 5),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    with region(), override_settings(SITE="planner", ROOT_URLCONF="roster.urls_planner", ALLOWED_HOSTS=["*"]):
        about = size()
        lines = measure()
    text = told(__doc__, about, lines)
    print(text)
    if given.write:
        RESULTS.write_text(f"# The planning board\n\n{text}")


def told(words: str | None, about: str, lines: list[str]) -> str:
    """What a benchmark measures, in what, and what it found."""
    head = ["| step | times | median ms | p95 ms | processor ms | limit ms |", "|---|--:|--:|--:|--:|--:|"]
    said = (words or "").split("\n\n", 1)[1]
    when = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return "\n".join([f"{said.strip()}\n\n{about}\n", *head, *lines, "", when, ""])


if __name__ == "__main__":
    main()
