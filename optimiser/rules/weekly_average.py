from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import ClassVar

from optimiser.cases import SHIFTS, case
from optimiser.lines import Line
from optimiser.problem import OFF, Calendar, Person, Problem, Shift
from optimiser.shapes import Rule, Window, WindowSum
from optimiser.words import counted


@dataclass(frozen=True)
class WeeklyAverage(WindowSum):
    """48 hours a week on average over any 17 weeks (Working Time Regulations 1998, regulation 4).

    The average is (A + B) / C: A is worked in the period, B in as many working days right after it as days in it were
    excluded (leave, sickness, opt-out), C the weeks. Excluded days stand where they are locked or lie in the past, so
    their number is known before anything is planned. Where the plan ends before B is complete, what is known counts.
    Hours of days with an opt-out are not counted: the limit does not hold for them.

    ``excluded``: ids of the bookings that exclude a day; the problem's leave and sickness unless they are named.
    ``opted_out_until``: the last day of a written opt-out (level "off" for one without an end).
    """

    hours: int = 48
    weeks: int = 17
    excluded: frozenset[str] | None = None
    opted_out_until: int | None = None
    code: ClassVar[str] = "W4"
    per: ClassVar[int] = 60

    @property
    def limit(self) -> int:
        return self.hours * self.weeks * 60

    def fitted_to(self, problem: Problem) -> Rule:
        absences = frozenset(shift.id for shift in problem.shifts if shift.kind in ("leave", "sick"))
        return self if self.excluded is not None else replace(self, excluded=absences)

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        past, length = len(person.history), self.weeks * 7
        excluded = [0, *accumulate(self._is_excluded(person, day) for day in range(-past, calendar.days))]
        worked = sum(shift.works for shift in person.history)
        for last in range(-past, calendar.days):
            worked -= last < 0 and person.history[last].works  # those after it and before day 0
            first = last - length + 1
            days = excluded[last + 1 + past] - excluded[max(first, -past) + past]
            if last >= 0 or worked < days:
                yield Window(first, last, most=self.limit, following=days)

    def _is_excluded(self, person: Person, day: int) -> bool:
        if self.opted_out_until is not None and day <= self.opted_out_until:
            return True
        stands = worked(person, day).id if day < 0 else person.locked.get(day, OFF.id)
        return stands in (self.excluded or ())

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        if self.opted_out_until is not None and day <= self.opted_out_until:
            return 0
        return today.minutes if today.works else 0

    def explain(self, line: Line, window: Window, total: int) -> str:
        name = line.calendar.name
        extra = f" and the next {counted(window.following, 'working day')}" if window.following else ""
        average = f"{total / 60 / self.weeks:.1f} hours a week on average over the {counted(self.weeks, 'week')} to "
        return f"{average}{name(window.last)}{extra}, at most {self.hours}"


def worked(person: Person, day: int) -> Shift:
    return person.history[day] if -day <= len(person.history) else OFF


DEFAULTS = (WeeklyAverage(),)
CASES = (
    case(WeeklyAverage(hours=27, weeks=1), "E N", days=5, history="NN"),
    case(
        WeeklyAverage(hours=25, weeks=1, excluded=frozenset({"AL"}), level="warn", price=2),
        [SHIFTS["E"], SHIFTS["N"], SHIFTS["AL"]],
        days=6,
        history="N AL AL . E",
        locked={1: "AL"},
    ),
    case(
        WeeklyAverage(hours=30, weeks=1, excluded=frozenset({"AL"}), opted_out_until=-4),
        [SHIFTS["E"], SHIFTS["N"], SHIFTS["AL"]],
        days=5,
        history="N N AL N",
    ),
)
