"""The measured runs as a page to read: a table for each solver, limit and label."""

from itertools import groupby
from statistics import median
from typing import Any

from optimiser.bench.protocol import BEST_KNOWN

Record = dict[str, Any]
HEAD = """# Benchmark results

Written by `python -m optimiser.bench`; every run is a line of `results.jsonl`. Every roster was scored by
`evaluate.py`, which shares no code with the solver; a prison, which is in the JSON form, by the rules' own checks.
"Over" is the distance of the median to the best known value (of the public instances) or to the run's own bound (of the
others). Proved: roster and bound meet. Core-seconds and memory are those of the solver's process; load is the
machine's, before and after, over all runs.
"""
COLUMNS = "| instance | best known | by seed | median | worst | over | bound | proved | wall s | core-s | MB | load |"


def line(record: Record) -> str:
    legal = "" if record["legal"] else " NOT LEGAL" if record["cost"] is not None else " nothing found"
    return (
        f"{record['solver']} {record['instance']} seed {record['seed']}: {record['cost']}{legal}, "
        f"bound {record['bound']}, {record['wall_seconds']:g} s, {record['core_seconds']:g} core-seconds, "
        f"load {record['load'][1]:g}"
    )


def render(records: list[Record]) -> str:
    parts = [HEAD]
    for key, runs in groupby(sorted(records, key=_chapter), key=_chapter):
        solver, cores, seconds, label = key
        limit = f"{seconds:g} {'core-seconds' if cores else 's'}"
        parts.append(f"\n## {solver}, {limit}{f', {label}' if label else ''}\n\n{COLUMNS}")
        parts.append("|--|--:|--|--:|--:|--:|--:|:-:|--:|--:|--:|--|")
        chapter = list(runs)
        for _, same in groupby(sorted(chapter, key=_row), key=_row):
            parts.append(_cells(list(same)))
        parts.append(_sums(chapter))
    return "\n".join(parts) + "\n"


def _chapter(record: Record) -> tuple[str, bool, float, str]:
    return record["solver"], record["cores"], record["seconds"], record["label"]


def _row(record: Record) -> tuple[int, str]:
    name = record["instance"]
    return (int(name) if name.isdigit() else 1000, name)


def best_known(name: str) -> int | None:
    return BEST_KNOWN.get(int(name)) if name.isdigit() else None


def proved(record: Record) -> bool:
    return record["legal"] and record["bound"] is not None and record["bound"] > record["cost"] - 1


def _cells(runs: list[Record]) -> str:
    runs.sort(key=lambda record: record["seed"])
    legal = [record["cost"] for record in runs if record["legal"]]
    bounds = [record["bound"] for record in runs if record["bound"] is not None]
    best, bound = best_known(runs[0]["instance"]), max(bounds, default=None)
    middle = median(legal) if legal else None
    measure = best if best is not None else bound
    over = f"{(middle - measure) / measure:.1%}" if middle is not None and measure else ""
    load = [value for record in runs for value in record["load"]]
    shown = [
        runs[0]["instance"],
        best,
        " ".join(f"{record['cost']}{'' if record['legal'] else '!'}" for record in runs),
        None if middle is None else f"{middle:g}",
        max(legal, default=None),
        over,
        None if bound is None else round(bound, 1),
        f"{sum(map(proved, runs))}/{len(runs)}",
        round(max(record["wall_seconds"] for record in runs)),
        round(max(record["core_seconds"] for record in runs)),
        max(record["peak_mb"] for record in runs),
        f"{min(load):g}-{max(load):g}",
    ]
    return "| " + " | ".join("" if cell is None else str(cell) for cell in shown) + " |"


def _sums(runs: list[Record]) -> str:
    """What the protocol asks: together above best known, without 13, which has goals of its own."""
    by_seed: dict[int, int] = {}
    counted = [record for record in runs if best_known(record["instance"]) is not None and record["instance"] != "13"]
    for record in counted:
        above = record["cost"] - BEST_KNOWN[int(record["instance"])] if record["legal"] else 10**6
        by_seed[record["seed"]] = by_seed.get(record["seed"], 0) + above
    if not by_seed:
        return ""
    names = len({record["instance"] for record in counted})
    optimal = len({record["instance"] for record in runs if proved(record)})
    each = ", ".join(f"seed {seed}: {above}" for seed, above in sorted(by_seed.items()))
    return (
        f"\nTogether above best known on {names} instances (13 apart): {each}; median {median(by_seed.values()):g}, "
        f"worst {max(by_seed.values())}. Proved optimal: {optimal} instances."
    )
