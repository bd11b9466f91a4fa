"""Score a roster of the public shift-scheduling benchmark.

Shares no code with the solver, not even the reader, so that neither can hide a fault of the other.

    python -m optimiser.bench.evaluate INSTANCE.txt roster.csv
"""

import csv
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

OFF = ""
Roster = dict[str, list[str]]


@dataclass
class Person:
    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    longest_work: int
    shortest_work: int
    shortest_rest: int
    weekends: int
    days_off: set[int] = field(default_factory=set)


@dataclass
class Instance:
    days: int = 0
    minutes: dict[str, int] = field(default_factory=dict)
    may_not_follow: dict[str, set[str]] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    wanted: list[tuple[str, int, str, int]] = field(default_factory=list)
    unwanted: list[tuple[str, int, str, int]] = field(default_factory=list)
    cover: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)


@dataclass
class Score:
    requests: int = 0
    under: int = 0
    over: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def cost(self) -> int:
        return self.requests + self.under + self.over


def read(text: str) -> Instance:
    instance, section = Instance(), ""
    for line in (raw.strip() for raw in text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("SECTION_"):
            section = line.removeprefix("SECTION_")
        else:
            _read_row(instance, section, [cell.strip() for cell in line.split(",")])
    return instance


def _read_row(instance: Instance, section: str, row: list[str]) -> None:
    if section == "HORIZON":
        instance.days = int(row[0])
    elif section == "SHIFTS":
        instance.minutes[row[0]] = int(row[1])
        instance.may_not_follow[row[0]] = set(filter(None, row[2].split("|")))
    elif section == "STAFF":
        pairs = (pair.split("=") for pair in row[1].split("|") if pair)
        most, least, longest, shortest, rest, weekends = map(int, row[2:8])
        most_of = {shift: int(times) for shift, times in pairs}
        instance.staff[row[0]] = Person(most_of, most, least, longest, shortest, rest, weekends)
    elif section == "DAYS_OFF":
        instance.staff[row[0]].days_off |= set(map(int, filter(None, row[1:])))
    elif section == "SHIFT_ON_REQUESTS":
        instance.wanted.append((row[0], int(row[1]), row[2], int(row[3])))
    elif section == "SHIFT_OFF_REQUESTS":
        instance.unwanted.append((row[0], int(row[1]), row[2], int(row[3])))
    elif section == "COVER":
        instance.cover[int(row[0]), row[1]] = (int(row[2]), int(row[3]), int(row[4]))


def read_roster(text: str) -> Roster:
    """One row a person: id, then a cell a day with the shift's id, empty for a day off."""
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in csv.reader(text.splitlines()) if row}


def score(instance: Instance, roster: Roster) -> Score:
    result = Score(broken=_misshapen(instance, roster))
    if result.broken:
        return result
    for name, person in instance.staff.items():
        result.broken += [f"{name}: {reason}" for reason in _broken(instance, person, roster[name])]
    result.requests += sum(weight for name, day, shift, weight in instance.wanted if roster[name][day] != shift)
    result.requests += sum(weight for name, day, shift, weight in instance.unwanted if roster[name][day] == shift)
    supply = Counter((day, shift) for line in roster.values() for day, shift in enumerate(line))
    for cell, (needed, under, over) in instance.cover.items():
        result.under += under * max(0, needed - supply[cell])
        result.over += over * max(0, supply[cell] - needed)
    return result


def _misshapen(instance: Instance, roster: Roster) -> list[str]:
    found = [f"{name}: not in the roster" for name in instance.staff if name not in roster]
    for name, line in roster.items():
        if name not in instance.staff:
            found.append(f"{name}: nobody of this name")
        if len(line) != instance.days:
            found.append(f"{name}: {len(line)} days instead of {instance.days}")
        found += [f"{name}: no shift {shift!r}" for shift in sorted(set(line) - set(instance.minutes) - {OFF})]
    return found


def _broken(instance: Instance, person: Person, line: list[str]) -> list[str]:
    worked = Counter(shift for shift in line if shift != OFF)
    minutes = sum(instance.minutes[shift] * times for shift, times in worked.items())
    weekends = len({day // 7 for day, shift in enumerate(line) if shift != OFF and day % 7 in (5, 6)})
    found = [
        f"{shift} {times} times, at most {person.most_of[shift]}"
        for shift, times in worked.items()
        if times > person.most_of.get(shift, times)
    ]
    found += [f"works on day {day}, a day off" for day in sorted(person.days_off) if line[day] != OFF]
    found += [
        f"{after} on day {day} after {before}"
        for day, (before, after) in enumerate(pairwise(line), start=1)
        if before != OFF and after in instance.may_not_follow[before]
    ]
    if minutes > person.most_minutes:
        found.append(f"{minutes} minutes, at most {person.most_minutes}")
    if minutes < person.least_minutes:
        found.append(f"{minutes} minutes, at least {person.least_minutes}")
    if weekends > person.weekends:
        found.append(f"{weekends} weekends, at most {person.weekends}")
    return found + _broken_stretches(person, line)


def _broken_stretches(person: Person, line: list[str]) -> list[str]:
    """What lies before the first and after the last day makes a stretch there long enough, and never too long."""
    found, start = [], 0
    for works, days in groupby(line, key=lambda shift: shift != OFF):
        length = len(list(days))
        inside = start > 0 and start + length < len(line)
        if works and length > person.longest_work:
            found.append(f"{length} days of work from day {start}, at most {person.longest_work}")
        if works and inside and length < person.shortest_work:
            found.append(f"{length} days of work from day {start}, at least {person.shortest_work}")
        if not works and inside and length < person.shortest_rest:
            found.append(f"{length} days off from day {start}, at least {person.shortest_rest}")
        start += length
    return found


def main(instance: str, roster: str) -> int:
    result = score(read(Path(instance).read_text()), read_roster(Path(roster).read_text()))
    for reason in result.broken:
        print(reason)
    parts = f"requests {result.requests}, under {result.under}, over {result.over}"
    print(f"cost {result.cost} ({parts}), {len(result.broken)} hard rules broken")
    return 1 if result.broken else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m optimiser.bench.evaluate INSTANCE.txt roster.csv")
    sys.exit(main(*sys.argv[1:]))
