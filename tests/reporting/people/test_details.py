"""Clients and own details (deputy-people 9, 10; D-007, D-037, D-094, D-095)."""

from typing import Any

import pytest

from foundation.audit import AuditEvent
from foundation.mails import registry
from foundation.outbox import Delivery
from reporting.people.models import Client, Profile
from tests.reporting.home.conftest import text_of
from tests.reporting.people.making import make_client, make_user

pytestmark = pytest.mark.django_db

PROFILE = {
    "first_name": "Zoë", "last_name": "O’Example", "address1": "2 Other Road", "address2": "Flat 3", "address3": "",
    "postcode": "ZZ9 9ZZ", "country": "FR", "phone": "+33 1 23 45 67 89", "phone_alternative": "01632 960009",
    "version": "0",
}  # fmt: skip
CLIENT = {
    "first_name": "Clienttwo", "last_name": "Exampleb", "address1": "2 Other Road", "address2": "", "address3": "",
    "postcode": "ZZ9 9ZZ", "country": "GB", "phone": "01632 960002", "version": "0",
}  # fmt: skip


@pytest.fixture
def site(client: Any) -> Any:
    user = make_user(uid="990000000001")
    make_client("90000001", user)
    client.force_login(user, backend="foundation.accounts.backend.Backend")
    return client


def mail() -> tuple[str, dict[str, str]]:
    payload = Delivery.objects.get(kind="mail").payload
    kind = registry[payload["mail"]](**payload["arguments"])
    return kind.to(), kind.personalisation()


def test_d095_new_details_are_stored_exactly_and_told_to_the_caseworkers(site: Any, settings: Any) -> None:
    assert site.post("/your-details/edit", PROFILE).url == "/your-details"
    page = text_of(site.get("/your-details"))
    for shown in ("Zoë O’Example", "2 Other Road<br>Flat 3", "France", "+33 1 23 45 67 89", "01632 960009"):
        assert shown in page
    to, words = mail()
    assert to == settings.CASEWORK_EMAIL
    assert words["caseNumber"] == "90000001"
    assert (words["fullName"], words["countryName"]) == ("Zoë O’Example", "France")
    assert AuditEvent.objects.get(event="DEPUTY_DETAILS_CHANGED").after["fields"][0] == "address1"


def test_d094_empty_fields_each_get_a_message_and_nothing_is_saved(site: Any) -> None:
    page = text_of(site.post("/your-details/edit", dict.fromkeys(PROFILE, "") | {"version": "0"}))
    for message in ("your first name", "your last name", "address line 1", "a postcode", "your phone number"):
        assert f"Enter {message}" in page
    assert "Choose a country" in page
    assert Profile.objects.get().version == 0
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("typed", ["123456789", "1" * 21, "call me now!"])
def test_phone_numbers_have_10_to_20_characters(site: Any, typed: str) -> None:
    assert 'href="#id_phone"' in text_of(site.post("/your-details/edit", PROFILE | {"phone": typed}))
    assert Profile.objects.get().version == 0


def test_saving_what_is_stored_already_does_nothing(site: Any) -> None:
    site.post("/your-details/edit", PROFILE)
    assert site.post("/your-details/edit", PROFILE).status_code == 302
    assert Delivery.objects.count() == 1
    assert Profile.objects.get().version == 1


@pytest.mark.parametrize(
    ("next", "goes_to"),
    [
        ("/report/7/declaration/", "/report/7/declaration/"),
        ("https://bad.example/", "/your-details"),
        ("//x", "/your-details"),
    ],
)
def test_the_page_returns_to_where_it_was_opened_from(site: Any, next: str, goes_to: str) -> None:
    assert site.post("/your-details/edit", PROFILE | {"next": next}).url == goes_to


def test_a_stale_page_shows_both_values_and_overwrites_nothing(site: Any) -> None:
    Client.objects.update(last_name="Changedbyother", version=1)
    address = f"/clients/{Client.objects.get().pk}/edit"
    page = site.post(address, CLIENT)
    assert "Changedbyother" in text_of(page)
    assert "Exampleb" in text_of(page)
    assert Client.objects.get().last_name == "Changedbyother"
    assert 'name="version" value="1"' in text_of(page)
    assert site.post(address, CLIENT | {"version": "1"}).status_code == 302
    assert Client.objects.get().last_name == "Exampleb"


def test_client_details_are_saved_and_told(site: Any, settings: Any) -> None:
    client = Client.objects.get()
    page = site.post(f"/clients/{client.pk}/edit", CLIENT | {"first_name": "<b>Clienttwo</b>", "case_number": "1"})
    assert page.url == f"/clients/{client.pk}"
    client.refresh_from_db()
    assert (client.first_name, client.case_number) == ("Clienttwo", "90000001")
    to, words = mail()
    assert (to, words["caseNumber"], words["fullName"]) == (settings.CASEWORK_EMAIL, "90000001", "Clienttwo Exampleb")


def test_one_client_is_opened_at_once(site: Any) -> None:
    assert site.get("/clients").url == f"/clients/{Client.objects.get().pk}"


def test_d007_d037_several_clients_are_listed_by_first_name(site: Any) -> None:
    user = Client.objects.get().users.get()
    for number, name in ((2, "Zara"), (3, "ahmed")):
        make_client(f"9000000{number}", user, first_name=name)
    page = text_of(site.get("/clients"))
    assert page.index("ahmed") < page.index("Clientone") < page.index("Zara")
    zara = Client.objects.get(first_name="Zara")
    assert f"/clients/{zara.pk}" in page
    assert "Zara" in text_of(site.get(f"/clients/{zara.pk}"))


def test_another_deputys_client_is_not_found(site: Any) -> None:
    other = make_client("90000009", make_user("two@example.org", "990000000002"))
    for address in (f"/clients/{other.pk}", f"/clients/{other.pk}/edit"):
        assert site.get(address).status_code == 404
    assert site.post(f"/clients/{other.pk}/edit", CLIENT).status_code == 404
