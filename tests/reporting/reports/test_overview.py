"""The report as a whole: overview, co-deputies, last year's answers, period, calendar, what to gather."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from foundation import clock
from foundation.accounts.models import User
from reporting.engine.periods import months_after
from reporting.engine.report_types import LAY_TYPES, TYPES, report_type
from reporting.engine.section import Answers
from reporting.people.models import CourtOrderDeputy
from reporting.reports.models import Report
from reporting.sections.lifestyle import Lifestyle
from tests.reporting.conftest import make_deputy, make_person, make_report
from tests.reporting.sections.pages import Pages, readable


@pytest.mark.django_db
def test_a_co_deputy_is_told_what_the_other_changed(deputy: User) -> None:
    report = make_report(deputy, "104")
    other = make_deputy()
    CourtOrderDeputy.objects.create(order=report.orders.get(), deputy=other.deputy)
    first, second = Pages(deputy, report), Pages(other, report)
    assert "Changed by your co-deputy" not in first.text()
    second.save("other-info/more", more="no")
    assert "Your co-deputy has changed Any other information since you last looked" in first.text()
    assert "Changed by your co-deputy" not in first.text(), "told once"
    assert "Changed by your co-deputy" not in second.text(), "not told of one's own changes"


@pytest.mark.django_db
def test_last_years_answer_is_shown_and_used_only_when_saved(deputy: User) -> None:
    before = make_report(deputy, "104")
    answers = Answers(before)
    answers[Lifestyle].activities, answers[Lifestyle].which = "yes", "Singing, weekly"
    answers[Lifestyle].care = "The dentist in May"
    answers[Lifestyle].save()
    Report.objects.filter(pk=before.pk).update(submitted=True)
    report = make_report(deputy, "104", previous=before)
    pages = Pages(deputy, report)
    shown = pages.text("lifestyle/activities")
    assert "Last year you answered" in shown
    assert "Singing, weekly" in shown
    assert "The dentist" not in pages.text("lifestyle/care"), "appointments are this year's"
    offered = pages.browser.get(f"{pages.base}lifestyle/activities/?use=activities&use=which").content.decode()
    assert "Last year’s answer is filled in" in offered
    assert "Singing, weekly</textarea>" in offered
    assert Answers(report)[Lifestyle].activities is None, "shown, not stored"


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "days"), [("104", 21), ("104-5", 56), ("104-6", 56)])
def test_the_period_follows_the_rules_and_moves_the_due_date(code: str, days: int) -> None:
    """D-113: the end date decides the due date, by who reports."""
    user = make_person(code)
    report = make_report(user, code)
    pages = Pages(user, report)

    def sent(start: date, end: date) -> Any:
        return pages.save(
            "period", start=tuple(map(str, (start.day, start.month, start.year))),
            end=tuple(map(str, (end.day, end.month, end.year))),
        )  # fmt: skip

    start = clock.today() - timedelta(days=200)
    assert "not before the start" in readable(sent(start, start - timedelta(days=1)))
    assert "less than 15 months" in readable(sent(start, months_after(start, 15)))
    assert "last 7 years" in readable(sent(clock.today() - timedelta(days=8 * 366), clock.today()))
    assert sent(start, months_after(start, 12)).status_code == 302
    report.refresh_from_db()
    assert report.due == months_after(start, 12) + timedelta(days=days)


@pytest.mark.django_db
def test_the_due_date_goes_into_a_calendar_without_naming_the_client(deputy: User) -> None:
    report = make_report(deputy, "104")
    answer = Pages(deputy, report).browser.get(f"/report/{report.pk}/due-date.ics")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == report.due
    assert len(list(event.walk("VALARM"))) == 3
    assert report.client.last_name not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("code", [*LAY_TYPES, "102-4-5", "104-6"])
def test_what_to_gather_is_made_from_the_sections(code: str) -> None:
    user = make_person(code)
    text = Pages(user, make_report(user, code)).text("gather")
    assert ("Bank and building society statements" in text) == report_type(code).property_and_affairs
    assert "{" not in text


@pytest.mark.django_db
def test_a_submitted_report_and_a_strangers_report_are_not_found(deputy: User) -> None:
    report = make_report(deputy, "104")
    stranger = Pages(make_deputy(), report)
    assert stranger.browser.get(stranger.base).status_code == 404
    assert stranger.browser.get(f"{stranger.base}lifestyle/care/").status_code == 404
    pages = Pages(deputy, report)
    Report.objects.filter(pk=report.pk).update(submitted=True)
    assert pages.browser.get(f"{pages.base}lifestyle/care/").status_code == 404
    assert pages.browser.post(f"{pages.base}lifestyle/care/", {"care": "x"}).status_code == 404


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-120, 120))
def test_months_after_stays_in_the_month_and_comes_back(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    if day.day <= 28:
        assert months_after(later, -months) == day


@given(st.dates(date(2015, 1, 1), date(2050, 1, 1)), st.sampled_from(sorted(TYPES)))
def test_d113_due_dates_are_calendar_days_whatever_the_clocks_do(end: date, code: str) -> None:
    """D-113: 21 days for lay deputies, 56 for professionals and public authorities."""
    days = {"-5": 56, "-6": 56}.get(code[-2:], 21)
    assert (report_type(code).due(end) - end).days == days
