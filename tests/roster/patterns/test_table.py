"""A table of lines as it is pasted: which columns are the week, rows without shifts, what cannot be read."""

import pytest

from roster.patterns.actions import Entry
from roster.patterns.models import MOST_LINES
from roster.patterns.table import Known, pasted

KNOWN = Known({1: "M", 2: "L", 3: "RD"}, {}, {})
M, L, RD = Entry(1), Entry(2), Entry(3)
WEEK = [M, M, L, L, None, RD, RD]
PLAIN = "M M L L - rd RD"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"Mon Tue Wed Thu Fri Sat Sun\n{PLAIN}",
        f"Line Mon Tue Wed Thu Fri Sat Sun Net\n1 {PLAIN} 36:00",
        f"1 {PLAIN}",
        f"1 {PLAIN} 36:00",
        f"{PLAIN} 36:00",
        f"{PLAIN} ",
    ],
)
def test_the_week_is_found_wherever_its_columns_are(text: str) -> None:
    """Hours behind Sunday must not push Monday out, nor a line's number take its place."""
    assert pasted(text.replace(" ", "\t"), KNOWN) == ([WEEK], [])


def test_a_week_without_shifts_stays_a_line() -> None:
    rows, faults = pasted(f"{PLAIN}\n{' ' * 6}\n{PLAIN}\n\n".replace(" ", "\t"), KNOWN)
    assert (rows, faults) == ([WEEK, [None] * 7, WEEK], [])
    assert [each.text for each in pasted(" ".replace(" ", "\t"), KNOWN)[1]][:1] == ["Paste at least one line"]


def test_what_cannot_be_read_is_said_once_and_at_its_line() -> None:
    rows, faults = pasted(f"M L\nM\n{PLAIN.replace('L', 'X', 1)}".replace(" ", "\t") + "\nM;M;M", KNOWN)
    assert rows[:2] == [[M, L, *[None] * 5], [M, *[None] * 6]]
    assert [each.text for each in faults] == [
        "Line 1 has 2 days: 7 are needed, with tabs between",
        "Line 2 has 1 day: 7 are needed, with tabs between",
        "Wed of line 3: there is no shift X",
        "Line 4 has 1 day: 7 are needed, with tabs between",
    ]
    rows, faults = pasted("\n".join([PLAIN.replace(" ", "\t")] * (MOST_LINES + 1)), KNOWN)
    assert (len(rows), [each.text for each in faults]) == (53, ["A pattern has at most 53 lines; these are 54"])
