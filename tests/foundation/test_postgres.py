"""The server of our own: any folder, any engine, safe to start twice."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from foundation.postgres import Server, change, socket_folder

ENGINES = [
    "embedded",
    pytest.param("debian", marks=pytest.mark.skipif(not Path("/usr/lib/postgresql").exists(), reason="not installed")),
]


@pytest.fixture
def server(tmp_path: Path):  # type: ignore[no-untyped-def]
    server = Server(tmp_path / ("a long folder with spaces " * 6) / "run")
    yield server
    server.stop("immediate")


def ask(url: str, statement: str = "SELECT 1") -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()[0]  # type: ignore[index]


def test_starts_in_a_long_folder_with_spaces_and_stops(server: Server) -> None:
    assert not server.running()
    assert not server.alive()
    server.start()
    server.start()
    assert server.running()
    assert server.alive()
    assert ask(server.url(), "SELECT current_user") == "owner"
    server.stop()
    server.stop()
    assert not server.running()
    assert not server.socket.exists()


def test_a_crash_keeps_what_was_committed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "yes")  # servers of tests are quick instead
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    server.stop("immediate")
    server.start()
    assert ask(server.url(), "SELECT count(*) FROM kept") == 1


def test_an_interrupted_initdb_is_begun_again(server: Server) -> None:
    (server.folder / "postgres.new").mkdir(parents=True)
    (server.folder / "postgres.new" / "PG_VERSION").write_text("17")
    server.start()
    assert ask(server.url()) == 1


def test_a_socket_that_was_cleared_away_comes_back(server: Server) -> None:
    server.start()
    for path in server.socket.iterdir():
        path.unlink()
    server.start()
    assert ask(server.url()) == 1


def test_a_port_never_listens(server: Server) -> None:
    server.start()
    assert ask(server.url(), "SHOW listen_addresses") == ""


def test_a_server_that_cannot_start_says_why(server: Server) -> None:
    server.start()
    server.stop()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(RuntimeError, match="no_such_setting"):
        server.start()


def test_the_command_prints_the_url_and_stops(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "foundation.postgres"]
    url = subprocess.run([*command, "start", tmp_path], capture_output=True, text=True, check=True).stdout.strip()
    try:
        assert ask(url) == 1
    finally:
        subprocess.run([*command, "stop", tmp_path], check=True)
    assert not Server(tmp_path).running()


def test_the_socket_folder_is_short_however_long_the_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/" + "x" * 90)
    assert len(bytes(socket_folder(Path("/somewhere")))) < 80


@pytest.mark.parametrize(
    ("url", "changed"),
    [
        ("postgresql://owner@/postgres?host=%2Fsocket", "postgresql://app@/reports?host=%2Fsocket"),
        (
            "postgresql://owner:secret@db:5433/postgres?sslmode=require",
            "postgresql://app@db:5433/reports?sslmode=require",
        ),
        ("postgresql://db/postgres", "postgresql://app@db/reports"),
    ],
)
def test_the_same_server_for_another_user_and_database(url: str, changed: str) -> None:
    assert change(url, user="app", database="reports") == changed


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_takes_the_migrations(engine: str, tmp_path: Path) -> None:
    server = Server(tmp_path, engine)
    server.start()
    try:
        environment = {**os.environ, "LOCAL": "yes", "DATABASE_URL": server.url()}
        for command in (["createcachetable"], ["migrate", "--verbosity=0"], ["makemigrations", "--check", "--dry-run"]):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
        version = int(str(ask(server.url(), "SHOW server_version_num"))) // 10000
        assert version == (17 if engine == "embedded" else int(server.tools.parts[-2]))
        assert ask(change(server.url(), user="app"), "SELECT count(*) FROM foundation_user") == 0
    finally:
        server.stop("immediate")
