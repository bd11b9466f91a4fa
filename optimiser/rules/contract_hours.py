from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Level, Window, WindowSum, whole
from optimiser.words import hours


@dataclass(frozen=True)
class ContractHours(WindowSum):
    """Contracted time over the days to plan, give or take the tolerance; leave and training count as credited.

    ``balance``: minutes that the person is ahead (or, below 0, behind) when the days begin. A begun hour too many or
    too few is charged.
    """

    tolerance: int = 600
    balance: int = 0
    level: Level = "warn"
    price: int = 10
    per: ClassVar[int] = 60

    def applies_to(self, person: Person) -> bool:
        return person.hours > 0

    def windows(self, person: Person, calendar: Calendar) -> Iterable[Window]:
        due = round(person.hours * calendar.days / 7) - self.balance
        return whole(calendar, least=max(0, due - self.tolerance), most=max(0, due + self.tolerance))

    def weight(self, calendar: Calendar, day: int, before: Shift, today: Shift) -> int:
        return today.minutes

    def explain(self, line: Line, window: Window, total: int) -> str:
        due = round(line.person.hours * line.calendar.days / 7) - self.balance
        return f"{hours(total)} planned, {hours(max(0, due))} due, more than {hours(self.tolerance)} off"


DEFAULTS = (ContractHours(),)
CASES = (
    case(ContractHours(tolerance=240), "E N", days=5, hours=2400),
    case(ContractHours(tolerance=600, balance=-200, level="block"), "E L", days=5, hours=1800),
)
