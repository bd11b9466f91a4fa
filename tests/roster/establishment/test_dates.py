"""What the database itself refuses about people and dates (staff-roster 4.1)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from roster.establishment.models import Establishment, Membership, Person, PlanningUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> list[PlanningUnit]:
    prison = Establishment.objects.create(code="LHI", name="Lindholme")
    names = ("Residential 1", "OSG")
    return [PlanningUnit.objects.create(establishment=prison, name=name, abbreviation=name) for name in names]


def person(user_name: str = "QAB12C") -> Person:
    return Person.objects.create(
        staff_number=user_name,
        user_name=user_name,
        first_name="Ann",
        last_name="Example",
        service_from=date(2020, 1, 1),
    )


def test_one_main_unit_a_day(units: list[PlanningUnit]) -> None:
    ann, first, second = person(), date(2026, 1, 1), date(2026, 6, 1)
    Membership.objects.create(person=ann, unit=units[0], valid=(first, second))
    Membership.objects.create(person=ann, unit=units[1], valid=(second, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=ann, unit=units[1], valid=(first, date(2026, 1, 2)))
    Membership.objects.create(person=ann, unit=units[1], valid=(first, date(2026, 1, 2)), priority=2)

    assert [each.unit for each in Membership.objects.on(date(2026, 5, 31))] == [units[0]]
    assert [each.unit for each in Membership.objects.on(second)] == [units[1]], "the upper day is the first without"
    assert Membership.objects.during(date(2026, 5, 31), second).count() == 2


def test_a_user_name_is_one_person_in_any_case() -> None:
    person("ab12c")
    with pytest.raises(IntegrityError):
        person("AB12C")
