from dataclasses import dataclass
from typing import ClassVar

from optimiser.cases import case
from optimiser.lines import Line
from optimiser.problem import Calendar, Person, Shift
from optimiser.shapes import Cell, Level
from optimiser.words import counted


@dataclass(frozen=True)
class ShortNotice(Cell):
    """A published day is not changed with less than seven days' notice.

    ``today``: the day of the change. ``published``: what people have been told, a personal parameter: shift ids from
    day 0, as far as it goes.
    """

    notice: int = 7
    today: int = 0
    published: tuple[str, ...] = ()
    level: Level = "warn"
    price: int = 10
    code: ClassVar[str] = "L14"

    def applies_to(self, person: Person) -> bool:
        return bool(self.published)

    def amount(self, person: Person, calendar: Calendar, day: int, shift: Shift) -> int:
        told = day < min(self.today + self.notice, len(self.published))
        return int(told and shift.id != self.published[day])

    def explain(self, line: Line, day: int) -> str:
        was = self.published[day] or "a day off"
        left = counted(max(0, day - self.today), "day")
        return (
            f"{line.calendar.name(day)}: {line[day]} instead of {was}, with {left} of notice, {self.notice} needed; "
            f"changes are free from {line.calendar.name(self.today + self.notice)}"
        )


DEFAULTS = (ShortNotice(),)
CASES = (
    case(ShortNotice(notice=2, published=("E", "", "E", "E")), "E L", days=4),
    case(ShortNotice(notice=2, today=1, published=("E", "", "L"), level="block"), "E L", days=4),
)
