"""The health pages with the real checks behind them, on both sites (B-012 to B-016, D-216, D-217)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from foundation import health
from foundation.testing import servers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["front", "admin"])
def site(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    settings.SITE = request.param
    settings.STAFF_NETWORKS = ["127.0.0.1"]
    monkeypatch.setattr(health, "KEPT_SECONDS", 0)
    return Client()


def lines(site: Client, page: str) -> tuple[int, dict[str, bool]]:
    answer = site.get(f"/health-check/{page}", headers={"accept": "application/json"})
    return answer.status_code, {one["name"]: one["ok"] for one in answer.json()["checks"]}


@pytest.mark.parametrize("how", [500, "timeout", "cut-before", "nonsense"])
def test_d217_b013_b016_a_dependency_that_fails_hangs_or_talks_nonsense(
    site: Client, cases: servers.StandIn, post: servers.StandIn, how: int | str
) -> None:
    assert lines(site, "dependencies") == (200, {"Sirius": True, "Notify": True})
    cases.fail(how)
    assert lines(site, "dependencies") == (503, {"Sirius": False, "Notify": True})
    post.fail(how)
    assert lines(site, "dependencies") == (503, {"Sirius": True, "Notify": False})
    assert lines(site, "dependencies") == (200, {"Sirius": True, "Notify": True})


def test_d216_b012_b015_a_scanner_that_is_down(site: Client, settings: Any, tmp_path: Path) -> None:
    with servers.clamd(pretend=True) as socket_path:
        settings.SCANNER_SOCKET = socket_path
        assert lines(site, "service") == (200, {"Api": True, "Redis": True, "ClamAV": True, "htmlToPdf": True})
    assert lines(site, "service") == (503, {"Api": True, "Redis": True, "ClamAV": False, "htmlToPdf": True})
    alive = site.get("/health-check")
    assert alive.status_code == 200, "B-011, B-014: the process itself is well"
