"""What publishing and the CSR API cost in a region of 5,000 staff and more with 12 weeks of duties.

    python -m bench.roster_api [--write]

Publishing: 500 people for 28 days after those weeks in one transaction, first and again with every shift altered. The
API: gunicorn as ./run runs it, `/user/details` beside a bare view with one query on the same server, in turns of a
second (the callers share the two cores, so that the server's own processor time is given too); then 50 requests a
second for ten seconds. Seconds of processor are of this process and its database session.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.roster_world import DAYS, NEXT, WEEKS, region, size, timed, unit_of

import psutil  # isort: skip

from foundation import clock  # isort: skip
from foundation.testing import servers  # isort: skip
from roster.activities.models import Activity, Template  # isort: skip
from roster.establishment.models import Person, PlanningUnit  # isort: skip
from roster.timeline import actions  # isort: skip
from roster.timeline.content import Content, from_version, full_day, version_on  # isort: skip
from roster.timeline.models import Duty  # isort: skip

PUBLISHED = 500
CALLERS, ROUNDS, RATE, LENGTH, ASKED = 8, 8, 50, 10, 200
PORT = 8790
RESULTS = Path(__file__).parent / "results" / "roster_api.md"
FIRST = NEXT + timedelta(weeks=WEEKS - 8)
"""The first day for which nothing is published."""


def cells(unit: PlanningUnit, codes: str) -> list[actions.Cell]:
    """Everybody works the codes in turn; R is a rest day."""
    contents: dict[str, Content] = {
        code: from_version(version_on(Template.objects.get(code=code), FIRST)) for code in set(codes) - {"R"}
    }
    contents["R"] = full_day(Activity.objects.get(name="Rest Day"))
    people = unit.memberships.filter(valid__endswith=None).order_by("person").values_list("person", flat=True)
    return [
        actions.Cell(
            person, unit.pk, FIRST + timedelta(days=n),
            (made,) if not made.full_day else (), made if made.full_day else None,
        )
        for place, person in enumerate(people)
        for n in range(DAYS)
        for made in [contents[codes[(n + place) % len(codes)]]]
    ]  # fmt: skip


def ask(caller: http.client.HTTPConnection, path: str, token: str) -> int:
    caller.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = caller.getresponse()
    size = len(answer.read())
    assert answer.status == 200, (path, answer.status)
    return size


def at_once(path: Callable[[int], str], tokens: list[str], server: psutil.Process) -> tuple[float, float]:
    """Requests of all callers together in one second, and the processor seconds that the server spent on each."""
    counts = [0] * CALLERS
    before = spent(server)

    def call(number: int) -> None:
        caller = http.client.HTTPConnection("127.0.0.1", PORT)
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            turn = (number * 611 + counts[number]) % len(tokens)
            ask(caller, path(turn), tokens[turn])
            counts[number] += 1

    threads = [threading.Thread(target=call, args=[number]) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return float(sum(counts)), (spent(server) - before) / sum(counts)


def spent(server: psutil.Process) -> float:
    """Processor seconds of the web server's processes."""
    times = [each.cpu_times() for each in (server, *server.children())]
    return float(sum(each.user + each.system for each in times))


def steady(path: Callable[[int], str], tokens: list[str]) -> list[float]:
    """Seconds of each request at ``RATE`` a second, counted from when it was due."""
    found: list[float] = []
    began = time.perf_counter()
    due = iter(range(RATE * LENGTH))
    lock = threading.Lock()

    def call() -> None:
        caller = http.client.HTTPConnection("127.0.0.1", PORT)
        while True:
            with lock:
                number = next(due, None)
            if number is None:
                return
            at = began + number / RATE
            time.sleep(max(0, at - time.perf_counter()))
            ask(caller, path(number), tokens[number % len(tokens)])
            found.append(time.perf_counter() - at)

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with region() as url:
        about = size()
        text = f"{(__doc__ or '').split(chr(10) * 2, 1)[1].strip()}\n\n{about}\n\n{table(*figures(url))}"
    print(text)
    if options.write:
        RESULTS.write_text(f"# Publishing and the CSR API\n\n{text}")


def figures(url: str) -> list[tuple[str, str]]:
    unit = unit_of("Everybody", PUBLISHED)
    first = timed(lambda: actions.publish_day_set(cells(unit, "MMENNRR"), by=None, first_publication=True), 1)
    again = timed(lambda: actions.publish_day_set(cells(unit, "LLMMRRR"), by=None, reason="All of it again"), 1)
    working = Person.objects.filter(pk__in=Duty.objects.filter(live=True).values("person")).order_by("pk")
    names = list(working.values_list("user_name", flat=True))
    names = names[:: len(names) // ASKED]
    with tempfile.TemporaryDirectory() as folder, servers.identity(Path(folder), []) as provider:
        tokens = [provider_token(provider, name) for name in names]
        environment = os.environ | {"IDENTITY_URL": provider.url, "DATABASE_URL": url, "SITE": "api"}
        command = [sys.executable, "-m", "gunicorn", "bench.roster_server", "--workers", "2", "--threads", "4",
                   "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]  # fmt: skip
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as gunicorn:
            try:
                return measured(tokens, first, again, psutil.Process(gunicorn.pid))
            finally:
                gunicorn.terminate()


def table(*rows: tuple[str, str]) -> str:
    lines = "\n".join(f"| {name} | {value} |" for name, value in rows)
    head = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{head}\n\n| what | found |\n|---|---|\n{lines}\n"


def provider_token(provider: servers.StandIn, user_name: str) -> str:
    import httpx

    wish = {"user_name": user_name, "authorities": ["ROLE_CMD"], "seconds": 3600}
    return str(httpx.post(f"{provider.url}/stand-in/token", json=wish).json()["access_token"])


Measured = tuple[list[float], float]
"""Seconds of each round, and processor seconds of all."""


def published(found: Measured) -> str:
    return f"{found[0][0]:.2f} s, {found[1]:.2f} s of processor"


def measured(tokens: list[str], first: Measured, again: Measured, server: psutil.Process) -> list[tuple[str, str]]:
    details = lambda _: f"/user/details/2?from={NEXT}&to={NEXT + timedelta(days=30)}"  # noqa: E731
    bare = lambda _: "/bare/"  # noqa: E731
    for _ in range(100):
        try:
            size = ask(http.client.HTTPConnection("127.0.0.1", PORT), details(0), tokens[0])
            break
        except OSError:
            time.sleep(0.2)
    for number in range(len(tokens)):  # every worker has seen every token
        for _ in range(4):
            ask(http.client.HTTPConnection("127.0.0.1", PORT), details(0), tokens[number])
    turns = [(at_once(bare, tokens, server), at_once(details, tokens, server)) for _ in range(ROUNDS)]
    (plain, plain_cost), (ours, our_cost) = (
        (median(turn[n][0] for turn in turns), median(turn[n][1] for turn in turns)) for n in (0, 1)
    )
    times = steady(details, tokens)
    return [
        (f"publish {PUBLISHED} people x {DAYS} days", published(first)),
        ("the same again, every cell altered", published(again)),
        ("bare view with one query", f"{plain:.0f} requests/s, {plain_cost * 1000:.2f} ms of the server's processor"),
        (f"/user/details, a month, {size / 1000:.1f} kB", f"{ours:.0f} requests/s, {ours / plain:.0%} of it; "
         f"{our_cost * 1000:.2f} ms of processor, {plain_cost / our_cost:.0%}"),
        (f"at {RATE} requests/s", f"median {times[len(times) // 2] * 1000:.0f} ms, "
                                  f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
