"""Servers and files for tests of documents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foundation.clients.storage import Store, store
from foundation.testing import servers


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """Real clamd where it is installed, the stand-in elsewhere."""
    with servers.clamd(pretend=not servers.clamd_installed()) as address:
        yield address


@pytest.fixture
def scanner(clamd: str, settings: Any) -> None:
    settings.SCANNER_SOCKET = clamd


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Store:
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path / "documents"
    return store()
