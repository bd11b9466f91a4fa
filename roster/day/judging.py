"""What a change of somebody's day would break, and what it would do to demand, in sentences, before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from roster.demand.coverage import everywhere
from roster.establishment.models import Establishment, Person
from roster.rules.check import Checker, Finding
from roster.timeline.days import NOTHING, Catalogue, Day, Published, as_worked, published

AROUND = timedelta(days=14)


@dataclass(frozen=True)
class Verdict:
    """``findings``: rules that the change breaks and the day before it did not; worst first."""

    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.blocks)


def days_of(person: Person, first: date, last: date) -> dict[date, Day]:
    """A person's days with plan and overtime together: rest is needed after both."""
    return {on: each for (_, on), each in as_worked([person.pk], first, last).items()}


def judge(person: Person, on: date, wanted: Day, catalogue: Catalogue | None = None) -> Verdict:
    """``wanted``: everything that the person would work on that day."""
    return judge_days(person, {on: wanted}, catalogue)


def judge_days(person: Person, wanted: Mapping[date, Day], catalogue: Catalogue | None = None) -> Verdict:
    """The same of several days at once."""
    first, last = min(wanted) - AROUND, max(wanted) + AROUND
    checker = Checker([person.pk], first, last, catalogue, overtime=False)
    now = days_of(person, first, last)
    before = [each for on in wanted for each in checker.check_edit(person.pk, now, on)]
    found = [each for on in wanted for each in checker.check_edit(person.pk, {**now, **wanted}, on)]
    after = list({(each.rule, each.days, each.sentence): each for each in found}.values())
    return Verdict(tuple(each for each in after if not any(_was_so(each, one) for one in before)))


def _was_so(found: Finding, before: Finding) -> bool:
    """The same was broken before, or by more."""
    same = (before.rule, before.days) == (found.rule, found.days)
    return same and (before.sentence == found.sentence or _excess(before) > _excess(found))


def _excess(found: Finding) -> float:
    return abs(found.measured - found.limit)


def seen(person: Person, on: date, level: int) -> Published:
    """The day on that level as it is now."""
    return published([person.pk], on, on, level).get((person.pk, on), NOTHING)


def gaps(place: Establishment, day: date) -> set[tuple[str, int, int, int]]:
    """Every gap below a minimum: whose, from when to when, how many people."""
    found = set()
    for coverage in everywhere(place, day, day):
        name = f"{coverage.unit.name}, " if coverage.unit else ""
        found |= {(f"{name}{coverage.name(o.key)}", o.start, o.end, o.gap) for o in coverage.stretches if o.gap}
    return found


class Balance:
    """Gaps before and after a change, in sentences: ``with Balance(place, day) as balance: ...; balance.sentences``."""

    def __init__(self, place: Establishment, day: date) -> None:
        self.place, self.day = place, day
        self.sentences: list[str] = []

    def __enter__(self) -> "Balance":
        self.before = self._missing()
        return self

    def __exit__(self, *_: object) -> None:
        if transaction.get_connection().needs_rollback:
            return
        after = self._missing()
        for name in sorted({*self.before, *after}):
            old, new = self.before.get(name, 0), after.get(name, 0)
            if new > old:
                self.sentences.append(f"{name} is now {new} short at its worst.")
            elif new < old:
                words = f"now {new} short at its worst" if new else "no longer short"
                self.sentences.append(f"{name} is {words}.")

    def _missing(self) -> dict[str, int]:
        """How many people each place misses at its worst moment."""
        worst: dict[str, int] = {}
        for name, _, _, gap in gaps(self.place, self.day):
            worst[name] = max(worst.get(name, 0), gap)
        return worst
