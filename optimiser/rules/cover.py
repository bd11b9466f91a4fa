"""Demand as rows: how many people each cell has, and what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from optimiser.problem import DAY, Demand, Person, Problem
from optimiser.shapes import ColumnRule, Row, Rule

QUARTER = 15


@dataclass(frozen=True)
class Cover(ColumnRule):
    """Whatever is asked for has enough people at every time.

    Times are cut where somebody comes, goes or breaks; each quarter of an hour is paid for itself.
    """

    def rows(self, problem: Problem) -> Iterable[Row]:
        return merge(row for demand in problem.demands for row in demand_rows(problem, demand))


def demand_rows(problem: Problem, demand: Demand) -> Iterator[Row]:
    """The rows of one demand: one for a shift, one for each stretch of time in which the same shifts are present."""
    people = {person.id: 1 for person in problem.people if counts(demand, person)}
    if demand.shift is not None:
        cells = frozenset({(demand.day, demand.shift)})
        yield row(problem, demand, people, cells, 1, demand.name or f"{demand.shift}")
        return
    for start, end in pieces(problem, demand):
        cells = frozenset(
            (day, shift.id)
            for day in (demand.day - 1, demand.day, demand.day + 1)
            for shift in problem.shifts
            if shift.present(start + (demand.day - day) * DAY, end + (demand.day - day) * DAY)
        )
        yield row(problem, demand, people, cells, -(-(end - start) // QUARTER), demand.name or clock(start, end))


def counts(demand: Demand, person: Person) -> bool:
    skilled = not demand.skills or any(person.has_skill(skill, demand.day) for skill in demand.skills)
    return skilled and (not demand.groups or bool(demand.groups & person.groups))


def pieces(problem: Problem, demand: Demand) -> Iterator[tuple[int, int]]:
    """The demand's time, cut at every moment at which somebody may come or go."""
    moments = {demand.start, demand.end}
    for shift in problem.shifts:
        gone = (*shift.breaks, *shift.away)
        times = [shift.start, shift.end, *(moment for pause in gone for moment in pause)]
        moments |= {time + k * DAY for time in times for k in (-1, 0, 1)}
    inside = sorted(moment for moment in moments if demand.start <= moment <= demand.end)
    yield from pairwise(inside)


def row(
    problem: Problem, demand: Demand, people: dict[str, int], cells: frozenset[tuple[int, str]], times: int, name: str
) -> Row:
    """A row whose cells outside the days to plan are counted already, from what people have worked."""
    past = sum(
        person.history[day].id == shift
        for person in problem.people
        if person.id in people
        for day, shift in cells
        if -len(person.history) <= day < 0
    )
    under = tuple((need.people, need.under * times) for need in demand.needs if need.under)
    most = max((need.people for need in demand.needs), default=0)
    return Row(
        "Cover",
        f"{problem.calendar.name(demand.day)}, {name}",
        (demand.day,),
        people,
        frozenset((day, shift) for day, shift in cells if day in problem.days),
        under,
        ((most, demand.over * times),) if demand.over else (),
        past,
    )


def merge(rows: Iterable[Row]) -> list[Row]:
    """Rows that count the same people in the same cells become one: quarters of an hour between two changes."""
    same: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for one in rows:
        same[(tuple(one.people.items()), one.cells, one.constant, one.days)].append(one)
    return [join(group) for group in same.values()]


def join(group: list[Row]) -> Row:
    under, over = add(r.under for r in group), add(r.over for r in group)
    return replace(group[0], name=joined([r.name for r in group]), under=under, over=over)


def joined(names: list[str]) -> str:
    """Demand of one day that the same shifts meet: "Mon 4 Jan 2027, Roll check and Unlock"."""
    day, _, first = names[0].partition(", ")
    others = (name.partition(", ")[2] for name in names)
    return f"{day}, {' and '.join(dict.fromkeys([first, *others]))}"


def add(steps: Iterable[tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    prices: dict[int, int] = defaultdict(int)
    for entries in steps:
        for people, price in entries:
            prices[people] += price
    return tuple(sorted(prices.items()))


def clock(start: int, end: int) -> str:
    return f"{start // 60 % 24:02d}:{start % 60:02d} to {end // 60 % 24:02d}:{end % 60:02d}"


def rows_of(problem: Problem, rules: Iterable[Rule]) -> list[Row]:
    """The rows that cost something. The demand is always among them."""
    joining = [rule for rule in rules if isinstance(rule, ColumnRule) and rule.level != "off"]
    if not any(isinstance(rule, Cover) for rule in joining):
        joining.insert(0, Cover())
    rows = [row for rule in joining for row in rule.rows(problem)]
    return [row for row in rows if row.under or row.over]


DEFAULTS = (Cover(),)
