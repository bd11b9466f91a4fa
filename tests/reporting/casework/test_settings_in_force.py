"""The list of settings in force: for super admins, complete, without secrets; and the way through the admin site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client as Browser

from reporting import shell
from reporting.casework.settings_in_force import GROUPS
from tests.reporting.casework.conftest import ROLES, make_staff
from tests.reporting.conftest import make_deputy

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Browser]
SECRET = ("SECRET", "KEY", "TOKEN", "PASSWORD", "DATABASE_URL", "DRAFT")


def test_settings_are_shown_as_they_are_and_none_is_a_secret(as_staff: Browsers, settings: Any) -> None:
    settings.DOCUMENT_SYNC, settings.INACTIVE_STAFF_MONTHS = False, 1234
    page = " ".join(as_staff().get("/settings").content.decode().split())
    names = [name for group in GROUPS.values() for name in group]
    assert len(names) == len(set(names))
    for name in names:
        assert hasattr(django_settings, name)
        assert name in page
        assert not any(word in name for word in SECRET if name != "CASE_SYSTEM_HONOURS_KEY")
    assert "1,234" in page
    assert "&lt;" not in page, "nothing is escaped twice"
    for role in ("ROLE_ADMIN", "ROLE_ADMIN_MANAGER"):
        assert as_staff(role).get("/settings").status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_of_staff_leads_to_every_part(as_staff: Browsers, role: str) -> None:
    """Admin 1; D-035: no "Client details" for staff, who land on the page with the search; D-021: which environment."""
    staff = as_staff(role)
    page = staff.get("/").content.decode()
    items = {item.text: item.href for item in shell.navigation(make_staff(role))}
    assert {"Users", "Clients", "Organisations", "Submissions", "Analytics", "Your details"} <= items.keys()
    assert ({"Service notice", "Settings"} <= items.keys()) is (role == "ROLE_SUPER_ADMIN")
    assert "Client details" not in page
    for href in items.values():
        assert f'href="{href}"' in page
        assert staff.get(href).status_code == 200
    assert shell.landing(make_staff(role)) == "/"
    assert 'type="search"' in page
    assert f"This is the <strong>{django_settings.ENVIRONMENT}</strong> environment" in page


def test_d035_a_lay_deputy_has_client_details_once_registered(settings: Any) -> None:
    """D-035."""
    deputy = make_deputy()
    assert "Client details" in {item.text for item in shell.navigation(deputy)}
    deputy.is_active = False
    assert "Client details" not in {item.text for item in shell.navigation(deputy)}


def test_d076_no_page_of_the_admin_site_takes_a_file(as_staff: Browsers) -> None:
    """D-076: an admin manager cannot upload a nightly file; the page of nightly files is for super admins."""
    for path in ("/upload", "/admin/upload", "/ingest", "/nightly-files"):
        assert as_staff("ROLE_ADMIN_MANAGER").get(path).status_code in {403, 404}
