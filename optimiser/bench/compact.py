"""The benchmark as one plain linear model, for general solvers: a yes-or-no variable a person, day and shift type.

The baselines load it into CP-SAT and HiGHS. Weekends and stretches follow the published formulation.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from optimiser.bench.evaluate import Instance, Person, Roster

Terms = list[tuple[int, int]]  # (variable, factor)


@dataclass
class Model:
    """Variables 0 to len(most) - 1 are whole numbers from 0 to ``most``; a row is terms, least, most."""

    most: list[int] = field(default_factory=list)
    price: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, int, int]] = field(default_factory=list)
    constant: int = 0
    cells: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def variable(self, most: int = 1, price: int = 0) -> int:
        self.most.append(most)
        self.price.append(price)
        return len(self.most) - 1

    def roster(self, instance: Instance, values: list[float]) -> Roster:
        lines = {name: [""] * instance.days for name in instance.staff}
        for (name, day, shift), variable in self.cells.items():
            if values[variable] > 0.5:
                lines[name][day] = shift
        return lines


def build(instance: Instance) -> Model:
    model = Model()
    for name, person in instance.staff.items():
        for day in range(instance.days):
            for shift in instance.minutes:
                model.cells[name, day, shift] = model.variable(0 if day in person.days_off else 1)
        model.rows += _person(model, instance, name, person)
    for name, day, shift, weight in instance.wanted:
        model.price[model.cells[name, day, shift]] -= weight
        model.constant += weight
    for name, day, shift, weight in instance.unwanted:
        model.price[model.cells[name, day, shift]] += weight
    for (day, shift), (needed, under, over) in instance.cover.items():
        staff = [(model.cells[name, day, shift], 1) for name in instance.staff]
        missing, surplus = model.variable(needed, under), model.variable(len(staff), over)
        model.rows.append(([*staff, (missing, 1), (surplus, -1)], needed, needed))
    return model


def _person(model: Model, instance: Instance, name: str, person: Person) -> Iterator[tuple[Terms, int, int]]:
    days, cells = range(instance.days), model.cells
    works = [[(cells[name, day, shift], 1) for shift in instance.minutes] for day in days]
    for day in days:
        yield works[day], 0, 1
        for shift, refused in instance.may_not_follow.items():
            if refused and day + 1 < instance.days:
                after = [(cells[name, day + 1, other], 1) for other in refused]
                yield [(cells[name, day, shift], len(after)), *after], 0, len(after)
    for shift, most in person.most_of.items():
        yield [(cells[name, day, shift], 1) for day in days], 0, most
    minutes = [(cells[name, day, shift], length) for day in days for shift, length in instance.minutes.items()]
    yield minutes, person.least_minutes, person.most_minutes
    weekends = []
    for saturday in range(5, instance.days, 7):
        weekend = model.variable()
        weekends.append((weekend, 1))
        for day in range(saturday, min(saturday + 2, instance.days)):
            yield [*works[day], (weekend, -1)], -1, 0
    yield weekends, 0, person.weekends
    yield from _stretches(person, works)


def _stretches(person: Person, works: list[Terms]) -> Iterator[tuple[Terms, int, int]]:
    """No window of work too long; no stretch between two days of the other kind too short."""
    days = len(works)
    for day in range(days - person.longest_work):
        yield _all(works[day : day + person.longest_work + 1]), 0, person.longest_work
    for length in range(1, person.shortest_work):
        for day in range(days - length - 1):
            inside = _all(works[day + 1 : day + length + 1])
            edges = [(cell, -1) for cell, _ in works[day] + works[day + length + 1]]
            yield inside + edges, -2, length - 1
    for length in range(1, person.shortest_rest):
        for day in range(days - length - 1):
            inside = [(cell, -1) for cell, _ in _all(works[day + 1 : day + length + 1])]
            yield works[day] + works[day + length + 1] + inside, -length, 1


def _all(days: list[Terms]) -> Terms:
    return [term for terms in days for term in terms]
