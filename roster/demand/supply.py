"""Who counts for what, quarter by quarter: each person once, the scarcest demand first (staff-roster 7.1).

Plain data and no database. ``Place`` is a place that somebody must stand in; ``Stander`` somebody who is there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

TARGET, MINIMUM, REDUCED, ESSENTIAL = "target", "minimum", "reduced", "essential"
RANKS = (ESSENTIAL, REDUCED, MINIMUM, TARGET)
"""In this order places are filled: what safety needs first."""


@dataclass(frozen=True)
class Wanted:
    """One requirement (or case) as it stands in one quarter of an hour. ``numbers``: people by rank, cumulative."""

    key: int
    numbers: tuple[int, int, int, int]
    posts: frozenset[int] = frozenset()
    activities: frozenset[int] = frozenset()
    skill: str = ""
    level: str = ""
    bands: tuple[int, int] = (0, 99)
    gender: str = ""
    alongside: bool = False


@dataclass(frozen=True)
class Stander:
    """What somebody is who is present for a whole quarter of an hour. ``skills``: with their level, today."""

    activity: int
    post: int | None = None
    skills: frozenset[tuple[str, str]] = frozenset()
    band: int = 0
    gender: str = ""


def fits(one: Stander, wanted: Wanted) -> bool:
    if wanted.skill and not any(code == wanted.skill and wanted.level in ("", level) for code, level in one.skills):
        return False
    if wanted.gender and one.gender != wanted.gender:
        return False
    if not wanted.bands[0] <= one.band <= wanted.bands[1]:
        return False
    if wanted.alongside or not (wanted.posts or wanted.activities):
        return True
    return one.post in wanted.posts if wanted.posts and one.post else one.activity in wanted.activities


def supply(present: Mapping[Stander, int], wanted: Sequence[Wanted]) -> dict[int, int]:
    """How many people each demand has, by its key. ``present``: how many of each kind there are.

    Demand beside other posts counts everybody who fits. For the rest nobody counts twice: a matching that fills the
    lowest rank first, within it the scarcest demand, and never empties a place once filled.
    """
    fitting = {one.key: [each for each in present if fits(each, one)] for one in wanted}
    numbers = {key: sum(present[each] for each in kinds) for key, kinds in fitting.items()}
    found = {one.key: numbers[one.key] for one in wanted if one.alongside}
    single = sorted((one for one in wanted if not one.alongside), key=lambda one: (numbers[one.key], one.key))
    seats = _Seats(present, fitting)
    got: dict[int, int] = defaultdict(int)
    for rank in range(len(RANKS)):
        for one in single:
            while got[one.key] < one.numbers[rank] and seats.take(one.key, set()):
                got[one.key] += 1
    for kind, left in seats.free.items():  # who is left is surplus where they fit
        if left and (home := next((one for one in single if kind in fitting[one.key]), None)):
            got[home.key] += left
    return found | {one.key: got[one.key] for one in single}


class _Seats:
    """Who sits where: for each kind of people how many are free, and how many each demand has."""

    def __init__(self, present: Mapping[Stander, int], fitting: Mapping[int, list[Stander]]) -> None:
        self.fitting = fitting
        self.free = dict(present)
        self.seated: dict[Stander, dict[int, int]] = {kind: defaultdict(int) for kind in present}

    def take(self, key: int, seen: set[Stander]) -> bool:
        """Seat one more for this demand, moving others where that helps: an augmenting path."""
        for kind in self.fitting[key]:
            if kind in seen:
                continue
            seen.add(kind)
            if not self.free[kind] and not self._moved(kind, key, seen):
                continue
            self.free[kind] -= 1
            self.seated[kind][key] += 1
            return True
        return False

    def _moved(self, kind: Stander, key: int, seen: set[Stander]) -> bool:
        """Free somebody of this kind, whose place another one takes."""
        for other, number in self.seated[kind].items():
            if number and other != key and self.take(other, seen):
                self.seated[kind][other] -= 1
                self.free[kind] += 1
                return True
        return False


@dataclass(frozen=True)
class Stretch:
    """Quarters of an hour, one after the other, in which a demand has the same number. Seconds of the day."""

    key: int
    day: date
    start: int
    end: int
    numbers: tuple[int, int, int, int]
    have: int

    @property
    def gap(self) -> int:
        """Below the minimum."""
        return max(0, self.numbers[2] - self.have)

    @property
    def below_target(self) -> int:
        return max(0, self.numbers[3] - self.have)

    @property
    def surplus(self) -> int:
        return max(0, self.have - self.numbers[3])

    @property
    def level(self) -> int:
        """4 green: the target is met; one less for each of minimum, reduced and essential that is not."""
        return sum(self.have >= number for number in self.numbers)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one demand with the same number as one."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda each: (each.key, each.day, each.start)):
        last = found[-1] if found else None
        if last and (last.key, last.day, last.end, last.have, last.numbers) == (
            one.key, one.day, one.start, one.have, one.numbers,
        ):  # fmt: skip
            found[-1] = Stretch(last.key, last.day, last.start, one.end, last.numbers, last.have)
        else:
            found.append(one)
    return found
