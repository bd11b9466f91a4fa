"""``./run``: one service with demo data on this machine, until Ctrl-C.

Prepares the database and the demo data (only when something changed), starts the processes that
``<service>/local.py`` declares, says where everything is, and starts again what dies.
Everything it keeps is in one folder, var/run: database, documents, keys, logs.
"""

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

import psycopg

from foundation.postgres import Server
from foundation.testing.database import digest
from foundation.testing.stack import ROOT, NotReady, Stack

FIRST_WAIT, LONGEST_WAIT, LONG_ENOUGH = 1.0, 30.0, 60.0
"""Seconds before a process that died is started again (doubling), and how long it must live to be forgiven."""


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or the terminal was closed."""


def main() -> None:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        if options.manage:
            manage(options)
        with only_one(options.folder):
            run(options)
    except Stopped:
        print("Stopped.")
    except (NotReady, RuntimeError, psycopg.Error) as error:
        sys.exit(f"./run: {error}")


def run(options: argparse.Namespace) -> None:
    folder: Path = options.folder
    if options.reset:
        reset(folder)
    stack = _stack(options)
    start_page = stack.stand_in("start", 0, "foundation.standins.start", about="This list as a page")
    stack.processes = {"start": start_page, **stack.processes}
    stack.check_ports()
    try:
        if stack.server:
            stack.server.start()
        prepare(stack)
        describe(stack)
        shutil.rmtree(folder / "logs", ignore_errors=True)
        print("Starting")
        stack.start()
        show(folder / "start" / "start.json")
        if not options.check:
            watch(stack)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: stack.hurry())
        print("Stopping", flush=True)
        stack.stop()
    print("Everything answered.")


def manage(options: argparse.Namespace) -> NoReturn:
    """``./run manage COMMAND``: a management command with the settings and the database of ./run."""
    stack = _stack(options)
    started_here = stack.server is not None and not stack.server.running()
    if started_here:
        stack.make_database()
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", *options.manage[1:]], cwd=ROOT, env=stack.environment, check=False
        )
    finally:
        if started_here and stack.server:
            stack.server.stop()
    sys.exit(done.returncode)


def prepare(stack: Stack) -> None:
    """Migrations and demo data, unless this folder has seen exactly these before."""
    demo = ROOT.joinpath(*stack.service.split("."), "management", "commands", "demo.py")
    content = demo.read_text() if demo.exists() else ""
    stamp = stack.folder / "prepared"
    wanted = digest(stack.service, stack.database_url, os.environ.get("REDIS_URL", ""), content)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Preparing the database", flush=True)
    stack.make_database()
    people = "[]"
    if content:
        print("Making demo data", flush=True)
        stack.manage("demo")
        people = stack.manage("demo", "--people")
    (stack.folder / "people.json").write_text(people)
    stamp.write_text(wanted)


def keys(folder: Path) -> dict[str, str]:
    """Secrets of this folder: made once, readable by their owner only."""
    path = folder / "keys"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DRAFT_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        draft.rename(path)
    return dict(json.loads(path.read_text()))


def describe(stack: Stack) -> None:
    """Write what the start page and the terminal show."""
    people = json.loads((stack.folder / "people.json").read_text())
    for person in people:
        person["url"] = stack.urls.get(person.get("site", ""), "")
    shown = {
        "title": import_module(f"{stack.service}.local").TITLE,
        "places": [{"about": one.about, "url": one.url} for one in stack.processes.values() if one.url],
        "people": people,
        "logs": str(stack.folder / "logs"),
    }
    path = stack.folder / "start" / "start.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(shown, indent=2))


def show(path: Path) -> None:
    start = json.loads(path.read_text())
    print(f"\n{start['title']} is running.\n")
    _table([[place["about"], place["url"]] for place in start["places"]])
    for (url, password), people in groupby(start["people"], key=lambda one: (one["url"], one["password"])):
        print(f"\nSign in at {url}, password {password}:\n" if password else f"\nRegister at {url}:\n")
        _table([[one["email"], one["name"], one["about"]] for one in people])
    print(f"\nLogs are in {start['logs']}. Ctrl-C stops everything.\n", flush=True)


def _table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def watch(stack: Stack) -> NoReturn:
    """Start again what dies, later each time, until somebody stops us."""
    waits = dict.fromkeys(stack.processes, FIRST_WAIT)
    born = dict.fromkeys(stack.processes, time.monotonic())
    again: dict[str, float] = {}
    while True:
        time.sleep(0.25)
        now = time.monotonic()
        for name in stack.processes:
            if name in again:
                if now >= again[name]:
                    stack.launch(name)
                    born[name] = now
                    del again[name]
            elif stack.dead(name):
                if now - born[name] > LONG_ENOUGH:
                    waits[name] = FIRST_WAIT
                print(
                    f"{name} stopped (exit code {stack.exit_code(name)}) and is started again in {waits[name]:g} s. "
                    f"Its log: {stack.log(name)}",
                    flush=True,
                )
                again[name] = now + waits[name]
                waits[name] = min(2 * waits[name], LONGEST_WAIT)
        if stack.server and not stack.server.alive():
            print("database stopped and is started again.", flush=True)
            stack.server.start()


def reset(folder: Path) -> None:
    """Throw away what an earlier ./run left; a database that DATABASE_URL names is not ours to delete."""
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL names a database of your own: its data stay as they are.")
    if (folder / "postgres").exists():
        Server(folder).stop("immediate")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """A lock beside the folder, with the number of the process that holds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise NotReady(
                f"it is running already (process {lock.read().strip()}). Stop it there with Ctrl-C first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _stack(options: argparse.Namespace) -> Stack:
    return Stack(
        options.folder,
        database_url=os.environ.get("DATABASE_URL", ""),
        app_url=os.environ.get("DATABASE_APP_URL", ""),
        service=options.service,
        port_base=options.port_base,
        environment=keys(options.folder),
    )


def _stop(*_: Any) -> NoReturn:
    raise Stopped


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Run the service with demo data until Ctrl-C.",
    )
    parser.add_argument("--reset", action="store_true", help="throw away all data first")
    parser.add_argument("--check", action="store_true", help="start everything, wait until it answers, stop")
    parser.add_argument("--port-base", type=int, default=8000, metavar="N", help="first port (8000)")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "run", help="where data are kept (var/run)")
    parser.add_argument("--service", default="reporting", help="which service (reporting)")
    parser.add_argument("manage", nargs=argparse.REMAINDER, help="run a management command: ./run manage COMMAND")
    options = parser.parse_args()
    if options.manage and options.manage[0] != "manage":
        parser.error(f"what is {options.manage[0]}?")
    options.folder = options.folder.resolve()
    return options


if __name__ == "__main__":
    main()
