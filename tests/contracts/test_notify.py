"""GOV.UK Notify: the official client against the stand-in in a process of its own."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from foundation.clients import Rejected, Unavailable
from foundation.clients.notify import NotifyMails, notify, read_receipt
from foundation.testing import servers

TEMPLATE = "07e7fdb3-0000-4000-8000-000000000000"
LINK = "http://front.localhost:8001/activate/a-token"


def send(to: str = "ann@example.org", reference: str | None = None) -> str:
    return notify().send(TEMPLATE, to, {"activationLink": LINK}, reference or str(uuid4()))


def test_a_mail_is_sent_and_found_by_its_reference(post: servers.StandIn) -> None:
    """B-037"""
    assert notify().find("ref-1") is None
    id = send(reference="ref-1")
    found = notify().find("ref-1")
    assert found is not None
    assert found.id == id
    assert found.status in {"created", "delivered"}
    [newest, *_] = post.mails()
    assert (newest["id"], newest["to"], newest["personalisation"]) == (id, "ann@example.org", {"activationLink": LINK})


@pytest.mark.parametrize("how", [500, 502, 503, 429, 408, "cut-before", "cut-after", "nonsense"])
def test_what_cannot_be_sent_now_is_to_be_tried_again(post: servers.StandIn, how: int | str) -> None:
    """B-037"""
    reference = str(uuid4())
    post.fail(how, next=2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            send(reference=reference)
    arrived = how in {"cut-after", "nonsense"}
    assert (notify().find(reference) is not None) == arrived, "the look-up settles what the answer did not"


def test_a_time_out_is_unavailable(post: servers.StandIn, settings: Any) -> None:
    post.fail("timeout", match="POST")
    impatient = NotifyMails(post.url, settings.NOTIFY_API_KEY, timeout=1)
    with pytest.raises(Unavailable):
        impatient.send(TEMPLATE, "ann@example.org", {}, "slow")
    assert notify().find("slow") is not None


@pytest.mark.parametrize("how", [400, 401, 403, 404, 413])
def test_what_notify_refuses_is_for_a_person(post: servers.StandIn, how: int) -> None:
    post.fail(how)
    with pytest.raises(Rejected):
        send()


@pytest.mark.parametrize(("template", "to"), [("not-a-uuid", "ann@example.org"), (TEMPLATE, "nobody"), (TEMPLATE, "")])
def test_the_stand_in_refuses_what_notify_refuses(post: servers.StandIn, template: str, to: str) -> None:
    before = len(post.mails())
    with pytest.raises(Rejected, match="ValidationError") as caught:
        notify().send(template, to, {}, "ref")
    assert "ann@example.org" not in str(caught.value)
    assert len(post.mails()) == before


def test_a_wrong_key_or_clock_is_refused(post: servers.StandIn, settings: Any) -> None:
    service = "00000000-0000-4000-8000-000000000001"
    secret = "00000000-0000-4000-8000-000000000002"
    url = f"{post.url}/v2/templates"

    def status(**claims: Any) -> int:
        token = jwt.encode(claims, key=secret, algorithm="HS256")
        return httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code

    assert httpx.get(url).status_code == 401
    assert status(iss=service, iat=1_000_000_000) == 403
    assert status(iss=str(uuid4()), iat=int(time.time())) == 403
    settings.NOTIFY_API_KEY = settings.NOTIFY_API_KEY[:-1] + "9"
    with pytest.raises(Rejected, match="AuthError"):
        send()
    with pytest.raises(Unavailable):
        notify().health()


def test_health_follows_notify(post: servers.StandIn, settings: Any) -> None:
    notify().health()
    post.fail(503)
    with pytest.raises(Unavailable):
        notify().health()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.NOTIFY_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Unavailable):
            notify().health()


def test_nothing_personal_is_logged(post: servers.StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    post.fail(400)
    with pytest.raises(Rejected):
        send()
    send()
    assert "ann@example.org" not in caplog.text
    assert "a-token" not in caplog.text


def test_mails_survive_a_kill(tmp_path: Path, settings: Any) -> None:
    with servers.notify(tmp_path) as post:
        settings.NOTIFY_URL = post.url
        id = send(reference="kept")
        post.kill()
    with servers.notify(tmp_path) as post:
        settings.NOTIFY_URL = post.url
        found = notify().find("kept")
        assert found is not None
        assert found.id == id


def test_a_person_reads_the_mails_and_follows_their_links(post: servers.StandIn) -> None:
    send(to="first@example.org")
    notify().send(TEMPLATE, "second@example.org", {"deputyName": "<b>Ann</b>", "link": LINK}, "r")
    page = httpx.get(post.url).text
    assert page.index("second@example.org") < page.index("first@example.org")
    assert f'href="{LINK}"' in page
    assert "<b>Ann</b>" not in page
    assert "&lt;b&gt;Ann" in page
    assert "local stand-in" in page
    assert {mail["to"] for mail in post.mails(to="SECOND@example.org")} == {"second@example.org"}


def test_known_templates_are_shown_in_full_and_refuse_gaps(tmp_path: Path, settings: Any) -> None:
    texts = tmp_path / "texts.json"
    texts.write_text(json.dumps({TEMPLATE: {"subject": "Hello ((name))", "body": "Go to ((link))"}}))
    with servers.standin("foundation.standins.notify", tmp_path, "--templates", str(texts)) as post:
        settings.NOTIFY_URL = post.url
        notify().send(TEMPLATE, "ann@example.org", {"name": "Ann", "link": LINK, "more": "x"}, "r")
        with pytest.raises(Rejected, match="BadRequestError"):
            notify().send(TEMPLATE, "ann@example.org", {"name": "Ann"}, "r")
        with pytest.raises(Rejected, match="BadRequestError"):
            notify().send(str(uuid4()), "ann@example.org", {"name": "Ann", "link": LINK}, "r")
        [mail] = post.mails()
        assert (mail["subject"], mail["body"]) == ("Hello Ann", f"Go to {LINK}")


# Receipts


class Receiver(BaseHTTPRequestHandler):
    """Takes what Notify posts, after refusing the first."""

    server: "Receipts"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.headers["Authorization"], body))
        self.send_response(204 if len(self.server.calls) > 1 else 503)
        self.end_headers()
        if len(self.server.calls) == 3:
            self.server.done.set()

    def log_message(self, *_: Any) -> None:
        pass


class Receipts(HTTPServer):
    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []
        self.done = threading.Event()
        super().__init__(("127.0.0.1", 0), Receiver)


@pytest.fixture
def receipts() -> Iterator[Receipts]:
    with Receipts() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def test_receipts_come_back_and_a_bounce_is_told_apart(tmp_path: Path, settings: Any, receipts: Receipts) -> None:
    callback = f"http://127.0.0.1:{receipts.server_port}/receipts"
    with servers.notify(tmp_path, callback=callback, callback_token="the-token") as post:
        settings.NOTIFY_URL = post.url
        good = send(to="ann@example.org", reference="good")
        bad = send(to="bounce-ben@example.org", reference="bad")
        assert receipts.done.wait(20)
    assert {token for token, _body in receipts.calls} == {"Bearer the-token"}
    got = {receipt.reference: receipt for receipt in (read_receipt(body) for _token, body in receipts.calls)}
    assert (got["good"].id, got["good"].status, got["good"].delivered) == (good, "delivered", True)
    assert (got["bad"].id, got["bad"].status, got["bad"].delivered) == (bad, "permanent-failure", False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b'{"id": "1", "status": "sending"}',
        b'{"id": 1, "reference": "r", "status": "delivered"}',
        b'{"id": "1", "reference": 7, "status": "delivered"}',
        b'{"reference": "r", "status": "delivered"}',
        b'{"id": "1", "reference": "r", "status": ["delivered"]}',
    ],
)
def test_what_is_no_receipt_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^The receipt"):
        read_receipt(body)


def test_a_mail_without_reference_has_a_receipt_too() -> None:
    receipt = read_receipt(b'{"id": "1", "reference": null, "status": "temporary-failure"}')
    assert (receipt.reference, receipt.delivered) == ("", False)


def test_a_text_message_goes_to_a_mobile_number(post: servers.StandIn) -> None:
    notify().send_text(TEMPLATE, "07700900123", {}, "a-text")
    assert post.mails("07700900123")[0]["reference"] == "a-text"
    with pytest.raises(Rejected, match="ValidationError"):
        notify().send_text(TEMPLATE, "ann@example.org", {}, "another")
