"""Error pages of the deputies' site name the service and whom to ask, as the other pages do (B-005, B-008)."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from foundation.web import pages
from tests.reporting.home.conftest import text_of


@pytest.mark.parametrize(
    "page",
    [
        pages.bad_request,
        pages.forbidden,
        pages.not_found,
        lambda request: pages.too_many(request, 3600),
        pages.server_error,
        pages.unavailable,
        pages.maintenance,
    ],
)
@pytest.mark.django_db
def test_b005_b008_the_service_and_its_contact_are_named(
    page: Callable[[HttpRequest], HttpResponse], rf: RequestFactory, site: Client
) -> None:
    contact = [settings.SUPPORT_EMAILS["lay"], settings.SUPPORT_PHONE]
    request = rf.get("/nowhere")
    request.session = site.session  # type: ignore[assignment]
    text = text_of(page(request))
    for words in ("Complete the deputy report", *contact):
        assert words in text
    accessibility = text_of(site.get("/accessibility-statement"))
    assert all(words in accessibility for words in contact)
