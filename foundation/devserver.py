"""``./run``: both services with demo data on this machine, until Ctrl-C.

Prepares the databases and the demo data (only when something changed), starts the processes that
``<service>/local.py`` declares, says where everything is, and starts again what dies.
Everything it keeps is in one folder, var/run: databases (one server for all), documents, keys, logs.
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
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import psycopg

from foundation.postgres import Server, change
from foundation.testing.database import digest
from foundation.testing.stack import ROOT, NotReady, Stack, create_missing

FIRST_WAIT, LONGEST_WAIT, LONG_ENOUGH = 1.0, 30.0, 60.0
"""Seconds before a process that died is started again (doubling), and how long it must live to be forgiven."""


SERVICES = ["reporting", "roster"]
OWNERS = {"migrate", "reset_training"}
"""Commands that need the rights of the database's owner."""
TRAINING = ["A", "B"]
FURTHER = {"roster", *(f"training-{name.lower()}" for name in TRAINING)}
"""Stacks with a folder and a database beside the first one's. Ports: ten a service, then ten a training server."""


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


@dataclass
class Product:
    """What one ./run starts: a stack a service, all on one database server."""

    stacks: list[Stack]
    server: Server | None
    """None: DATABASE_URL names a server that is not ours."""

    @property
    def processes(self) -> list[tuple[Stack, str]]:
        return [(stack, name) for stack in self.stacks for name in stack.processes]

    def start(self) -> None:
        for stack, name in self.processes:
            stack.launch(name)
        for stack in self.stacks:
            stack.wait()

    def stop(self) -> None:
        """Those that lean on the stand-ins of another end before it; the database last."""
        for stack in reversed(self.stacks):
            stack.stop()
        if self.server:
            self.server.stop()

    def hurry(self) -> None:
        for stack in self.stacks:
            stack.hurry()


def run(options: argparse.Namespace) -> None:
    folder: Path = options.folder
    if options.reset:
        reset(folder)
    product = _product(options)
    first = product.stacks[0]
    start_page = first.stand_in("start", 0, "foundation.standins.start", about="This list as a page")
    first.processes = {"start": start_page, **first.processes}
    for stack in product.stacks:
        stack.check_ports()
    try:
        if product.server:
            product.server.start()
        for stack in product.stacks:
            prepare(stack)
            shutil.rmtree(stack.folder / "logs", ignore_errors=True)
        describe(product)
        print("Starting", flush=True)
        product.start()
        show(first.folder / "start" / "start.json")
        if not options.check:
            watch(product)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: product.hurry())
        print("Stopping", flush=True)
        product.stop()
    print("Everything answered.")


def manage(options: argparse.Namespace) -> NoReturn:
    """``./run manage [--service NAME] COMMAND``: a management command with the settings and the database of ./run."""
    command = options.manage[1:]
    wanted = options.service or SERVICES[0]
    if command[:1] == ["--service"] and len(command) > 1:
        wanted, command = command[1], command[2:]
    if wanted.startswith("training-"):
        options.training = wanted[-1].upper()
    product = _product(options)
    stack = next((one for one in product.stacks if one.name == wanted), None)
    if stack is None:
        sys.exit(f"./run: there is no {wanted}, only {', '.join(one.name for one in product.stacks)}.")
    started_here = product.server is not None and not product.server.running()
    if started_here and product.server:
        product.server.start()
        make_database(stack)
    as_owner = {"DATABASE_URL": stack.database_url} if set(command[:1]) & OWNERS else {}
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env={**stack.environment, **as_owner}, check=False
        )
    finally:
        if started_here and product.server:
            product.server.stop()
    sys.exit(done.returncode)


def make_database(stack: Stack) -> None:
    """Its database, up to date. One that DATABASE_URL names is there; that of a further stack may have to be made."""
    if stack.database_url != os.environ.get("DATABASE_URL"):
        create_missing(change(stack.database_url, database="postgres"), unquote(urlsplit(stack.database_url).path[1:]))
    stack.make_database()


def prepare(stack: Stack) -> None:
    """Migrations and demo data, unless this folder has seen exactly these before."""
    demo = ROOT.joinpath(*stack.service.split("."), "management", "commands", "demo.py")
    content = demo.read_text() if demo.exists() else ""
    stamp = stack.folder / "prepared"
    wanted = digest(stack.service, stack.database_url, os.environ.get("REDIS_URL", ""), content)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Preparing the database of {stack.name}", flush=True)
    make_database(stack)
    people = "[]"
    if content:
        print(f"Making demo data of {stack.name}", flush=True)
        stack.manage("demo")
        people = stack.manage("demo", "--people")
    stack.folder.mkdir(parents=True, exist_ok=True)
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


