"""What every cell begins with."""

from typing import Any

import pytest
from django.core.management import call_command

from roster.activities.models import Activity, Template, TemplateItem, TemplateVersion
from roster.establishment import seeds
from roster.establishment.models import Establishment, Grade, Skill
from roster.establishment.seeds import listed_everywhere


def test_a_region_has_its_establishments_and_again_changes_nothing(seeded: None) -> None:
    assert Establishment.objects.filter(kind="establishment").count() == 18
    assert Establishment.objects.filter(kind="multi_site").count() == 1
    tables: list[Any] = [Establishment, Grade, Skill, Activity, Template, TemplateVersion, TemplateItem]
    before = [table.objects.count() for table in tables]
    call_command("seed")
    assert [table.objects.count() for table in tables] == before


def test_new_defaults_reach_a_region_that_was_seeded_before(seeded: None) -> None:
    """(R-090) And what was changed here stays so."""
    Activity.objects.filter(name="Union Duties").update(colour="grey")
    for name in ("Suspension (Absence)", "Court Attendance (Absence)"):
        Template.objects.filter(versions__items__activity__name=name).delete()
        Activity.objects.get(name=name).delete()
    call_command("seed")
    assert Activity.objects.get(name="Suspension (Absence)").confidential
    assert TemplateVersion.objects.filter(template__code="COURT", full_day=True).exists()
    assert Activity.objects.get(name="Union Duties").colour == "grey"


@pytest.mark.parametrize(("region", "prisons", "multi_site"), [
    (1, 14, 4), (2, 18, 1), (3, 19, 0), (4, 16, 4), (5, 20, 1), (6, 23, 0),
])  # fmt: skip
def test_every_code_of_the_list_is_in_its_region(
    db: None, settings: Any, region: int, prisons: int, multi_site: int
) -> None:
    """(issue 4) All 120 codes of the public list, each in one cell, with name and kind."""
    rows = listed_everywhere()
    assert len({row["prison_id"] for row in rows}) == len(rows) == 120
    settings.REGION = region
    seeds.seed()
    found = {each.code: each for each in Establishment.objects.all()}
    assert set(found) == {row["prison_id"] for row in rows if row["csr_region"] == str(region)}
    kinds = [each.kind for each in found.values()]
    assert (kinds.count("establishment"), kinds.count("multi_site")) == (prisons, multi_site)
    assert all(each.name for each in found.values())


@pytest.mark.parametrize(
    ("code", "gross", "net"),
    [("E", 315, 315), ("M", 600, 540), ("L", 525, 495), ("A", 750, 660), ("N", 645, 645), ("D", 540, 480),
     ("OO", 780, 720), ("TR", 480, 440)],
)  # fmt: skip
def test_the_templates_add_up(seeded: None, code: str, gross: int, net: int) -> None:
    """The hours of staff-roster 5.3: gross is the frame, net leaves unpaid breaks out."""
    version = TemplateVersion.objects.get(template__code=code)
    assert (version.end - version.start) / 60 == gross
    unpaid = sum(item.end - item.start for item in version.items.filter(activity__paid=False))
    assert gross - unpaid / 60 == net
