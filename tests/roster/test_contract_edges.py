"""The edges of the two contracts: dates, sizes, methods, open paths (csr-api-contract 1, 2, 7)."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError

from foundation import clock
from roster.diary.models import Preference
from roster.feed.models import FeedRow
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
CMD, ADMIN, PRISON = "ROLE_CMD", "ROLE_CMD_ADMIN", "ROLE_PRISON"
LONG = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.uk"
"""A good address, longer than any real one."""
PREFERENCES = "/preferences/notifications"


@pytest.fixture
def officer(unit: Any) -> Program:
    return Program(CMD, ADMIN, PRISON, user_name=make_person(unit).user_name)


@pytest.mark.parametrize("day", ["0", "1700000000", "20270112", "2027-01-12T00:00:00", "2027-1-12", "", "2027-02-30"])
def test_a_date_is_written_in_one_form(officer: Program, day: str) -> None:
    """(csr 7) Anything but YYYY-MM-DD is a bad date, in both contracts."""
    good = "2027-01-12"
    for path in (
        f"/user/details/2?from={day}&to={good}", f"/user/details/2?from={good}&to={day}", f"/user/details?from={day}",
        f"/notifications?to={day}",
    ):  # fmt: skip
        answer = officer.get(path)
        assert answer.status_code == 400, path
        assert answer.json()["developerMessage"], path
    assert officer.put(f"/updates/delete-old/2?date={day}").status_code == 400
    assert officer.put_json(f"{PREFERENCES}/snooze", {"snoozeUntil": day}).status_code == 400
    assert not Preference.objects.exists()


@pytest.mark.parametrize("region", ["2.0", "x", "2e0", "1_0", "0x2"])
def test_a_region_is_a_whole_number(officer: Program, region: str) -> None:
    """(csr 7) 400 for one that is not; 404 for one that never was."""
    assert officer.get(f"/updates/{region}").status_code == 400
    assert officer.put_json(f"/updates/{region}", []).status_code == 400
    for never in ("0", "-1", "7", "9" * 30):
        assert officer.put_json(f"/updates/{never}", []).status_code == 404
        assert officer.put(f"/updates/delete-all/{never}").status_code == 404


@pytest.mark.parametrize(
    "body", ["", "{", "[1,", '["x"]', "[null]", "[true]", "[1.5]", '{"ids": []}', "null", "7", b"\xff"]
)
def test_a_malformed_confirmation_confirms_nothing(officer: Program, body: Any) -> None:
    """(csr 7) 400 with a message that repeats nothing of what was sent."""
    answer = officer.put("/updates/2", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["developerMessage"]
    assert answer.json()["status"] == 400


def test_a_bulk_change_is_confirmed_in_one_call(officer: Program) -> None:
    """(csr 6) Hundreds of thousands of numbers are one PUT."""
    assert officer.put_json("/updates/2", list(range(10_000_000, 10_240_000))).status_code == 200


def test_another_method_is_refused_like_everything_else(officer: Program) -> None:
    """(csr 2, 7) Without a token 401 before anything is told of the path; with one an error in the contract's form."""
    for method, path in (("POST", "/updates/2"), ("GET", "/updates/delete-all/2"), ("DELETE", "/notifications")):
        stranger = Program().generic(method, path)
        assert (stranger.status_code, stranger.json()["status"]) == (401, 401)
        assert stranger["WWW-Authenticate"] == "Bearer"
        answer = officer.generic(method, path)
        assert (answer.status_code, answer.json()["status"]) == (405, 405)
        assert "PUT" in answer["Allow"] or "GET" in answer["Allow"]


def test_open_paths_ask_for_no_token(prison: Any) -> None:
    """(csr 2) What is open stays open where there is nothing."""
    for path in ("/health/nothing", "/v3/api-docs/nothing", "/swagger-ui/nothing", "/webjars/nothing", "/favicon.ico",
                 "/csrf"):  # fmt: skip
        answer = Program().get(path)
        assert (answer.status_code, answer.json()["status"]) == (404, 404), path
    for path in ("/", "/healthy", "/updates", "/user", "/preferences"):
        assert Program().get(path).status_code == 401, path


