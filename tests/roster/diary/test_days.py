"""Days by the rules of the diary's contract (diary-api-contract 2)."""

from datetime import date, datetime, timedelta

import pytest

from roster.activities.phrases import DayType, day_type
from roster.diary.days import Day, Entry, build
from roster.timeline.details import Detail

DAY = date(2027, 6, 7)


def at(text: str, activity: str | None = "Gate", overtime: bool = False, day: date = DAY) -> Detail:
    """``07:30-12:30``; ``-1 22:45-04:30`` begins the evening before."""
    shift = 0
    if " " in text:
        number, text = text.split(" ")
        shift = int(number)
    start, end = (datetime.combine(day, datetime.strptime(part, "%H:%M").time()) for part in text.split("-"))  # noqa: DTZ007
    start += timedelta(days=shift)
    end += timedelta(days=shift + (1 if end.time() < start.time() else 0))
    return Detail(overtime, start.date(), start, end, activity)


def minutes(entry: Entry) -> int | None:
    return None if entry.finish_seconds is None else entry.finish_seconds // 60


def shown(day: Day) -> list[tuple[str | None, str, int | None]]:
    return [
        (each.display, f"{each.detail.start:%H:%M}-{each.detail.end:%H:%M}", minutes(each))
        for each in day.entries
    ]  # fmt: skip


def test_a_day_shift_with_a_break() -> None:
    """(R-028) Start, finish with nine hours, the break between."""
    day = build(DAY, [at("07:30-12:30"), at("12:30-13:30", "Break (Unpaid)"), at("13:30-17:30")])
    assert shown(day) == [
        ("DAY_START", "07:30-12:30", None), ("DAY_FINISH", "13:30-17:30", 540), (None, "12:30-13:30", None),
    ]  # fmt: skip
    assert day.type == DayType.SHIFT
    single = build(DAY, [at("07:30-12:30")])
    assert [entry.display for entry in single.entries] == ["DAY_START", "DAY_FINISH"], "one detail comes twice"


def test_one_night_ends_another_begins() -> None:
    """(R-029) The finish first, with its own length."""
    day = build(DAY, [at("22:45-04:30"), at("-1 22:45-04:30")])
    assert shown(day) == [("NIGHT_FINISH", "22:45-04:30", 345), ("NIGHT_START", "22:45-04:30", None)]


def test_overtime_has_its_own_marks() -> None:
    """(R-031) Apart from the shift, each with its own length."""
    day = build(DAY, [at("07:30-12:30"), at("13:00-17:00", overtime=True), at("-1 20:00-02:00", overtime=True)])
    assert shown(day) == [
        ("DAY_START", "07:30-12:30", None), ("DAY_FINISH", "07:30-12:30", 300),
        ("OVERTIME_NIGHT_FINISH", "20:00-02:00", 360), ("OVERTIME_DAY_START", "13:00-17:00", None),
        ("OVERTIME_DAY_FINISH", "13:00-17:00", 240),
    ]  # fmt: skip


@pytest.mark.parametrize(("night", "hours"), [(date(2027, 3, 28), 9.75), (date(2026, 10, 25), 11.75)])
def test_lengths_are_the_time_that_passes(night: date, hours: float) -> None:
    """(R-096) Not the difference of wall clocks, on the two nights when the clock changes."""
    day = build(night, [at("-1 20:45-07:30", "Night Duties", day=night)])
    assert day.entries[0].finish_seconds == hours * 3600


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([], DayType.NONE),
        ([at("00:00-00:00", "Rest Day")], DayType.REST_DAY),
        ([at("00:00-00:00", "Rest Day"), at("-1 20:45-07:30", "Night Duties")], DayType.REST_DAY),
        ([at("00:00-00:00", "Annual Leave - Bank Holiday")], DayType.HOLIDAY),
        ([at("07:30-12:30", "Sick"), at("12:30-13:00", "Break (Paid)")], DayType.ILLNESS),
        ([at("07:30-12:30", "Sick"), at("13:00-17:00", "Gate")], DayType.SHIFT),
        ([at("00:00-00:00", "Maternity Leave (Absence)")], DayType.ABSENCE),
        ([at("07:30-12:30", "Gate"), at("13:00-17:00", "Union Duties")], DayType.TU_OFFICIALS_LEAVE),
        ([at("07:30-12:30", "Union Facility Time"), at("13:00-17:00", "Gate")], DayType.TU_OFFICIALS_LEAVE_2),
        ([at("07:30-12:30", "TOIL"), at("13:00-17:00", "Gate")], DayType.TOIL),
        ([at("07:30-12:30", "Gate"), at("13:00-17:00", "TOIL")], DayType.SHIFT),
        ([at("00:00-00:00", "Detached Duty")], DayType.SECONDMENT),
        ([at("09:00-12:30", "Training - External"), at("13:00-17:00", "Gate")], DayType.TRAINING_EXTERNAL),
        ([at("07:30-12:30", "Gate"), at("13:00-17:00", "Training - Internal")], DayType.SHIFT),
        ([at("07:30-08:00", "Break (Paid)"), at("08:00-17:00", "TOIL")], DayType.TOIL),
        ([at("07:30-08:00", "Break (Paid)"), at("08:00-17:00", "Training - Internal")], DayType.SHIFT),
        ([at("00:00-00:00", "Training - External")], DayType.SHIFT),
        ([at("20:45-07:30", "Training - Internal")], DayType.TRAINING_INTERNAL),
        ([at("00:00-00:00", "None")], DayType.SHIFT),
        ([at("07:30-12:30", None)], DayType.SHIFT),
        ([at("07:30-12:30", "Annual Leave", overtime=True)], DayType.SHIFT),
    ],
)
def test_the_type_of_a_day(found: list[Detail], kind: DayType) -> None:
    """(R-033, R-035)"""
    assert build(DAY, found).type == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("break (unpaid)", DayType.BREAK), ("Sick break", DayType.BREAK), ("UNION DUTIES", DayType.TU_OFFICIALS_LEAVE),
     ("Nonexistent", DayType.NONE), ("", DayType.SHIFT), (None, DayType.SHIFT), ("Seg Duties", DayType.SHIFT)],
)  # fmt: skip
def test_the_first_phrase_decides(name: str | None, kind: DayType) -> None:
    assert day_type(name) == kind
