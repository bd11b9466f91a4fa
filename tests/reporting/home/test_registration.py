"""Self-registration from the form to the first report (deputy-people 4.2 to 4.4; D-010, D-051 to D-060)."""

import logging
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from foundation.accounts import actions as accounts
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.audit import AuditEvent
from reporting.home import registration
from reporting.home.registration_views import NEUTRAL
from reporting.people.models import Client, Deputy, Profile
from reporting.reports.models import Report
from tests.reporting.home.conftest import text_of
from tests.reporting.people.making import PASSWORD, make_client, make_order, make_row, make_user

pytestmark = pytest.mark.django_db

FORM = {
    "first_name": "Deputyone", "last_name": "Examplea", "email": "New@Example.org", "email_again": "new@example.org",
    "postcode": "zz11aa", "client_first_name": "Anything", "client_last_name": "EXAMPLEA ", "case_number": "90000001",
}  # fmt: skip
DETAILS = {"address1": "1 Sample Road", "postcode": "ZZ1 1AA", "country": "GB", "phone": "01632 960001"}
CLIENT = {
    "first_name": "Clientone", "last_name": "Examplea", "address1": "1 Sample Road", "postcode": "ZZ1 1AA",
    "country": "GB", "phone": "01632 960002", "court_date-day": "14", "court_date-month": "4",
    "court_date-year": "2021",
}  # fmt: skip


def register(site: Browser, **changed: str) -> Any:
    return site.post("/register", FORM | changed)


def why() -> dict[str, Any]:
    return AuditEvent.objects.filter(event="USER_SELF_REGISTER_FAILED").latest("pk").after


def test_d051_from_the_form_to_the_first_report(site: Browser, mails: Any) -> None:
    make_row()
    assert register(site).url == "/register/sent"
    user = User.objects.get(email="new@example.org")
    assert (user.stage, user.route, user.profile.deputy_uid) == ("invited", "SELF_REGISTER", "990000000001")
    assert user.profile.is_primary
    assert mails() == ["Activation"]
    page = site.post(
        f"/activate/{ACTIVATION.token(user)}", {"password": PASSWORD, "password_again": PASSWORD, "terms": "yes"}
    )
    assert page.url == "/court-orders"
    assert site.get("/court-orders").url == "/register/your-details"
    assert site.post("/register/your-details", DETAILS).url == "/court-orders"
    assert site.get("/court-orders").url == "/register/your-client"
    user.refresh_from_db()
    assert (user.is_active, user.registered_at) == (False, None)
    assert site.post("/register/your-client", CLIENT).url == "/court-orders"
    user.refresh_from_db()
    assert user.is_active
    assert user.registered_at
    client = user.clients.get()
    assert (client.case_number, client.court_date, client.phone) == ("90000001", date(2021, 4, 14), "01632 960002")
    report = client.reports.get()
    assert (report.type, report.start.month, report.start.day) == ("102", 4, 14)
    assert Deputy.objects.get(uid="990000000001").user == user
    assert AuditEvent.objects.filter(event="USER_SELF_REGISTER_SUCCEEDED", actor=user.pk).count() == 1
    assert "Your account is being set up" in text_of(site.get("/court-orders"))


def test_d052_an_unknown_case_number_is_named_and_makes_no_account(site: Browser, mails: Any) -> None:
    page = register(site)
    assert "valid case number" in text_of(page)
    assert 'href="#id_case_number"' in text_of(page)
    assert 'value="Deputyone"' in text_of(page)
    assert (User.objects.count(), mails(), why()["why"]) == (0, [], "unknown case")


@pytest.mark.parametrize("case_number", ["123456789", "1234567", "12345678901"])
def test_d054_other_lengths_are_refused(site: Browser, case_number: str) -> None:
    assert "Case number must have 8 or 10 characters" in text_of(register(site, case_number=case_number))


