"""Cookies, the pages about the site, the notice, the frame."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.web.context import Shell
from foundation.web.models import ServiceNotice

pytestmark = pytest.mark.django_db


class TestCookies:
    def test_the_choice_is_kept_for_a_year_and_the_banner_goes(self, client: Client) -> None:
        assert "Accept counting cookies" in client.get("/page").content.decode()
        answer = client.post("/cookies", {"usage": "no", "next": "/page"})
        cookie = answer.cookies["cookie_policy"]
        assert (answer["Location"], cookie.value, cookie["max-age"]) == ("/page", "no", 365 * 24 * 3600)
        text = client.get("/page").content.decode()
        assert "You have rejected counting cookies" in text
        assert "Accept counting cookies" not in text

    @pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_it_leads_nowhere_else(self, client: Client, place: str) -> None:
        assert client.post("/cookies", {"usage": "yes", "next": place})["Location"] == "/cookies"

    @pytest.mark.parametrize("usage", ["", "perhaps"])
    def test_no_choice(self, client: Client, usage: str) -> None:
        answer = client.post("/cookies", {"usage": usage})
        assert answer.status_code == 400
        assert 'href="#id_usage"' in answer.content.decode()
        assert "cookie_policy" not in answer.cookies


@pytest.mark.parametrize("path", ["/cookies", "/privacy", "/terms", "/accessibility-statement"])
def test_pages_about_the_site_are_open_to_all(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert django_settings.SUPPORT_EMAILS["lay"] in answer.content.decode()


def test_keep_alive_prolongs_the_session(client: Client, lay: User) -> None:
    assert client.get("/session-keep-alive", headers={"accept": "application/json"}).status_code == 401
    client.force_login(lay)
    answer = client.get("/session-keep-alive")
    assert answer.status_code == 204
    assert answer.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == django_settings.SESSION_IDLE_SECONDS


@pytest.mark.parametrize(
    ("role", "mailbox"),
    [("", "lay"), ("ROLE_LAY_DEPUTY", "lay"), ("ROLE_PA_ADMIN", "pa"), ("ROLE_PROF_TEAM_MEMBER", "prof")],
)
def test_support_by_audience(role: str, mailbox: str) -> None:
    """D-039: each kind of deputy is shown the mailbox of their own."""
    shell = Shell()
    shell.user = User(role=role) if role else None
    assert shell.support is not None
    assert shell.support.email == django_settings.SUPPORT_EMAILS[mailbox]


class TestNotice:
    """D-018, D-019."""

    def test_shown_at_once_escaped_and_gone_at_once(self, client: Client) -> None:
        call_command("notice", "on", text="<b>Closed</b> today\n\nSorry")
        for path in ("/page", "/sign-in"):
            assert '<p class="govuk-body">&lt;b&gt;Closed&lt;/b&gt; today</p>' in client.get(path).content.decode()
        call_command("notice", "off")
        assert "Closed" not in client.get("/page").content.decode()
        call_command("notice", "on")
        assert "Closed" in client.get("/page").content.decode(), "the last text is kept"

    def test_there_is_nothing_to_show_without_a_text(self) -> None:
        with pytest.raises(CommandError):
            call_command("notice", "on")

    def test_the_page_goes_on_without_the_notice(self, visitor: Client, no_database: None) -> None:
        """And only the first page of an outage waits for it."""
        with capture_logs() as logs:
            for _ in range(3):
                assert visitor.get("/page").status_code == 200
        assert [one["event"] for one in logs].count("notice.unreadable") == 1

    @pytest.fixture
    def staff(self, client: Client, settings: Settings) -> User:
        settings.SITE = "admin"
        user = User.objects.create_user("s@example.org", "x", role="ROLE_SUPER_ADMIN", is_active=True)
        client.force_login(user)
        return user

    def test_a_super_admin_sets_it(self, client: Client, staff: User) -> None:
        assert client.post("/notice", {"enabled": "yes", "text": "Hello", "version": 0}).status_code == 302
        notice = ServiceNotice.objects.get()
        assert (notice.text, notice.enabled) == ("Hello", True)
        event = AuditEvent.objects.get(event="SERVICE_NOTICE_CHANGED")
        assert (event.actor, event.after) == (staff.pk, {"enabled": True, "text": "Hello"})
        assert "The notice is shown now." in client.get("/notice").content.decode()

    def test_errors_keep_what_was_typed(self, client: Client, staff: User) -> None:
        answer = client.post("/notice", {"text": "Half", "version": 0})
        assert answer.status_code == 400
        assert "Select yes if the notice is to be shown" in answer.content.decode()
        assert "Half</textarea>" in answer.content.decode()
        answer = client.post("/notice", {"text": "", "enabled": "yes", "version": 0})
        assert "Enter the text of the notice" in answer.content.decode()
        assert not ServiceNotice.objects.exists()

    def test_somebody_else_was_faster(self, client: Client, staff: User) -> None:
        client.get("/notice")
        call_command("notice", "on", text="Theirs")
        answer = client.post("/notice", {"enabled": "no", "text": "Mine", "version": 0})
        assert answer.status_code == 409
        assert "Theirs" in answer.content.decode()
        assert "Mine</textarea>" in answer.content.decode()
        assert ServiceNotice.objects.get().text == "Theirs"
        assert client.post("/notice", {"enabled": "no", "text": "Mine", "version": 1}).status_code == 302

    @pytest.mark.defect("people 11", "any admin could set the notice")
    def test_others_may_not(self, client: Client, staff: User) -> None:
        staff.role = "ROLE_ADMIN"
        staff.save()
        assert client.post("/notice", {"enabled": "yes", "text": "Hello", "version": 0}).status_code == 403


class TestFrame:
    def test_the_environment_is_named_except_in_production(self, client: Client, settings: Settings) -> None:
        """D-021."""
        settings.ENVIRONMENT = "training"
        assert "This is the <strong>training</strong> environment" in client.get("/page").content.decode()
        settings.ENVIRONMENT = "production"
        assert "environment-banner" not in client.get("/page").content.decode()

    def test_the_crown_is_shown_on_government_addresses_only(self, client: Client, settings: Settings) -> None:
        text = client.get("/page").content.decode()
        assert "crown" not in text.lower()
        assert "plain.css" in text
        settings.GOV_UK_DOMAIN = True
        text = client.get("/page").content.decode()
        assert "govuk-header__logotype" in text
        assert "plain.css" not in text

    def test_typed_text_is_escaped_with_its_lines(self, client: Client) -> None:
        assert "&lt;b&gt;one&lt;/b&gt;<br>two" in client.get("/page").content.decode()

    def test_no_inline_script_or_style(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        answer = client.get("/private/abc")
        text = answer.content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert all(" src=" in tag.split(">")[0] for tag in text.split("<script")[1:])
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "default-src 'self'" in answer["Content-Security-Policy"]

    def test_headers(self, client: Client) -> None:
        answer = client.get("/page")
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in answer["Permissions-Policy"]

    def test_robots_stay_away_and_the_style_sheet_finds_its_assets(self, client: Client) -> None:
        assert b"Disallow: /" in b"".join(client.get("/robots.txt"))
        assert client.get("/assets/images/favicon.svg").status_code == 200


def test_vendored_files_are_as_they_came() -> None:
    root = Path(django_settings.ROOT)
    subprocess.run([root / "bin" / "update-frontend", "--check"], check=True)
    text = (root / "foundation/static/vendor/govuk-frontend/govuk-frontend.min.js").read_text()
    assert 'version="6.3.0"' in text[:200]
