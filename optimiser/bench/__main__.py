"""Measure the optimiser on the benchmark. Stop it at any time: what is measured is kept, the rest follows next time.

python -m optimiser.bench                          instances 1-14, 60 s, seeds 1, 2, 3 (42 minutes at most)
python -m optimiser.bench --quick                  instances 8, 12, 13 (ten minutes)
python -m optimiser.bench --instances middle-1,large-1 --seconds 600
python -m optimiser.bench --solver highs --quick   a baseline
python -m optimiser.bench --table                  only writes the table again
"""

import argparse
import json
from pathlib import Path
from typing import Any

from optimiser.bench import table
from optimiser.bench.protocol import SOLVERS, Task, measure

HOME = Path(__file__).parent
QUICK = "8,12,13"
Record = dict[str, Any]


def numbers(text: str) -> list[str]:
    """``1-3,8`` is 1, 2, 3, 8; a name such as ``middle-2`` or a path stays as it is."""
    found: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and last.isdigit():
            found += map(str, range(int(first), int(last) + 1))
        else:
            found.append(part)
    return found


def known(results: Path) -> list[Record]:
    return [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []


def task_of(record: Record) -> Task:
    return Task(**{field: record[field] for field in Task.__dataclass_fields__})


def main() -> None:
    given = _arguments()
    records = known(given.results)
    done = {task_of(record) for record in records}
    if not given.table:
        for task in _tasks(given):
            if task in done:
                continue
            record = measure(task)
            records.append(record)
            with given.results.open("a") as file:
                file.write(json.dumps(record) + "\n")
            given.report.write_text(table.render(records))
            print(table.line(record), flush=True)
    given.report.write_text(table.render(records))


def _tasks(given: argparse.Namespace) -> list[Task]:
    seconds, cores = (given.core_seconds, True) if given.core_seconds else (given.seconds, False)
    names = QUICK if given.quick else given.instances
    return [
        Task(name, int(seed), seconds, cores, given.solver, given.label)
        for name in numbers(names)
        for seed in numbers(given.seeds)
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m optimiser.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instances", default="1-14", help="numbers, middle-SEED, large-SEED, or files")
    parser.add_argument("--quick", action="store_true", help=f"instances {QUICK}")
    parser.add_argument("--seconds", type=float, default=60, help="limit of a run, by the clock")
    parser.add_argument("--core-seconds", type=float, help="limit of a run, by the time the processors gave it")
    parser.add_argument("--seeds", default="1-3")
    parser.add_argument("--solver", choices=SOLVERS, default="optimiser")
    parser.add_argument("--label", default="", help="a new label measures again what is already measured")
    parser.add_argument("--results", type=Path, default=HOME / "results.jsonl")
    parser.add_argument("--report", type=Path, default=HOME / "RESULTS.md")
    parser.add_argument("--table", action="store_true", help="measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