def describe(product: Product) -> None:
    """Write what the start page and the terminal show."""
    first, people = product.stacks[0], []
    for stack in product.stacks:
        for person in json.loads((stack.folder / "people.json").read_text()):
            people.append({**person, "url": stack.urls.get(person.get("site", ""), "")})
    shown = {
        "title": " and ".join(title(stack) for stack in product.stacks),
        "places": [
            {"about": one.about, "url": one.url}
            for stack in product.stacks
            for one in stack.processes.values()
            if one.url
        ],
        "people": people,
        "logs": ", ".join(str(stack.folder / "logs") for stack in product.stacks),
    }
    path = first.folder / "start" / "start.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(shown, indent=2))


def title(stack: Stack) -> str:
    training = stack.environment.get("TRAINING")
    words: str = import_module(f"{stack.service}.local").TITLE
    return f"{words} (training server {training})" if training else words


def show(path: Path) -> None:
    start = json.loads(path.read_text())
    print(f"\nRunning: {start['title']}.\n")
    _table([[place["about"], place["url"]] for place in start["places"]])
    for how, people in groupby(start["people"], key=way_in):
        print(f"\n{how}:\n")
        _table([[one.get("user_name") or one["email"], one["name"], one["about"]] for one in people])
    print(f"\nLogs are in {start['logs']}. Ctrl-C stops everything.\n", flush=True)


def way_in(person: dict[str, str]) -> str:
    """How somebody signs in: with a password, through the identity provider, or not before they registered."""
    if person.get("user_name"):
        return f"Sign in at {person['url']} and pick a name"
    if person["password"]:
        return f"Sign in at {person['url']}, password {person['password']}"
    return f"Register at {person['url']}"


def _table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def watch(product: Product) -> NoReturn:
    """Start again what dies, later each time, until somebody stops us."""
    waits = dict.fromkeys(product.processes, FIRST_WAIT)
    born = dict.fromkeys(product.processes, time.monotonic())
    again: dict[tuple[Stack, str], float] = {}
    while True:
        time.sleep(0.25)
        now = time.monotonic()
        for each in product.processes:
            stack, name = each
            if each in again:
                if now >= again[each]:
                    stack.launch(name)
                    born[each] = now
                    del again[each]
            elif stack.dead(name):
                if now - born[each] > LONG_ENOUGH:
                    waits[each] = FIRST_WAIT
                print(
                    f"{name} stopped (exit code {stack.exit_code(name)}) and is started again in {waits[each]:g} s. "
                    f"Its log: {stack.log(name)}",
                    flush=True,
                )
                again[each] = now + waits[each]
                waits[each] = min(2 * waits[each], LONGEST_WAIT)
        if product.server and not product.server.alive():
            print("database stopped and is started again.", flush=True)
            product.server.start()


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


def _product(options: argparse.Namespace) -> Product:
    """A stack for each service that is asked for, and one for a training server; what they share is started once."""
    server = None if os.environ.get("DATABASE_URL") else Server(options.folder)
    stacks = [_stack(options, server, service) for service in ([options.service] if options.service else SERVICES)]
    if options.training:
        stacks.append(_stack(options, server, "roster", training=options.training))
    for number, stack in enumerate(stacks):
        before = {one.url for earlier in stacks[:number] for one in earlier.processes.values() if one.url}
        stack.processes = {name: one for name, one in stack.processes.items() if one.url not in before}
    return Product(stacks, server)


def _stack(options: argparse.Namespace, server: Server | None, service: str, *, training: str = "") -> Stack:
    name = f"training-{training.lower()}" if training else service
    database = name.rpartition(".")[2].replace("-", "_")
    own, app = os.environ.get("DATABASE_URL", ""), os.environ.get("DATABASE_APP_URL", "")
    if own and name in FURTHER:
        database = f"{unquote(urlsplit(own).path[1:])}_{database}"
        own, app = change(own, database=database), app and change(app, database=database)
    return Stack(
        options.folder / name if name in FURTHER else options.folder,
        database_url=server.url(database) if server else own,
        app_url=app,
        service=service,
        name=name,
        port_base=options.port_base + (10 * (1 + TRAINING.index(training)) if training else 0),
        environment={**keys(options.folder), **({"TRAINING": training} if training else {})},
    )


def _stop(*_: Any) -> NoReturn:
    raise Stopped


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Run the services with demo data until Ctrl-C.",
    )
    parser.add_argument("--reset", action="store_true", help="throw away all data first")
    parser.add_argument("--check", action="store_true", help="start everything, wait until it answers, stop")
    parser.add_argument("--port-base", type=int, default=8000, metavar="N", help="first port (8000)")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "run", help="where data are kept (var/run)")
    parser.add_argument(
        "--only", "--service", dest="service", metavar="SERVICE", help="one service: reporting or roster (both)"
    )
    parser.add_argument("--training", choices=TRAINING, help="start a training server of the roster too")
    parser.add_argument(
        "manage", nargs=argparse.REMAINDER, help="run a management command: ./run manage [--service NAME] COMMAND"
    )
    options = parser.parse_args()
    if options.manage and options.manage[0] != "manage":
        parser.error(f"what is {options.manage[0]}?")
    options.folder = options.folder.resolve()
    return options


if __name__ == "__main__":
    main()
