"""What people change about their own account (D-102), receipts of mails, and accounts made by hand."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from foundation import mails
from foundation.accounts import actions, second_factor
from foundation.accounts.models import User
from foundation.accounts.receipts import activation_bounced
from foundation.accounts.tokens import EMAIL as EMAIL_LINK
from foundation.audit import AuditEvent
from foundation.clients import Rejected
from foundation.mails import MailReceipt
from foundation.outbox import Delivery
from tests.foundation.accounts.conftest import EMAIL, NEW_PASSWORD, PASSWORD, Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Any]
NEW = "byron@example.org"
CHANGE = {"current_password": PASSWORD, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD}


@pytest.fixture
def inside(user: User, client: Client, sign_in: SignIn) -> Client:
    sign_in()
    return client


def mail(kind: str) -> Any:
    delivery = Delivery.objects.get(payload__mail=kind)
    return mails.registry[kind](**delivery.payload["arguments"])


def test_every_page_opens(inside: Client) -> None:
    for page in ["/account", "/account/password", "/account/email"]:
        assert inside.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/account", "/account/password", "/account/email", "/account/name"])
def test_nobody_sees_them_signed_out(db: None, client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/sign-in?next=")


def test_a_new_password_ends_other_sessions_and_keeps_this_one(inside: Client, user: User) -> None:
    elsewhere = Client()
    elsewhere.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert inside.post("/account/password", CHANGE)["Location"] == "/account"
    assert inside.get("/steps").status_code == 200
    assert elsewhere.get("/steps").status_code == 302
    assert mail("PasswordChanged").to() == EMAIL
    assert AuditEvent.objects.filter(event="PASSWORD_CHANGED", actor=user.pk).exists()


def test_it_takes_the_current_password(inside: Client, user: User) -> None:
    page = inside.post("/account/password", {**CHANGE, "current_password": "Wrong-Password-1"}).content.decode()
    assert "not your current password" in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_guessing_the_current_password_is_stopped(inside: Client) -> None:
    for _ in range(10):
        inside.post("/account/password", {**CHANGE, "current_password": "Wrong-Password-1"})
    assert "tried too often" in inside.post("/account/password", CHANGE).content.decode()
    assert (
        "tried too often"
        in inside.post("/account/email", {"email": NEW, "current_password": PASSWORD}).content.decode()
    )


@pytest.mark.defect("people 10", "a new address was not confirmed, the old one not told, nothing recorded")
def test_an_address_changes_when_the_new_one_confirms(inside: Client, user: User, sign_in: SignIn) -> None:
    page = inside.post("/account/email", {"email": "Byron@Example.org", "current_password": PASSWORD})
    assert NEW in page.content.decode()
    user.refresh_from_db()
    assert user.email == EMAIL
    asked = mail("EmailChange")
    assert asked.to() == NEW
    path = asked.personalisation()["link"].partition("localhost:8001")[2]
    anywhere = Client()
    assert "Confirm this address" in anywhere.get(path).content.decode()
    user.refresh_from_db()
    assert user.email == EMAIL, "opening a link changes nothing"
    assert "has been changed" in anywhere.post(path).content.decode()
    user.refresh_from_db()
    assert (user.email, user.new_email) == (NEW, "")
    assert mail("EmailChanged").to() == EMAIL, "the old address is told"
    event = AuditEvent.objects.get(event="USER_EMAIL_CHANGED")
    assert (event.before, event.after) == ({"email": EMAIL}, {"email": NEW})
    assert anywhere.post(path).status_code == 410, "once"
    inside.post("/sign-out")
    assert sign_in(NEW).status_code == 302


def test_an_address_that_somebody_has_gets_no_mail_and_the_same_page(
    inside: Client, make_user: Callable[..., User]
) -> None:
    make_user(NEW)
    page = inside.post("/account/email", {"email": NEW, "current_password": PASSWORD})
    assert "Check your email" in page.content.decode()
    assert not Delivery.objects.filter(payload__mail="EmailChange").exists()


@pytest.mark.defect("people 10", "a taken address failed in the database")
def test_an_address_that_somebody_took_meanwhile_is_refused(
    inside: Client, user: User, make_user: Callable[..., User]
) -> None:
    inside.post("/account/email", {"email": NEW, "current_password": PASSWORD})
    make_user(NEW)
    user.refresh_from_db()
    assert inside.post(f"/account/email/{EMAIL_LINK.token(user)}").status_code == 410
    user.refresh_from_db()
    assert user.email == EMAIL


def test_a_later_wish_replaces_an_earlier_one(inside: Client, user: User) -> None:
    actions.ask_new_email(user, NEW)
    first = EMAIL_LINK.token(user)
    actions.ask_new_email(user, "other@example.org")
    assert inside.post(f"/account/email/{first}").status_code == 410


def test_the_link_lives_a_day_and_survives_a_sign_in(
    user: User, client: Client, sign_in: SignIn, moving_clock: Clock
) -> None:
    actions.ask_new_email(user, NEW)
    path = f"/account/email/{EMAIL_LINK.token(user)}"
    sign_in()
    moving_clock.forward(hours=23)
    assert client.get(path).status_code == 200
    moving_clock.forward(hours=2)
    assert client.get(path).status_code == 410


def test_the_own_address_is_not_a_new_one(inside: Client) -> None:
    page = inside.post("/account/email", {"email": EMAIL.upper(), "current_password": PASSWORD}).content.decode()
    assert "your email address already" in page


def test_a_mail_for_a_change_that_was_made_is_not_sent(user: User) -> None:
    actions.ask_new_email(user, NEW)
    actions.confirm_email(EMAIL_LINK.token(user))
    with pytest.raises(Rejected):
        mail("EmailChange").to()


@pytest.mark.parametrize("role", ["ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"])
@pytest.mark.usefixtures("admin_site")
def test_staff_change_their_names(make_user: Callable[..., User], client: Client, role: str) -> None:
    """D-102."""
    staff = make_user("staff@example.com", role=role)
    second_factor.enable(staff, second_factor.new_secret())
    client.post("/sign-in", {"email": "staff@example.com", "password": PASSWORD})
    client.post("/sign-in/code", {"code": second_factor.next_code(staff)})
    assert client.get("/account").status_code == 200
    assert "2 characters" in client.post("/account/name", {"first_name": "Z", "last_name": "Ó"}).content.decode()
    assert client.post("/account/name", {"first_name": "Zoë", "last_name": "Ó Briain"})["Location"] == "/account"
    staff.refresh_from_db()
    assert (staff.first_name, staff.last_name) == ("Zoë", "Ó Briain")


def receipt(client: Client, key: str, status: str, bearer: str = "local-callback") -> int:
    body = json.dumps({"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": key, "status": status})
    headers = {"authorization": f"Bearer {bearer}"}
    return client.post("/notify/receipts", body, content_type="application/json", headers=headers).status_code


def test_a_bounced_activation_is_seen(make_user: Callable[..., User]) -> None:
    user = make_user(password=None)
    actions.send_activation(user)
    key = Delivery.objects.get().key
    notify = Client(enforce_csrf_checks=True)
    assert not activation_bounced(user)
    assert receipt(notify, key, "permanent-failure") == 204
    assert activation_bounced(user)
    assert receipt(notify, key, "permanent-failure") == 204, "told twice"
    assert MailReceipt.objects.get().reference == key
    out = StringIO()
    call_command("user", "list", "--role", "ROLE_LAY_DEPUTY", stdout=out)
    assert "activation bounced" in out.getvalue()
    actions.send_activation(user)
    assert not activation_bounced(user), "the new one has not come back"


@pytest.mark.parametrize("token", ["", "wrong", "local-callbac", "local-callback2"])
def test_a_receipt_needs_the_token(client: Client, make_user: Callable[..., User], token: str) -> None:
    actions.send_activation(make_user(password=None))
    assert receipt(client, Delivery.objects.get().key, "delivered", token) == 401
    assert not MailReceipt.objects.exists()


def test_nonsense_is_refused_and_strange_mails_are_dropped(db: None, client: Client) -> None:
    assert receipt(client, "mail:Other:1", "delivered") == 204
    assert receipt(client, "mail:Other:1", "no such status") == 400
    assert not MailReceipt.objects.exists()
    assert client.get("/notify/receipts").status_code == 405


def test_an_operator_makes_a_member_of_staff(db: None) -> None:
    out = StringIO()
    call_command("user", "add", "Grace@example.com", "Grace", "Hopper", "ROLE_SUPER_ADMIN", stdout=out)
    user = User.objects.get(email="grace@example.com")
    assert (user.role, user.stage) == ("ROLE_SUPER_ADMIN", User.Stage.INVITED)
    link = mail("Activation").personalisation()["activationLink"]
    assert link.startswith("http://admin.localhost")
    for wrong in (["grace@example.com"], ["not an address"]):
        with pytest.raises(CommandError):
            call_command("user", "add", *wrong, "Grace", "Hopper", "ROLE_ADMIN", stdout=out)
    call_command("user", "resend", "GRACE@example.com", stdout=out)
    assert Delivery.objects.filter(payload__mail="Activation").count() == 2


def test_deputies_are_mailed_links_to_the_front(make_user: Callable[..., User]) -> None:
    actions.send_activation(make_user(password=None))
    with override_settings(SITE="admin"):
        assert mail("Activation").personalisation()["activationLink"].startswith("http://front.localhost")
