"""Managing a report as one form: type, period, due date, what the deputy has to look at again, closing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from foundation import clock
from foundation.web.offering import offer
from reporting.engine.fields import DateField, OptionsField, PartsWidget
from reporting.engine.periods import months_after
from reporting.engine.report_types import TYPES, report_type
from reporting.engine.section import Section, sections_of
from reporting.reports.models import Report

PARTS = ("day", "month", "year")
KindOfSection = type[Section]
KEEP, CUSTOM = "keep", "custom"
WEEKS = ("3", "4", "5")


@dataclass(frozen=True)
class Plan:
    """What is to become of a report. ``sections`` are keys; only a submitted report has any."""

    type: str
    start: date
    end: date
    due: date
    sections: tuple[str, ...] = ()
    close: bool = False

    def changed(self, report: Report) -> bool:
        """Whether type, period or due date differ from what they are."""
        return (self.type, self.start, self.end, self.due) != (report.type, report.start, report.end, report.due)

    def changes(self, report: Report) -> list[dict[str, str]]:
        """What differs from the report as it is, in words: what, before, after."""
        if self.close:
            return [{"label": "State", "before": "Sent back to the deputy", "after": "Submitted, as it was"}]
        rows = [
            ("Report type", f"OPG{report.type}", f"OPG{self.type}"),
            ("Start of the period", _day(report.start), _day(self.start)),
            ("End of the period", _day(report.end), _day(self.end)),
            ("Due date", _day(report.due), _day(self.due)),
        ]
        found = [{"label": label, "before": old, "after": new} for label, old, new in rows if old != new]
        if self.sections:
            names = ", ".join(titles(self.type, self.sections))
            found.append({"label": "Sections that need changes", "before": "None", "after": names})
        return found


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def titles(code: str, keys: tuple[str, ...]) -> list[str]:
    return [str(section.title) for section in sections_of(report_type(code)) if section.key in keys]


class ManageForm(forms.Form):
    """Every rule in one place, so that nothing can be left unchecked (deputy-admin 6)."""

    type = forms.ChoiceField(error_messages={"required": "Select the report type"})
    start = DateField(PARTS)
    end = DateField(PARTS)
    due_choice = forms.ChoiceField(error_messages={"required": "Select when the report is due"})
    due_on = DateField(PARTS)
    sections = OptionsField([])
    close = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, report: Report) -> None:
        self.report = report
        super().__init__(data)
        codes = [code for code, kind in TYPES.items() if kind.family is report.kind.family]
        offer(self, "type", [(code, f"OPG{code}: {_about(code)}") for code in codes])
        due = [
            (KEEP, f"Keep {_day(report.due)}"),
            *((weeks, f"{weeks} weeks from today: {_day(_in(weeks))}") for weeks in WEEKS),
            (CUSTOM, "Another date"),
        ]
        offer(self, "due_choice", due)
        if report.submitted:
            self.fields["sections"] = OptionsField([section.key for section in self.listed()])
        else:
            del self.fields["sections"]
        if not self.may_close:
            del self.fields["close"]

    @property
    def may_close(self) -> bool:
        """Sent back to the deputy, who has not submitted it again."""
        return not self.report.submitted and self.report.submitted_at is not None

    def listed(self) -> list[KindOfSection]:
        return sections_of(self.report.kind)

    def value(self, name: str) -> Any:
        """What the page shows in a box: what was typed, else what is stored."""
        if self.is_bound:
            return self[name].value()
        return {"type": self.report.type, "due_choice": KEEP, "sections": []}.get(name, "")

    def parts(self, name: str) -> dict[str, str]:
        if self.is_bound:
            return PartsWidget(PARTS).value_from_datadict(self.data, None, name)
        day = getattr(self.report, name, None)
        return {part: str(getattr(day, part)) if day else "" for part in PARTS}

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        self._check_period(found)
        if found.get("due_choice") == CUSTOM and found.get("due_on") is None and "due_on" not in self.errors:
            self.add_error("due_on", "Enter the date on which the report is due")
        if self.report.submitted and "sections" not in self.errors:
            self._check_sections(found)
        if found.get("close") and not self.errors and self.plan().changed(self.report):
            self.add_error("close", "Close the report without other changes, or change it without closing it")
        return found

    def _check_period(self, found: dict[str, Any]) -> None:
        start, end = found.get("start"), found.get("end")
        for name, words in (("start", "starts"), ("end", "ends")):
            if found.get(name) is None and name not in self.errors:
                self.add_error(name, f"Enter the date on which the period {words}")
        if start and end and end <= start:
            self.add_error("end", "Enter an end date that is after the start date")
        elif start and end and end >= months_after(start, 15):
            self.add_error("end", "Enter an end date less than 15 months after the start date")

    def _check_sections(self, found: dict[str, Any]) -> None:
        ticked = found.get("sections") or []
        if not ticked:
            self.add_error("sections", "Select at least one section that needs changes")
        elif code := found.get("type"):
            there = {section.key for section in sections_of(report_type(code))}
            if gone := [str(section.title) for section in self.listed() if section.key in set(ticked) - there]:
                self.add_error("sections", f"A report of type OPG{code} has no section {', '.join(gone)}")

    def plan(self) -> Plan:
        found = self.cleaned_data
        return Plan(
            found["type"],
            found["start"],
            found["end"],
            self._due(found),
            tuple(found.get("sections") or ()),
            bool(found.get("close")),
        )

    def _due(self, found: dict[str, Any]) -> date:
        """A date that is kept moves with the period only where it would fall before its end."""
        choice = found["due_choice"]
        if choice == CUSTOM:
            return found["due_on"]  # type: ignore[no-any-return]
        if choice == KEEP:
            kept = self.report.due
            return kept if kept >= found["end"] else report_type(found["type"]).due(found["end"])
        return _in(choice)


def _about(code: str) -> str:
    kind = report_type(code)
    return kind.title + (", higher assets" if kind.higher_assets else ", lower assets" if kind.lower_assets else "")


def _in(weeks: str) -> date:
    return clock.today() + timedelta(weeks=int(weeks))
