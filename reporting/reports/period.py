"""The form for a reporting period (deputy-reports 1.2)."""

from datetime import date
from typing import Any

from django import forms

from foundation import clock
from reporting.engine.fields import DateField, PartsWidget
from reporting.engine.periods import months_after
from reporting.reports.models import Report

PARTS = ("day", "month", "year")


class PeriodForm(forms.Form):
    """Start between 7 years ago and 2 years ahead; end not before it and less than 15 months after it."""

    start = DateField(PARTS)
    end = DateField(PARTS)

    def __init__(self, data: Any = None, *, report: Report) -> None:
        self.report = report
        super().__init__(data)

    def shown(self, name: str) -> dict[str, str]:
        if self.is_bound:
            return PartsWidget(PARTS).value_from_datadict(self.data, None, name)
        value: date = getattr(self.report, name)
        return {part: str(getattr(value, part)) for part in PARTS}

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        start, end, today = found.get("start"), found.get("end"), clock.today()
        for name, words in (("start", "starts"), ("end", "ends")):
            if found.get(name) is None and name not in self.errors:
                self.add_error(name, f"Enter the date on which the period {words}")
        if start and not months_after(today, -84) <= start <= months_after(today, 24):
            self.add_error("start", "Enter a start date within the last 7 years and not more than 2 years ahead")
        if start and end and end < start:
            self.add_error("end", "Enter an end date that is not before the start date")
        elif start and end and end >= months_after(start, 15):
            self.add_error("end", "Enter an end date less than 15 months after the start date")
        return found
