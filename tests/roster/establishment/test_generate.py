"""Invented staff: the same seed, the same people; sizes from the list; demo and training server."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from foundation import clock, jobs
from foundation.clients.notify import NoMails, notify
from foundation.testing.database import as_owner
from roster.absence.models import Sickness
from roster.establishment import demo
from roster.establishment.generate import headcounts, populate, user_name
from roster.establishment.models import (
    Contract,
    Establishment,
    GradeHeld,
    LineManager,
    Membership,
    Person,
    RoleHeld,
    SkillHeld,
)
from roster.feed.models import FeedRow
from roster.jobs.reset_training import NoOwner
from roster.patterns.models import Assignment, Pattern
from roster.planning.generate import publish
from roster.planning.models import PlanningPeriod
from roster.timeline.models import Change, Duty
from tests.roster.conftest import make_person

pytestmark = pytest.mark.django_db


def facts() -> list[Any]:
    return [
        list(kind.objects.order_by("person__staff_number", "valid").values_list("person__user_name", "valid"))
        for kind in (GradeHeld, Contract, Membership, SkillHeld, LineManager, RoleHeld)
    ]


def test_the_same_seed_gives_the_same_complete_people(seeded: None) -> None:
    place, today = Establishment.objects.get(code="LHI"), clock.today()
    assert populate(place, 150, seed=7, today=today) == 150
    first = facts()
    assert populate(place, 150, seed=7, today=today) == 0  # there already
    Person.objects.all().delete()
    assert populate(place, 150, seed=7, today=today) == 150
    assert facts() == first
    Person.objects.all().delete()
    populate(place, 150, seed=8, today=today)
    assert facts() != first
    everybody = Person.objects.filter(left_on=None)
    for kind in (GradeHeld, Contract):
        assert kind.objects.on(today).count() == everybody.count()
    assert Membership.objects.on(today).filter(priority=1).count() == 150
    unmanaged = everybody.exclude(pk__in=LineManager.objects.on(today).values("person"))
    assert {one.grades.get(valid__contains=today).grade.code for one in unmanaged} == {"GOV"}
    assert {"DETAIL", "HUB_MANAGER", "LINE_MANAGER", "GOVERNOR"} <= set(RoleHeld.objects.values_list("role", flat=True))
    assert Person.objects.filter(mobile__startswith="07700900").count() == 150  # kept free for invented people


def test_headcounts_of_all_regions_sum_to_what_was_asked() -> None:
    total = sum(sum(headcounts(region, 30_000).values()) for region in range(1, 7))
    assert abs(total - 30_000) <= 60  # rounded for each of 120 establishments
    names = {user_name(number) for number in range(10_000, 40_000)}
    assert len(names) == 30_000


def test_demo_again_adds_nothing_and_lists_who_can_sign_in(seeded: None) -> None:
    demo.make()
    count = Person.objects.count()
    demo.make()
    assert Person.objects.count() == count == demo.HEADCOUNT
    people = demo.people()
    assert len({one["user_name"] for one in people}) == len(demo.SIGN_IN) - 1, "an Orderly Officer comes with the day"


def test_a_training_server_says_so_sends_nothing_and_is_reset_by_one_command(seeded: None, settings: Any) -> None:
    """(R-025)"""
    with pytest.raises(CommandError, match="not a training server"):
        call_command("reset_training")
    settings.NOTIFY_ONLY = ["trainer@prison.example"]
    assert notify().send("t", "somebody@prison.example", {}, "r") == "not-sent"  # nobody else on a test site
    settings.TRAINING, settings.SITE, settings.ROOT_URLCONF = "A", "planner", "roster.urls_planner"
    assert isinstance(notify(), NoMails)
    for address in ("/sign-in", "/cookies", "/nowhere"):
        assert "TRAINING" in Client().get(address).content.decode()
    changed = make_person(last_name="Changed")
    with pytest.raises(NoOwner):
        jobs.run_now("reset_training")  # the worker is not the owner, and says what is missing
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the test's own rows are not committed
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        call_command("reset_training", stdout=StringIO())
    assert not Person.objects.filter(last_name=changed.last_name).exists()
    assert Person.objects.count() == demo.HEADCOUNT
    assert jobs.JobRun.objects.get(job="reset_training").error == "NoOwner", "what jobs did is kept"


def test_weeks_of_duties_are_published_and_nobody_is_told(seeded: None) -> None:
    """``--weeks``: every day that a pattern gives, in the unit of that day, with its change; again adds nothing."""
    place, today = Establishment.objects.get(code="LHI"), clock.today()
    populate(place, 40, seed=7, today=today)
    made = publish(place, 3, today=today)
    monday = today - timedelta(days=today.weekday())
    duties = Duty.objects.filter(live=True)
    assert made == Change.objects.filter(first_publication=True).exclude(settled_at=None).count() > 500
    assert set(duties.values_list("source", flat=True)) == {"pattern", "leave", "sick"}
    over = duties.filter(source="leave", span=None)
    assert set(over.values_list("activity__name", flat=True)) == {"Annual Leave"}
    assert not duties.filter(source="pattern").exclude(covered_by=None).exists()
    for spell in Sickness.objects.all():
        there = duties.filter(
            person=spell.person, shift_date__range=(spell.first_day, spell.marked_to), covered_by=None
        )
        assert set(there.exclude(source="sick").values_list("span", flat=True)) <= {None}, "nobody works while ill"
        assert spell.first_day
        assert spell.first_day <= today
    assert duties.earliest("shift_date").shift_date == monday - timedelta(weeks=2)
    assert duties.latest("shift_date").shift_date == monday + timedelta(days=6)
    assert not FeedRow.objects.exists()
    one = duties.filter(shift_date=today).first()
    assert one
    assert Membership.objects.on(today).filter(person=one.person, unit=one.unit, priority=1).exists()
    assert {period.days[-1] for period in PlanningPeriod.objects.filter(unit=one.unit)} == {monday + timedelta(days=6)}
    first = list(duties.order_by("pk").values_list("person__user_name", "shift_date", "template_version", "span"))
    assert publish(place, 3, today=today) == 0
    with as_owner():  # the application itself can take no change back
        for kind in (PlanningPeriod, Change, Duty, Assignment, Sickness):
            kind.objects.all().delete()
    Pattern.objects.all().delete()
    publish(place, 3, today=today)
    again = duties.order_by("pk").values_list("person__user_name", "shift_date", "template_version", "span")
    assert list(again) == first
