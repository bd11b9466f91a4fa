"""Invented absence, of the shares that the handbook plans with (staff-roster 7.4): weeks of leave, spells of sickness.

The same person is away on the same days, whoever else is made. Nobody is known to be ill later than today.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange

from foundation.clock import LONDON
from roster.absence.models import Sickness
from roster.establishment.models import Person
from roster.timeline.days import span_of_days

LEAVE, SICK = 0.131, 0.035
"""Share of weeks on leave, of days off sick."""
LENGTHS = (1, 1, 2, 2, 3, 3, 5, 7, 10, 14)
"""Calendar days of a spell."""
SELF_CERTIFIED = 7
REPORTED = time(6, 15)


@dataclass(frozen=True)
class Away:
    """When somebody is away. A spell that has not ended holds up to its review."""

    leave: frozenset[date]
    sick: frozenset[date]
    spells: tuple[Sickness, ...]

    def why(self, day: date) -> str:
        """``Duty.source`` of what stands over a shift of that day; empty where somebody comes."""
        return "sick" if day in self.sick else "leave" if day in self.leave else ""


def away(person: Person, first: date, last: date, today: date) -> Away:
    chance = Random(f"away {person.staff_number}")
    days = span_of_days(first, last)
    weeks = [days[number : number + 7] for number in range(0, len(days), 7)]
    leave = frozenset(day for week in weeks if chance.random() < LEAVE for day in week)
    spells = _spells(person, days, leave, today, chance)
    sick = frozenset(day for one in spells for day in span_of_days(one.first_day or first, one.marked_to))
    return Away(leave - sick, sick, spells)


def _spells(
    person: Person, days: list[date], leave: frozenset[date], today: date, chance: Random
) -> tuple[Sickness, ...]:
    starts = SICK * len(LENGTHS) / sum(LENGTHS)
    found: list[Sickness] = []
    for day in days:
        length = timedelta(days=chance.choice(LENGTHS))
        if chance.random() >= starts or day in leave or day > today or (found and day <= found[-1].marked_to):
            continue
        found.append(_spell(person, day, day + length, today))
    return tuple(found)


def _spell(person: Person, first: date, back: date, today: date) -> Sickness:
    """Of somebody who is back on that day, or, where that is not over yet, whose return nobody has recorded."""
    own = first + timedelta(days=SELF_CERTIFIED - 1)
    last = back - timedelta(days=1)
    over = back <= today
    return Sickness(
        person=person, valid=DateRange(first, back if over else None), review_on=max(own, last),
        reported_at=datetime.combine(first, REPORTED, LONDON), fit_note_until=last if last > own else None,
        returned_at=datetime.combine(back, REPORTED, LONDON) if over else None,
    )  # fmt: skip
