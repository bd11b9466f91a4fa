"""Numbers and lines of requests, networks, maintenance, who changed a row."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from foundation.accounts.models import User
from foundation.web.address import client_address
from foundation.web.models import ServiceNotice
from reporting.models import Client as Person

pytestmark = pytest.mark.django_db


class TestRequestLine:
    """B-042: by the number of a request everything about it is found, and nothing personal."""

    def test_a_given_number_is_kept_and_a_bad_one_replaced(self, client: Client) -> None:
        assert client.get("/page", headers={"x-request-id": "abcd-1234"})["X-Request-ID"] == "abcd-1234"
        for bad in ("", "short", "has spaces in it", "x" * 65, "<script>alert(1)"):
            assert client.get("/page", headers={"x-request-id": bad})["X-Request-ID"] != bad

    def test_the_line_names_the_route_and_not_the_address(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        with capture_logs() as logs:
            answer = client.get("/private/tell-tale-token?q=dora@example.org")
        line = next(one for one in logs if one["event"] == "request")
        assert (line["method"], line["route"], line["status"]) == ("GET", "private/<str:token>", 200)
        assert line["user"] == lay.pk
        assert line["session"] == answer["X-Session-Safe-Id"]
        assert "tell-tale" not in str(logs)
        assert "dora" not in str(logs)

    def test_the_safe_id_is_the_same_within_a_sign_in_and_not_the_key(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        key = client.session.session_key or ""
        first, second = (client.get("/private/a")["X-Session-Safe-Id"] for _ in range(2))
        assert first == second
        assert first not in key
        client.logout()
        client.force_login(lay)
        assert client.get("/private/a")["X-Session-Safe-Id"] != first

    def test_a_visitor_has_no_session(self, client: Client) -> None:
        assert "X-Session-Safe-Id" not in client.get("/page")


class TestStaffNetwork:
    """B-039, B-040: the staff site is shut for strangers, whatever they claim."""

    @pytest.fixture(autouse=True)
    def admin(self, settings: Settings) -> None:
        settings.SITE = "admin"
        settings.STAFF_NETWORKS = ["10.1.0.0/16"]
        settings.MONITOR_NETWORKS = ["192.0.2.7"]

    @pytest.mark.parametrize("path", ["/page", "/sign-in", "/health-check", "/nowhere"])
    def test_strangers(self, client: Client, path: str, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            answer = client.get(path, REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "10.1.2.3"})
        assert answer.status_code == 403
        assert "10.1" not in answer.content.decode()

    def test_staff(self, client: Client) -> None:
        assert client.get("/page", REMOTE_ADDR="10.1.2.3").status_code == 200
        assert client.get("/page", REMOTE_ADDR="::ffff:10.1.2.3").status_code == 200

    def test_the_monitor_sees_health_only(self, client: Client) -> None:
        assert client.get("/health-check", REMOTE_ADDR="192.0.2.7").status_code == 200
        assert client.get("/page", REMOTE_ADDR="192.0.2.7").status_code == 403

    def test_the_front_is_open_to_all(self, client: Client, settings: Settings) -> None:
        settings.SITE = "front"
        assert client.get("/page", REMOTE_ADDR="203.0.113.9").status_code == 200


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("203.0.113.9", "10.1.2.3", "203.0.113.9"),  # not our proxy: its word does not count
        ("172.16.0.1", "10.1.2.3", "10.1.2.3"),
        ("172.16.0.1", "10.1.2.3, 203.0.113.9", "203.0.113.9"),  # the left part was forged by the client
        ("172.16.0.1", "203.0.113.9, 172.16.0.2", "203.0.113.9"),  # two proxies of ours
        ("172.16.0.1", "", "172.16.0.1"),
        ("172.16.0.1", "nonsense", None),
        ("", "10.1.2.3", None),
    ],
)
def test_client_address(remote: str, forwarded: str, found: str | None, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["172.16.0.0/12"]
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    address = client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))
    assert (str(address) if address else None) == found


class TestMaintenance:
    """B-004, B-047: each site by itself, the notice shown, health pages as ever, testers let through."""

    def test_on_and_off(self, client: Client, lay: User) -> None:
        client.force_login(lay)
        ServiceNotice.objects.create(text="Use <paper> today", enabled=True)
        call_command("maintenance", "on", site="front", message="Back at 6pm.")
        answer = client.get("/private/a")
        assert answer.status_code == 503
        assert answer["Retry-After"]
        text = answer.content.decode()
        assert "Back at 6pm." in text
        assert "Use &lt;paper&gt; today" in text
        assert client.get("/health-check").status_code == 200
        call_command("maintenance", "off", site="front")
        assert client.get("/private/a").status_code == 200

    def test_the_other_site_goes_on(self, client: Client) -> None:
        call_command("maintenance", "on", site="admin")
        assert client.get("/page").status_code == 200

    def test_testers_pass(self, client: Client, settings: Settings) -> None:
        call_command("maintenance", "on", site="front")
        settings.MAINTENANCE_TESTERS = ["198.51.100.0/24"]
        assert client.get("/page", REMOTE_ADDR="198.51.100.8").status_code == 200
        assert client.get("/page", REMOTE_ADDR="198.51.101.8").status_code == 503

    def test_what_was_sent_can_be_sent_again(self, client: Client) -> None:
        call_command("maintenance", "on", site="front")
        answer = client.post("/page", {"story": "a long <answer>"}, headers={"origin": "http://testserver"})
        assert '<input type="hidden" name="story" value="a long &lt;answer&gt;">' in answer.content.decode()

    def test_it_needs_no_database(self, visitor: Client, no_database: None, trial_site: Path) -> None:
        call_command("maintenance", "on", site="front")
        assert visitor.get("/private/a").status_code == 503


def test_row_history_says_who_where_and_in_which_request(client: Client, lay: User) -> None:
    Person.objects.create(case_number="12345678", first_name="Cleo", last_name="Client")
    client.force_login(lay)
    client.post("/change", {"name": "Other"}, headers={"x-request-id": "request-0001"})
    event = Person.objects.get().events.order_by("-pgh_id")[0]  # type: ignore[attr-defined]
    assert event.last_name == "Other"
    metadata = event.pgh_context.metadata
    assert metadata == {"request": "request-0001", "user": lay.pk, "reason": "change"}
