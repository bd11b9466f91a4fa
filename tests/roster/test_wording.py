"""What forms say of a field that is wrong."""

from typing import Any

import pytest
from django import forms

from roster.wording import Worded


class Trial(Worded, forms.Form):
    grade = forms.ChoiceField(label="Grade", choices=[("a", "A")])
    hours = forms.DecimalField(label="Hours a week", min_value=1, max_value=60, max_digits=4, decimal_places=2)
    priority = forms.IntegerField(label="Priority", max_value=100)
    name = forms.CharField(label="Name (optional)", max_length=3, required=False)
    own = forms.IntegerField(label="Own", error_messages={"required": "Say it", "invalid": "Not that"})


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, ["Select grade", "Enter hours a week", "Enter priority", "Say it"]),
        (
            {"grade": "b", "hours": "x", "priority": "1.5", "name": "long", "own": "x"},
            ["Choose grade from the list", "Hours a week must be a number", "Priority must be a whole number",
             "Name must have 3 characters or fewer", "Not that"],
        ),
        (
            {"grade": "a", "hours": "0.5", "priority": "101", "own": 1},
            ["Hours a week must be 1 or more", "Priority must be 100 or less"],
        ),
        (
            {"grade": "a", "hours": "1.255", "priority": "1", "own": 1},
            ["Hours a week can have 2 decimal places at most"],
        ),
        ({"grade": "a", "hours": "123456", "priority": "1", "own": 1},
         ["Hours a week must be 60 or less", "Hours a week has too many digits"]),
        ({"grade": "a", "hours": "NaN", "priority": "1", "own": 1}, ["Hours a week must be a number"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_the_name_of_its_field(sent: dict[str, Any], said: list[str]) -> None:
    """The list at the head of a page is read without the page; a field's own words stay."""
    found = [text for errors in Trial(sent).errors.values() for text in errors]
    assert list(dict.fromkeys(found)) == said
