"""Roles have a place and an end (staff-roster 3.2)."""

from datetime import timedelta
from typing import Any

from foundation import clock
from foundation.access import can
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for, reaches, roles_of
from tests.roster.conftest import give_role, make_person


def test_a_role_reaches_its_establishment_while_it_lasts(prison: Any) -> None:
    other = Establishment.objects.get(code="MDI")
    today = clock.today()
    person = make_person()
    give_role(person, "DETAIL", prison, valid=(today - timedelta(days=1), today + timedelta(days=1)))
    assert roles_of(person.user) == {"DETAIL", "STAFF"}
    assert can(person.user, "plan.edit")
    assert reaches(person.user, "plan.edit", prison)
    assert not reaches(person.user, "plan.edit", other)
    assert not reaches(person.user, "plan.edit", prison, today + timedelta(days=1)), "on the day of the decision"
    assert not reaches(person.user, "rules.national", prison)


def test_a_role_without_a_place_is_the_regions_and_a_duty_ends_at_its_moment(prison: Any) -> None:
    """(staff-roster 21.20) The Orderly Officer's rights lapse after the duty."""
    admin, orderly = make_person(), make_person()
    give_role(admin, "REGIONAL_ADMIN")
    assert establishments_for(admin.user, "staff.edit").count() == Establishment.objects.count()
    row = give_role(orderly, "ORDERLY_OFFICER", prison, ends_at=clock.now() + timedelta(hours=1))
    assert reaches(orderly.user, "day.edit", prison)
    row.ends_at = clock.now()
    row.save()
    orderly.refresh_from_db()  # the next request
    assert not reaches(orderly.user, "day.edit", prison)
    assert not establishments_for(orderly.user, "day.edit").exists()


def test_who_has_left_has_no_role(prison: Any) -> None:
    person = make_person()
    give_role(person, "DETAIL", prison)
    person.left_on = clock.today() - timedelta(days=1)
    person.save()
    assert roles_of(person.user) == set()