@pytest.mark.parametrize(
    ("in_register", "typed"),
    [("9000000T", "9000000t"), ("9000000101", "90000001"), ("90000001", "9000000102"), ("9000000103", "9000000199")],
)
def test_d054_cases_of_8_and_10_characters_are_the_same_case(site: Browser, in_register: str, typed: str) -> None:
    make_row(case_number=in_register)
    assert register(site, case_number=typed).status_code == 302
    assert Client.objects.get().case_number == in_register[:8]


@pytest.mark.parametrize(
    ("row", "typed"),
    [
        ({"deputy_postcode": ""}, {"postcode": ""}),
        ({"deputy_postcode": ""}, {"postcode": "XX9 9XX"}),
        ({"deputy_postcode": "zz1 1aa"}, {"postcode": "ZZ11AA"}),
        ({"deputy_last_name": "O'Example"}, {"last_name": "o’example"}),
        ({"deputy_first_name": " Zoë"}, {"first_name": "ZOË"}),
    ],
)
def test_d058_d060_what_counts_as_the_same(site: Browser, row: dict[str, str], typed: dict[str, str]) -> None:
    make_row(**row)
    assert register(site, **typed).status_code == 302


@pytest.mark.parametrize(
    ("typed", "flags"),
    [
        ({"client_last_name": "Otherwise"}, ["client_lastname"]),
        ({"last_name": "Otherwise"}, ["deputy_lastname"]),
        ({"first_name": "Otherwise"}, ["deputy_firstname"]),
        ({"postcode": ""}, ["deputy_postcode"]),
        ({"last_name": "Otherwise", "postcode": "XX1 1XX"}, ["deputy_lastname", "deputy_postcode"]),
    ],
)
@pytest.mark.defect("people 4.3", "personal data in logs, candidate rows in the answer, all fields marked")
def test_a_mismatch_gives_one_sentence_and_keeps_flags_only(
    site: Browser, caplog: Any, typed: dict[str, str], flags: list[str]
) -> None:
    make_row()
    with caplog.at_level(logging.DEBUG):
        page = register(site, **typed)
    assert NEUTRAL[:60] in text_of(page)
    assert "govuk-input--error" not in text_of(page)
    assert (why()["why"], why()["flags"]) == ("details differ", flags)
    told = str(AuditEvent.objects.values()) + caplog.text
    assert not any(word in told for word in ("Deputyone", "Examplea", "example.org", "Otherwise"))
    assert not User.objects.exists()


def test_two_deputies_of_one_name_are_not_told_apart(site: Browser) -> None:
    make_row()
    make_row(deputy_uid="990000000002")
    assert NEUTRAL[:60] in text_of(register(site))
    assert why()["why"] == "not unique"


def test_two_orders_of_one_deputy_are_one_match(site: Browser) -> None:
    make_row(hybrid="HYBRID")
    make_row(hybrid="HYBRID", order_type="hw", report_type="OPG104")
    assert register(site).status_code == 302


@pytest.mark.parametrize(("rows", "reason"), [(1, "case used"), (2, "must be invited")])
def test_a_case_that_somebody_holds_is_refused_neutrally(site: Browser, rows: int, reason: str) -> None:
    for number in range(rows):
        make_row(deputy_uid=f"99000000000{number + 1}", deputy_first_name=f"Deputy{'one' if number == 0 else 'two'}")
    make_client("90000001", make_user("first@example.org"))
    assert NEUTRAL[:60] in text_of(register(site))
    assert why()["why"] == reason


def test_an_orphaned_client_is_replaced(site: Browser) -> None:
    make_row()
    old = make_client("90000001")
    register(site)
    old.refresh_from_db()
    assert old.discharged_at
    assert Client.objects.live().get().users.count() == 1


def test_a_mistyped_address_does_not_lock_the_case(site: Browser, mails: Any) -> None:
    make_row()
    register(site, email="wrong@example.org", email_again="wrong@example.org")
    assert register(site).status_code == 302
    client = Client.objects.live().get()
    assert [user.email for user in client.users.all()] == ["new@example.org"]
    assert Profile.objects.get(is_primary=True).user.email == "new@example.org"
    assert mails() == ["Activation", "Activation"]


