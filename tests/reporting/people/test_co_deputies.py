"""Inviting a co-deputy, and the invitee's first sign-in (deputy-people 4.5; D-048, D-049)."""

from typing import Any

import pytest
from django.test import Client as Browser

from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION
from foundation.mails import registry
from foundation.outbox import Delivery
from reporting.home.registration_views import NEUTRAL
from reporting.people import co_deputies
from reporting.people.models import CourtOrder, CourtOrderDeputy, Deputy, Invitation, Profile
from tests.reporting.home.conftest import text_of
from tests.reporting.people.making import PASSWORD, make_client, make_order, make_row, make_user

pytestmark = pytest.mark.django_db

INVITED = {"first_name": "deputytwo ", "last_name": "EXAMPLEB", "email": "Two@Example.org"}
VERIFY = {
    "first_name": "Deputytwo", "last_name": "Exampleb", "address1": "2 Sample Road", "postcode": "ZZ2 2BB",
    "country": "GB", "phone": "01632 960002", "client_last_name": "Examplea", "case_number": "90000001",
}  # fmt: skip


@pytest.fixture
def order() -> CourtOrder:
    """An order with two deputies: the first is registered, the second is in the register only."""
    make_row()
    make_row(
        deputy_uid="990000000002", deputy_first_name="Deputytwo", deputy_last_name="Exampleb", deputy_postcode="ZZ2 2BB"
    )
    user = make_user(uid="990000000001")
    second = Deputy.objects.create(uid="990000000002", first_name="Deputytwo", last_name="Exampleb")
    return make_order(make_client("90000001", user), user.deputy, second)


@pytest.fixture
def site(order: CourtOrder, client: Any) -> Any:
    client.force_login(User.objects.get(), backend="foundation.accounts.backend.Backend")
    return client


def mailed() -> list[str]:
    return [registry[row.payload["mail"]](**row.payload["arguments"]).to() for row in Delivery.objects.order_by("pk")]


def page_of(order: CourtOrder) -> str:
    return f"/court-orders/{order.uid}"


def test_d048_an_invitation_is_sent_once_and_shown_as_awaiting(site: Any, order: CourtOrder) -> None:
    assert "Clientone Examplea" in text_of(site.get(page_of(order) + "/invite"))
    assert site.post(page_of(order) + "/invite", INVITED).url == page_of(order)
    assert site.post(page_of(order) + "/invite", INVITED).url == page_of(order)
    assert mailed() == ["two@example.org"]
    page = text_of(site.get(page_of(order)))
    assert "Awaiting registration" in page
    assert "two@example.org" in page
    assert page.count("Registered") == 1
    words = registry["InvitationLay"](invitation=Invitation.objects.get().pk).personalisation()
    assert words["deputyName"] == "Deputyone Examplea"


def test_d049_cancel_leads_back_and_sends_nothing(site: Any, order: CourtOrder) -> None:
    page = text_of(site.get(page_of(order) + "/invite"))
    assert f'href="{page_of(order)}">Cancel' in page
    assert mailed() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"last_name": "Otherwise"},
        {"email": "staff@example.org"},
        {"email": "lay@example.org"},
        {"email": "one@example.org"},
    ],
)
def test_whoever_cannot_be_invited_gets_one_sentence(site: Any, order: CourtOrder, changed: dict[str, str]) -> None:
    User.objects.create_user("staff@example.org", PASSWORD, role="ROLE_ADMIN", is_active=True)
    make_user("lay@example.org", "990000000009")
    assert "We could not send the invitation" in text_of(site.post(page_of(order) + "/invite", INVITED | changed))
    assert (mailed(), Invitation.objects.count()) == ([], 0)


def test_a_number_that_is_no_number_is_refused(site: Any, order: CourtOrder) -> None:
    make_row(deputy_uid="A-7", deputy_first_name="Deputythree", deputy_last_name="Examplec")
    page = site.post(
        page_of(order) + "/invite", {"first_name": "Deputythree", "last_name": "Examplec", "email": "c@example.org"}
    )
    assert "We could not send the invitation" in text_of(page)


def test_only_deputies_of_the_order_invite(order: CourtOrder, client: Any) -> None:
    client.force_login(make_user("x@example.org", "990000000008"), backend="foundation.accounts.backend.Backend")
    assert client.post(page_of(order) + "/invite", INVITED).status_code == 404


def test_an_invitation_is_corrected_and_sent_again(site: Any, order: CourtOrder) -> None:
    site.post(page_of(order) + "/invite", INVITED)
    again = f"{page_of(order)}/invite/{Invitation.objects.get().pk}"
    assert again in text_of(site.get(page_of(order)))
    assert "two@example.org" in text_of(site.get(again))
    assert site.post(again, INVITED | {"email": "right@example.org"}).url == page_of(order)
    assert mailed()[-1] == "right@example.org"
    assert User.objects.filter(email="two@example.org").count() == 0


def test_an_invitation_cannot_take_an_address_that_is_in_use(site: Any, order: CourtOrder) -> None:
    site.post(page_of(order) + "/invite", INVITED)
    page = site.post(f"{page_of(order)}/invite/{Invitation.objects.get().pk}", INVITED | {"email": "one@example.org"})
    assert "We could not send the invitation" in text_of(page)
    assert len(mailed()) == 1


def invited(order: CourtOrder) -> tuple[User, Browser]:
    user = co_deputies.invite(order, **INVITED, by=User.objects.get(email="one@example.org")).user
    site = Browser()
    answers = {"password": PASSWORD, "password_again": PASSWORD, "terms": "yes"}
    site.post(f"/activate/{ACTIVATION.token(user)}", answers)
    return user, site


def test_the_invitee_confirms_and_joins_the_order(order: CourtOrder) -> None:
    user, site = invited(order)
    assert site.get("/court-orders").url == "/register/co-deputy"
    assert site.post("/register/co-deputy", VERIFY).url == "/court-orders"
    user.refresh_from_db()
    profile = Profile.objects.get(user=user)
    assert (user.is_active, profile.deputy_uid, profile.is_primary) == (True, "990000000002", True)
    assert Deputy.objects.get(uid="990000000002").user == user
    assert Profile.objects.get(user__email="one@example.org").is_co_deputy
    assert site.get("/court-orders").url == page_of(order)
    assert "Awaiting" not in text_of(site.get(page_of(order)))
    assert site.get("/register/co-deputy").url == "/court-orders"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"case_number": "90000009"}, "valid case number"),
        ({"client_last_name": "Otherwise"}, NEUTRAL[:60]),
        ({"postcode": "ZZ1 1AA"}, NEUTRAL[:60]),
        ({"first_name": "Deputyone", "last_name": "Examplea", "postcode": "ZZ1 1AA"}, NEUTRAL[:60]),
    ],
)
def test_somebody_else_cannot_confirm(order: CourtOrder, changed: dict[str, str], says: str) -> None:
    user, site = invited(order)
    assert says in text_of(site.post("/register/co-deputy", VERIFY | changed))
    user.refresh_from_db()
    assert not user.is_active
    assert not user.clients.exists()


def test_somebody_registered_under_the_same_number_only_gets_the_case(site: Any, order: CourtOrder) -> None:
    CourtOrderDeputy.objects.filter(deputy__uid="990000000002").delete()
    Deputy.objects.filter(uid="990000000002").delete()
    holder = make_user("holder@example.org", "990000000002")
    assert site.post(page_of(order) + "/invite", INVITED).url == page_of(order)
    assert mailed() == []
    assert list(holder.clients.all()) == [order.client]
