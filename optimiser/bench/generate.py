"""Write instances like the public ones, so that the longer ones can be tried without tuning on them.

python -m optimiser.bench.generate middle --seed 3 > var/middle-3.txt      (as 15-19)
python -m optimiser.bench.generate large  --seed 3 > var/large-3.txt       (as 20-24)
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass

WEEKS = {"middle": (6, 8, 12), "large": (26, 52)}
STAFF = {"middle": (20, 45), "large": (50, 150)}
TYPES = {"middle": (3, 6), "large": (6, 32)}
DAY = 24 * 60


@dataclass(frozen=True)
class Shift:
    name: str
    start: int
    minutes: int

    def may_be_followed_by(self, other: "Shift") -> bool:
        return other.start + DAY - self.start - self.minutes >= 11 * 60


@dataclass(frozen=True)
class Contract:
    """Minutes are a week's; a stretch is (longest work, shortest work, shortest rest)."""

    minutes: int
    slack: int
    stretch: tuple[int, int, int]


CONTRACTS = [
    (6, Contract(2160, 960, (5, 2, 2))),
    (3, Contract(2160, 960, (6, 2, 3))),
    (1, Contract(1080, 960, (5, 1, 2))),
]


def generate(size: str, seed: int, *, weeks: int = 0, staff: int = 0, types: int = 0) -> str:
    chance = random.Random(f"{size} {seed}")
    weeks = weeks or chance.choice(WEEKS[size])
    staff = staff or chance.randint(*STAFF[size])
    shifts = _shifts(chance, types or chance.randint(*TYPES[size]))
    people = {_name(index): _contract(chance) for index in range(staff)}
    return "\n".join(_lines(chance, weeks * 7, shifts, people)) + "\n"


def _shifts(chance: random.Random, count: int) -> list[Shift]:
    """Starts spread over the day, the last one always a night."""
    starts = [*sorted(chance.sample(range(6 * 60, 21 * 60, 15), count - 1)), 22 * 60]
    lengths = [480] * 6 + [600] * 2 + [720]
    return [Shift(f"s{index + 1}", start, chance.choice(lengths)) for index, start in enumerate(starts)]


def _contract(chance: random.Random) -> Contract:
    return chance.choices([contract for _, contract in CONTRACTS], [weight for weight, _ in CONTRACTS])[0]


def _name(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def _lines(chance: random.Random, days: int, shifts: list[Shift], people: dict[str, Contract]) -> Iterator[str]:
    off = {name: _days_off(chance, days) for name in people}
    yield from ["SECTION_HORIZON", str(days), "", "SECTION_SHIFTS"]
    for shift in shifts:
        refused = "|".join(other.name for other in shifts if not shift.may_be_followed_by(other))
        yield f"{shift.name},{shift.minutes},{refused}"
    yield from ["", "SECTION_STAFF"]
    for name, contract in people.items():
        yield _person(chance, name, contract, days, shifts)
    yield from ["", "SECTION_DAYS_OFF"]
    yield from (f"{name},{','.join(map(str, days_off))}" for name, days_off in off.items() if days_off)
    yield from ["", "SECTION_SHIFT_ON_REQUESTS"]
    yield from _requests(chance, days, shifts, people, off, rate=0.05)
    yield from ["", "SECTION_SHIFT_OFF_REQUESTS"]
    yield from _requests(chance, days, shifts, people, off, rate=0.03)
    yield from ["", "SECTION_COVER"]
    yield from _cover(chance, days, shifts, people)


def _days_off(chance: random.Random, days: int) -> list[int]:
    """A leave of up to four days for every six weeks, and single days."""
    found: set[int] = set()
    for start in range(0, days, 42):
        first = start + chance.randrange(min(42, days - start))
        found |= {day for day in range(first, first + chance.randint(1, 4)) if day < days}
    return sorted(found)


def _person(chance: random.Random, name: str, contract: Contract, days: int, shifts: list[Shift]) -> str:
    weeks = days // 7
    limits = {shift.name: days for shift in shifts}
    for shift in shifts:
        if shift.start >= 20 * 60:
            limits[shift.name] = chance.choice([0, weeks, weeks])
        elif shift.minutes > 480:
            limits[shift.name] = chance.choice([0, 2 * weeks, 3 * weeks])
        elif chance.random() < 0.2:
            limits[shift.name] = 0
    if not any(limits[shift.name] == days for shift in shifts):
        limits[min(shifts, key=lambda shift: shift.minutes).name] = days
    most = contract.minutes * weeks
    longest, shortest, rest = contract.stretch
    allowed = "|".join(f"{shift}={limit}" for shift, limit in limits.items())
    return f"{name},{allowed},{most},{most - contract.slack},{longest},{shortest},{rest},{(weeks + 1) // 2}"


def _requests(
    chance: random.Random,
    days: int,
    shifts: list[Shift],
    people: dict[str, Contract],
    off: dict[str, list[int]],
    rate: float,
) -> Iterator[str]:
    """Short runs of the same shift, as people ask for them."""
    for name in people:
        day = 0
        while day < days:
            if chance.random() >= rate:
                day += 1
                continue
            shift, weight = chance.choice(shifts), chance.randint(1, 3)
            for wish in range(day, min(days, day + chance.randint(1, 4))):
                if wish not in off[name]:
                    yield f"{name},{wish},{shift.name},{weight}"
                day = wish + 1


def _cover(chance: random.Random, days: int, shifts: list[Shift], people: dict[str, Contract]) -> Iterator[str]:
    """As much work as the staff can just do, uneven from day to day."""
    average = sum(shift.minutes for shift in shifts) / len(shifts)
    a_day = sum(contract.minutes for contract in people.values()) / 7 / average * 0.97
    weights = [1.0 if shift.start < 20 * 60 else 0.7 for shift in shifts]
    for day in range(days):
        for shift, weight in zip(shifts, weights, strict=True):
            needed = max(0, round(a_day * weight / sum(weights) * chance.uniform(0.7, 1.3)))
            yield f"{day},{shift.name},{needed},100,1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m optimiser.bench.generate", description=__doc__.splitlines()[0])
    parser.add_argument("size", choices=list(WEEKS))
    parser.add_argument("--seed", type=int, default=1)
    for name in ("weeks", "staff", "types"):
        parser.add_argument(f"--{name}", type=int, default=0, help="instead of a random number")
    given = parser.parse_args()
    print(generate(given.size, given.seed, weeks=given.weeks, staff=given.staff, types=given.types), end="")


if __name__ == "__main__":
    main()
