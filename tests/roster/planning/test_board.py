"""The board as a planner uses it: pages, edits with their rule results, presence, filters, without script."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from roster.activities.models import Template
from roster.establishment.models import Establishment, PlanningUnit
from roster.planning.actions import open_period
from roster.planning.models import Presence
from roster.planning.sheet import Sheet
from roster.timeline import actions as timeline
from tests.roster.conftest import make_person
from tests.roster.planning.conftest import MONDAY, at, shift


def line(draft: Any, person: Any, day: int, value: str) -> str:
    return f"{person.pk} {at(day).isoformat()} {Sheet(draft).cell(person.pk, at(day)).stamp} {value}"


def test_every_page_of_a_period(as_planner: Any, period: Any, people: list[Any], put: Any, draft: Any) -> None:
    """Each opens, with something and with nothing in it."""
    browser = as_planner()
    put(people[0], 0, "L")
    put(people[0], 1, "E")
    addresses = [reverse("plan"), reverse("plan_cell", args=[period.pk, people[0].pk, at(1)])]
    routes = ("plan_board", "plan_rows", "plan_presence", "plan_progress", "plan_publish", "plan_insert", "plan_runs",
              "plan_compare")  # fmt: skip
    addresses += [reverse(route, args=[period.pk]) for route in routes]
    board = reverse("plan_board", args=[period.pk])
    queries = (
        "name=brown",
        "grade=SO",
        "troubled=yes",
        "name=%00&grade=%00",
        "week=2&weeks=1",
        "everybody=yes",
        "from=400",
        "week=9&weeks=0",
    )
    addresses += [f"{board}?{query}" for query in queries]
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    page = browser.get(addresses[1]).content.decode()
    assert "10 h 30 min of rest" in page
    assert "Blocks" in page
    text = browser.get(board).content.decode()
    assert re.search('aria-label="L Late, 12:15 to 21:00, . rules? broken, not published"', text)
    assert text.count('<tr id="person-') == 3


def test_the_next_period_is_offered_to_begin_where_the_last_ends(as_planner: Any, prison: Any, period: Any) -> None:
    """No week is left out between two periods of a unit, however far another unit is planned."""
    other = prison.units.exclude(pk=period.unit_id).first()
    open_period(other, at(-28), by=None)
    period.refresh_from_db()
    browser = as_planner()
    page = browser.get(reverse("plan")).content.decode()
    for unit, first in ((period.unit, at(28)), (other, MONDAY)):
        offered = page.partition(f'name="unit" value="{unit.pk}"')[2].partition("</form>")[0]
        assert f'value="{first.isoformat()}"' in offered
        browser.post(reverse("plan"), {"unit": unit.pk, "first": first.isoformat()})
        assert unit.periods.count() == 2


def test_an_edit_answers_with_its_rule_results(as_planner: Any, period: Any, draft: Any, people: list[Any]) -> None:
    browser = as_planner()
    address = reverse("plan_edit", args=[period.pk])
    cells = "\n".join([line(draft, people[0], 0, "L"), line(draft, people[0], 1, "e")])
    answer = browser.post(address, {"do": "set", "cells": cells}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2 days changed." in text
    assert f'<tr id="person-{people[0].pk}" hx-swap-oob="true">' in text
    assert "<b>!</b>" in text
    assert f'id="person-{people[1].pk}"' not in text
    copy = f"={people[0].pk}.{MONDAY.isoformat()}"
    browser.post(address, {"do": "set", "cells": line(draft, people[1], 3, copy)})
    assert Sheet(draft).day(people[1].pk, at(3)) == shift("L")
    browser.post(address, {"do": "undo"})
    assert Sheet(draft).day(people[1].pk, at(3)) == shift("")
    browser.post(address, {"do": "redo"})
    browser.post(address, {"do": "lock", "cells": line(draft, people[1], 3, "")})
    assert Sheet(draft).cell(people[1].pk, at(3)).locked


@pytest.mark.parametrize("value", ["XX", "=9", "=1.yesterday", "=x.2027-01-04"])
def test_what_cannot_be_read_changes_nothing(
    value: str, as_planner: Any, period: Any, draft: Any, people: list[Any]
) -> None:
    browser = as_planner()
    cells = "\n".join([line(draft, people[0], 0, "E"), line(draft, people[0], 1, value)])
    answer = browser.post(reverse("plan_edit", args=[period.pk]), {"do": "set", "cells": cells})
    assert answer.status_code == 409
    assert not Sheet(draft).rows


def test_nothing_is_copied_from_another_prison(
    as_planner: Any, period: Any, draft: Any, people: list[Any], planner: Any
) -> None:
    """A copy by number would show what somebody elsewhere works."""
    place = Establishment.objects.exclude(pk=period.unit.establishment_id)[0]
    there = PlanningUnit.objects.create(establishment=place, name="Elsewhere", abbreviation="E")
    stranger = make_person(there)
    timeline.put(stranger, there, MONDAY, template=Template.objects.get(code="N"), by=None)
    cells = line(draft, people[0], 0, f"={stranger.pk}.{MONDAY.isoformat()}")
    answer = as_planner().post(reverse("plan_edit", args=[period.pk]), {"do": "set", "cells": cells})
    assert answer.status_code == 409
    assert not Sheet(draft).rows


def test_a_stale_edit_shows_both_values(as_planner: Any, period: Any, draft: Any, people: list[Any], put: Any) -> None:
    """(R-056) On the board and on the page of one day."""
    browser = as_planner()
    old = line(draft, people[0], 0, "E")
    put(people[0], 0, "N")
    answer = browser.post(reverse("plan_edit", args=[period.pk]), {"do": "set", "cells": old})
    assert answer.status_code == 409
    assert "it is now “Night, 20:45 to 07:30”, you wanted “Early, 07:30 to 12:45”" in answer.content.decode()
    one = reverse("plan_cell", args=[period.pk, people[0].pk, MONDAY])
    answer = browser.post(one, {"code": "E", "stamp": "0.0"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "You wanted" in text
    assert "Early, 07:30 to 12:45" in text
    assert Sheet(draft).day(people[0].pk, MONDAY) == shift("N")
    answer = browser.post(one, {"code": "E", "stamp": Sheet(draft).cell(people[0].pk, MONDAY).stamp})
    assert answer.status_code == 302


def test_planners_see_each_other(as_planner: Any, period: Any) -> None:
    one, two = make_person(), make_person()
    first, second = as_planner(person=one), as_planner(person=two)
    board = reverse("plan_board", args=[period.pk])
    assert "Also here" not in first.get(board).content.decode()
    assert f"Also here: {one.user.name}" in second.get(board).content.decode()
    Presence.objects.update(at=Presence.objects.get(user=one.user).at - timedelta(minutes=5))
    assert "Also here" not in second.get(board).content.decode()


def test_another_prisons_planner_finds_nothing_and_a_reader_changes_nothing(
    as_planner: Any, period: Any, draft: Any, people: list[Any]
) -> None:
    stranger = as_planner(establishment=Establishment.objects.exclude(code="LHI").first())
    assert stranger.get(reverse("plan_board", args=[period.pk])).status_code == 404
    assert stranger.post(reverse("plan_edit", args=[period.pk]), {"do": "undo"}).status_code == 404
    reader = as_planner("READ_ONLY")
    assert reader.get(reverse("plan_board", args=[period.pk])).status_code == 200
    cells = line(draft, people[0], 0, "E")
    assert reader.post(reverse("plan_edit", args=[period.pk]), {"do": "set", "cells": cells}).status_code == 403
    one = reverse("plan_cell", args=[period.pk, people[0].pk, MONDAY])
    assert reader.post(one, {"code": "E", "stamp": "0.0"}).status_code == 403
    assert not Sheet(draft).rows


def test_hours_against_the_contract(as_planner: Any, period: Any, people: list[Any], put: Any) -> None:
    """(R-051) 37 hours for four weeks are 148; a late day is 8:15."""
    put(people[0], 0, "L")
    text = as_planner().get(reverse("plan_board", args=[period.pk])).content.decode()
    assert "8:15" in text
    assert "148:00" in text


def test_a_plan_from_opening_to_publishing_without_script(as_planner: Any, unit: Any, people: list[Any]) -> None:
    hub = as_planner("HUB_MANAGER")
    hub.post(reverse("plan"), {"unit": unit.pk, "first": "2027-01-05"})
    assert not unit.periods.exists()
    answer = hub.post(reverse("plan"), {"unit": unit.pk, "first": MONDAY.isoformat()})
    period = unit.periods.get()
    assert answer.url == reverse("plan_board", args=[period.pk])
    hub.post(reverse("plan_cell", args=[period.pk, people[0].pk, MONDAY]), {"code": "E", "stamp": "0.0"})
    progress = reverse("plan_progress", args=[period.pk])
    assert "cannot be published" in hub.get(reverse("plan_publish", args=[period.pk])).content.decode()
    asked = hub.post(progress, {"state": "requests", "version": 0}).content.decode()
    assert 'href="#requests_until"' in asked
    assert asked.count("Enter until when staff may make requests") == 2, "in the summary, and at the field"
    hub.post(progress, {"state": "approving", "version": 0})
    hub.post(progress, {"state": "sign", "version": 1})
    page = hub.get(reverse("plan_publish", args=[period.pk])).content.decode()
    assert "Early, 07:30 to 12:45" in page
    hub.post(reverse("plan_publish", args=[period.pk]), {"version": 2})
    period.refresh_from_db()
    assert period.state == "published"
    assert people[0].duties.filter(live=True).count() == 1
    hub.post(reverse("plan_take_back", args=[period.pk, period.publications.get().pk]))
    assert not people[0].duties.filter(live=True).exists()
