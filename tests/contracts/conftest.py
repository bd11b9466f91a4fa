"""Servers shared by the contract tests: one of each a run, healed before every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foundation.testing import servers


@pytest.fixture(scope="session")
def notify_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.StandIn]:
    with servers.notify(tmp_path_factory.mktemp("notify")) as server:
        yield server


@pytest.fixture(scope="session")
def case_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.StandIn]:
    with servers.case_system(tmp_path_factory.mktemp("cases")) as server:
        yield server


@pytest.fixture
def cases(case_server: servers.StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch) -> servers.StandIn:
    """The case system as the settings name it, whole and unsigned."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    settings.CASE_SYSTEM_URL = case_server.url
    case_server.heal()
    return case_server


@pytest.fixture
def post(notify_server: servers.StandIn, settings: Any) -> servers.StandIn:
    """Notify as the settings name it, whole."""
    settings.NOTIFY_URL = notify_server.url
    notify_server.heal()
    return notify_server


@pytest.fixture(autouse=True)
def _documents_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path / "documents"
