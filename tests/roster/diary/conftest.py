"""An officer of the small world, signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from roster.activities.models import Template
from tests.roster.conftest import make_person


def code(name: str) -> Template:
    return Template.objects.get(code=name)


@pytest.fixture
def person(unit: Any) -> Any:
    return make_person(unit)


@pytest.fixture
def browser(as_officer: Callable[[Any], Browser], person: Any) -> Browser:
    return as_officer(person)
