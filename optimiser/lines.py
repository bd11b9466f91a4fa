"""One person's line: the days already worked, then the days to plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from optimiser.problem import DAY, OFF, Calendar, Person, Problem, Shift


def gap(before: Shift, today: Shift) -> int:
    """Minutes of rest between a shift and one of the next day."""
    return DAY + today.rest_until - before.rest_from


@dataclass(frozen=True)
class Line:
    """``line[0]`` is the first day to plan, ``line[-1]`` the day before it; days before all that is known are off."""

    person: Person
    calendar: Calendar
    planned: tuple[Shift, ...]

    def __getitem__(self, day: int) -> Shift:
        if day >= 0:
            return self.planned[day]
        history = self.person.history
        return history[day] if -day <= len(history) else OFF

    @property
    def days(self) -> range:
        """The days to plan."""
        return range(len(self.planned))

    @property
    def all_days(self) -> range:
        """The days already worked and the days to plan."""
        return range(-len(self.person.history), len(self.planned))

    @cached_property
    def all_shifts(self) -> tuple[Shift, ...]:
        """What stands on ``all_days``."""
        return (*self.person.history, *self.planned)

    def stretches(self) -> Iterator[range]:
        """Each run of working days, from the first day known."""
        first = None
        for day in self.all_days:
            if self[day].works and first is None:
                first = day
            elif not self[day].works and first is not None:
                yield range(first, day)
                first = None
        if first is not None:
            yield range(first, len(self.planned))


def line_of(problem: Problem, person: Person, shifts: Sequence[str]) -> Line:
    """The line that a roster's row of shift ids stands for."""
    return Line(person, problem.calendar, tuple(problem.by_id[shift] for shift in shifts))
