"""What the planning board costs in a region of 5,000 staff with 12 weeks of duties (R-059).

    python -m bench.roster_board [--write]

Server time of whole requests, all middleware included, in this process: a unit of 60 people with their rule results,
one of 500 at once, one edit with its rule results, each with the demand of the example unit at its size; then
publishing 500 people for 28 days with every day altered.
Processor time is that of this process and of its database session, of one turn: on a busy machine it says more.
``--write`` puts the table into bench/results/roster_board.md.
"""

import argparse
import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.roster_api import DAYS, FIRST, cells, fill, made

from django.test import Client, override_settings  # isort: skip
from django.urls import reverse  # isort: skip
import psutil  # isort: skip
from django.db import connection  # isort: skip
from psycopg.types.range import DateRange  # isort: skip

from foundation import clock  # isort: skip
from foundation.accounts.models import User  # isort: skip
from roster.demand.seeds import residential  # isort: skip
from roster.establishment.models import Contract, Grade, GradeHeld, Membership, Person, PlanningUnit, RoleHeld  # isort: skip
from roster.planning import actions as planning  # isort: skip
from roster.planning import publishing  # isort: skip
from roster.planning.board import Board  # isort: skip
from roster.planning.models import PlanningPeriod  # isort: skip
from roster.planning.sheet import Sheet  # isort: skip
from roster.timeline import actions  # isort: skip

RESULTS = Path(__file__).parent / "results" / "roster_board.md"
LONG_AGO = date(2020, 1, 1)
EVER = DateRange(LONG_AGO, None)
SMALL, LARGE = 60, 500


def planner(unit: PlanningUnit) -> User:
    user = User.objects.create_user("planner@prison.example", None, role="", is_active=True, user_name="planner")
    name = {"first_name": "Kim", "last_name": "Planner"}
    person = Person.objects.create(staff_number="P1", user_name="PLANNER", service_from=LONG_AGO, user=user, **name)
    RoleHeld.objects.create(person=person, role="HUB_MANAGER", establishment=unit.establishment, valid=EVER)
    return user


def joined(unit: PlanningUnit) -> PlanningUnit:
    """60 people join the unit, the same and 440 more another; both have the example demand at their size."""
    large = PlanningUnit.objects.create(establishment=unit.establishment, name="Everybody", abbreviation="All")
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:LARGE])
    grade = Grade.objects.get(code="OFF")
    GradeHeld.objects.bulk_create(GradeHeld(person_id=pk, grade=grade, valid=EVER) for pk in people)
    Contract.objects.bulk_create(Contract(person_id=pk, weekly_minutes=37 * 60, valid=EVER) for pk in people)
    Membership.objects.bulk_create(Membership(person_id=pk, unit=unit, valid=EVER) for pk in people[:SMALL])
    Membership.objects.bulk_create(Membership(person_id=pk, unit=large, priority=2, valid=EVER) for pk in people)
    residential(unit)
    residential(large, 180 * LARGE // SMALL)
    return large


def published(unit: PlanningUnit, large: PlanningUnit) -> list[actions.Cell]:
    """The 60 work for their unit, all others for the large one."""
    found = cells(unit, "EELLRRR")
    own = {cell.person_id for cell in found[: SMALL * DAYS]}
    return [cell if cell.person_id in own else replace(cell, unit_id=large.pk) for cell in found]


def processor() -> float:
    """Seconds that this process and its database session have had of a processor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + float(backend.user + backend.system)


def timed(what: Callable[[], Any], rounds: int) -> tuple[list[float], float]:
    """Seconds of each round, and processor seconds of all."""
    found, used = [], processor()
    for _ in range(rounds):
        started = time.perf_counter()
        what()
        found.append(time.perf_counter() - started)
    return found, processor() - used


def row(words: str, measured: tuple[list[float], float], limit: float) -> str:
    found, used = measured
    high = sorted(found)[round(0.95 * (len(found) - 1))]
    times = [median(found), high, used / len(found), limit]
    return f"| {words} | {len(found)} | {' | '.join(f'{each * 1000:.0f}' for each in times)} |"


def ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


def measure() -> list[str]:
    unit = made()
    everybody = joined(unit)
    by = planner(unit)
    actions.publish_day_set(published(unit, everybody), by=by, first_publication=True)
    fill()
    small, large = (planning.open_period(each, FIRST, by=by) for each in (unit, everybody))
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
        stamp = Sheet(draft, [person]).cell(person, FIRST).stamp
        line = f"{person} {FIRST.isoformat()} {stamp} {'LE'[turn % 2]}"
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
    PlanningPeriod.objects.filter(pk=period.pk).update(state="published")
    published = timed(lambda: publishing.publish(period, by=by, reason="Measured"), 1)
    return [
        row(f"alter {len(wanted):,} days in the draft", altered, 5),
        row(f"publish {len(wanted):,} days of {LARGE} people, rules checked", published, 5),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    with override_settings(SITE="planner", ROOT_URLCONF="roster.urls_planner", ALLOWED_HOSTS=["*"]):
        lines = measure()
    head = ["| step | times | median ms | p95 ms | processor ms | limit ms |", "|---|--:|--:|--:|--:|--:|"]
    table = "\n".join([*head, *lines, "", f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"])
    print(table)
    if given.write:
        RESULTS.write_text(f"# The planning board\n\n{main_words()}\n\n{table}\n")


def main_words() -> str:
    return (__doc__ or "").split("\n\n", 2)[2].strip()


if __name__ == "__main__":
    main()
