from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.web import filters


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1234.5"), "£1,234.50"),
        (Decimal("-0.01"), "-£0.01"),
        (0, "£0.00"),
        (Decimal("100000000000.99"), "£100,000,000,000.99"),
        (None, ""),
    ],
)
def test_money(amount: Decimal | None, written: str) -> None:
    assert filters.money(amount) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 1, 5, 14, 5, tzinfo=UTC), "5 January 2026 at 2:05pm"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "2 July 2026 at midnight"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "1 July 2026 at midday"),
        (datetime(2026, 12, 1, 0, 30, tzinfo=UTC), "1 December 2026 at 12:30am"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=UTC), "1 December 2026 at 9am"),
        (None, ""),
    ],
)
def test_moments_are_shown_in_london(moment: datetime | None, written: str, settings: Any) -> None:
    settings.HOURS_24 = False
    assert filters.datetime(moment) == written


def test_a_service_can_count_hours_to_24(settings: Any) -> None:
    settings.HOURS_24 = True
    assert filters.time(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)) == "00:00"
    assert filters.datetime(datetime(2026, 1, 5, 14, 5, tzinfo=UTC)) == "5 January 2026 at 14:05"


def test_a_day_stays_that_day() -> None:
    assert filters.date(date(2026, 4, 1)) == "1 April 2026"
    assert filters.date(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)) == "1 April 2026"


@given(st.text())
def test_typed_text_is_always_escaped(text: str) -> None:
    for shown in (filters.lines(text), filters.paragraphs(text)):
        for tag in ("<br>", '<p class="govuk-body">', "</p>"):
            shown = type(shown)(str(shown).replace(tag, ""))
        assert "<" not in shown
        assert ">" not in shown


def test_lines_and_paragraphs() -> None:
    assert filters.lines("a <b>\r\nc") == "a &lt;b&gt;<br>c"
    assert filters.paragraphs("one\ntwo\r\n\r\nthree\n\n\n") == (
        '<p class="govuk-body">one<br>two</p><p class="govuk-body">three</p>'
    )
    assert filters.paragraphs(None) == ""
