"""Error pages: calm, in the design, and without what they must not need or show."""

import json

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from foundation.accounts.models import User

ORIGIN = {"origin": "http://testserver"}


class TestOutage:
    """B-002: the database is away. Calm words, nothing about the inside, and what was sent is not lost."""

    def test_in_a_view(self, visitor: Client) -> None:
        with capture_logs():
            answer = visitor.get("/outage")
        assert answer.status_code == 503
        assert answer["Retry-After"] == "60"
        text = answer.content.decode()
        assert "Sorry, the service is unavailable" in text
        assert "If your report is due now, do not worry" in text
        assert django_settings.SUPPORT_EMAILS["lay"] in text
        assert "secret host name" not in text

    def test_before_the_view(self, visitor: Client, lay: User) -> None:
        """Reading the session fails outside of any view."""
        visitor.force_login(lay)
        with pytest.MonkeyPatch.context() as patch:
            from django.db import OperationalError
            from django.db.backends.base.base import BaseDatabaseWrapper

            def refuse(self: BaseDatabaseWrapper) -> None:
                raise OperationalError("db-7.internal")

            def cursor(self: BaseDatabaseWrapper, *args: object) -> None:
                raise OperationalError("db-7.internal")

            patch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)
            patch.setattr(BaseDatabaseWrapper, "_cursor", cursor)
            answer = visitor.get("/private/abc")
        assert answer.status_code == 503
        assert "db-7" not in answer.content.decode()

    def test_what_was_sent_can_be_sent_again(self, visitor: Client) -> None:
        text = visitor.post("/outage", {"story": 'a "long"\n<answer>', "kind": ["a", "b"]}, headers=ORIGIN).content
        assert b"is still here" in text
        assert b'value="a &#34;long&#34;\n&lt;answer&gt;"' in text
        assert text.count(b'name="kind"') == 2
        assert b"Send again" in text

    @pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
    def test_nobody_else_puts_words_into_it(self, visitor: Client, origin: str | None) -> None:
        headers = {"origin": origin} if origin else {}
        text = visitor.post("/outage", {"story": "forged"}, headers=headers).content.decode()
        assert "forged" not in text
        assert "load it again in a few minutes" in text

    def test_secrets_and_far_too_much_are_not_echoed(self, visitor: Client) -> None:
        text = visitor.post("/outage", {"email": "a@b.org", "password": "hush-hush"}, headers=ORIGIN).content.decode()
        assert "hush-hush" not in text
        text = visitor.post("/outage", {"story": "x" * 300_000}, headers=ORIGIN).content.decode()
        assert "xxxx" not in text

    def test_a_file_cannot_be_sent_again_from_here(self, visitor: Client) -> None:
        sent = {"story": "beside a file", "file": SimpleUploadedFile("a.pdf", b"%PDF")}
        text = visitor.post("/outage", sent, headers=ORIGIN).content.decode()
        assert "Send again" not in text
        assert "load it again in a few minutes" in text

    def test_scripts_get_json(self, visitor: Client) -> None:
        answer = visitor.get("/outage", headers={"accept": "application/json"})
        assert (answer.status_code, json.loads(answer.content)) == (503, {"error": "unavailable"})


@pytest.mark.django_db
class TestErrors:
    def test_broken(self, visitor: Client) -> None:
        with capture_logs() as logs:
            answer = visitor.get("/broken")
        assert answer.status_code == 500
        assert b"there is a problem with the service" in answer.content
        assert b"ZeroDivision" not in answer.content
        assert [one["log_level"] for one in logs if one["event"] == "unhandled"] == ["error"]

    def test_not_found_and_forbidden_show_the_frame(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        for path, status in (("/nowhere", 404), ("/undeclared", 403)):
            answer = client.get(path)
            assert answer.status_code == status
            assert "Sign out" in answer.content.decode()
            assert "no-store" in answer["Cache-Control"]

    def test_a_form_from_before_the_sign_in(self, lay: User) -> None:
        """The token of the form is old: its words are offered once more, with a new token that then works."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(lay)
        client.get("/private/abc")
        old = {"csrfmiddlewaretoken": "x" * 64, "name": "Dora", "story": "a long answer"}
        answer = client.post("/page", old, headers=ORIGIN)
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "This page was open for too long" in text
        assert 'value="a long answer"' in text
        token = text.split('action="/page"')[1].split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        again = client.post("/page", old | {"csrfmiddlewaretoken": token}, headers=ORIGIN)
        assert again.status_code == 200
        assert "Saved" in again.content.decode()

    def test_a_forged_form_is_refused_and_not_repeated(self) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/page", {"story": "forged"}, headers={"origin": "http://evil.example"})
        assert answer.status_code == 403
        assert "forged" not in answer.content.decode()

    def test_a_refused_form_is_logged_without_its_address(self, caplog: pytest.LogCaptureFixture) -> None:
        """An address may hold a secret: that of a calendar, or a link from a mail."""
        client = Client(enforce_csrf_checks=True)
        with capture_logs() as logs:
            client.post("/private/abc", headers={"origin": "http://evil.example"})
        assert {"event": "csrf_refused", "reason": "Origin checking failed", "log_level": "warning"} in logs
        assert not any("abc" in str(line) for line in [*logs, *(each.getMessage() for each in caplog.records)])

    def test_support_by_site(self, client: Client, settings: Settings) -> None:
        """D-039: the admin site shows no mailbox."""
        settings.SITE = "admin"
        settings.STAFF_NETWORKS = ["127.0.0.1"]
        for path in ("/page", "/nowhere"):
            assert "mailto:" not in client.get(path).content.decode()
