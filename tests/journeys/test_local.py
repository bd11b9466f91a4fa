"""What ./run starts for deputy reporting answers, and comes back after a crash."""

import http.client
from urllib.parse import urlsplit

import pytest

from foundation.testing.stack import Stack


def get(url: str) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
    connection.request("GET", parts.path or "/", headers={"Host": parts.netloc})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize("site", ["front", "admin"])
@pytest.mark.parametrize("page", ["/health-check", "/health-check/service", "/health-check/dependencies"])
def test_a_site_is_well(stack: Stack, site: str, page: str) -> None:
    status, text = get(stack.urls[site] + page)
    assert status == 200, text


@pytest.mark.parametrize("stand_in", ["case-system", "notify"])
def test_a_stand_in_shows_what_arrived(stack: Stack, stand_in: str) -> None:
    assert get(stack.urls[stand_in])[0] == 200


@pytest.mark.parametrize("name", ["worker", "front", "scanner", "case-system"])
def test_a_killed_process_comes_back(stack: Stack, name: str) -> None:
    stack.kill(name)
    stack.restart(name)
    assert get(stack.urls["front"] + "/health-check/service")[0] == 200
