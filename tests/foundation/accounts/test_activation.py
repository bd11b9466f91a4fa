"""The first password, and a forgotten one (D-059, D-104; deputy-people 4.7)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client

from foundation import mails
from foundation.accounts import actions, lockout, second_factor
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION, RESET, Invalid
from foundation.accounts.tokens import EMAIL as EMAIL_LINK
from foundation.audit import AuditEvent
from foundation.outbox import Delivery
from tests.foundation.accounts.conftest import EMAIL, NEW_PASSWORD, PASSWORD, Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Any]
CHOSEN = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD, "terms": "yes"}


@pytest.fixture
def invited(make_user: Callable[..., User]) -> User:
    return make_user(password=None)


def link(user: User) -> str:
    return f"/activate/{ACTIVATION.token(user)}"


def reset_link(user: User) -> str:
    return f"/forgotten-password/{RESET.token(user)}"


def queued(kind: str) -> int:
    return Delivery.objects.filter(payload__mail=kind).count()


def test_an_account_is_made_and_the_link_is_mailed(db: None) -> None:
    user = actions.add_user("Ada@Example.com", first_name="Ada", last_name="Byron", role="ROLE_LAY_DEPUTY")
    assert user.stage == User.Stage.INVITED
    delivery = Delivery.objects.get(payload__mail="Activation")
    assert "token" not in str(delivery.payload).lower()
    mail = mails.registry["Activation"](**delivery.payload["arguments"])
    assert mail.to() == "ada@example.com"
    assert "/activate/" in mail.personalisation()["activationLink"]
    with pytest.raises(actions.EmailTaken):
        actions.add_user("ADA@example.com", first_name="Eve", last_name="Byron", role="ROLE_LAY_DEPUTY")


def test_the_flags_are_set_by_the_last_step_and_together(invited: User, client: Client) -> None:
    """D-059: with a password a person may go on with the steps, and is neither active nor registered."""
    response = client.post(link(invited), CHOSEN)
    assert response["Location"] == "/steps"
    assert client.get("/steps").status_code == 200
    invited.refresh_from_db()
    assert (invited.is_active, invited.registered_at) == (False, None)
    assert invited.stage == User.Stage.REGISTERING
    assert invited.agreed_terms_at is not None
    assert client.get("/orders")["Location"] == "/steps", "led to the step that is missing"

    actions.complete_registration(invited)
    invited.refresh_from_db()
    assert invited.is_active
    assert invited.registered_at is not None
    assert invited.stage == User.Stage.ACTIVE
    assert client.get("/orders").status_code == 200


def test_completing_twice_changes_nothing(invited: User) -> None:
    actions.complete_registration(invited)
    first = invited.registered_at
    actions.complete_registration(invited)
    assert invited.registered_at == first
    assert AuditEvent.objects.filter(event="REGISTRATION_COMPLETED").count() == 1


def test_completing_does_not_bring_back_a_disabled_account(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    actions.complete_registration(user)
    assert user.stage == User.Stage.DISABLED


def test_somebody_who_is_still_registering_can_come_back(invited: User, client: Client, sign_in: SignIn) -> None:
    client.post(link(invited), CHOSEN)
    client.post("/sign-out")
    assert sign_in(password=NEW_PASSWORD, data={"next": "/orders"})["Location"] == "/steps"


def test_a_deputy_must_agree_to_the_terms(invited: User, client: Client) -> None:
    page = client.post(link(invited), {**CHOSEN, "terms": ""}).content.decode()
    assert "Tick the box" in page
    invited.refresh_from_db()
    assert not invited.has_usable_password()


@pytest.mark.usefixtures("admin_site")
def test_staff_agree_to_nothing_are_registered_at_once_and_need_a_second_factor(
    make_user: Callable[..., User], client: Client
) -> None:
    """Deputy-people 4.6."""
    staff = make_user("staff@example.com", None, role="ROLE_ADMIN")
    assert "terms of use" not in client.get(link(staff)).content.decode().split("<footer")[0]
    response = client.post(link(staff), {key: CHOSEN[key] for key in ("password", "password_again")})
    assert response["Location"] == "/sign-in/set-up"
    staff.refresh_from_db()
    assert staff.stage == User.Stage.ACTIVE
    assert staff.agreed_terms_at is None
    assert client.get("/steps").status_code == 302
    assert AuditEvent.objects.filter(event="ADMIN_USER_REGISTER_SUCCEEDED").exists()


def test_a_link_works_once(invited: User, client: Client) -> None:
    """A double click, or the link opened again later."""
    address = link(invited)
    assert client.get(address).status_code == 200
    client.post(address, CHOSEN)
    again = client.post(address, {**CHOSEN, "password": "Third-Horse-444", "password_again": "Third-Horse-444"})
    assert again.status_code == 410
    assert "no longer works" in again.content.decode()
    invited.refresh_from_db()
    assert check_password(NEW_PASSWORD, invited.password)


def test_an_expired_link_offers_a_new_one(invited: User, client: Client, moving_clock: Clock) -> None:
    address = link(invited)
    moving_clock.forward(hours=47, minutes=59)
    assert client.get(address).status_code == 200
    moving_clock.forward(minutes=2)
    page = client.get(address)
    assert page.status_code == 410
    assert "Send me a new link" in page.content.decode()
    assert queued("Activation") == 0
    token = address.rsplit("/", 1)[1]
    assert client.post("/activate/new-link", {"token": token})["Location"] == "/activate/sent"
    assert queued("Activation") == 1
    assert client.get("/activate/sent").status_code == 200
    assert client.get("/activate/new-link").status_code != 200


def test_new_links_are_limited(invited: User, client: Client, moving_clock: Clock) -> None:
    token = ACTIVATION.token(invited)
    moving_clock.forward(hours=49)
    found = [client.post("/activate/new-link", {"token": token}).status_code for _ in range(7)]
    assert found == [302] * 5 + [429] * 2


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: t + "x", lambda t: "abc", lambda t: t.swapcase()])
def test_a_damaged_link_is_dead(invited: User, client: Client, damage: Callable[[str], str]) -> None:
    response = client.get(f"/activate/{damage(ACTIVATION.token(invited))}")
    assert response.status_code == 410


def test_a_link_of_one_kind_is_none_of_another(user: User) -> None:
    with pytest.raises(Invalid):
        ACTIVATION.read(RESET.token(user))


def test_looking_up_links_is_limited(invited: User, client: Client) -> None:
    address = link(invited)
    found = [client.get(address).status_code for _ in range(101)]
    assert found == [200] * 100 + [429]


@pytest.mark.defect("people 4.7", "only plain admins were kept from resetting at the deputies' site")
def test_forgotten_gives_one_answer(make_user: Callable[..., User], client: Client) -> None:
    make_user()
    staff = [f"{role}@example.com" for role in ("admin", "admin_manager", "super_admin")]
    for email in staff:
        make_user(email, role=f"ROLE_{email.partition('@')[0].upper()}")
    make_user("disabled@example.com", active=False, registered_at="2020-01-01T00:00Z")
    for email in [EMAIL, "nobody@example.com", *staff, "disabled@example.com"]:
        assert client.post("/forgotten-password", {"email": email})["Location"] == "/forgotten-password/sent"
    assert client.get("/forgotten-password/sent").status_code == 200
    assert [row.payload["mail"] for row in Delivery.objects.all()] == ["ResetPassword"]


def test_somebody_without_a_password_gets_the_activation_instead(invited: User, client: Client) -> None:
    client.post("/forgotten-password", {"email": EMAIL.upper()})
    assert (queued("Activation"), queued("ResetPassword")) == (1, 0)


def test_forgotten_is_limited_for_an_address_without_saying_so(user: User, client: Client) -> None:
    answers = {client.post("/forgotten-password", {"email": EMAIL})["Location"] for _ in range(8)}
    assert len(answers) == 1
    assert queued("ResetPassword") == 5


def test_forgotten_is_limited_for_a_network(db: None, client: Client) -> None:
    found = [client.post("/forgotten-password", {"email": f"p{n}@example.com"}).status_code for n in range(32)]
    assert found == [302] * 30 + [429] * 2


def test_a_new_password_by_link(user: User, client: Client, sign_in: SignIn) -> None:
    """D-104, and: other sessions end, the owner is told, the address thaws, its network does not."""
    elsewhere = Client()
    elsewhere.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert elsewhere.get("/steps").status_code == 200
    for _ in range(10):
        sign_in(password="Wrong-Password-1")
    user.refresh_from_db()
    address = reset_link(user)
    response = client.post(address, CHOSEN)
    assert response["Location"] == "/forgotten-password/done"
    assert client.get(response["Location"]).status_code == 200
    assert elsewhere.get("/steps").status_code == 302
    assert sign_in(password=PASSWORD).status_code == 200
    assert sign_in(password=NEW_PASSWORD).status_code == 302
    assert queued("PasswordChanged") == 1
    assert AuditEvent.objects.filter(event="PASSWORD_RESET", actor=user.pk).exists()
    assert lockout.SignInCounter.objects.get(key=lockout.source_key("127.0.0.1")).count == 11
    assert client.get(address).status_code == 410


def test_a_reset_link_lives_an_hour(user: User, client: Client, moving_clock: Clock) -> None:
    address = reset_link(user)
    moving_clock.forward(minutes=59)
    assert client.get(address).status_code == 200
    moving_clock.forward(minutes=2)
    page = client.get(address)
    assert page.status_code == 410
    assert "/forgotten-password" in page.content.decode()


def test_a_reset_link_dies_when_its_owner_signs_in(user: User, client: Client, sign_in: SignIn) -> None:
    address = reset_link(user)
    sign_in()
    assert client.get(address).status_code == 410


def test_links_die_with_the_password_they_were_made_for(user: User, client: Client) -> None:
    actions.ask_new_email(user, "byron@example.org")
    links = [reset_link(user), f"/account/email/{EMAIL_LINK.token(user)}"]
    assert [client.get(address).status_code for address in links] == [200, 200]
    actions.change_password(user, NEW_PASSWORD)
    assert [client.get(address).status_code for address in links] == [410, 410]


def test_a_disabled_account_has_no_links(user: User, client: Client) -> None:
    address = reset_link(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(address).status_code == 410


def test_reset_does_not_go_round_the_second_factor(make_user: Callable[..., User], client: Client) -> None:
    staff = make_user("staff@example.com", role="ROLE_ADMIN")
    second_factor.enable(staff, second_factor.new_secret())
    client.post(reset_link(staff), CHOSEN)
    assert client.get("/steps").status_code == 302


def test_the_forms_help_password_managers(invited: User, client: Client) -> None:
    page = client.get(link(invited)).content.decode()
    assert page.count('autocomplete="new-password"') == 2
    assert f'value="{EMAIL}" autocomplete="username"' in page
    sign_in_page = Client().get("/sign-in").content.decode()
    assert 'autocomplete="current-password"' in sign_in_page
    assert 'autocomplete="username"' in sign_in_page
    assert 'data-module="govuk-password-input"' in sign_in_page


@pytest.mark.django_db(transaction=True)
def test_of_two_posts_of_one_link_one_wins(make_user: Callable[..., User]) -> None:
    token = ACTIVATION.token(make_user(password=None))
    barrier, found = threading.Barrier(2), []

    def run(password: str) -> None:
        try:
            barrier.wait(20)
            actions.activate(token, password, agreed=True)
            found.append("done")
        except Invalid:
            found.append("dead")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[password]) for password in (PASSWORD, NEW_PASSWORD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == ["dead", "done"]
