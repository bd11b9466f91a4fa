"""How long one edit takes to check against the whole rule book: a planner changes a cell, every rule is asked.

python -m optimiser.bench.edit
"""

import random
import time

from optimiser.bench.prison import prison
from optimiser.lines import Line
from optimiser.shapes import check_line


def main(edits: int = 1000, seed: int = 1) -> list[float]:
    chance, task = random.Random(seed), prison(240, 28, seed)
    problem, rules = task.problem, task.rules
    shifts = [problem.by_id[id] for id in ("", "E", "M", "L", "N")]
    times, worked = [], []
    for _ in range(edits):
        person = chance.choice(problem.people)
        planned = [chance.choice(shifts) if chance.random() < 0.7 else shifts[0] for _ in problem.days]
        planned[chance.randrange(28)] = chance.choice(shifts)
        started, began = time.perf_counter(), time.thread_time()
        check_line(Line(person, problem.calendar, tuple(planned)), rules)
        times.append((time.perf_counter() - started) * 1000)
        worked.append((time.thread_time() - began) * 1000)
    times.sort()
    worked.sort()
    print(
        f"{edits} edits, {len(rules)} rules, {len(problem.people[0].history)} days of history: "
        f"median {times[edits // 2]:.2f} ms, p95 {times[edits * 95 // 100]:.2f} ms, worst {times[-1]:.2f} ms; "
        f"of the processor: p95 {worked[edits * 95 // 100]:.2f} ms"
    )
    return times


if __name__ == "__main__":
    main()