def test_an_address_in_use_gets_the_same_answer_and_its_owner_a_mail(site: Browser, mails: Any) -> None:
    make_row()
    owner = make_user("new@example.org")
    assert register(site).url == "/register/sent"
    assert mails() == ["AccountExists"]
    assert (User.objects.get(), Client.objects.count()) == (owner, 0)


def test_an_address_in_use_gives_no_other_answer_for_a_case_that_somebody_holds(site: Browser, mails: Any) -> None:
    make_row()
    make_client("90000001", make_user("first@example.org", "990000000001"))
    make_user("new@example.org")
    assert NEUTRAL[:60] in text_of(register(site))
    assert mails() == []


def test_registering_again_before_activation_sends_the_link_again(site: Browser, mails: Any) -> None:
    make_row()
    register(site)
    assert register(site).url == "/register/sent"
    assert mails() == ["Activation", "Activation"]
    assert User.objects.count() == 1


@pytest.mark.parametrize("registered", [True, False])
def test_with_wrong_details_a_known_address_gives_no_other_answer(site: Browser, mails: Any, registered: bool) -> None:
    make_row()
    if registered:
        make_user("new@example.org")
    assert NEUTRAL[:60] in text_of(register(site, last_name="Otherwise"))
    assert mails() == []


def test_guessing_is_stopped_per_case(site: Browser) -> None:
    make_row()
    answers = [register(site, last_name="Otherwise").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first_name": ""}, "Enter your first name"),
        ({"first_name": "x"}, "Your first name must have between 2 and 50 characters"),
        ({"email": "nonsense"}, "Enter an email address in the correct format"),
        ({"email_again": "other@example.org"}, "The two email addresses must be the same"),
        ({"postcode": "x" * 11}, "Your postcode must have 10 or fewer characters"),
    ],
)
def test_fields_say_what_is_wrong(site: Browser, changed: dict[str, str], message: str) -> None:
    assert message in text_of(register(site, **changed))


def registering(**profile: Any) -> User:
    """Somebody after activation, with the client attached."""
    user = make_user("new@example.org", "990000000001", registered=False, **(DETAILS | profile))
    make_client("90000001", user)
    return user


def test_add_client_compares_again_and_says_one_sentence(signed_in: Any) -> None:
    from foundation import clock

    make_row()
    user = registering(verified_at=clock.now())
    page = signed_in(user).post("/register/your-client", CLIENT | {"last_name": "Otherwise"})
    assert NEUTRAL[:60] in text_of(page)
    user.refresh_from_db()
    assert not user.is_active
    assert not Report.objects.exists()


@pytest.mark.parametrize(("day", "message"), [("", "The date must include a day"), ("31", "Enter a real date")])
def test_the_date_of_the_order_is_checked(signed_in: Any, day: str, message: str) -> None:
    make_row()
    page = signed_in(registering()).post("/register/your-client", CLIENT | {"court_date-day": day})
    assert message in text_of(page)


def test_the_date_of_the_order_is_in_the_past(signed_in: Any) -> None:
    make_row()
    page = signed_in(registering()).post("/register/your-client", CLIENT | {"court_date-year": "2999"})
    assert "must be before today" in text_of(page)


def test_sent_twice_everything_is_made_once(signed_in: Any) -> None:
    make_row()
    user = registering()
    values = {
        "first_name": "Clientone", "last_name": "Examplea", "court_date": date(2021, 4, 14), "address1": "1",
        "address2": "", "address3": "", "postcode": "ZZ1 1AA", "country": "GB", "phone": "01632 960002",
    }  # fmt: skip
    registration.add_client(user, values)
    registration.add_client(user, values)
    assert Report.objects.count() == 1
    assert AuditEvent.objects.filter(event="USER_SELF_REGISTER_SUCCEEDED").count() == 1


