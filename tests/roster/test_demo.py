"""The demo is a living prison: mostly green, a few ambers, what is red has a cause, everybody has something to do."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from foundation import clock
from roster.day.sheet import Sheet
from roster.demand.coverage import Coverage
from roster.demand.models import Half, Level
from roster.diary.models import Acknowledgement, Notice
from roster.establishment.demo import officer, people, place
from roster.establishment.models import LineManager, Person
from roster.hours.models import RestOwed
from roster.management.commands.demo import make
from roster.patterns.models import PatternVersion
from roster.timeline.models import Duty

pytestmark = [pytest.mark.long, pytest.mark.django_db]


def test_a_stranger_finds_a_living_prison(settings: Any) -> None:
    settings.LOCAL = True
    make()
    here, today = place(), clock.today()
    days = [today + timedelta(days=number) for number in range(28)]
    units = [None, *here.units.filter(requirements__isnull=False).distinct()]
    levels: Counter[Level] = Counter()
    for unit in units:
        coverage = Coverage(here, unit, days[0], days[-1])
        levels.update(coverage.level(day, half) for day in days for half in Half)
    total = levels.total()
    assert levels[Level.GREEN] > total * 0.5
    assert 0.1 < levels[Level.GREEN_AMBER] / total < 0.4, "a few ambers"
    assert sum(levels[each] for each in Level if each < Level.GREEN_AMBER) < total * 0.1

    sheet = Sheet(here, today)
    short = {coverage.name(one.key) for coverage, one in sheet.gaps()}
    assert "Bedwatch 1" in short, "the night is to be found"
    assert len(short) <= 4
    assert {cause for cause, _ in sheet.absent_by_cause()} >= {"Annual leave", "Sickness"}
    assert Duty.objects.between(days[1], days[-1]).filter(activity__name="Annual Leave").exists(), "leave that comes"

    assert RestOwed.objects.open().count() == 1
    asked = PatternVersion.objects.get(state=PatternVersion.State.CONSULTED)
    assert asked.comments.exists()
    one = officer()
    assert one
    assert Notice.objects.filter(person=one, read_at=None).count() == 2, "published, and changed"
    assert Acknowledgement.objects.filter(person=one, answered_at=None).exists()
    listed = {each["about"].split(":")[0]: each["user_name"] for each in people()}
    manager = Person.objects.get(user_name=listed["Line manager"])
    assert LineManager.objects.on(today).filter(manager=manager).count() >= 5
    assert "Orderly Officer" in listed

    duties = Duty.objects.count()
    make()
    assert Duty.objects.count() == duties, "again adds nothing"
