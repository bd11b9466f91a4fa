"""What a general solver reaches on the compact model: the yardstick for our own.

CP-SAT and HiGHS each get an environment of their own, because their packages ship different versions of one library.

    python -m optimiser.bench.baseline highs INSTANCE.txt --time 60 --seed 1 --out var/highs
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

from optimiser.bench.compact import Model, build
from optimiser.bench.evaluate import read

PACKAGES = {"cpsat": "ortools==9.15.6755", "highs": "highspy==1.15.1"}
Answer = tuple[list[float] | None, float]  # the values, or None when nothing was found; the bound


def cpsat(model: Model, seconds: float, seed: int) -> Answer:
    from ortools.sat.python import cp_model

    problem: Any = cp_model.CpModel()
    variables = [problem.new_int_var(0, most, "") for most in model.most]
    for terms, least, most in model.rows:
        total = cp_model.LinearExpr.weighted_sum([variables[v] for v, _ in terms], [factor for _, factor in terms])
        problem.add_linear_constraint(total, least, most)
    problem.minimize(cp_model.LinearExpr.weighted_sum(variables, model.price) + model.constant)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = os.cpu_count() or 1
    solver.parameters.random_seed = seed
    found = solver.solve(problem) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return [solver.value(v) for v in variables] if found else None, solver.best_objective_bound


def highs(model: Model, seconds: float, seed: int) -> Answer:
    import highspy

    solver: Any = highspy.Highs()
    solver.silent()
    for most, price in zip(model.most, model.price, strict=True):
        solver.addCol(price, 0, most, 0, [], [])
    for column in range(len(model.most)):
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for terms, least, most in model.rows:
        merged = {v: sum(factor for w, factor in terms if w == v) for v, _ in terms}
        solver.addRow(least, most, len(merged), list(merged), list(merged.values()))
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("random_seed", seed)
    solver.setOptionValue("threads", os.cpu_count() or 1)
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return list(solver.getSolution().col_value) if found else None, info.mip_dual_bound + model.constant


def environment(name: str, folder: Path = Path("var/bench")) -> Path:
    """The Python that has this solver; makes its environment the first time."""
    home = folder / name
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PACKAGES[name]], check=True)
        (home / "ready").touch()
    return python


def solve(name: str, instance_file: Path, seconds: float, seed: int, out: Path) -> None:
    instance, started = read(instance_file.read_text()), time.monotonic()
    model = build(instance)
    values, bound = {"cpsat": cpsat, "highs": highs}[name](model, seconds, seed)
    out.mkdir(parents=True, exist_ok=True)
    cost = None
    if values is not None:
        cost = model.constant + round(sum(v * p for v, p in zip(values, model.price, strict=True)))
        with (out / "roster.csv").open("w", newline="") as file:
            csv.writer(file).writerows([name, *line] for name, line in model.roster(instance, values).items())
    report = {"cost": cost, "bound": bound, "seconds": round(time.monotonic() - started, 2), "seed": seed}
    (out / "report.json").write_text(json.dumps(report, indent=2))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m optimiser.bench.baseline", description=__doc__.splitlines()[0])
    parser.add_argument("solver", choices=list(PACKAGES))
    parser.add_argument("instance", type=Path)
    parser.add_argument("--time", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        solve(given.solver, given.instance, given.time, given.seed, given.out)
    else:
        python = str(environment(given.solver))
        os.execv(python, [python, "-m", "optimiser.bench.baseline", *sys.argv[1:], "--inside"])


if __name__ == "__main__":
    main()
