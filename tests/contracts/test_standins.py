"""What all stand-ins share: they are local only, stop when asked, and fail as told."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from foundation.testing import servers

MODULES = ["foundation.standins.notify", "reporting.standins.case_system"]


@pytest.mark.parametrize("module", [*MODULES, "foundation.standins.clamd"])
def test_they_start_only_locally(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", module, "--folder", str(tmp_path)]
    command += ["--socket", str(tmp_path / "s"), "--pretend"] if module.endswith("clamd") else ["--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "LOCAL"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode != 0
    assert "LOCAL" in ended.stderr


@pytest.mark.parametrize("module", MODULES)
def test_they_listen_on_this_machine_only_and_stop_cleanly_with_a_request_in_hand(module: str, tmp_path: Path) -> None:
    with servers.standin(module, tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        assert host == "127.0.0.1"
        with socket.create_connection((host, int(port))) as unfinished:
            unfinished.sendall(b"POST /v2/x HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
            httpx.get(server.url)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(10) == 0


@pytest.mark.parametrize("wish", [{}, {"how": "sleepy"}, {"how": 200}, {"how": 503, "next": "many"}, [], "no"])
def test_a_wish_that_makes_no_sense_is_refused(notify_server: servers.StandIn, wish: object) -> None:
    assert httpx.post(f"{notify_server.url}/stand-in/fail", json=wish).status_code == 400
    assert httpx.post(f"{notify_server.url}/stand-in/fly", json={}).status_code == 404


def test_failures_match_run_out_and_can_be_forgotten(case_server: servers.StandIn) -> None:
    health = f"{case_server.url}/v2/healthcheck"
    case_server.heal()
    case_server.fail(503, next=2, match="healthcheck")
    assert httpx.post(f"{case_server.url}/v2/elsewhere").status_code == 404
    assert [httpx.get(health).status_code for _ in range(3)] == [503, 503, 200]
    case_server.fail(500, next=9)
    case_server.heal()
    assert httpx.get(health).status_code == 200


def test_pages_take_no_script_and_change_nothing(case_server: servers.StandIn) -> None:
    answer = httpx.get(case_server.url)
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'"
    assert httpx.get(f"{case_server.url}/stand-in.css").headers["Content-Type"] == "text/css"
    assert httpx.get(f"{case_server.url}/stand-in/heal").status_code == 404
