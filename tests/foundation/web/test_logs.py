"""Logs hold no personal data, whoever writes them."""

import json
import logging
import subprocess
import sys

import pytest
import structlog

from foundation.web.logs import HIDDEN, scrub

LOUD = """
import logging, django, structlog
django.setup()
log = structlog.get_logger("ours")
log.warning("event", email="dora@example.org", password="hush", nested={"answers": {"a": "secret"}, "to": ["x@y.org"]})
logging.getLogger("theirs").warning("mail to %s failed", "dora@example.org")
try:
    typed = "what somebody typed"
    raise ValueError("bad address dora@example.org")
except ValueError:
    log.exception("unhandled")
"""


def test_everything_is_one_clean_json_line() -> None:
    done = subprocess.run([sys.executable, "-c", LOUD], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    lines = [line for line in lines if line["logger"] in {"ours", "theirs"}]
    assert [line["event"] for line in lines] == ["event", f"mail to {HIDDEN} failed", "unhandled"]
    assert all({"time", "level"} <= line.keys() for line in lines)
    for word in ("dora", "hush", "secret", "x@y.org", "somebody typed"):
        assert word not in done.stdout


@pytest.mark.parametrize(
    ("key", "value"),
    [("user", 7), ("status", 200), ("ok", True), ("route", "report/<int:id>"), ("nothing", None), ("seconds", 1.5)],
)
def test_what_may_be_said_is_said(key: str, value: object) -> None:
    assert scrub(None, "info", {key: value}) == {key: value}


def test_objects_become_text_without_addresses() -> None:
    assert scrub(None, "info", {"error": ValueError("no a@b.org here")}) == {"error": f"no {HIDDEN} here"}


def test_the_number_of_the_request_reaches_every_line() -> None:
    structlog.contextvars.clear_contextvars()
    with structlog.contextvars.bound_contextvars(request_id="abcd-1234"):
        event = structlog.contextvars.merge_contextvars(logging.getLogger(), "info", {})
    assert event["request_id"] == "abcd-1234"


def test_the_row_that_the_database_refused_is_not_quoted() -> None:
    said = 'null value in column "name"\nDETAIL:  Failing row contains (7, Alma, 1 Secret Road).'
    event = scrub(None, "error", {"event": "x", "exception": [{"exc_value": said}]})
    assert "Alma" not in str(event)
    assert "null value" in str(event)
