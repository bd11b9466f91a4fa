"""The law of phrases: other systems see names only, so a name says what the day is (staff-roster 5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type, misleading


@pytest.mark.defect("staff-roster 5.1", "a duty post shown as sick by its name")
def test_no_name_of_the_national_set_misleads(seeded: None) -> None:
    """No duty post contains a phrase by accident; family leave keeps its own."""
    rows = list(Activity.objects.all())
    assert len(rows) > 40
    reasons = {each.name: misleading(each.name, each.kind, replaces_a_shift=replaces(each)) for each in rows}
    assert not {name: why for name, why in reasons.items() if why}
    assert {day_type(each.name) for each in rows if each.meets_demand} == {DayType.SHIFT}
    words = ("Maternity", "Paternity", "Parental", "Special")
    family = [each for each in rows if any(word in each.name for word in words)]
    assert [day_type(each.name) for each in family] == [DayType.ABSENCE] * 4


def replaces(activity: Activity) -> bool:
    return activity.credit == Activity.Credit.ROSTERED


@pytest.mark.parametrize(
    ("name", "kind", "replaces", "words"),
    [
        ("Sick Parade Escort", "presence", False, "“Sick”"), ("Breakfast duty", "presence", False, "“Break”"),
        ("Hotel duty", "presence", False, ""), ("Detached Duty", "presence", False, ""),
        ("Nonesuch wing", "presence", False, "“None”"), ("Tea", "break", False, "must contain “Break”"),
        ("Holiday", "vacation", True, "must contain “Annual Leave”"), ("Special Leave", "absence", True, "“Absence”"),
        ("Special Leave (Absence)", "absence", True, ""), ("On Call", "absence", False, ""),
        ("Sick leave", "absence", True, "“Sick”"), ("Training - Internal", "meeting", False, ""),
    ],
)  # fmt: skip
def test_names(name: str, kind: str, replaces: bool, words: str) -> None:
    found = misleading(name, kind, replaces_a_shift=replaces)
    assert words in found
    assert bool(words) == bool(found)


@given(st.text(max_size=20), st.sampled_from(list(DayType)), st.text(max_size=20))
def test_the_first_phrase_decides(before: str, kind: DayType, after: str) -> None:
    found = day_type(f"{before}{kind.value.upper()}{after}")
    order = list(DayType)
    assert order.index(found) <= order.index(kind)
    assert day_type(None) == day_type("") == DayType.SHIFT
