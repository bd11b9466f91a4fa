"""What a template must keep to: times, layers, breaks, midnight (staff-roster 5.2, R-008, R-070)."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from roster.activities import wall
from roster.activities.designing import Frame, faults, warnings
from roster.activities.expansion import Item, gross, net, resolved
from roster.activities.models import Activity

HOUR = 3600
DUTY = Activity(name="Gate", kind="presence", working_time=True)
MEETING = Activity(name="Meeting", kind="meeting", working_time=True)
BREAK = Activity(name="Break (Unpaid)", kind="break", paid=False, working_time=False)
BEDWATCH = Activity(name="Bedwatch", kind="presence", long_duty=True)
REST = Activity(name="Rest Day", kind="absence", part_day=False)


def wrong(frame: Frame, *items: Item) -> list[str]:
    return [each.text for each in faults(frame, items)]


def test_a_break_after_six_hours() -> None:
    """(R-070) Over 6 hours of work need 20 minutes; exactly 6 do not, 19 minutes or a break at the edge are none."""
    six, more = Frame(0, 6 * HOUR), Frame(0, 6 * HOUR + 60)
    assert wrong(six, Item(DUTY, 0, 6 * HOUR)) == []
    assert "20 minutes" in wrong(more, Item(DUTY, 0, more.end))[0]
    eight = Frame(0, 8 * HOUR)
    duty = Item(DUTY, 0, 8 * HOUR)
    assert wrong(eight, duty, Item(BREAK, 4 * HOUR, 4 * HOUR + 1200)) == []
    assert "20 minutes" in wrong(eight, duty, Item(BREAK, 4 * HOUR, 4 * HOUR + 1140))[0]
    assert "inside the shift" in wrong(eight, duty, Item(BREAK, 7 * HOUR, 8 * HOUR))[0]
    assert wrong(Frame(0, 8 * HOUR, breaks_in_post=True), duty) == []
    assert warnings(Frame(0, 8 * HOUR, breaks_in_post=True), [duty])


def test_frames_and_items() -> None:
    """From the evening before to the second midnight; 24 hours unless a bedwatch; nothing empty or outside."""
    duty = Item(DUTY, 0, HOUR)
    assert "after the start" in wrong(Frame(HOUR, HOUR), duty)[0]
    assert "before its date" in wrong(Frame(-25 * HOUR, -20 * HOUR), Item(DUTY, -25 * HOUR, -20 * HOUR))[0]
    assert "48 hours" in wrong(Frame(47 * HOUR, 49 * HOUR), Item(DUTY, 47 * HOUR, 48 * HOUR))[0]
    long = Frame(0, 25 * HOUR, breaks_in_post=True)
    assert "at most 24 hours" in wrong(long, Item(DUTY, 0, 25 * HOUR))[0]
    assert wrong(long, Item(BEDWATCH, 0, 25 * HOUR)) == []
    assert wrong(Frame(-600, HOUR), Item(DUTY, -600, HOUR)) == []
    assert "after its start" in wrong(Frame(0, HOUR), Item(DUTY, 60, 60))[0]
    assert "inside the shift" in wrong(Frame(0, HOUR), Item(DUTY, 0, HOUR + 1))[0]
    assert "whole days only" in wrong(Frame(0, HOUR), Item(REST, 0, HOUR))[0]
    assert "at the same time" in wrong(Frame(0, HOUR), Item(DUTY, 0, HOUR), Item(DUTY, 1800, HOUR))[0]
    assert wrong(Frame(0, HOUR), Item(DUTY, 0, HOUR), Item(MEETING, 600, 1200)) == []
    assert wrong(Frame(0, HOUR)) == ["Add at least one activity"]
    assert "24:00" in warnings(Frame(20 * HOUR, 24 * HOUR), [])[0]
    assert warnings(Frame(20 * HOUR, 24 * HOUR + 60), []) == []


def test_times_as_typed() -> None:
    assert [wall.seconds(text) for text in ("07:30", "25:00", "-00:10", "-0:00:10", "7.30")] == [
        27000, 90000, -600, -10, 27000,
    ]  # fmt: skip
    assert [wall.seconds(text) for text in ("", "7", "07:60", "noon", "123:00", "1:2")] == [None] * 6
    assert [wall.words(time) for time in (-600, 90000, 27000)] == [
        "23:50 the evening before", "01:00 the next day", "07:30",
    ]  # fmt: skip


@given(st.integers(-24 * HOUR, 48 * HOUR))
def test_typed_times_come_back(time: int) -> None:
    assert wall.seconds(wall.typed(time)) == time


@st.composite
def shifts(draw: st.DrawFn) -> tuple[int, int, list[Item]]:
    quarters = st.integers(-96, 192)
    start, end = sorted(draw(st.tuples(quarters, quarters).filter(lambda pair: pair[0] != pair[1])))
    inside = st.integers(start, end)
    pairs = draw(st.lists(st.tuples(inside, inside).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=6))
    kinds = draw(st.lists(st.sampled_from([DUTY, MEETING, BREAK]), min_size=len(pairs), max_size=len(pairs)))
    items = [Item(kind, min(pair) * 900, max(pair) * 900) for kind, pair in zip(kinds, pairs, strict=True)]
    return start * 900, end * 900, items


@given(shifts())
def test_the_expansion_fills_the_frame_and_never_overlaps(shift: tuple[int, int, list[Item]]) -> None:
    """Past both midnights too: no gap, no overlap, breaks on top, net + unpaid = gross."""
    start, end, items = shift
    found = resolved(items, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(before.end == after.start for before, after in pairwise(found))
    for item in items:
        if item.is_break:
            assert all(each.is_break for each in found if each.start < item.end and item.start < each.end)
    unpaid = sum(item.seconds for item in found if item.unpaid_break) // 60
    assert net(found) + unpaid == gross(found) == (end - start) // 60