def test_the_document_for_people(prison: Any, settings: Any) -> None:
    """(csr 1.8) A page for each document, from our own address: nothing is fetched from elsewhere."""
    for page, document in (("/swagger-ui.html", "/v3/api-docs"), ("/swagger-ui/diary.html", "/v3/api-docs/diary")):
        answer = Program().get(page)
        text = answer.content.decode()
        assert (answer.status_code, f'"{document}"' in text, "//" in text) == (200, True, False), page


def test_the_database_is_away(officer: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """(csr 7) An error in the contract's form, which the other side passes on."""

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("host and port inside")

    monkeypatch.setattr("roster.feed.api.details", away)
    monkeypatch.setattr(FeedRow.objects, "order_by", away)
    for path in ("/user/details/2?from=2027-01-12&to=2027-01-12", "/updates/2"):
        answer = officer.get(path)
        assert (answer.status_code, answer.json()["status"]) == (503, 503)
        assert "inside" not in answer.content.decode()


def test_a_fault_of_ours_tells_a_number_and_nothing_else(officer: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """(csr 7) 500 without internals, with the number under which the log has it."""

    def broken(*_: Any, **__: Any) -> None:
        raise LookupError("secret inside")

    monkeypatch.setattr("roster.feed.api.details", broken)
    officer.raise_request_exception = False
    answer = officer.get("/user/details/2?from=2027-01-12&to=2027-01-12", headers={"X-Request-ID": "a" * 32})
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert answer["X-Request-ID"] in answer.json()["developerMessage"]
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["to=0001-01-01", "to=0001-03-31", "from=9999-12-01", "from=0001-01-01&to=9999-12-31"]
)
def test_notifications_at_the_ends_of_the_calendar(officer: Program, query: str) -> None:
    """(diary 3) The three months before or after a date may be none."""
    assert officer.get(f"/notifications?{query}").json() == []


@pytest.mark.parametrize(
    "wish", [{"email": LONG}, {"sms": "07" + "\N{ARABIC-INDIC DIGIT ONE}" * 8}, {"email": 5}, {"preference": None}]
)
def test_preferences_that_cannot_be_kept(officer: Program, wish: dict[str, Any]) -> None:
    """(R-050) Refused, not a fault of ours."""
    answer = officer.put_json(f"{PREFERENCES}/details", {"email": "", "sms": "", "preference": "NONE"} | wish)
    assert answer.status_code == 400
    assert not Preference.objects.exists()


def test_a_confirmation_in_chunks(officer: Program) -> None:
    """(R-017) A program need not say how long its body is; one without an end confirms nothing."""
    from roster.wsgi import chunks_too

    row = FeedRow.objects.create(on_date=date(2027, 1, 12), level=1000, modified=clock.now())
    answers: list[Any] = []

    def django(environ: dict[str, Any], _: Any) -> list[bytes]:
        answers.append(officer.request(**environ).status_code)
        return []

    for body in (b"[1,", b"[%d]" % row.pk):
        chunks_too(django)({
            "PATH_INFO": "/updates/2", "REQUEST_METHOD": "PUT", "CONTENT_TYPE": "application/json",
            "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(body), "wsgi.input_terminated": True,
        }, None)  # fmt: skip
    assert answers == [400, 200]
    assert not FeedRow.objects.exists()


def test_monitors_may_ask_for_the_head_alone(officer: Program) -> None:
    """(R-098)"""
    assert Program().head("/health/ping").status_code == 200
    assert officer.head("/user/details/2?from=2027-01-12&to=2027-01-12").status_code == 200
    assert Program().head("/updates/2").status_code == 401
    assert officer.head("/updates/delete-all/2").status_code == 405


def test_nothing_is_of_no_type(officer: Program) -> None:
    """(csr 1.3, diary 4) 200 with an empty body, which a strict client need not understand."""
    assert not officer.put_json("/updates/2", []).has_header("Content-Type")
    assert not officer.put_json(f"{PREFERENCES}/snooze", {"snoozeUntil": None}).has_header("Content-Type")
