"""Who is offered and sent where, what was recorded of a day, and how either is put right."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from foundation.clock import LONDON
from roster.absence import actions as absence
from roster.activities.models import Activity, Template
from roster.day import moves
from roster.day.gap_views import salt_of, signed
from roster.day.judging import days_of, judge
from roster.day.models import Deviation
from roster.day.sheet import Sheet
from roster.demand.coverage import Coverage, everywhere
from roster.demand.models import DayType, Post, Requirement
from roster.planning.cover import Desk, Offer
from roster.planning.models import PlanningPeriod
from roster.timeline import actions as timeline
from roster.timeline.days import EMPTY, Day, Piece
from roster.waiting import waiting
from tests.roster.conftest import LONG_AGO, make_person
from tests.roster.day.conftest import SIX_THIRTY, TODAY, at, gatekeeper, shift

pytestmark = pytest.mark.usefixtures("morning")


def test_what_was_recorded_of_the_day_is_put_right(unit: Any, prison: Any, as_planner: Any, detail: Any) -> None:
    """Who did not come comes late after all; what was wrong altogether is taken back, minutes and all."""
    person = make_person(unit)
    shift(person, unit)
    browser = as_planner("DETAIL")
    where = reverse("day_deviate", args=["LHI", TODAY, person.pk])
    day = reverse("day_person", args=["LHI", TODAY, person.pk])
    assert browser.post(where, {"kind": "planned"}).status_code == 400, "nothing was recorded"
    assert browser.post(where, {"kind": "absent"}).status_code == 302
    assert not [each for each in Sheet(prison, TODAY).lines if each.worker.pk == person.pk]
    assert where in browser.get(day).content.decode()
    assert browser.post(where, {"kind": "late", "at": "10:00"}).status_code == 302
    assert [each.start for each in Sheet(prison, TODAY).lines if each.worker.pk == person.pk] == [36_000]
    assert browser.post(where, {"kind": "planned"}).status_code == 302
    sheet = Sheet(prison, TODAY)
    assert [(each.start, each.actual) for each in sheet.lines if each.worker.pk == person.pk] == [(27_000, False)]
    assert (sheet.away, Deviation.objects.count()) == ([], 0)


def test_overtime_is_not_offered_to_who_is_sick(unit: Any, prison: Any, gate: Post, detail: Any) -> None:
    """(staff-roster 11.1) Neither on their days off nor after the review, until somebody records the return."""
    ill, own = gatekeeper(unit), gatekeeper(unit)
    absence.report_sick(ill, by=detail, first=TODAY - timedelta(days=9), review_on=TODAY - timedelta(days=2))
    coverage, gap = Sheet(prison, TODAY).gaps()[0]
    desk = Desk(coverage, gap)
    assert [each.person.pk for each in desk.free()] == [own.pk]
    with pytest.raises(moves.Refused, match="no return is recorded"):
        moves.put_on_post(prison, ill, TODAY, desk.shift, by=detail, reason="Gate", overtime=True)


def test_nobody_is_offered_to_themselves(unit: Any, prison: Any, gate: Post, as_planner: Any) -> None:
    own, other = gatekeeper(unit), gatekeeper(unit)
    where = reverse("day_gap", args=["LHI", TODAY, Requirement.objects.get().pk, 27_000])
    text = as_planner("DETAIL", own).get(where).content.decode()
    assert "This is you." in text
    assert f"/{other.pk}?" in text or f'/{other.pk}"' in text
    assert f'/{own.pk}"' not in text


def test_what_a_change_makes_better_is_no_warning(unit: Any, prison: Any) -> None:
    """Too few hours before are fewer too few afterwards: that is not what somebody has to bear in mind."""
    person = make_person(unit)
    template = Template.objects.get(code="M", establishment=None)
    version = template.versions.get(valid__contains=TODAY)
    verdict = judge(person, TODAY, Day((Piece(version.pk),)))
    assert not [each.sentence for each in verdict.findings if "planned" in each.sentence]


def test_a_move_to_another_unit(unit: Any, prison: Any, as_planner: Any, detail: Any) -> None:
    """(staff-roster 9.3) Who is sent to another unit counts there and not here, for those hours; and comes back."""
    other = prison.units.exclude(pk=unit.pk).first()
    work = Activity.objects.get(name="Residential Duties")
    for one in (unit, other):
        Requirement.objects.create(
            establishment=prison, unit=one, name="Wing", activity=work, start=27_000, end=45_000,
            day_types=DayType.values, target=1, minimum=1, reduced=1, essential=1, valid=(LONG_AGO, None),
        )  # fmt: skip
    person = make_person(unit)
    shift(person, unit)

    def short() -> list[tuple[Any, int, int]]:
        found = [(c.unit, g.start, g.end) for c, g in Sheet(prison, TODAY).gaps()]
        assert found == [
            (c.unit, g.start, g.end) for c in everywhere(prison, TODAY, TODAY) for g in c.stretches if g.gap
        ]
        for each in (unit, other):
            alone = [(each, g.start, g.end) for g in Coverage(prison, each, TODAY, TODAY).stretches if g.gap]
            assert alone == [one for one in found if one[0] == each]
        return found

    assert short() == [(other, 27_000, 45_000)]
    browser = as_planner("DETAIL")
    where = reverse("day_move", args=["LHI", TODAY, person.pk])
    assert f'value="unit {other.pk}"' in browser.get(where).content.decode()
    sent = browser.post(where, {"to": f"unit {other.pk}", "start": "09:00", "end": "12:30"})
    assert sent.status_code == 302
    assert short() == [(other, 27_000, 32_400), (unit, 32_400, 45_000)]
    stations = {each.key: [(line.start, line.end) for line in each.lines] for each in Sheet(prison, TODAY).stations}
    assert stations[f"unit {other.pk}"] == [(32_400, 48_600)], "with the break after it"
    assert not [key for key in stations if key.startswith("post")]
    assert browser.post(where, {"to": f"unit {unit.pk}", "start": "09:00", "end": "12:30"}).status_code == 302
    assert short() == [(other, 27_000, 45_000)]
    assert Post.objects.filter(establishment=prison).count() == 2, "one for each unit, made once"


def test_a_day_is_closed_after_a_week_or_when_its_weeks_are_finalised(unit: Any, prison: Any, detail: Any) -> None:
    """(staff-roster 8.2) What was worked stays; what is to come has no actual day yet."""
    person = make_person(unit)
    days = {n: TODAY + timedelta(days=n) for n in (-8, -7, -1, 1)}
    for day in days.values():
        shift(person, unit, day)

    def late(n: int) -> Deviation:
        return moves.deviate(prison, person, days[n], Deviation.Kind.LATE, 28_800, by=detail)

    assert late(-7).minutes == 30
    with pytest.raises(moves.Refused, match="for 7 days"):
        late(-8)
    with pytest.raises(moves.Refused, match="still to come"):
        late(1)
    starts = datetime.combine(days[1], time(12), LONDON)
    with pytest.raises(moves.Refused, match="still to come"):
        moves.call_out(
            prison,
            person,
            starts,
            starts + timedelta(hours=1),
            Activity.objects.get(name="Gate"),
            by=detail,
            reason="x",
        )
    PlanningPeriod.objects.create(unit=unit, valid=(TODAY - timedelta(days=28), TODAY), state="finalised")
    with pytest.raises(moves.Refused, match="finalised"):
        late(-1)


def test_a_colleagues_days_are_changed_as_it_was_offered(unit: Any, prison: Any, as_planner: Any) -> None:
    """(staff-roster 9.3) All of them at once, as they were shown; not twice, and not where they changed meanwhile."""
    for code, start, end in (("M", 27_000, 45_000), ("L", 50_000, 72_000)):
        Requirement.objects.create(
            establishment=prison, unit=unit, name=f"Wing {code}", start=start, end=end, target=1, minimum=1, reduced=1,
            activity=Activity.objects.get(name="Residential Duties"), day_types=DayType.values, essential=1,
            valid=(LONG_AGO, None),
        )  # fmt: skip
    person, key = make_person(unit), Requirement.objects.get(name="Wing M").pk
    shift(person, unit, TODAY + timedelta(days=1), "L")
    browser = as_planner("DETAIL")
    where = reverse("day_replan", args=["LHI", TODAY, key, 27_000]) + f"?unit={unit.pk}"
    main = Template.objects.get(code="M", establishment=None).versions.get(valid__contains=TODAY)
    before = days_of(person, TODAY, TODAY + timedelta(days=1))
    tomorrow = TODAY + timedelta(days=1)
    changes = ((TODAY, EMPTY, Day((Piece(main.pk),))), (tomorrow, before[tomorrow], Day((Piece(main.pk),))))
    offered = Offer(person, True, 0, "", changes)
    offer = signed(offered, salt_of(prison, TODAY, str(key), 27_000))
    for wrong in ("nonsense", signed(offered, salt_of(prison, TODAY, str(key), 50_000))):  # made up; for another gap
        assert "too old" in browser.post(where, {"days": wrong}, follow=True).content.decode()
    assert days_of(person, TODAY, tomorrow) == before
    assert "has 2 changed days" in browser.post(where, {"days": offer}, follow=True).content.decode()
    assert [each.shifts[0].version for each in days_of(person, TODAY, tomorrow).values()] == [main.pk, main.pk]
    assert "nobody is missing any more" in browser.post(where, {"days": offer}, follow=True).content.decode()
    timeline.remove(person, TODAY, by=None, reason="test")
    assert "have changed meanwhile" in browser.post(where, {"days": offer}, follow=True).content.decode()


def test_days_written_anew_are_offered_as_they_stand(unit: Any, prison: Any, detail: Any) -> None:
    """(staff-roster 9.3) Who has a rest day now and an early tomorrow takes the night: the offer can be taken."""
    person, tomorrow = make_person(unit), TODAY + timedelta(days=1)
    shift(person, unit, TODAY, "RD")
    shift(person, unit, tomorrow, "E")
    Requirement.objects.create(
        establishment=prison, unit=unit, name="Night", start=74_700, end=113_400, day_types=DayType.values, target=1,
        minimum=1, reduced=1, essential=1, valid=(LONG_AGO, None),
    )  # fmt: skip
    coverage = Coverage(prison, unit, TODAY, TODAY)
    gap = next(one for one in coverage.stretches if one.start == 74_700)
    night = Template.objects.get(code="N", establishment=None)
    (offer,) = Desk(coverage, gap, usual=[night.pk]).replans()
    assert [on for on, *_ in offer.changes][:2] == [TODAY, tomorrow]
    days = {on: (before, after) for on, before, after in offer.changes}
    assert {on: before for on, (before, _) in days.items() if before} == days_of(person, TODAY, tomorrow)
    assert moves.replan(prison, person, days, by=detail, reason="Night", missing=lambda: 1)


def test_hours_of_a_call_out_are_decided_once(unit: Any, prison: Any, as_planner: Any, detail: Any) -> None:
    person, planner = make_person(unit), make_person()
    start = SIX_THIRTY - timedelta(hours=5)
    row, _ = moves.call_out(
        prison, person, start, start + timedelta(hours=2), Activity.objects.get(name="Gate"), by=detail, reason="Alarm"
    )
    browser = as_planner("DETAIL", planner)
    day = reverse("day_person", args=["LHI", TODAY, person.pk])
    assert day in [task.href for task in waiting(planner.user).today]
    where = reverse("day_decide", args=["LHI", TODAY, person.pk, row.pk])
    assert where in browser.get(day).content.decode()
    assert "Select what" in browser.post(where, {"decision": "open"}, follow=True).content.decode()
    assert "is recorded" in browser.post(where, {"decision": "toil"}, follow=True).content.decode()
    assert "decided already" in browser.post(where, {"decision": "overtime"}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.decision == "toil"
    assert day not in [task.href for task in waiting(planner.user).today]
    assert as_planner("READ_ONLY").post(where, {"decision": "toil"}).status_code == 403


def test_who_is_called_to_a_shift_that_runs_begins_now(
    unit: Any, prison: Any, gate: Post, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 08:05 nobody begins at 07:30: what is offered and counted is the rest, unless somebody says otherwise."""
    free, early = gatekeeper(unit, last_name="Free"), gatekeeper(unit, last_name="Early")
    at(monkeypatch, SIX_THIRTY + timedelta(hours=1, minutes=35))
    browser = as_planner("DETAIL")
    key = Requirement.objects.get().pk
    where = reverse("day_gap", args=["LHI", TODAY, key, 30_000])
    assert "08:15 to" in browser.get(where).content.decode()
    assign = {who: reverse("day_assign", args=["LHI", TODAY, key, 30_000, who.pk]) for who in (free, early)}
    assert 'value="08:15"' in browser.get(assign[free]).content.decode()
    said = {"overtime": "yes", "reason": "Covers Gate"}
    assert browser.post(assign[free], said).status_code == 302
    assert browser.post(assign[early], {**said, "begins": "06:00"}).status_code == 400, "before the shift"
    assert browser.post(assign[early], {**said, "begins": "07:30"}).status_code == 302
    begun = {line.worker.pk: line.start for line in reversed(Sheet(prison, TODAY).lines)}
    assert begun == {free.pk: 29_700, early.pk: 27_000}


def test_of_a_gap_that_has_passed_who_stood_there_is_written_down(
    unit: Any, prison: Any, gate: Post, as_planner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 13:40 nobody is offered from 13:45 for what was missing until 12:30."""
    free = gatekeeper(unit)
    at(monkeypatch, SIX_THIRTY + timedelta(hours=7, minutes=10))
    browser = as_planner("DETAIL")
    key = Requirement.objects.get().pk
    text = browser.get(reverse("day_gap", args=["LHI", TODAY, key, 30_000])).content.decode()
    assert "This time has passed" in text
    assign = reverse("day_assign", args=["LHI", TODAY, key, 30_000, free.pk])
    assert 'value="07:30"' in browser.get(assign).content.decode()
    assert browser.post(assign, {"overtime": "yes", "reason": "Stood there"}).status_code == 302
    assert {line.start for line in Sheet(prison, TODAY).lines if line.worker.pk == free.pk} == {27_000}
