"""The front door with the real proxy in front of two real cells (architecture 5)."""

import json
import os
import shutil
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from foundation.postgres import change
from foundation.testing import database
from foundation.testing.stack import ROOT, Stack, free
from tests.foundation.test_stack import until

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

CONFIGURATION = ROOT / "ops" / "deploy" / "front-door"
STAFF = "127.0.0.2"
"""The address that counts as a staff network here; 127.0.0.1 is outside."""
PASSED_ON = {"identity", "planner", "api"}


@pytest.fixture
def cells(tmp_path: Path) -> Iterator[list[Stack]]:
    made: list[Stack] = []
    for region in (1, 2):
        name = f"front_door_{region}_{os.getpid()}"
        database.create(name)
        more = {"REGION": str(region), "TRUSTED_PROXIES": "127.0.0.0/8"}
        if made:
            more["IDENTITY_URL"] = made[0].environment["IDENTITY_URL"]
        stack = Stack(
            tmp_path / f"cell-{region}", database_url=change(os.environ["DATABASE_URL"], database=name),
            service="roster", environment=more,
        )  # fmt: skip
        wanted = PASSED_ON - ({"identity"} if made else set())
        stack.processes = {name: one for name, one in stack.processes.items() if name in wanted}
        made.append(stack)
    try:
        for stack in made:
            stack.manage("demo")
            stack.manage("directory", "--folder", str(tmp_path / "maps"))
            (stack.folder / "people.json").parent.mkdir(exist_ok=True)
            stack.start()
        yield made
    finally:
        for stack in made:
            stack.stop()
            database.drop(stack.database_url.partition("?")[0].rpartition("/")[2])


@pytest.fixture
def door(tmp_path: Path, cells: list[Stack]) -> Iterator[str]:
    maps = tmp_path / "maps"
    with (maps / "directory.map").open("a") as directory:
        directory.write("q-retired 3\n")
    (maps / "hosts.map").write_text("planner-1.roster.localhost planner-1\napi.roster.localhost api\n")
    (maps / "regions.map").write_text("1 live\n2 live\n3 retired\n4 live\n5 live\n6 live\n")
    (maps / "staff-networks.lst").write_text(f"{STAFF}/32\n")
    port = next(port for port in range(18_000 + os.getpid() % 1000, 20_000) if free(port))
    environment = {
        **os.environ, "FRONT_DOOR_BIND": f"127.0.0.1:{port}", "FRONT_DOOR_SCHEME": "http",
        "FRONT_DOOR_MAPS": str(maps), "FRONT_DOOR_DEFAULT_REGION": "1",
    }  # fmt: skip
    for region in range(1, 7):
        cell = cells[min(region, 2) - 1]
        for face in ("planner", "diary", "api"):
            there = cell.processes.get(face)
            environment[f"CELL_{region}_{face.upper()}"] = f"127.0.0.1:{there.port if there else 9}"
    proxy = shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")
    assert proxy, "install haproxy"
    files = ["-f", str(CONFIGURATION / "haproxy.cfg"), "-f", str(CONFIGURATION / "cells.cfg")]
    process = subprocess.Popen([proxy, *files], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: not free(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_every_request_finds_its_cell(door: str, cells: list[Stack], tmp_path: Path) -> None:
    """(R-022, R-024)"""
    identity = cells[0].urls["identity"]
    first, second = _somebody(tmp_path, 1), _somebody(tmp_path, 2)

    def token(**wish: Any) -> dict[str, str]:
        answer = httpx.post(f"{identity}/stand-in/token", json={"authorities": ["ROLE_CMD"], **wish})
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def ask(path: str, host: str = "api.roster.localhost", method: str = "GET", **more: Any) -> httpx.Response:
        headers = {"Host": host, **more.pop("headers", {})}
        return httpx.request(method, door + path, headers=headers, timeout=20, **more)

    for region in (1, 2):
        answer = ask(f"/updates/{region}", headers=token(user_name=first))
        assert answer.status_code == 200, answer.text
    assert ask("/updates/1").status_code == 401  # the cell asks for a token
    for path in ("/updates/3", "/user/details/3?from=2026-11-01&to=2026-11-02", "/updates/9"):
        stranger = ask(path)  # front door answers retired regions without token: no more
        assert (stranger.status_code, stranger.json()["status"]) == (401, 401)
    assert ask("/updates/3", headers=token(user_name=first)).json() == []
    assert ask("/updates/3", method="PUT", json=[1], headers=token(user_name=first)).status_code == 200
    assert ask("/updates/3", headers=token(authorities=["ROLE_OTHER"])).status_code == 403
    assert ask("/updates/9", headers=token(user_name=first)).status_code == 404
    made_up = {"Authorization": f"Bearer {_unsigned('Q-RETIRED')}"}
    known, unknown = ask("/user/details", headers=made_up), ask("/user/details")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content), "nobody learns who was there"
    assert ask("/user/details", headers=token(user_name="q-retired", authorities=["ROLE_PRISON"])).status_code == 200
    for cell, name in zip(cells, (first, second), strict=True):
        before = cell.log("api").read_text().count('"route": "user/details"')
        answer = ask("/user/details?date=2026-11-22", headers=token(user_name=name.upper()))
        assert answer.status_code in {200, 403}, answer.text
        after = cell.log("api").read_text().count('"route": "user/details"')
        assert after == before + 1  # by the directory, in any case
    for name in (first, second):
        assert (
            ask(
                f"/user/details/{1 if name == first else 2}?from=2026-11-01&to=2026-11-02",
                headers=token(user_name=name.upper()),
            ).status_code
            == 200
        )
    assert ask("/", host="nobody.roster.localhost").status_code == 404

    refused = ask("/sign-in", host="planner-1.roster.localhost")
    assert refused.status_code == 403
    claimed = ask("/sign-in", host="planner-1.roster.localhost", headers={"X-Forwarded-For": STAFF})
    assert claimed.status_code == 403
    inside = httpx.Client(transport=httpx.HTTPTransport(local_address=STAFF))
    welcome = inside.get(f"{door}/sign-in", headers={"Host": "planner-1.roster.localhost"})
    assert welcome.status_code == 200
    assert "Staff roster" in welcome.text


def _unsigned(user_name: str) -> str:
    parts = ({"alg": "RS256"}, {"user_name": user_name}, {})
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


def _somebody(folder: Path, region: int) -> str:
    return (folder / "maps" / f"region-{region}.map").read_text().split()[0]
