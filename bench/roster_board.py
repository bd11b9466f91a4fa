"""What the planning board costs in a region of 5,000 staff and more with 12 weeks of duties (R-059).

    python -m bench.roster_board [--write]

Server time of whole requests, all middleware included, in this process: a unit of 60 people with their rule results,
one of 500 at once, one edit with its rule results, each with the demand of the example unit at its size; then
publishing 500 people for 28 days with every day altered.
Processor time is that of this process and of its database session, of one turn: on a busy machine it says more.
"""

from bench.roster_pages import main, ok, row
from bench.roster_world import NEXT, account, timed, unit_of

from django.test import Client  # isort: skip
from django.urls import reverse  # isort: skip

from foundation.accounts.models import User  # isort: skip
from roster.demand.seeds import residential  # isort: skip
from roster.planning import actions as planning  # isort: skip
from roster.planning import publishing  # isort: skip
from roster.planning.board import Board  # isort: skip
from roster.planning.models import PlanningPeriod  # isort: skip
from roster.planning.sheet import Sheet  # isort: skip
from roster.timeline.days import Catalogue  # isort: skip

SMALL, LARGE = 60, 500


def measure() -> tuple[str, list[str]]:
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
    return "", [*lines, *publish(large, by)]


def publish(period: PlanningPeriod, by: User) -> list[str]:
    draft = planning.working(period)
    sheet = Sheet(draft)
    templates = {code: day for code, _, day in Board(draft).templates}
    late, rest = planning.Wanted(templates["L"]), planning.Wanted(templates["RD"])
    wanted = {key: late if now.shifts else rest for key, now in sheet.days.items() if now}
    altered = timed(lambda: planning.edit(draft, wanted, by=by, words="Everything"), 1)
    for finding in publishing.Outlook(Sheet(draft), Catalogue()).findings:
        back = {key: planning.Wanted(day) for key, day in sheet.days.items() if key[0] == finding.person_id}
        planning.edit(draft, back, by=by, words="Not these")  # a late before the early that follows the period
    PlanningPeriod.objects.filter(pk=period.pk).update(state="published")
    number = len(Sheet(draft).differing())
    published = timed(lambda: publishing.publish(period, by=by, reason="Measured"), 1)
    return [
        row(f"alter {len(wanted):,} days in the draft", altered, 5),
        row(f"publish {number:,} days of {LARGE} people, rules checked", published, 5),
    ]


if __name__ == "__main__":
    main("The planning board", __doc__, "roster_board", measure)
