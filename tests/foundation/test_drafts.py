"""Drafts: kept in order, for one person and page, encrypted, within limits; held through a sign-in without script."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from foundation import clock, drafts
from foundation.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "Correct-Horse-42"
SECRET_WORDS = "a very private sentence"


@pytest.fixture(autouse=True)
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.foundation.drafts_urls"
    settings.SITE = "front"
    monkeypatch.setattr("reporting.shell.landing", lambda user: "/done", raising=False)
    monkeypatch.setattr("reporting.shell.may_sign_in", lambda user: None, raising=False)


def make_user(email: str) -> User:
    user = User.objects.create_user(
        email, "", first_name="Ada", role="ROLE_LAY_DEPUTY", is_active=True, registered_at=clock.now()
    )
    user.password = make_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada@example.org")


@pytest.fixture
def browser(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def send(browser: Client, user: User, sequence: Any, page: str = "/story", **fields: Any) -> Any:
    named = {"draft-user": user.pk, "draft-page": page, "draft-sequence": sequence}
    return browser.post("/drafts/keep", named | fields, headers={"accept": "application/json"})


def text(browser: Client, page: str = "/story") -> str:
    return str(browser.get(page).content.decode())


class TestKeep:
    def test_what_was_typed_is_shown_again_unchecked(self, browser: Client, ada: User) -> None:
        typed = {"story": "half a", "places": ["a", "c"], "when_0": "31/31/2026", "sure": "on"}
        assert send(browser, ada, 5, **typed).status_code == 204
        shown = text(browser)
        assert "half a" in shown
        assert "stored" not in shown
        assert "31/31/2026" in shown
        assert shown.count("checked") == 3
        assert "errorlist" not in shown

    def test_the_later_wins_whenever_it_arrives(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="later")
        late = send(browser, ada, 6, story="earlier")
        assert (late.status_code, late.json()) == (409, {"sequence": 7})
        assert "later" in text(browser)

    def test_a_draft_that_arrives_after_its_page_was_saved_is_no_draft(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="half")
        assert browser.post("/story", {"story": "whole", "places": "a", "draft-sequence": 9}).status_code == 302
        assert send(browser, ada, 8, story="half and").status_code == 409
        assert "stored" in text(browser)
        assert send(browser, ada, 10, story="afterwards").status_code == 204
        assert "afterwards" in text(browser)

    def test_what_another_tab_typed_later_survives_a_save(self, browser: Client, ada: User) -> None:
        send(browser, ada, 12, story="in the other tab")
        browser.post("/story", {"story": "whole", "places": "a", "draft-sequence": 9})
        assert "in the other tab" in text(browser)

    def test_a_save_without_script_drops_the_draft(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="half")
        browser.post("/story", {"story": "whole", "places": "a"})
        assert not drafts.Draft.objects.exists()

    def test_a_save_with_errors_keeps_the_draft(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="half")
        browser.post("/story", {"story": "", "draft-sequence": 9})
        assert "half" in text(browser)

    def test_the_next_page_tells_the_browser_once_to_forget_its_copy(self, browser: Client, ada: User) -> None:
        browser.post("/story", {"story": "whole", "places": "a", "draft-sequence": 9})
        assert 'data-draft-saved="/story"' in text(browser, "/cookies")
        assert 'data-draft-saved=""' in text(browser, "/cookies")

    def test_discard(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="half")
        answer = browser.post("/drafts/drop", {"page": "/story?from=summary", "draft-sequence": 8})
        assert answer["Location"] == "/story?from=summary"
        assert "stored" in text(browser)
        assert browser.post("/drafts/drop", {"page": "//evil.example/story"}).status_code == 400

    def test_nobody_else_sees_it(self, browser: Client, ada: User) -> None:
        send(browser, ada, 7, story="of ada")
        grace = make_user("grace@example.org")
        browser.force_login(grace)
        assert "of ada" not in text(browser)
        assert send(browser, ada, 8, story="typed by ada in an old tab").status_code == 403
        assert not drafts.Draft.objects.filter(user=grace).exists()

    @pytest.mark.parametrize("page", ["/action", "/nowhere", "", "story"])
    def test_only_for_pages_that_show_drafts(self, browser: Client, ada: User, page: str) -> None:
        assert send(browser, ada, 5, page, story="x").status_code == 400
        assert not drafts.Draft.objects.exists()

    @pytest.mark.parametrize("sequence", ["", "-1", "1.5", "soon", "9" * 30, "١٢"])
    def test_a_sequence_is_a_number(self, browser: Client, ada: User, sequence: str) -> None:
        assert send(browser, ada, sequence, story="x").status_code == 400

    def test_without_a_session_a_script_is_told(self, client: Client, ada: User) -> None:
        assert send(client, ada, 5, story="x").status_code == 401
        assert not drafts.HeldPost.objects.exists()

    def test_not_without_our_token(self, ada: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(ada)
        assert send(strict, ada, 5, story="x").status_code == 403
        strict.get("/cookies")
        token = strict.cookies["reporting_front_csrf"].value
        assert send(strict, ada, 5, story="x", csrfmiddlewaretoken=token).status_code == 204


class TestLimits:
    def test_size(self, browser: Client, ada: User) -> None:
        assert send(browser, ada, 5, story="é" * 100_000).status_code == 204
        assert send(browser, ada, 6, story="é" * 131_072).status_code == 413
        assert "é" in text(browser)

    def test_number(self, browser: Client, ada: User, settings: Settings) -> None:
        settings.MOST_DRAFTS = 2
        assert [send(browser, ada, 5, f"/story/{n}", story="x").status_code for n in range(3)] == [204, 204, 429]
        assert send(browser, ada, 6, "/story/1", story="y").status_code == 204
        assert drafts.Draft.objects.count() == 2
        browser.post("/story/1", {"story": "whole", "places": "a", "draft-sequence": 9})
        assert send(browser, ada, 5, "/story/2", story="x").status_code == 204

    def test_rate(self, browser: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("foundation.draft_views.A_MINUTE", 2)
        assert [send(browser, ada, n, story="x").status_code for n in range(1, 4)] == [204, 204, 429]

    def test_tidy(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        drafts.keep(ada, "/story/1", QueryDict("story=x"), 5)
        drafts.drop(ada, "/story/2", 5)
        drafts.HeldPost.objects.create(user_id=ada.pk, page="/story", body=b"")
        now = clock.now()
        left = []
        for later in (timedelta(minutes=59), timedelta(hours=2), timedelta(days=3), timedelta(days=31)):
            monkeypatch.setattr(clock, "now", lambda later=later: now + later)
            drafts.tidy()
            left.append((drafts.Draft.objects.count(), drafts.HeldPost.objects.count()))
        assert left == [(2, 1), (2, 0), (1, 0), (0, 0)]


class TestPrivacy:
    def test_encrypted_and_without_secrets(self, browser: Client, ada: User) -> None:
        send(
            browser,
            ada,
            5,
            story=SECRET_WORDS,
            password="hunter2",
            new_password="hunter3",
            code="123456",
            sort_code="010203",
        )
        draft = drafts.Draft.objects.get()
        assert b"private" not in bytes(draft.body)
        assert draft.data is not None
        assert set(draft.data) == {"story", "sort_code"}

    @pytest.mark.parametrize("name", ["password", "new_password", "code", "token"])
    def test_secrets(self, name: str) -> None:
        assert drafts.secret(name)

    @pytest.mark.parametrize("name", ["postcode", "sort_code", "explanation"])
    def test_answers_are_no_secrets(self, name: str) -> None:
        """Error pages offer them to be sent again, too."""
        assert not drafts.secret(name)

    def test_neither_in_logs_nor_in_history(self, browser: Client, ada: User) -> None:
        with capture_logs() as logs:
            send(browser, ada, 5, story=SECRET_WORDS)
            send(browser, ada, 4, story=SECRET_WORDS)
            send(browser, ada, 6, story=SECRET_WORDS * 20_000)
            text(browser)
        assert logs
        assert SECRET_WORDS not in str(logs)
        tables = {drafts.Draft._meta.db_table, drafts.HeldPost._meta.db_table}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
                [list(tables)],
            )
            assert cursor.fetchall() == []


class TestKeys:
    def test_rotation(self, ada: User, settings: Settings) -> None:
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        settings.DRAFT_KEYS = [old]
        drafts.keep(ada, "/story", QueryDict("story=x"), 5)
        settings.DRAFT_KEYS = [new, old]
        found = drafts.find(ada, "/story")
        assert found is not None
        assert found.data == QueryDict("story=x")
        drafts.keep(ada, "/story/1", QueryDict("story=y"), 5)
        settings.DRAFT_KEYS = [new]
        assert drafts.find(ada, "/story/1") is not None
        assert drafts.find(ada, "/story") is None
        assert not drafts.Draft.objects.filter(page="/story").exists(), "an unreadable draft goes"

    @pytest.mark.parametrize("keys", ["", "not a key", f"{Fernet.generate_key().decode()},short"])
    def test_production_needs_keys_that_can_be_used(self, keys: str) -> None:
        environment = {
            "SERVICE": "reporting", "ENVIRONMENT": "production", "SECRET_KEY": "x" * 60, "PATH": os.environ["PATH"],
            "DRAFT_KEYS": keys,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", "import foundation.settings"], env=environment, capture_output=True, text=True,
            check=False, cwd=Path(drafts.__file__).parents[1],
        )  # fmt: skip
        assert done.returncode != 0
        assert "DRAFT_KEYS" in done.stderr


class TestHeld:
    """Without script: sent after the session had ended, offered after the next sign-in of the same person."""

    @pytest.fixture
    def strict(self, ada: User) -> Client:
        """A browser that signed in as ada, with the tokens of its forms; its session has ended since."""
        browser = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
        self.sign_in(browser)
        Session.objects.all().delete()
        return browser

    def sign_in(self, browser: Client, email: str = "ada@example.org") -> Any:
        browser.get("/sign-in")
        return browser.post("/sign-in", {"email": email, "password": PASSWORD, **self.token(browser)})

    def token(self, browser: Client) -> dict[str, str]:
        return {"csrfmiddlewaretoken": browser.cookies["reporting_front_csrf"].value}

    def post(self, browser: Client, page: str = "/story?from=summary", **fields: Any) -> Any:
        answer = browser.post(page, {"story": SECRET_WORDS, **self.token(browser), **fields})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in?")
        return answer

    def test_offered_as_a_draft_that_is_not_saved(self, strict: Client) -> None:
        self.post(strict)
        assert self.sign_in(strict)["Location"] == "/story?from=summary"
        assert SECRET_WORDS in text(strict)
        assert not drafts.HeldPost.objects.exists()

    def test_offered_over_an_older_draft_even_if_the_clock_of_the_browser_is_wrong(
        self, strict: Client, ada: User
    ) -> None:
        drafts.keep(ada, "/story", QueryDict("story=older"), 2**50)
        self.post(strict)
        self.sign_in(strict)
        assert SECRET_WORDS in text(strict)

    def test_a_page_without_drafts_is_offered_to_be_sent_again(self, strict: Client) -> None:
        self.post(strict, "/action", reason="because <b>")
        assert self.sign_in(strict)["Location"] == "/drafts/held"
        shown = text(strict, "/drafts/held")
        assert '<form method="post" action="/action">' in shown
        assert 'value="because &lt;b&gt;"' in shown
        answer = strict.post("/action", {"reason": "because", **self.token(strict)})
        assert answer.content == b"done: because"

    def test_files_have_to_be_chosen_again(self, strict: Client) -> None:
        self.post(strict, "/action", file=SimpleUploadedFile("statement.pdf", b"%PDF-1.4"))
        self.sign_in(strict)
        assert "choose them again" in text(strict, "/drafts/held")

    def test_dropped_for_anybody_else(self, strict: Client) -> None:
        make_user("grace@example.org")
        self.post(strict)
        assert self.sign_in(strict, "grace@example.org")["Location"] == "/done"
        assert not drafts.HeldPost.objects.exists()
        assert not drafts.Draft.objects.exists()

    def test_dropped_after_an_hour(self, strict: Client) -> None:
        self.post(strict)
        drafts.HeldPost.objects.update(held_at=clock.now() - timedelta(minutes=61))
        assert self.sign_in(strict)["Location"] == "/done"

    def test_nothing_is_held_after_a_sign_out_or_for_a_stranger(self, strict: Client, ada: User) -> None:
        self.sign_in(strict)
        strict.post("/sign-out", self.token(strict))
        self.post(strict)
        assert not drafts.HeldPost.objects.exists()

    def test_a_forged_cookie_is_nobody(self, strict: Client, ada: User) -> None:
        strict.cookies["last_user"] = f"{ada.pk}:forged:forged"
        self.post(strict)
        assert not drafts.HeldPost.objects.exists()

    def test_too_much_is_not_held(self, strict: Client) -> None:
        self.post(strict, story="x" * (drafts.MOST_BYTES + 1))
        assert not drafts.HeldPost.objects.exists()

    def test_nothing_typed_is_nothing_to_hold(self, strict: Client) -> None:
        strict.post("/action", self.token(strict))
        assert not drafts.HeldPost.objects.exists()

    def test_not_without_end(self, strict: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drafts, "MOST_HELD", 2)
        for _ in range(4):
            self.post(strict)
        assert drafts.HeldPost.objects.count() == 2

    def test_the_page_to_send_again_is_for_its_writer(self, strict: Client) -> None:
        self.post(strict, "/action", reason="x")
        self.sign_in(strict)
        other = Client()
        other.force_login(make_user("grace@example.org"))
        session = other.session
        session[drafts.HELD_POST] = str(drafts.HeldPost.objects.get().token)
        session.save()
        assert other.get("/drafts/held").status_code == 404
