"""Lines against the rule book and against demand, before anybody follows them (staff-roster 6, 16)."""

from typing import Any

from django.urls import reverse

from roster.demand.seeds import residential
from roster.patterns import actions, against, demo, queries
from roster.patterns.models import PatternVersion
from roster.rules.models import RuleSetting
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.demand.test_demand import require

EARLY = {"name": "Unlock", "start": 27000, "end": 45000, "target": 3, "minimum": 2, "reduced": 1, "essential": 1}


def pattern(prison: Any, text: str) -> PatternVersion:
    return actions.create(prison, "Test", 37 * 60, by=None, rows=demo.rows(text))


def sentences(version: PatternVersion) -> list[tuple[str, bool, str]]:
    found = queries.breaches(version.pattern, actions.rows_of(version))
    return [(each.code, each.blocks, each.sentence) for each in found]


def test_the_first_line_follows_the_last(prison: Any) -> None:
    """(R-065) A late on the last Sunday before a main shift on the first Monday; at the establishment's own level."""
    version = pattern(prison, "M M M M M RD RD\nRD RD L L L L L")
    told = [(code, blocks) for code, blocks, _ in sentences(version)]
    assert ("W1", True) in told
    said = next(text for code, _, text in sentences(version) if code == "W1")
    assert said == (
        "Monday of line 1: 10 h 30 min of rest between L until 21:00 and M from 07:30, 11 h needed; "
        "work may start at 08:00"
    )
    everybody = {"establishment": prison, "scope": "establishment", "valid": (LONG_AGO, None), "reason": "Trial"}
    RuleSetting.objects.create(rule="DailyRest", parameters={"level": "warn"}, **everybody)
    assert ("W1", False) in [(code, blocks) for code, blocks, _ in sentences(version)]


def test_eight_days_without_a_day_of_rest(prison: Any) -> None:
    """(R-068) Main shifts from Monday to the next Monday: no 24 hours in seven days. Said once; four days are fine."""
    version = pattern(prison, "M M M M M M M\nM RD RD RD RD RD RD")
    assert [code for code, blocks, _ in sentences(version) if blocks] == ["W2"]
    actions.edit(version, demo.rows("M M M M RD RD RD"), by=None, seen=0)
    version = PatternVersion.objects.get()
    assert sentences(version) == []


def test_lines_against_the_demand_of_a_unit(as_planner: Any, prison: Any, unit: Any) -> None:
    """(R-052) Two lines and four people: two on each line, at the worst moment of each session."""
    require(unit, **EARLY, day_types=["weekday", "friday"])
    require(unit, name="Night", start=74700, end=113400, day_types=["sunday"])
    version = pattern(prison, "E E M RD RD RD RD\nM E RD RD RD RD N")
    (found,) = against.units(version.pattern)
    assert found == unit
    version.state, version.valid = "approved", (LONG_AGO, None)
    version.save()
    monday = LONG_AGO.replace(day=6)
    actions.assign(version.pattern, {make_person(unit): n % 2 for n in range(4)}, monday, monday, by=None)
    sheet = queries.sheet(version.pattern, actions.rows_of(version))
    made = against.against(version.pattern, sheet, unit)
    assert made.people == 4
    unlock, night = (cells for _, _, cells in made.rows)
    assert [cell and cell.have for cell in unlock] == [4, 4, 2, 0, 0, None, None]
    assert [cell.words for cell in unlock if cell] == ["Met", "Met", "1.0 under target", "2.0 short", "2.0 short"]
    assert [cell and cell.have for cell in night] == [None] * 6 + [2]
    page = as_planner("HUB_MANAGER").get(reverse("pattern_version", args=[version.pk])).content.decode()
    assert f"Against the demand of {unit.name}: 4 people on 2 lines" in page
    assert "2.0 short" in page
    other = prison.units.exclude(pk=unit.pk).first()
    require(other, **EARLY, day_types=["weekday"])
    draft = actions.create(prison, "Other", 37 * 60, by=None, rows=demo.rows("E E M RD RD RD RD"))
    figures = as_planner().post(reverse("pattern_figures", args=[draft.pk]), {"unit": other.pk}).content.decode()
    assert f"Against the demand of {other.name}" in figures, "the designer too compares with the unit that is chosen"


def test_another_post_on_a_single_day(as_planner: Any, prison: Any, unit: Any) -> None:
    """The designer puts one cell at a post; the others stay, and an empty day has nobody to put there."""
    residential(unit)
    from roster.demand.seeds import establishment_posts

    establishment_posts(prison)
    post = prison.posts.get(code="SEG")
    version = pattern(prison, "E E M RD RD RD RD\nM E RD RD RD RD N")
    browser, address = as_planner("HUB_MANAGER"), reverse("pattern_edit", args=[version.pk])
    cells = {f"c-{n}-{day}": "" for n in range(2) for day in range(7)}
    rows = actions.rows_of(version)
    cells |= {f"c-{n}-{d}": str(cell.template) for n, row in enumerate(rows) for d, cell in enumerate(row) if cell}
    one = {"do": "one", "one-line": "1", "one-day": "0", "one-post": str(post.pk), "one-unit": str(unit.pk)}
    assert browser.post(address, cells | one | {"version": "0", "one-line": "9"}).status_code == 400
    assert browser.post(address, cells | one | {"version": "0", "c-1-0": ""}).status_code == 400
    assert browser.post(address, cells | one | {"version": "0"}).status_code == 302
    held = [(cell.line, cell.weekday, cell.post_id, cell.unit_id) for cell in version.cells.filter(post__isnull=False)]
    assert held == [(1, 0, post.pk, unit.pk)]
    assert "Segregation" in browser.get(address).content.decode()
