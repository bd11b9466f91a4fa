"""A new region has nobody who could give a role: the first one comes by a command."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from foundation.clients.identity import Claims
from roster.establishment.models import Person
from roster.establishment.roles import everywhere
from roster.establishment.sign_in import user_of
from tests.roster.conftest import give_role, make_person

WHO = ("QAB12C", "Ada", "Admin")


def test_the_first_admin_signs_in_and_gives_roles(seeded: None) -> None:
    call_command("first_admin", *WHO, staff_number="00000001")
    user = user_of(Claims("qab12c", frozenset()))
    assert everywhere(user, "roles.edit")
    with pytest.raises(CommandError, match="QAB12C is national administrator"):
        call_command("first_admin", "QZZ99Z", "Eve", "Second", staff_number="00000002")
    assert Person.objects.count() == 1


def test_who_is_on_the_roster_keeps_their_record(unit: Any) -> None:
    person = make_person(unit, user_name="Qab12c")
    call_command("first_admin", *WHO, staff_number="00000009")
    person.refresh_from_db()
    assert (person.roles.get().role, person.first_name) == ("NATIONAL_ADMIN", "Sam")


def test_what_cannot_be(unit: Any) -> None:
    one = make_person(unit)
    give_role(one, "REGIONAL_ADMIN")
    for who, number, words in ((WHO, one.staff_number, "staff number"), (("Q" * 31, "A", "B"), "1", "30 characters")):
        with pytest.raises(CommandError, match=words):
            call_command("first_admin", *who, staff_number=number)
