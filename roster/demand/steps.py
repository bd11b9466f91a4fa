"""The cheapest steps back to green: move somebody who is above target, then free people who are qualified and legal."""

from dataclasses import dataclass
from datetime import date, timedelta

from roster.activities.phrases import DayType, day_type
from roster.demand.coverage import Coverage, Facts
from roster.demand.supply import Stretch, Wanted, fits
from roster.establishment.models import Membership, Person
from roster.rules.check import Checker
from roster.timeline.days import NOTHING, Catalogue, Day, Piece, published

AROUND = timedelta(days=14)
MOST = 10


@dataclass(frozen=True)
class Step:
    """``price`` orders them: 0 costs nothing, then by rules that warn and by minutes worked around the day."""

    sentence: str
    price: tuple[int, int]
    person: Person | None = None


def steps(coverage: Coverage, one: Stretch) -> list[Step]:
    """What would fill the gap of this stretch, cheapest first."""
    return (surplus(coverage, one) + free(coverage, one))[:MOST]


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


def free(coverage: Coverage, one: Stretch) -> list[Step]:
    """People of the unit who have that day off, are qualified, and break no blocking rule by working it."""
    catalogue = Catalogue()
    template = _template(catalogue, coverage.wanted(one.key), one)
    if template is None:
        return []
    people = _off(coverage, one.day, catalogue)
    facts = Facts(people, one.day, one.day)
    wanted = coverage.wanted(one.key)
    activity = next(iter(wanted.activities), 0)
    able = [pk for pk in people if fits(facts.stander(pk, (activity, next(iter(wanted.posts), None)), one.day), wanted)]
    first, last = one.day - AROUND, one.day + AROUND
    checker, plan = Checker(able, first, last, catalogue), published(able, first, last)
    found = []
    for pk in able:
        days = {day: each.day for (person, day), each in plan.items() if person == pk}
        broken = checker.check_edit(pk, {**days, one.day: template}, one.day)
        if any(each.blocks for each in broken):
            continue
        minutes = sum(checker.catalogue.net(each, day) for day, each in days.items())
        words = f"{people[pk].name} is free and qualified: {catalogue.words(template)}"
        words += "".join(f"; {each.sentence}" for each in broken)
        found.append(Step(words, (1 + len(broken), minutes), people[pk]))
    return sorted(found, key=lambda step: step.price)


def _off(coverage: Coverage, day: date, catalogue: Catalogue) -> dict[int, Person]:
    """Members with an empty day or a rest day. Leave, sickness and work stay as they are."""
    rows = Membership.objects.on(day).filter(person__left_on=None).select_related("person")
    rows = rows.filter(unit=coverage.unit) if coverage.unit else rows.filter(unit__establishment=coverage.establishment)
    people = {row.person_id: row.person for row in rows}
    plan = published(people, day, day)

    def is_off(what: Day) -> bool:
        if what.status is None:
            return not what.shifts
        return day_type(catalogue.activity(what.status).name) == DayType.REST_DAY and not what.shifts

    return {pk: person for pk, person in people.items() if is_off(plan.get((pk, day), NOTHING).day)}


def _template(catalogue: Catalogue, wanted: Wanted, one: Stretch) -> Day | None:
    """The shortest shift that spans the whole gap; else the one that meets most of it."""
    best: tuple[int, int] | None = None
    found = None
    for pk, row in catalogue.versions.items():
        if row.full_day or row.template.closed_on or row.template.establishment_id or not row.holds_on(one.day):
            continue
        piece = Piece(pk, post=next(iter(wanted.posts), None))
        if not any(item.activity.meets_demand for item in catalogue.content(piece).items):
            continue
        met = max(0, min(row.end, one.end) - max(row.start, one.start))
        score = (met, row.start - row.end)
        if met and (best is None or score > best):
            best, found = score, Day((piece,))
    return found
