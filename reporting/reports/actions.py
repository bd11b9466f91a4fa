"""What a deputy does to an open report: save a page, remove an entry, change the period.

Every change takes the report's row lock first, so that it cannot meet a submission half way, and compares what the
person had before them with what is stored now: a stale save changes nothing and says what the other one wrote.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation import audit
from reporting.engine.forms import PageForm
from reporting.engine.report_types import report_type
from reporting.engine.section import Answered, Answers, Entry, Page, Section
from reporting.reports import progress
from reporting.reports.models import Report


class Closed(Exception):
    """The report has been submitted: nothing in it can be changed."""


class Stale(Exception):
    """Somebody else changed this page since it was shown; ``theirs`` are the rows that are stored now."""

    def __init__(self, theirs: list[Any], by: Any, at: Any) -> None:
        self.theirs, self.by, self.at = theirs, by, at
        super().__init__("changed by somebody else")


class NotAsked(Exception):
    """The page is no longer asked: an answer elsewhere has changed since it was shown."""


class Refused(Exception):
    """The change is not possible; the text says why, in words for the person."""


@dataclass(frozen=True)
class Saved:
    """A save that was taken. ``owner`` is the row as it is now."""

    owner: Answered
    answers: Answers


@contextmanager
def locked(report: Report) -> Iterator[Report]:
    """The report with its row lock, open; raises ``Closed`` if it is submitted, or was merged into another."""
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("client").filter(pk=report.pk).first()
        if row is None or row.submitted:
            raise Closed
        yield row


def save_answers(
    report: Report,
    find: Callable[[Answers], Answered],
    page: Page,
    data: Any,
    *,
    by: Any,
    version: str,
) -> Saved | PageForm:
    """Save one page of a section or an entry.

    ``find`` picks the row from the report's answers; ``version`` is the digest that the page carried. Returns the
    form with its errors if an answer was not accepted. Raises ``NotAsked``, ``Stale`` or ``Closed``. Sending the same
    page twice saves it once.
    """
    with locked(report) as row:
        answers = Answers(row)
        owner = find(answers)
        if not _asks(owner, page):
            raise NotAsked
        form = PageForm(owner, page, data)
        if not form.is_valid():
            return form
        if owner.page_version(page) != version and not _same(owner, form):
            raise Stale([owner.row(question) for question in form.questions], owner.changed_by, owner.changed_at)
        form.apply()
        owner.changed_by = by
        owner.save()
        touch(answers, owner.section if isinstance(owner, Entry) else type(owner))  # type: ignore[arg-type]
        return Saved(owner, answers)


def _same(owner: Answered, form: PageForm) -> bool:
    """Whether what is stored is already what was sent: a double click, or two people of one mind."""
    return owner.pk is not None and all(
        question.json(getattr(owner, question.name)) == question.json(form.cleaned_data.get(question.name))
        for question in form.questions
    )


def _asks(owner: Answered, page: Page) -> bool:
    """Whether the report asks for this page, by its type and as it is answered now."""
    if not owner.answers.has(owner.section if isinstance(owner, Entry) else type(owner)):  # type: ignore[arg-type]
        return False
    if isinstance(owner, Entry):
        section = owner.answers[owner.section]
        if section.not_needed() or not section.asks_for(type(owner)):
            return False
    return page in owner.asked_pages()


def remove_entry(report: Report, kind: type[Entry], token: UUID, *, by: Any) -> Entry | None:
    """Remove an entry for good; None if it was gone already. Raises ``Refused`` or ``Closed``."""
    with locked(report) as row:
        answers = Answers(row)
        entry = next((each for each in answers.entries(kind) if each.token == token), None)
        if entry is None:
            return None
        if reason := entry.may_remove():
            raise Refused(reason)
        entry.changed_by = by
        entry.delete()
        answers.forget()
        section = answers[kind.section]
        if kind.ungates and kind.when is not None and not answers.entries(kind):
            for name in kind.when.questions:
                setattr(section, name, None)
            section.changed_by = by
            section.save()
        touch(answers, kind.section)
        return entry


def touch(answers: Answers, *changed: type[Section]) -> None:
    """Write down how far the report is, in the transaction of the change: overview and lists read only this.

    ``changed`` names the sections that were changed, if it is known, in a report whose row is locked.
    """
    answers.forget()
    report = answers.report
    report.progress = progress.brought_up_to_date(answers, changed)
    report.ready = progress.is_ready(report.progress)
    report.version += 1
    report.save(update_fields=["progress", "ready", "version"])


def change_type(report: Report, code: str, *, by: Any) -> Report:
    """Give an open report another type. Raises ``Closed``, or ValueError for a type that there is not.

    No answer is lost: those of sections that fall away stay stored, unseen and uncounted, and are there again should
    the type come back (deputy-reports 1.5). The due date follows from the end of the period alone, so it stays.
    """
    kind = report_type(code)
    with locked(report) as row:
        if row.type != kind.code:
            before = {"type": row.type}
            row.type = kind.code
            row.save(update_fields=["type"])
            touch(Answers(row))
            audit.record("REPORT_TYPE_CHANGED", by=by, subject=row, before=before, after={"type": row.type})
        return row


def set_period(
    report: Report, start: date, end: date, *, by: Any, version: int, then: Callable[[Answers], None] | None = None
) -> None:
    """Change the reporting period, and with it the due date (deputy-reports 1.2). Raises ``Stale`` or ``Closed``.

    ``then`` is what else follows, in the transaction of the change.
    """
    with locked(report) as row:
        if row.version != version and (row.start, row.end) != (report.start, report.end):
            raise Stale([], None, None)
        before = {"start": str(row.start), "end": str(row.end), "due": str(row.due)}
        row.start, row.end, row.due = start, end, row.kind.due(end)
        row.version += 1
        row.save(update_fields=["start", "end", "due", "version"])
        after = {"start": str(start), "end": str(end), "due": str(row.due)}
        audit.record("REPORT_PERIOD_CHANGED", by=by, subject=row, before=before, after=after)
        if then:
            then(Answers(row))
        touch(Answers(row))
