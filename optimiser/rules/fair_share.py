from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import ClassVar, Literal

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import DAY, Calendar, Person, Problem, Shift, night_minutes
from optimiser.shapes import Level, Rule, Window, WindowSum, whole

WHOLE_NIGHT = 7 * 60
ANY_SHIFT = Shift("", 0, 60)
Counted = Literal["nights", "weekend days", "bank holidays"]


@dataclass(frozen=True)
class FairShare(WindowSum):
    """Nobody works more than a fair share of the nights, weekend days or bank holidays.

    The share is what the demand asks for together with what everybody has worked in the weeks known, divided by
    contracted hours. ``shares``: person to the most that is fair to plan; worked out from the problem unless given.
    """

    counted: Counted = "nights"
    shares: tuple[tuple[str, int], ...] | None = None
    level: Level = "warn"
    price: int = 5
    code: ClassVar[str] = "L11"

    def fitted_to(self, problem: Problem) -> Rule:
        return self if self.shares is not None else replace(self, shares=tuple(self._shares(problem)))

    def _shares(self, problem: Problem) -> Iterable[tuple[str, int]]:
        asked = sum(self._asked(problem))
        had = {person.id: self._had(problem.calendar, person) for person in problem.people}
        weight = {person.id: person.hours or 1 for person in problem.people}
        each = (asked + sum(had.values())) / (sum(weight.values()) or 1)
        for person in problem.people:
            yield person.id, max(0, ceil(each * weight[person.id]) - had[person.id])

    def _asked(self, problem: Problem) -> Iterable[float]:
        """Demand by the clock is turned into shifts of average length, at night into nights of seven hours."""
        lengths = [shift.end - shift.start for shift in problem.shifts if shift.kind == "work" and shift.works]
        average = sum(lengths) / len(lengths) if lengths else DAY
        for demand in problem.demands:
            people = max((need.people for need in demand.needs), default=0)
            if demand.shift is not None:
                yield people * self.counts(problem.calendar, demand.day, problem.by_id[demand.shift])
            elif self.counted == "nights":
                yield people * night_minutes(demand.start, demand.end) / WHOLE_NIGHT
            elif self.counts(problem.calendar, demand.day, ANY_SHIFT):
                yield people * (demand.end - demand.start) / average

    def _had(self, calendar: Calendar, person: Person) -> int:
        past = range(-len(person.history), 0)
        return sum(self.counts(calendar, day, person.history[day]) for day in past)

    def counts(self, calendar: Calendar, day: int, shift: Shift) -> int:
        if self.counted == "nights":
            return int(shift.night)
        if self.counted == "weekend days":
            return int(shift.works and calendar.is_weekend(day))
        return int(shift.works and day in calendar.bank_holidays)

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        share = dict(self.shares or ()).get(person.id)
        return [] if share is None else whole(calendar, most=share)

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return self.counts(calendar, day, today)

    def explain(self, line: Line, window: Window, total: int) -> str:
        return f"{total} {self.counted} planned, a fair share is {window.most}"


DEFAULTS = (
    FairShare(label="FairNights"),
    FairShare(counted="weekend days", label="FairWeekends"),
    FairShare(counted="bank holidays", label="FairBankHolidays"),
)
CASES = (
    case(FairShare(shares=(("A", 1),)), "E N", days=4),
    case(FairShare(counted="weekend days", shares=(("A", 1),), level="block"), "E", days=7, first_weekday=2),
    case(FairShare(counted="bank holidays", shares=(("A", 0),)), "E L", days=3, bank_holidays=[1]),
)
