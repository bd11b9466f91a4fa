"""The demo's running plan: the rota of every unit as published, with people on leave, and the next weeks to plan."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from foundation import clock
from roster.activities.models import Activity
from roster.demand import demo as demand
from roster.demand.models import Post
from roster.establishment.demo import place
from roster.establishment.models import Establishment, Membership, PlanningUnit, SkillHeld
from roster.patterns.models import Assignment
from roster.planning import actions
from roster.planning.insertion import Choice, proposed
from roster.planning.models import PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.content import Content
from roster.timeline.days import Catalogue, Day, Piece

PERIODS = range(-1, 2)
"""Which are published: one that is over, one since last week, one that follows."""
POSTS = {
    "Operations": ["SEG"], "Segregation": ["SEG"], "Visits and Reception": ["VIS", "VIS", "RECP"],
    "OSG": ["GATE", "CTRL"],
}  # fmt: skip
"""Where people of these units stand in turn."""
NIGHT_MANAGERS = ("Supervising Officers", "Custodial Managers")
"""Whose nights are spent on the Orderly Officer's post."""
LEAVE_GROUPS, LEAVE_STEP = 12, 5
"""One group of twelve is on leave each week; neighbours in the list, who work alike, are not in one group."""
ALONE = {"N", "OO"}
"""Whoever works one of these in a week of leave goes a week later: there is nobody beside them."""


@transaction.atomic
def make(establishment: Establishment | None = None, today: date | None = None) -> None:
    """Published periods for each unit whose people follow a pattern; again changes nothing."""
    establishment, today = establishment or place(), today or clock.today()
    monday = today - timedelta(days=today.weekday() + 7)
    codes = demand.posts(establishment)
    catalogue = Catalogue()
    for unit in establishment.units.filter(closed_on=None):
        members = Membership.objects.on(monday).filter(unit=unit, priority=1)
        followers = Assignment.objects.on(monday).filter(person__in=members.values("person"))
        people = sorted(followers.values_list("person", flat=True))
        if not people:
            continue
        stands = dict(_posts(codes, unit.abbreviation, people))
        for number in PERIODS:
            first = monday + number * timedelta(days=actions.LENGTH)
            busy = PlanningPeriod.objects.during(first, first + timedelta(days=actions.LENGTH - 1)).filter(unit=unit)
            if not busy.exists():
                _publish(unit, first, people, stands, codes, catalogue, monday)


def _publish(
    unit: PlanningUnit, first: date, people: list[int], stands: dict[int, int], codes: dict[str, Post],
    catalogue: Catalogue, monday: date,
) -> None:  # fmt: skip
    opened = actions.open_period(unit, first, by=None)
    period = PlanningPeriod.objects.select_related("unit__establishment").get(pk=opened.pk)
    days = proposed(actions.working(period), Choice(period.first, period.last), catalogue)
    leave = Piece(activity=Activity.objects.get(name="Annual Leave").pk)
    alone = {version.pk for version in catalogue.versions.values() if version.template.code in ALONE}
    nights = {version.pk for version in catalogue.versions.values() if version.template.code == "N"}
    in_charge = dict.fromkeys(nights, codes["OO"].pk) if unit.abbreviation in NIGHT_MANAGERS else {}
    weeks = {on: (on - monday).days // 7 for _, on in days}
    kept = {(key[0], weeks[key[1]]) for key, day in days.items() if alone & {piece.version for piece in day.shifts}}
    places = {person: number for number, person in enumerate(people)}
    cells = []
    for (person, on), day in days.items():
        if person in places and day:
            week, number = weeks[on], places[person]
            turn = _leaves(number, week) or (_leaves(number, week - 1) and (person, week - 1) in kept)
            away = bool(day.shifts) and turn and (person, week) not in kept
            stood = Day(day.shifts, leave) if away else day
            contents = _contents(catalogue, stood, stands.get(person), in_charge)
            cells.append(timeline.Cell(person, unit.pk, on, *contents, source="leave" if away else "pattern"))
    timeline.publish_day_set(cells, by=None, first_publication=True, quiet=first < monday)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE roster_duty, roster_dutyitem")  # so many rows at once: the database must know of them
    PlanningPeriod.objects.filter(pk=period.pk).update(
        state=PlanningPeriod.State.PUBLISHED, published_at=clock.now(), signed_at=clock.now()
    )


def _leaves(number: int, week: int) -> bool:
    return (number * LEAVE_STEP + week) % LEAVE_GROUPS == 0


def _contents(
    catalogue: Catalogue, day: Day, post: int | None, in_charge: dict[int, int]
) -> tuple[tuple[Content, ...], Content | None]:
    """``in_charge``: the post of a shift, whoever works it."""
    shifts = tuple(Piece(each.version, post=in_charge.get(each.version or 0, post)) for each in day.shifts)
    return catalogue.contents(Day(shifts, day.status))


def _posts(posts: dict[str, Post], unit: str, people: list[int]) -> Iterator[tuple[int, int]]:
    """Who stands where; nobody stands anywhere without the training for it."""
    codes = POSTS.get(unit, [])
    for number, person in enumerate(people if codes else []):
        post = posts[codes[number % len(codes)]]
        for skill in post.skills.all():
            SkillHeld.objects.filter(person=person, skill=skill).delete()
            SkillHeld.objects.create(person_id=person, skill=skill, valid=(clock.today() - timedelta(days=60), None))
        yield person, post.pk
