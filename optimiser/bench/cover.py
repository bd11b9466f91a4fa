"""How long "who can cover this?" takes in a large prison: the list at once, and the re-plans by the kernel.

python -m optimiser.bench.cover --staff 240 --absences 40
"""

import argparse
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from optimiser.bench.prison import PAST, ROTA, prison
from optimiser.cover import CoverDesk
from optimiser.problem import Problem


def plain_roster(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Everybody walks on along the rota; bookings stand."""
    found = {}
    for person in problem.people:
        rota = next(rota for rota in rotas() if fits(rota, [shift.id for shift in person.history]))
        weeks = [rota[(PAST // 7 + day // 7) % len(rota)][day % 7].replace(".", "") for day in problem.days]
        found[person.id] = tuple(person.locked.get(day, weeks[day]) for day in problem.days)
    return found


def rotas() -> list[list[str]]:
    """The rota as it is walked from each of its lines."""
    return [ROTA[line:] + ROTA[:line] for line in range(len(ROTA))]


def fits(rota: list[str], history: list[str]) -> bool:
    weeks = [rota[day // 7 % len(rota)][day % 7].replace(".", "") for day in range(len(history))]
    return all(worked in (planned, "AL", "SICK") for worked, planned in zip(history, weeks, strict=True))


def measure(question: Callable[[], Any]) -> tuple[float, float, int]:
    started, worked = time.perf_counter(), time.process_time()
    answers = len(question())
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000, answers


def show(name: str, found: list[tuple[float, float, int]]) -> None:
    clock, worked, answers = (sorted(one) for one in zip(*found, strict=True))
    last, p95 = len(found) - 1, len(found) * 95 // 100
    print(
        f"{name}: median {clock[last // 2]:.1f} ms, p95 {clock[p95]:.1f} ms, worst {clock[last]:.1f} ms; of the "
        f"processors: p95 {worked[p95]:.1f} ms; people found: median {answers[last // 2]}, fewest {answers[0]}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m optimiser.bench.cover", description=__doc__)
    parser.add_argument("--staff", type=int, default=240)
    parser.add_argument("--absences", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, task = random.Random(given.seed), prison(given.staff, 28, given.seed)
    problem, rules = task.problem, task.rules
    started = time.perf_counter()
    desk = CoverDesk(problem, rules, plain_roster(problem), today=3)
    desk.prepare()
    print(f"{given.staff} people, {len(rules)} rules; desk ready in {time.perf_counter() - started:.1f} s", end=", ")
    started = time.perf_counter()
    desk.replanner.warm()
    print(f"kernel ready in {time.perf_counter() - started:.1f} s")
    lists, replans = [], []
    for _ in range(given.absences):
        day = chance.randrange(4, 28)
        shift = chance.choice(["E", "M", "L", "N", "A"])
        lists.append(measure(partial(desk.free, shift, day)))
        replans.append(measure(partial(desk.replans, shift, day)))
    show("list", lists)
    show("re-plans", replans)


if __name__ == "__main__":
    main()
