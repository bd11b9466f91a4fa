"""Periods and types of reports without a database (deputy-reports 1.2, 1.4; D-080, D-113)."""

from datetime import date

import pytest

from reporting.engine.periods import first_period, year_from, year_until
from reporting.people.models import PreRegistration
from reporting.reports.creation import Covers, lay_reports


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 4, 1), date(2025, 3, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 2, 29)),
    ],
)
def test_a_year_from_a_day_ends_the_day_before_its_anniversary(start: date, end: date) -> None:
    assert year_from(start) == (start, end)


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (date(2025, 8, 8), date(2024, 8, 9)),
        (date(2024, 2, 29), date(2023, 3, 1)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2026, 2, 28), date(2025, 3, 1)),
    ],
)
def test_d080_a_year_until_a_day(end: date, start: date) -> None:
    assert year_until(end) == (start, end)


@pytest.mark.parametrize(
    ("made", "today", "start"),
    [
        (date(2019, 5, 10), date(2026, 11, 21), date(2026, 5, 10)),
        (date(2019, 12, 1), date(2026, 11, 21), date(2025, 12, 1)),
        (date(2019, 11, 21), date(2026, 11, 21), date(2026, 11, 21)),
        (date(2020, 2, 29), date(2026, 11, 21), date(2026, 3, 1)),
        (date(2020, 2, 29), date(2026, 2, 28), date(2025, 3, 1)),
    ],
)
def test_the_first_period_begins_on_the_latest_anniversary(made: date, today: date, start: date) -> None:
    assert first_period(made, today)[0] == start


def said(report_type: str, order_type: str, hybrid: str, made: date = date(2024, 1, 1)) -> PreRegistration:
    return PreRegistration(report_type=report_type, order_type=order_type, hybrid=hybrid, order_date=made)


@pytest.mark.parametrize(
    ("rows", "types"),
    [
        ([], {}),
        ([said("OPG103", "pfa", "SINGLE")], {Covers.PFA: "103"}),
        ([said("OPG104", "hw", "SINGLE")], {Covers.HW: "104"}),
        ([said("OPG102", "hw", "SINGLE")], {Covers.BOTH: "102-4"}),
        ([said("OPG102", "pfa", "HYBRID")], {Covers.BOTH: "102-4"}),
        ([said("OPG103", "pfa", "HYBRID"), said("OPG104", "hw", "HYBRID")], {Covers.BOTH: "103-4"}),
        ([said("OPG104", "hw", "HYBRID")], {Covers.BOTH: "102-4"}),
        ([said("OPG103", "pfa", "DUAL"), said("OPG102", "hw", "DUAL")], {Covers.PFA: "103", Covers.HW: "104"}),
        (
            [said("OPG102", "pfa", "SINGLE", date(2020, 1, 1)), said("OPG103", "pfa", "SINGLE", date(2023, 1, 1))],
            {Covers.PFA: "103"},
        ),
    ],
)
def test_reports_that_the_rows_of_a_case_ask_for(rows: list[PreRegistration], types: dict[Covers, str]) -> None:
    assert {about: wanted.type for about, wanted in lay_reports(rows).items()} == types
    assert {about: wanted.type for about, wanted in lay_reports(reversed(rows)).items()} == types
