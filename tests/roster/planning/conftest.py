"""A period of Residential 1 with a few people, from Monday 4 January 2027."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.roster.conftest import give_role, make_person

MONDAY = date(2027, 1, 4)


def at(days: int) -> date:
    """So many days after the first Monday."""
    return MONDAY + timedelta(days=days)


def shift(code: str) -> Any:
    """A national template as a day; nothing for the empty code."""
    from roster.activities.models import TemplateVersion
    from roster.timeline.days import EMPTY, Day, Piece

    if not code:
        return EMPTY
    version = TemplateVersion.objects.get(template__code=code)
    return Day((), Piece(version.pk)) if version.full_day else Day((Piece(version.pk),))


@pytest.fixture
def planner(prison: Any) -> Any:
    person = make_person(last_name="Planner")
    give_role(person, "DETAIL", prison)
    return person.user


@pytest.fixture
def people(unit: Any) -> list[Any]:
    return [make_person(unit, last_name=name) for name in ("Adams", "Brown", "Clark")]


@pytest.fixture
def period(unit: Any, planner: Any, people: list[Any]) -> Any:
    from roster.planning.actions import open_period

    return open_period(unit, MONDAY, by=planner)


@pytest.fixture
def draft(period: Any) -> Any:
    from roster.planning.actions import working

    return working(period)


@pytest.fixture
def put(draft: Any, planner: Any) -> Callable[..., Any]:
    """``put(person, 0, "N")``: the cell of that day in the working draft."""
    from roster.planning.actions import Wanted, edit

    def do(person: Any, day: int, code: str, *, into: Any = None, by: Any = None, **more: Any) -> Any:
        wanted = {(person.pk, at(day)): Wanted(shift(code), **more)}
        return edit(into or draft, wanted, by=by or planner, words="Test")

    return do


@pytest.fixture
def sign(planner: Any) -> Callable[[Any], Any]:
    """Take a period to where it can be published."""
    from roster.planning import actions

    def do(period: Any) -> Any:
        period = actions.move_on(period, "approving", by=planner, version=period.version)
        return actions.sign(period, by=planner, version=period.version)

    return do
