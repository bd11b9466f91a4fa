"""Calendar rules of reporting periods (deputy-reports 1.2). Both ends of a period are inclusive."""

from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def years_later(day: date, years: int) -> date:
    """The same day of another year; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def year_from(start: date) -> tuple[date, date]:
    """Twelve months from a day, both ends inclusive."""
    return start, years_later(start, 1) - timedelta(days=1)


def year_until(end: date) -> tuple[date, date]:
    """Twelve months that end on a day; those that end on 29 February begin on 1 March."""
    start = years_later(end, -1)
    return (start if (end.month, end.day) == (2, 29) else start + timedelta(days=1)), end


def first_period(made: date, today: date) -> tuple[date, date]:
    """The first period after registration begins on the latest anniversary of the order."""
    start = years_later(made, today.year - made.year)
    return year_from(start if start <= today else years_later(made, today.year - made.year - 1))
