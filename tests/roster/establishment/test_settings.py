"""What the handbook marks as an assumption is a setting, shown to administrators, and pages follow it."""

from typing import Any

import pytest
from django.conf import settings as django_settings

from roster.establishment.settings_views import GROUPS
from roster.hours.balance import Balance
from tests.roster.conftest import make_person

pytestmark = pytest.mark.django_db
SECRET = ("SECRET", "KEY", "TOKEN", "PASSWORD", "DATABASE_URL")


def test_administrators_see_the_settings_in_force(as_planner: Any, settings: Any) -> None:
    settings.OPTIMISER_MEMORY_MB = 1234
    browser = as_planner("REGIONAL_ADMIN", establishment=None)
    page = browser.get("/settings").content.decode()
    names = [name for group in GROUPS.values() for name in group]
    assert len(names) == len(set(names))
    for name in names:
        assert hasattr(django_settings, name)
        assert name in page
        assert not any(word in name for word in SECRET)
    assert "1,234" in page
    assert 'href="/settings"' in browser.get("/").content.decode()
    planner = as_planner("DETAIL")
    assert planner.get("/settings").status_code == 403
    assert 'href="/settings"' not in planner.get("/").content.decode()


def test_limits_are_those_of_the_settings(as_officer: Any, unit: Any, settings: Any) -> None:
    assert [Balance(credited=hours * 60).state for hours in (10, 11, 20, 21)] == ["green", "amber", "amber", "red"]
    settings.BALANCE_AMBER_HOURS, settings.BALANCE_RED_HOURS = 1, 2
    assert [Balance(contracted=hours * 60).state for hours in (1, 2, 3)] == ["green", "amber", "red"]
    settings.SICK_NOTICE_MINUTES, settings.SELF_CERTIFIED_DAYS, settings.CALENDAR_DAYS_AHEAD = 91, 5, 93
    diary = as_officer(make_person(unit))
    page = diary.get("/sick").content.decode()
    assert "at least 91 minutes" in page
    assert "shifts of 5 days" in page
    settings.QUIET_FROM, settings.NOTIFY_SOON_HOURS = 20, 13
    page = diary.get("/settings").content.decode()
    assert "between 20:00 and 06:00" in page
    assert "next 13 hours" in page
    assert "next 93 days" in diary.get("/settings/calendar").content.decode()
