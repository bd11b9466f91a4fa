"""The command line. What is wrong with a file or an argument is said in one line; exit code 2.

Exit codes: 0 done, 1 the roster breaks rules (evaluate), 2 bad input, 3 there is no roster (of everybody).
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from optimiser.answers import account, compare, gaps
from optimiser.files import BadFile, Task, read
from optimiser.files.report import costs, gap
from optimiser.files.rosters import read_roster
from optimiser.words import counted

Say = Callable[[str], None]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadFile("arguments", f"{message} (--help explains)")


def main(arguments: Sequence[str]) -> int:
    try:
        given = _parser().parse_args(arguments)
        code: int = given.run(given)
        return code
    except BadFile as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> _Parser:
    parser = _Parser(prog="python -m optimiser", description="Rosters proved near-optimal.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    solve = _command(commands, "solve", run_solve, "plan a roster")
    solve.add_argument("--time", type=_seconds, metavar="SECONDS", help="stop by the clock (60 unless said otherwise)")
    solve.add_argument("--core-seconds", type=_seconds, metavar="SECONDS", help="stop by time of the processors")
    solve.add_argument("--effort", type=_whole, metavar="N", help="stop after so much work: reproducible with --seed")
    solve.add_argument("--seed", type=_whole, default=0, metavar="N")
    solve.add_argument("--start", type=Path, metavar="CSV", help="begin with this roster, legal or not")
    solve.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="for roster.csv, report.json, roster.html"
    )
    solve.add_argument("--progress", choices=["text", "json", "none"], default="text")
    solve.add_argument("--workers", type=_whole, default=os.cpu_count() or 1, metavar="N", help="threads")

    evaluate = _command(commands, "evaluate", run_evaluate, "what a roster costs, and what it breaks")
    evaluate.add_argument("roster", type=Path)
    evaluate.add_argument("--json", action="store_true")

    both = _command(commands, "compare", run_compare, "two rosters of one file")
    both.add_argument("first", type=Path)
    both.add_argument("second", type=Path)

    who = _command(commands, "cover", run_cover, "who can work a shift that nobody works")
    who.add_argument("roster", type=Path)
    who.add_argument("--shift", required=True)
    who.add_argument("--day", required=True, help="a date, or the number of a day, the first being 0")
    who.add_argument("--today", help="days before this one stay as they are (the first day)")
    who.add_argument("--absent", metavar="PERSON", help="who falls out: is off that day, and is not asked")
    who.add_argument("--list", action="store_true", help="only who is free; no re-plans")
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words.capitalize() + ".")
    command.add_argument("file", type=Path, help="the benchmark's format, or our JSON form")
    command.set_defaults(run=run)
    return command


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e8:
        raise ValueError
    return value


def _whole(text: str) -> int:
    value = int(text)
    if not 0 <= value < 1 << 31:
        raise ValueError
    return value


def _task(path: Path) -> Task:
    try:
        return read(path)
    except BadFile as refused:
        if refused.place == str(path):
            raise
        raise BadFile(f"{path}, {refused.place}", refused.reason) from None


# solve


def run_solve(given: argparse.Namespace) -> int:
    task = _task(given.file)
    start = read_roster(given.start, task.problem) if given.start else None
    out = _folder(given.out)
    from optimiser.begin import unfinished
    from optimiser.files.writing import write
    from optimiser.solve import solve
    from optimiser.stop import Stop, TooSoon

    unlimited = given.time is None and given.core_seconds is None and given.effort is None
    stop = Stop(60.0 if unlimited else given.time, given.core_seconds, given.effort)
    _interrupt_with(stop.interrupt)
    try:
        result = solve(task.problem, task.rules, stop, given.seed, start, _progress(given.progress), given.workers)
    except ValueError as reason:
        print(f"{given.file}: no roster is possible: {reason}", file=sys.stderr)
        return 3
    except TooSoon as soon:
        result = unfinished(task.problem, task.rules, stop, soon.lines, start or {})
        write(out, task, result)
        without = counted(len(result.unplanned), "person")
        print(f"{given.file}: no roster: {soon}; {without} not planned, see {out / 'report.json'}", file=sys.stderr)
        return 3
    write(out, task, result)
    if given.progress == "text":
        print(
            f"cost {result.cost}, bound {result.bound}, {result.seconds:.1f} s, effort {result.effort}: {result.ended}"
        )
        for sentence in result.repaired[:10]:
            print(f"repaired: {sentence}")
        for broken in result.illegal[:10]:
            print(f"nobody could keep: {broken.person}: {broken.sentence}")
    return 0


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / ".writable").touch()
        (out / ".writable").unlink()
    except OSError as error:
        raise BadFile(str(out), error.strerror or "cannot be written") from None
    return out


def _interrupt_with(interrupt: Callable[[], None]) -> None:
    """The first signal ends the search, which then writes the best so far; a second one ends the program."""

    def once(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        interrupt()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, once)


def _progress(kind: str) -> Callable[[float, int, int], None] | None:
    def text(seconds: float, cost: int, bound: int) -> None:
        known = bound > -(1 << 50)
        gap = f"bound {bound}, gap {(cost - bound) / max(1, abs(cost)):.2%}" if known else "no bound yet"
        print(f"{seconds:8.1f} s   cost {cost}   {gap}", flush=True)

    def as_json(seconds: float, cost: int, bound: int) -> None:
        known = bound if bound > -(1 << 50) else None
        gap = None if known is None else round((cost - bound) / max(1, abs(cost)), 6)
        print(json.dumps({"seconds": round(seconds, 2), "cost": cost, "bound": known, "gap": gap}), flush=True)

    return {"text": text, "json": as_json, "none": None}[kind]


# evaluate, compare


def run_evaluate(given: argparse.Namespace) -> int:
    task = _task(given.file)
    roster = read_roster(given.roster, task.problem)
    judged = account(task.problem, task.rules, roster)
    if given.json:
        found = [gap(one) for one in gaps(task.problem, task.rules, roster, 0)]
        print(json.dumps({"cost": judged.cost, **costs(task.problem, judged), "gaps": found}, indent=1))
    else:
        print(f"cost {judged.cost}, {counted(len(judged.forbidden), 'rule')} broken that may not be")
        for rule, cost in judged.by_rule.items():
            print(f"  {rule}: {cost}")
        for broken in judged.forbidden:
            print(f"not allowed: {broken.person}: {broken.sentence}")
    return 1 if judged.forbidden else 0


def run_compare(given: argparse.Namespace) -> int:
    task = _task(given.file)
    first, second = (read_roster(path, task.problem) for path in (given.first, given.second))
    found = compare(task.problem, task.rules, first, second)
    print("\n".join(found.sentences))
    for change in found.changes:
        name = task.problem.calendar.name(change.day)
        print(f"  {change.person}, {name}: {change.before or 'off'} -> {change.after or 'off'}")
    return 0


# cover


def run_cover(given: argparse.Namespace) -> int:
    task = _task(given.file)
    roster = read_roster(given.roster, task.problem)
    day = _day(task, given.day)
    today = _day(task, given.today) if given.today else 0
    if given.shift not in task.problem.by_id or not given.shift:
        raise BadFile("arguments", f"there is no shift {given.shift[:60]!r}")
    if given.absent:
        task, roster = _without(task, roster, given.absent, day)
    from optimiser.cover import CoverDesk

    desk = CoverDesk(task.problem, task.rules, roster, today)
    free = desk.free(given.shift, day)
    print(f"Free and legal: {counted(len(free), 'person')}")
    for one in free[:20]:
        print(f"  {one.sentence}")
    if not given.list:
        print("With a re-planned month:")
        for one in desk.replans(given.shift, day):
            print(f"  {one.sentence}")
    return 0


def _day(task: Task, text: str) -> int:
    calendar = task.problem.calendar
    try:
        day = int(text) if text.isdigit() else (date.fromisoformat(text) - (calendar.start or date.min)).days
    except ValueError:
        raise BadFile("arguments", f"{text[:40]!r} is no day") from None
    if day not in task.problem.days:
        raise BadFile("arguments", f"{text[:40]} is not among the days of the roster")
    return day


def _without(task: Task, roster: dict[str, tuple[str, ...]], name: str, day: int) -> tuple[Task, dict[str, Any]]:
    """The same without that person on that day."""
    from dataclasses import replace

    if name not in task.problem.person:
        raise BadFile("arguments", f"there is no person {name[:60]!r}")
    off = task.problem.off(day).id
    people = tuple(
        replace(person, locked={**person.locked, day: off}) if person.id == name else person
        for person in task.problem.people
    )
    line = (*roster[name][:day], off, *roster[name][day + 1 :])
    return Task(replace(task.problem, people=people), task.rules), {**roster, name: line}
