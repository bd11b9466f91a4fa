"""One measured run: a solver in a process of its own, its roster scored by the evaluator, its share of the machine."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from optimiser import files
from optimiser.answers import account
from optimiser.bench.evaluate import read, read_roster, score
from optimiser.bench.generate import generate
from optimiser.bench.prison import form
from optimiser.files import rosters

INSTANCES = Path(__file__).parent / "instances"
WORK = Path("var/bench")
BEST_KNOWN = dict(
    zip(range(1, 15), [607, 828, 1001, 1716, 1143, 1950, 1056, 1300, 439, 4631, 3443, 4040, 1348, 1278], strict=True)
)
SOLVERS = ("optimiser", "cpsat", "highs")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Task:
    """``cores`` says that ``seconds`` are core-seconds: on a busy machine the fairer limit."""

    instance: str
    seed: int
    seconds: float
    cores: bool = False
    solver: str = "optimiser"
    label: str = ""


def instance_file(name: str) -> Path:
    """A public instance by number, a generated one by size and seed (``middle-3``), a prison by its staff and seed
    (``prison-240-1``), or any file by its path."""
    if name.isdigit():
        return INSTANCES / f"Instance{name}.txt"
    size, _, seed = name.partition("-")
    if size in ("middle", "large") and seed.isdigit():
        file = WORK / "instances" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(generate(size, int(seed)))
        return file
    if size == "prison":
        staff, _, seed = seed.partition("-")
        file = WORK / "instances" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(form(int(staff), 28, int(seed or 1))))
        return file
    return Path(name)


def measure(task: Task) -> dict[str, Any]:
    """Run it, wait for the limit, score what it wrote. What it says of itself is kept as ``claimed``."""
    file = instance_file(task.instance)
    out = WORK / "runs" / f"{task.solver}-{Path(task.instance).stem}-{task.seed}"
    for old in ("roster.csv", "report.json"):
        (out / old).unlink(missing_ok=True)
    before, started = os.getloadavg()[0], time.monotonic()
    code, usage = _run(_command(task, file, out), task)
    record = asdict(task) | {
        "wall_seconds": round(time.monotonic() - started, 1),
        "core_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "load": [round(before, 1), round(os.getloadavg()[0], 1)],
        "exit_code": code,
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": _commit(),
    }
    return record | _scored(file, out)


def _command(task: Task, file: Path, out: Path) -> list[str]:
    module = ["optimiser", "solve"] if task.solver == "optimiser" else ["optimiser.bench.baseline", task.solver]
    clock = task.seconds * 5 if task.cores else task.seconds  # core-seconds: stopped from outside, see _run
    limits = ["--time", str(clock), "--seed", str(task.seed), "--out", str(out)]
    return [sys.executable, "-m", *module, str(file), *limits]


def _run(command: list[str], task: Task) -> tuple[int, Any]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if task.cores and _core_seconds(process.pid) >= task.seconds:
            process.send_signal(signal.SIGINT)
            time.sleep(1)
        time.sleep(0.1)


def _core_seconds(pid: int) -> float:
    """Of the process and of those that it started, ended or not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = {int(child) for thread in threads for child in (thread / "children").read_text().split()}
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has just ended
    return sum(map(int, fields[11:15])) / TICKS + sum(map(_core_seconds, children))


def _scored(file: Path, out: Path) -> dict[str, Any]:
    claimed = json.loads((out / "report.json").read_text()) if (out / "report.json").exists() else {}
    kept = {key: claimed.get(key) for key in ("cost", "bound", "seconds", "effort")}
    if not (out / "roster.csv").exists():
        return {"cost": None, "legal": False, "bound": claimed.get("bound"), "claimed": kept}
    cost, broken = _judged(file, out / "roster.csv")
    return {
        "cost": cost,
        "legal": not broken,
        "broken": broken[:5],
        "bound": claimed.get("bound"),
        "claimed": kept,
    }


def _judged(file: Path, roster: Path) -> tuple[int, list[str]]:
    """By the evaluator; what is in the JSON form, whose rules it does not know, by the rules' own checks."""
    if file.suffix != ".json":
        result = score(read(file.read_text()), read_roster(roster.read_text()))
        return result.cost, result.broken
    task = files.read(file)
    found = account(task.problem, task.rules, rosters.read_roster(roster, task.problem))
    return found.cost, [violation.sentence for violation in found.forbidden]


def _commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
