"""What a pattern adds up to: the worked example of staff-roster 6, to the minute."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.activities.models import Template
from roster.activities.wall import hours
from roster.patterns import demo
from roster.patterns.figures import DAY, Sheet, Stint, stints

JUNE = date(2027, 6, 7)
RD = Stint("RD", "Rest Day")
N = Stint("N", "Night", 645, ((1245, 1890),))
E = Stint("E", "Early", 315, ((450, 765),))
L = Stint("L", "Late", 495, ((735, 1020), (1050, 1260)))


@pytest.fixture
def example(seeded: None) -> Sheet:
    known = stints(Template.objects.values_list("pk", flat=True), JUNE)
    lines = demo.rows(demo.OFFICERS)
    return Sheet(tuple(tuple(known[cell.template] for cell in row if cell) for row in lines), 37 * 60)


def test_the_worked_example(example: Sheet) -> None:
    """(R-051) Line by line, on average, and what the coverage check must report."""
    assert [hours(line.net) for line in example.each] == ["43:30", "24:45", "43:00", "36:00", "37:30"]
    assert (hours(example.net), hours(example.average), hours(example.difference)) == ("184:45", "36:57", "-0:15")
    assert example.within(15)
    assert not example.within(2)
    assert example.weekends_off == 3
    assert example.longest_run == 6
    assert example.missing["L"] == (0, 1), "no late on Monday or Tuesday"
    assert example.nights == 4
    assert [line.lates for line in example.each] == [2, 3, 0, 0, 0]
    rest = example.shortest_rest
    assert rest is not None
    assert (hours(rest.minutes), rest.line, rest.weekday) == ("13:15", 2, 0)
    assert example.count("M") == (1, 2, 2, 1, 2, 1, 1)


def test_who_is_there_when(example: Sheet) -> None:
    """A night reaches into the next morning, from Sunday into Monday too; an unpaid break is nobody's cover."""
    assert [example.present(weekday, 3 * 60) for weekday in range(7)] == [0, 1, 1, 1, 1, 0, 0]
    assert example.present(0, 12 * 60) == 2
    assert example.present(0, 12 * 60 + 45) == 0, "M is at its break and E has gone"
    bands = example.cover
    assert bands[0][0][0] == 0
    assert bands[-1][0][1] == DAY
    assert all(before[0][1] == after[0][0] for before, after in pairwise(bands))


def test_unsocial_hours() -> None:
    """Outside 07:00 to 19:00 from Monday to Friday, weekends and bank holidays."""
    assert (E.unsocial(0), E.unsocial(5)) == (0, 315)
    assert E.unsocial(0, holidays={0}) == 315
    assert L.unsocial(2) == 2 * 60
    assert N.unsocial(4) == 645, "Friday night ends on Saturday"
    assert N.unsocial(0) == 615
    assert N.unsocial(0, holidays={1}) == 645
    assert N.unsocial(6) == 615


def test_edges_of_a_table() -> None:
    everybody_always = Sheet(((E,) * 7,), 37 * 60)
    assert (everybody_always.longest_run, everybody_always.weekends_off) == (7, 0)
    empty = Sheet(((None,) * 7,), 0)
    assert (empty.net, empty.longest_run, empty.shortest_rest, empty.unsocial_percent) == (0, 0, None, 0.0)
    assert empty.weekends_off == 1
    friday_night = Sheet(((RD, RD, RD, RD, N, RD, RD),), 645)
    assert friday_night.weekends_off == 0, "a night that ends on Saturday is no free weekend"
    sunday_night = Sheet(((RD, RD, RD, RD, RD, RD, N),), 645)
    assert sunday_night.present(0, 60) == 1
    assert hours(-0.2) == "0:00"


cell = st.sampled_from([None, RD, E, L, N])


@given(st.lists(st.tuples(*[cell] * 7), min_size=1, max_size=6), st.integers(0, 5))
def test_turning_a_pattern_round_changes_no_figure(lines: list[tuple[Stint | None, ...]], turn: int) -> None:
    turn %= len(lines)
    there = Sheet(tuple(lines), 37 * 60)
    turned = Sheet(tuple(lines[turn:] + lines[:turn]), 37 * 60)
    same = ["net", "difference", "weekends_off", "nights", "lates", "longest_run", "unsocial_percent", "cover"]
    assert [getattr(there, name) for name in same] == [getattr(turned, name) for name in same]
    rests = there.shortest_rest, turned.shortest_rest
    assert (rests[0] and rests[0].minutes) == (rests[1] and rests[1].minutes)
    worked = sum(end - start for each in there.days if each for start, end in each.stretches)
    covered = sum((upper - lower) * sum(days) for (lower, upper), days in there.cover)
    assert covered == worked, "every minute of work is in one band of one weekday"
