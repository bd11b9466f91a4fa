"""Court-order pages (deputy-people 7; D-007, D-040 to D-047)."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client as Browser

from foundation import clock
from reporting.engine.periods import year_from
from reporting.people.models import CourtOrder, Deputy
from reporting.reports.creation import create_report
from reporting.reports.models import Report
from tests.reporting.home.conftest import text_of
from tests.reporting.people.making import make_client, make_order, make_user

pytestmark = pytest.mark.django_db
YEAR = (date(2025, 4, 14), date(2026, 4, 13))


@pytest.fixture
def deputy() -> Deputy:
    return make_user(uid="990000000001").deputy


def client_of(deputy: Deputy, number: int = 1, **fields: str) -> Any:
    return make_client(f"{90000000 + number}", deputy.user, **fields)


@pytest.mark.parametrize("address", ["/court-orders/992000000001", "/court-orders", "/clients", "/your-details"])
def test_d040_a_visitor_is_sent_to_sign_in(site: Browser, deputy: Deputy, address: str) -> None:
    make_order(client_of(deputy), deputy)
    answer = site.get(address)
    assert (answer.status_code, answer.url) == (302, "/sign-in?next=" + quote(address, safe=""))


def test_d041_one_order_is_opened_at_once_with_its_report(signed_in: Any, deputy: Deputy) -> None:
    client = client_of(deputy)
    order = make_order(client, deputy)
    report = create_report(client, "102", *YEAR)
    site = signed_in(deputy.user)
    assert site.get("/court-orders").url == f"/court-orders/{order.uid}"
    page = text_of(site.get(f"/court-orders/{order.uid}"))
    for part in ("Clientone Examplea", "90000001", "Not started", "4 May 2026", f"/report/{report.pk}/"):
        assert part in page


def test_d044_three_orders_are_listed_by_first_name_and_each_opens(signed_in: Any, deputy: Deputy) -> None:
    uids = []
    for number, name in enumerate(("Zara", "Ahmed", "Mo"), 1):
        order = make_order(client_of(deputy, number, first_name=name), deputy, uid=f"99200000000{number}")
        create_report(order.client, "102", *YEAR)
        uids.append(order.uid)
    site = signed_in(deputy.user)
    page = text_of(site.get("/court-orders"))
    assert page.index("Ahmed") < page.index("Mo Examplea") < page.index("Zara")
    for uid in uids:
        assert "Not started" in text_of(site.get(f"/court-orders/{uid}"))


def test_d045_without_an_order_the_account_is_being_set_up_and_the_report_can_be_started(
    signed_in: Any, deputy: Deputy
) -> None:
    report = create_report(client_of(deputy), "102", *YEAR)
    page = text_of(signed_in(deputy.user).get("/court-orders"))
    assert "Your account is being set up" in page
    assert f'href="/report/{report.pk}/"' in page
    Report.objects.update(submitted=True, submitted_at=clock.now())
    assert f"/report/{report.pk}/review/" in text_of(signed_in(deputy.user).get("/court-orders"))


def test_d047_after_a_change_of_type_it_is_one_order_with_the_latest_type(signed_in: Any, deputy: Deputy) -> None:
    client = client_of(deputy)
    order = make_order(client, deputy, report_type="OPG104", type="hw")
    old = create_report(client, "102", date(2024, 4, 14), date(2025, 4, 13), [order])
    Report.objects.filter(pk=old.pk).update(submitted=True, submitted_at=clock.now())
    create_report(client, "104", *YEAR, [order], previous=old)
    site = signed_in(deputy.user)
    assert site.get("/court-orders").url == f"/court-orders/{order.uid}"
    assert "Health and welfare" in text_of(site.get(f"/court-orders/{order.uid}"))


def test_a_hybrid_is_one_card_with_two_numbers(signed_in: Any, deputy: Deputy) -> None:
    client = client_of(deputy)
    pfa = make_order(client, deputy, kind=CourtOrder.Kind.HYBRID)
    hw = make_order(client, deputy, uid="992000000002", type="hw", kind=CourtOrder.Kind.HYBRID, sibling=pfa)
    pfa.sibling = hw
    pfa.save()
    create_report(client, "102-4", *YEAR)
    site = signed_in(deputy.user)
    assert site.get("/court-orders").status_code == 302
    for order in (pfa, hw):
        page = text_of(site.get(f"/court-orders/{order.uid}"))
        assert "992000000001 and 992000000002" in page
        assert page.count("govuk-summary-card__title-wrapper") == 1


def test_the_orders_of_a_dual_case_show_their_own_reports(signed_in: Any, deputy: Deputy) -> None:
    client = client_of(deputy)
    pfa = make_order(client, deputy, kind=CourtOrder.Kind.DUAL)
    hw = make_order(client, deputy, uid="992000000002", type="hw", report_type="OPG104", kind=CourtOrder.Kind.DUAL)
    money, health = create_report(client, "102", *YEAR), create_report(client, "104", *YEAR)
    site = signed_in(deputy.user)
    page = text_of(site.get("/court-orders"))
    assert "Choose a court order" in page
    for order in (pfa, hw):  # two links for one client: each says which order it opens
        assert f"> court order {order.uid} (" in page
    for order, mine, other in ((pfa, money, health), (hw, health, money)):
        page = text_of(site.get(f"/court-orders/{order.uid}"))
        assert f"/report/{mine.pk}/" in page
        assert f"/report/{other.pk}/" not in page


@pytest.mark.parametrize("fault", ["stranger", "discharged", "closed order", "archived", "unknown"])
def test_what_is_not_yours_is_not_found(signed_in: Any, deputy: Deputy, fault: str) -> None:
    order = make_order(client_of(deputy), deputy, status="CLOSED" if fault == "closed order" else "ACTIVE")
    user = deputy.user
    if fault == "stranger":
        user = make_user("two@example.org", "990000000002")
    elif fault == "discharged":
        order.links.update(is_active=False)
    elif fault == "archived":
        order.client.archived_at = clock.now()
        order.client.save()
    uid = "992999999999" if fault == "unknown" else order.uid
    site = signed_in(user)
    assert site.get(f"/court-orders/{uid}").status_code == 404
    assert site.get(f"/court-orders/{uid}/invite").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "Not started"),
        ({"progress": {"balance": {"state": "not-matching"}, "gifts": {"state": "not-started"}}}, "Not started"),
        ({"progress": {"gifts": {"state": "incomplete"}}}, "Not finished"),
        ({"progress": {"gifts": {"state": "done"}}, "ready": True}, "Ready to submit"),
        ({"progress": {"gifts": {"state": "done"}}, "ready": True, "end": date(2999, 1, 1)}, "Not finished"),
        ({"reopened_at": clock.now()}, "Changes needed"),
    ],
)
def test_the_status_of_a_report_in_a_list(signed_in: Any, deputy: Deputy, fields: dict[str, Any], status: str) -> None:
    client = client_of(deputy)
    order = make_order(client, deputy)
    Report.objects.filter(pk=create_report(client, "102", *YEAR).pk).update(**fields)
    assert f"> {status} <" in text_of(signed_in(deputy.user).get(f"/court-orders/{order.uid}"))


def test_submitted_reports_are_listed_with_what_can_be_done(signed_in: Any, deputy: Deputy) -> None:
    from reporting.documents.models import Document

    client = client_of(deputy)
    order = make_order(client, deputy)
    report = create_report(client, "102", *YEAR)
    Report.objects.update(submitted=True, submitted_at=clock.now())
    site = signed_in(deputy.user)
    page = text_of(site.get(f"/court-orders/{order.uid}"))
    assert f"/report/{report.pk}/review/" in page
    assert f"/report/{report.pk}/attach/" in page
    assert "(PDF)" not in page
    file = Document.objects.create(report=report, kind="report", name="r.pdf", key="k", content_type="application/pdf")
    assert f"/document/{file.token}/" in text_of(site.get(f"/court-orders/{order.uid}"))


def test_the_first_page_offers_both_ways_in(site: Browser, signed_in: Any, deputy: Deputy) -> None:
    page = text_of(site.get("/"))
    assert 'href="/sign-in"' in page
    assert 'href="/register"' in page
    assert signed_in(deputy.user).get("/").url == "/court-orders"


@pytest.mark.parametrize("with_primary", [True, False])
def test_d004_d006_only_the_primary_account_may_be_used(site: Browser, deputy: Deputy, with_primary: bool) -> None:
    from tests.reporting.people.making import PASSWORD

    make_user("second@example.org", "990000000001", is_primary=False)
    if not with_primary:
        deputy.user.profile.delete()
    page = text_of(site.post("/sign-in", {"email": "second@example.org", "password": PASSWORD}))
    assert "This account is no longer used" in page
    assert ("one@example.org" in page) is with_primary
    assert site.get("/court-orders").url == "/sign-in?next=%2Fcourt-orders"


def test_d035_client_details_are_in_the_navigation_once_registered(signed_in: Any, deputy: Deputy) -> None:
    make_order(client_of(deputy), deputy)
    assert "Client details" in text_of(signed_in(deputy.user).get("/your-details"))
    new = make_user("new@example.org", registered=False)
    assert "Client details" not in text_of(signed_in(new).get("/register/your-details"))


def test_a_discharged_deputy_reads_what_was_submitted_until_then_and_nothing_else(
    signed_in: Any, deputy: Deputy
) -> None:
    """people 2.4b, 16.2; every address is walked in tests/laws. Documents that were not sent stay with the others."""
    from reporting.documents.models import Document

    client = client_of(deputy)
    order = make_order(client, deputy)
    old = create_report(client, "102", *YEAR)
    day = clock.now() - timedelta(days=30)
    Report.objects.filter(pk=old.pk).update(submitted=True, submitted_at=day)
    new = create_report(client, "102", *year_from(YEAR[1] + timedelta(days=1)))
    order.links.update(is_active=False, discharged_on=clock.today() - timedelta(days=10))
    site = signed_in(deputy.user)
    home = text_of(site.get("/court-orders"))
    assert "Reports you sent" in home
    assert f"/report/{old.pk}/review/" in home
    assert "attach" not in home
    assert set(Report.objects.visible_to(deputy.user)) == {old}
    assert not Report.objects.held_by(deputy.user).exists()
    for address in (f"/report/{new.pk}/", f"/report/{old.pk}/attach/", f"/report/{old.pk}/submitted/"):
        assert site.get(address).status_code == 404, address
    values = {"kind": "deputy", "report": old, "content_type": "application/pdf"}
    unsent = Document.objects.create(name="later.pdf", key="later", **values)
    assert site.get(f"/document/{unsent.token}/").status_code == 404
    assert site.post(f"/report/{old.pk}/documents/{unsent.token}/remove/").status_code == 404
    assert Document.objects.filter(pk=unsent.pk).exists()
    # What others submit after the discharge is not theirs; what they submitted themselves is.
    Report.objects.filter(pk=new.pk).update(submitted=True, submitted_at=clock.now())
    assert set(Report.objects.visible_to(deputy.user)) == {old}
    Report.objects.filter(pk=new.pk).update(submitted_by=deputy.user)
    assert set(Report.objects.visible_to(deputy.user)) == {old, new}
