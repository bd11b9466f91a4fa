"""The cheapest steps back to green: move somebody who is above target, then free people who are qualified and legal."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from roster.activities.phrases import DayType, day_type
from roster.demand.coverage import Coverage, Facts
from roster.demand.supply import Stretch, fits
from roster.establishment.models import Membership, Person, here
from roster.rules.check import Checker
from roster.timeline.clock import DAY
from roster.timeline.days import EMPTY, Catalogue, Day, Key, Piece, as_worked

AROUND = timedelta(days=14)
MOST = 10
OF_A_PERIOD = {"ContractHours"}
"""Rules that mean nothing over the days around a gap: who has worked less is asked first anyway."""


@dataclass(frozen=True)
class Step:
    """``price`` orders them: 0 costs nothing, then by rules that warn and by minutes worked around the day.

    ``person``, ``on`` and ``shift``: who would work what; a night that is missing may begin the day before.
    """

    sentence: str
    price: tuple[int, int]
    person: Person | None = None
    on: date | None = None
    shift: Day = EMPTY


Plan = Mapping[Key, Day]
"""Days of people, for two weeks around the day in question: of a draft, or as published."""


def steps(coverage: Coverage, one: Stretch, plan: Plan | None = None, usual: Collection[int] = ()) -> list[Step]:
    """What would fill the gap of this stretch, cheapest first. ``usual``: templates to choose from, if any is given."""
    return (surplus(coverage, one) + free(coverage, one, plan, usual))[:MOST]


def surplus(coverage: Coverage, one: Stretch) -> list[Step]:
    """Other demand of the same time with more people than its target, in every overlapping stretch."""
    same = [
        each for each in coverage.stretches if each.day == one.day and each.start < one.end and each.end > one.start
    ]
    found = []
    for key in sorted({each.key for each in same} - {one.key}):
        if coverage.wanted(key).alongside:
            continue
        spare = min(each.surplus for each in same if each.key == key)
        if spare:
            people = "person" if spare == 1 else "people"
            words = f"Move somebody from {coverage.name(key)}: {spare} {people} above its target"
            found.append(Step(words, (0, -spare)))
    return found


def free(coverage: Coverage, one: Stretch, plan: Plan | None = None, usual: Collection[int] = ()) -> list[Step]:
    """People of the unit who have that day off, are qualified, and break no blocking rule by working it."""
    catalogue = Catalogue()
    wanted = coverage.wanted(one.key)
    on, shift = shift_for(catalogue, coverage, one, usual)
    if not shift:
        return []
    first, last = on - AROUND, on + AROUND
    people = members_of(coverage, on)
    drafted = plan is not None
    if plan is None:
        plan = as_worked(people, first, last)
    facts = Facts(people, one.day, one.day)
    stands = (next(iter(wanted.activities), 0), next(iter(wanted.posts), None))
    able = [
        pk
        for pk in people
        if is_off(plan.get((pk, on), EMPTY), catalogue) and fits(facts.stander(pk, stands, one.day), wanted)
    ]
    checker = Checker(able, first, last, catalogue, overtime=drafted)
    by_person: dict[int, dict[date, Day]] = defaultdict(dict)
    for (pk, day), each in plan.items():
        by_person[pk][day] = each
    found = []
    for pk in able:
        days = by_person[pk]
        broken = [each for each in checker.check_edit(pk, {**days, on: shift}, on) if each.rule not in OF_A_PERIOD]
        if any(each.blocks for each in broken):
            continue
        minutes = sum(catalogue.net(each, day) for day, each in days.items() if first <= day <= last)
        words = f"{people[pk].name} is free and qualified: {catalogue.words(shift)}"
        words += "" if on == one.day else f" of the day before, {on:%A} {on.day} {on:%B}"
        words += "".join(f"; {each.sentence}" for each in broken)
        found.append(Step(words, (1 + len(broken), minutes), people[pk], on, shift))
    return sorted(found, key=lambda step: step.price)


def members_of(coverage: Coverage, day: date) -> dict[int, Person]:
    rows = Membership.objects.on(day).filter(here("person__")).select_related("person")
    rows = rows.filter(unit=coverage.unit) if coverage.unit else rows.filter(unit__establishment=coverage.establishment)
    return {row.person_id: row.person for row in rows}


def is_off(day: Day, catalogue: Catalogue) -> bool:
    """An empty day or a rest day. Leave, sickness and work stay as they are."""
    if day.shifts:
        return False
    return day.status is None or day_type(catalogue.activity(day.status).name) == DayType.REST_DAY


def shift_for(catalogue: Catalogue, coverage: Coverage, one: Stretch, usual: Collection[int]) -> tuple[date, Day]:
    """The shortest shift that spans the whole gap, else the one that meets most of it; and the date that it has."""
    wanted = coverage.wanted(one.key)
    best: tuple[int, int] | None = None
    found = one.day, EMPTY
    for pk, row in catalogue.versions.items():
        if row.full_day or row.template.closed_on or (usual and row.template_id not in usual):
            continue
        if row.template.establishment_id not in (None, coverage.establishment.pk):
            continue
        piece = Piece(pk, post=next(iter(wanted.posts), None))
        if not any(item.activity.meets_demand for item in catalogue.content(piece).items):
            continue
        for back in (0, 1):
            on = one.day - timedelta(days=back)
            met = min(row.end - back * DAY, one.end) - max(row.start - back * DAY, one.start)
            score = (met, row.start - row.end)
            if met > 0 and row.holds_on(on) and (best is None or score > best):
                best, found = score, (on, Day((piece,)))
    return found
