"""The password rules (deputy-people 5.1): shipped list, whole matches, messages at the field."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from foundation.accounts.forms import PasswordForm
from foundation.accounts.models import User


def ada() -> User:
    return User(email="ada.lovelace.byron@example.com", first_name="Augusta", last_name="Featherstonehaugh")


def problems(password: str) -> list[str]:
    try:
        validate_password(password, ada())
    except ValidationError as error:
        return list(error.messages)
    return []


@pytest.mark.parametrize(
    "password",
    [
        "Abcdefgh1jklmn",
        "Tr0ubadour and more",
        "Ünïcode-Pässword-9",
        "A1" + "b" * 48,
        "9 Lives of a Cat",
        "x" * 40 + "A1",
    ],
)
def test_good_passwords(password: str) -> None:
    assert problems(password) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Abcdefgh1jklm", "14 characters or more"),
        ("A1" + "b" * 49, "50 characters or fewer"),
        ("abcdefgh1jklmn", "capital letter"),
        ("ABCDEFGH1JKLMN", "small letter"),
        ("Abcdefghijklmn", "a number"),
        ("Featherstonehaugh1", "too similar"),
        ("Ada.Lovelace.Byron1", "too similar"),
    ],
)
def test_bad_ones_say_why(password: str, said: str) -> None:
    assert said in " ".join(problems(password))


@pytest.mark.defect("people 5.1", "the list was searched for parts, and fetched while running")
def test_a_common_password_is_refused_and_one_that_contains_one_is_not() -> None:
    assert any("common" in text for text in problems("password"))
    assert not any("common" in text for text in problems("password-Zebra-77"))


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("Correct-Horse-42", "Correct-Horse-43", "password_again"),
        ("Correct-Horse-42", "", "password_again"),
        ("short", "short", "password"),
        ("", "Correct-Horse-42", "password"),
    ],
)
def test_messages_stand_at_the_field(password: str, again: str, field: str) -> None:
    form = PasswordForm({"password": password, "password_again": again}, user=ada())
    assert not form.is_valid()
    assert field in form.errors


def test_blanks_at_the_ends_belong_to_a_password() -> None:
    form = PasswordForm({"password": " Correct-Horse-42 ", "password_again": " Correct-Horse-42 "}, user=ada())
    assert form.is_valid()
    assert form.cleaned_data["password"] == " Correct-Horse-42 "