def test_the_first_report_follows_known_orders_and_is_linked_to_them(signed_in: Any) -> None:
    make_row()
    user = registering()
    order = make_order(user.clients.get(), Deputy.objects.get(), report_type="OPG103", made_date=date(2020, 9, 1))
    signed_in(user).post("/register/your-client", CLIENT)
    report = Report.objects.get()
    assert (report.type, report.start.month, list(report.orders.all())) == ("103", 9, [order])


def test_d010_somebody_without_a_client_is_led_to_add_one_and_matched(signed_in: Any) -> None:
    make_row()
    user = make_user("new@example.org")
    site = signed_in(user)
    assert site.get("/court-orders").url == "/register/your-client"
    wrong = site.post("/register/your-client", CLIENT | {"case_number": "90000009"})
    assert "valid case number" in text_of(wrong)
    assert site.post("/register/your-client", CLIENT | {"case_number": "90000001"}).url == "/court-orders"
    user.profile.refresh_from_db()
    assert (user.clients.get().case_number, user.profile.deputy_uid) == ("90000001", "990000000001")


def test_d059_the_steps_are_not_skipped(signed_in: Any) -> None:
    make_row()
    user = registering(address1="")
    site = signed_in(user)
    for address in ("/court-orders", "/register/your-client"):
        assert site.get(address).url == "/register/your-details"
    assert site.get("/clients").url == "/court-orders"


def test_d060_names_beyond_ascii_are_kept_exactly(site: Browser) -> None:
    make_row(deputy_last_name="Éxample-Çelik", client_last_name="Ньюман")
    register(site, last_name="Éxample-Çelik", client_last_name="Ньюман")
    assert (User.objects.get().last_name, Client.objects.get().last_name) == ("Éxample-Çelik", "Ньюман")


def test_staff_cannot_be_told_apart(site: Browser, mails: Any) -> None:
    make_row()
    accounts.add_user("new@example.org", first_name="A", last_name="B", role="ROLE_ADMIN", send=False)
    assert register(site).url == "/register/sent"
    assert not Client.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_register_for_one_case_at_once_get_one_account() -> None:
    """Both type the same deputy's details with different addresses; the second waits for the first."""
    from threading import Barrier, Thread

    from django.db import connection

    make_row()
    barrier, outcomes = Barrier(2), []

    def attempt(email: str) -> None:
        barrier.wait()
        try:
            registration.register(
                {key: value for key, value in FORM.items() if key != "email_again"} | {"email": email}
            )
            outcomes.append("registered")
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=(f"{name}@example.org",)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["registered", "registered"]
    client = Client.objects.live().get()
    assert client.users.count() == 1
    assert Profile.objects.get(is_primary=True).user == client.users.get()


def test_d057_an_account_made_by_a_case_manager(site: Browser, mails: Any) -> None:
    """The person follows the link in the mail and completes the details; then they are home."""
    make_row()
    manager = User.objects.create_user("manager@example.org", PASSWORD, role="ROLE_ADMIN_MANAGER", is_active=True)
    user = accounts.add_user(
        "new@example.org", first_name="Deputyone", last_name="Examplea", role="ROLE_LAY_DEPUTY",
        route=User.Route.ADMIN_INVITE, by=manager,
    )  # fmt: skip
    assert mails() == ["Activation"]
    link = f"/activate/{ACTIVATION.token(user)}"
    assert site.post(link, {"password": PASSWORD, "password_again": PASSWORD, "terms": "yes"}).status_code == 302
    assert site.get("/court-orders").url == "/register/your-details"
    site.post("/register/your-details", DETAILS)
    assert site.post("/register/your-client", CLIENT | {"case_number": "90000001"}).url == "/court-orders"
    user.refresh_from_db()
    assert (user.is_active, user.profile.address1) == (True, "1 Sample Road")
    assert user.clients.get().reports.count() == 1
    assert "Your account is being set up" in text_of(site.get("/court-orders"))
