"""Writing duties: what is kept, what is refused, and what is left behind (staff-roster 5.2, 8, R-056, R-094)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation import clock
from foundation.audit import AuditEvent
from roster.activities.expansion import Item, resolved
from roster.activities.models import Activity, Template, TemplateItem, TemplateVersion
from roster.timeline import actions
from roster.timeline.content import Content, by_hand, from_version, full_day, stored, version_on
from roster.timeline.models import Change, Duty, Level
from tests.roster.conftest import make_person

JUNE = date(2027, 6, 7)
HOUR = 3600


def code(name: str) -> Template:
    return Template.objects.get(code=name)


def activity(name: str) -> Activity:
    return Activity.objects.get(name=name)


def live(person: Any) -> list[Duty]:
    return list(Duty.objects.whole().filter(person=person, live=True).order_by("shift_date", "start"))


def test_a_template_becomes_details_and_keeps_its_version(unit: Any) -> None:
    """(R-008) Relative and clock times mix; a new version leaves inserted days as they are."""
    person = make_person(unit)
    duty = actions.put(person, unit, JUNE, template=code("M"), by=person.user)
    items = [(each.activity.name, each.start, each.end) for each in duty.items.all()]
    assert items == [
        ("Residential Duties", 27000, 45000), ("Break (Unpaid)", 45000, 48600), ("Residential Duties", 48600, 63000),
    ]  # fmt: skip
    assert (stored(duty).gross(JUNE), stored(duty).net(JUNE)) == (600, 540)

    old = duty.template_version
    assert old is not None
    TemplateVersion.objects.filter(pk=old.pk).update(valid=(old.valid.lower, JUNE + timedelta(days=1)))
    newer = TemplateVersion.objects.create(
        template=old.template, start=28800, end=64800, valid=(JUNE + timedelta(days=1), None)
    )
    TemplateItem.objects.create(version=newer, activity=activity("Visits"), start=0, end=36000)
    assert version_on(code("M"), JUNE) == old
    later = actions.put(person, unit, JUNE + timedelta(days=1), template=code("M"), by=person.user)
    assert [each.activity.name for each in later.items.all()] == ["Visits"]
    duty.refresh_from_db()
    assert duty.live
    assert duty.items.count() == 3, "two live versions of one name duplicate nothing"


def test_overlays_gaps_and_negative_times(unit: Any) -> None:
    duty, rest, meeting = activity("Gate"), activity("Break (Unpaid)"), activity("Meeting")
    laid = resolved([Item(rest, 4 * HOUR, 5 * HOUR), Item(duty, -HOUR, 8 * HOUR), Item(meeting, 3 * HOUR, 5 * HOUR)],
                    -HOUR, 9 * HOUR)  # fmt: skip
    assert [(each.activity.name, each.start // HOUR, each.end // HOUR) for each in laid] == [
        ("Gate", -1, 3), ("Meeting", 3, 4), ("Break (Unpaid)", 4, 5), ("Gate", 5, 8), ("Gate", 8, 9),
    ]  # fmt: skip
    person = make_person(unit)
    row = actions.put(person, unit, date(2027, 6, 1), items=[Item(duty, -600, 600)], by=None)
    assert row.span.lower.isoformat() == "2027-05-31T22:50:00+00:00"
    assert from_version(version_on(code("RD"), JUNE)).full_day


def test_clock_changes(unit: Any) -> None:
    """(R-096) A night counts the time that passes: 9 h 45 in March, 11 h 45 in October."""
    night = from_version(version_on(code("N"), JUNE))
    lengths = [night.net(day) for day in (date(2027, 3, 27), date(2026, 10, 24), JUNE)]
    assert lengths == [585, 705, 645]


def test_one_place_at_a_time(unit: Any) -> None:
    """A night and the early after it overlap nothing; a long night does, and the refusal names it."""
    person = make_person(unit)
    actions.put(person, unit, JUNE, template=code("N"), by=None)
    next_day = JUNE + timedelta(days=1)
    actions.put(person, unit, next_day, template=code("E"), by=None)
    with pytest.raises(actions.InTheWay, match="overlaps Night of 7 June") as refused:
        actions.put(person, unit, next_day, items=[Item(activity("Gate"), 7 * HOUR, 9 * HOUR)], by=None)
    assert refused.value.obstacles[0].duty is not None
    gate = [Item(activity("Gate"), 8 * HOUR, 9 * HOUR)]
    with pytest.raises(actions.InTheWay, match="Early"):
        actions.put(person, unit, next_day, items=gate, level=Level.OVERTIME, by=None)
    assert [duty.level for duty in live(person)] == [Level.PLAN, Level.PLAN], "nothing of the refused stayed"
    actual = actions.put(person, unit, next_day, items=gate, level=Level.ACTUAL, by=None)
    assert actual.live, "what happened today may differ from the plan"
    row = live(person)[0]
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_status_stands_over_the_shift(unit: Any) -> None:
    person, colleague = make_person(unit), make_person(unit)
    shift = actions.put(person, unit, JUNE, template=code("N"), by=None)
    leave = actions.cover(person, JUNE, activity("Annual Leave"), by=None, source="leave")
    shift.refresh_from_db()
    assert shift.covered_by == leave
    assert shift.version == leave.version == 2
    assert list(Duty.objects.top().filter(person=person)) == [leave]
    assert not Duty.objects.present(shift.span.lower, shift.span.upper).exists()
    extra = [Item(activity("Gate"), 21 * HOUR, 23 * HOUR)]
    actions.put(person, unit, JUNE, items=extra, level=Level.OVERTIME, by=None)
    with pytest.raises(actions.InTheWay):
        actions.uncover(person, JUNE, by=None)
    actions.remove(person, JUNE, level=Level.OVERTIME, by=None)
    actions.uncover(person, JUNE, by=None)
    shift.refresh_from_db()
    assert shift.covered_by is None
    assert shift.live, "the same row as before"
    with pytest.raises(actions.NothingThere):
        actions.uncover(person, JUNE, by=None)
    with pytest.raises(actions.NothingThere):
        actions.cover(colleague, JUNE, activity("Sick"), by=None)
    with pytest.raises(actions.Refused, match="Gate cannot stand for a whole day"):
        actions.cover(person, JUNE, activity("Gate"), by=None)


def test_two_planners_at_one_cell(unit: Any) -> None:
    """(R-056) The second is told who was first, and sees what is there now."""
    person, first = make_person(unit), make_person().user
    actions.put(person, unit, JUNE, template=code("E"), version=0, by=first)
    with pytest.raises(actions.Stale, match=f"{first.name} has changed 7 June") as refused:
        actions.put(person, unit, JUNE, template=code("L"), version=0, by=person.user)
    assert refused.value.cells[0].now["duties"][0]["name"] == "Early"
    assert refused.value.cells[0].version == 1
    actions.remove(person, JUNE, version=1, by=first)
    with pytest.raises(actions.Stale):
        actions.put(person, unit, JUNE, template=code("L"), version=1, by=person.user)
    again = actions.put(person, unit, JUNE, template=code("L"), version=0, by=person.user)
    assert again.version == 2, "no version comes twice"


def test_what_is_left_behind(unit: Any) -> None:
    """(R-094) Who changed what, from what to what, when and why."""
    person = make_person(unit)
    actions.put(person, unit, JUNE, template=code("RD"), by=person.user)
    actions.put(person, unit, JUNE, template=code("E"), by=person.user, reason="Short of staff")
    actions.put(person, unit, JUNE, template=code("E"), by=person.user)
    actions.put(person, unit, JUNE, template=code("L"), by=person.user)
    actions.put(person, unit, JUNE, template=code("RD"), by=person.user)
    actions.remove(person, JUNE, by=person.user)
    rows = list(Change.objects.filter(person=person).order_by("pk"))
    assert [row.action for row in rows] == ["ADD", "ADD", "EDIT", "DELETE", "DELETE"], "the same again is no change"
    assert rows[1].before["duties"][0]["name"] == "Rest Day"
    assert rows[1].after["duties"][0]["items"] == [{"activity": "Residential Duties", "start": 27000, "end": 45900}]
    assert (rows[1].reason, rows[1].by) == ("Short of staff", person.user)
    assert rows[4].after == {}
    assert AuditEvent.objects.filter(event="DUTIES_CHANGED", actor=person.user.pk).count() == 5
    assert Duty.objects.filter(person=person, live=False).count() == 4, "what was published is kept"


def test_a_reason_at_short_notice(unit: Any) -> None:
    """(R-062) A change of what is published asks for a reason inside the notice period, and is marked."""
    person, day = make_person(unit), clock.today() + timedelta(days=3)
    actions.put(person, unit, day, template=code("E"), by=None)
    with pytest.raises(actions.NeedsReason):
        actions.put(person, unit, day, template=code("L"), by=None)
    actions.put(person, unit, day, template=code("L"), by=None, reason="Escort")
    actions.cover(person, day, activity("Sick"), by=None)
    last = day + timedelta(days=3)
    actions.put(person, unit, last, template=code("RD"), by=None)
    with pytest.raises(actions.NeedsReason):
        actions.put(person, unit, last, template=code("E"), by=None)
    actions.put(person, unit, last, template=code("E"), by=None, reason="Escort")
    far = day + timedelta(days=4)
    actions.put(person, unit, far, template=code("E"), by=None)
    actions.put(person, unit, far, template=code("L"), by=None)
    told = [row.short_notice for row in Change.objects.order_by("pk")]
    assert told == [True, True, False, False, True, False, False], "six days ahead is short, seven is not"


def test_many_cells_at_once_or_none(unit: Any) -> None:
    people = [make_person(unit) for _ in range(3)]
    early, night = (from_version(version_on(code(each), JUNE)) for each in "EN")

    def cells(*contents: Content) -> list[actions.Cell]:
        return [
            actions.Cell(person.pk, unit.pk, JUNE + timedelta(days=n), (each,) if not each.full_day else (),
                         each if each.full_day else None)
            for person in people
            for n, each in enumerate(contents)
        ]  # fmt: skip

    rest = full_day(activity("Rest Day"))
    rows = actions.publish_day_set(cells(early, night, rest, early), by=None, first_publication=True)
    assert len(rows) == 12
    assert Change.objects.filter(first_publication=True, short_notice=False).count() == 12
    again = actions.publish_day_set(cells(early, night, early, early), by=None)
    assert len(again) == 3, "only what differs is written"
    clash = by_hand([Item(activity("Gate"), 0, 9 * HOUR)])
    with pytest.raises(actions.InTheWay) as refused:
        actions.publish_day_set(cells(early, night, clash, night), by=None)
    assert len(refused.value.obstacles) == 3
    assert Duty.objects.filter(live=True, template_version__template__code="N").count() == 3
