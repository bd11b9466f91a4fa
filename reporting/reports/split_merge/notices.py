"""What a deputy is told about a report that was split, merged or converted."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from reporting.engine.report_types import report_type
from reporting.engine.rows import Row
from reporting.engine.section import Answered, Answers, Section, section_by_slug
from reporting.reports.models import Report
from reporting.reports.split_merge.actions import now, row_of, waiting_of
from reporting.reports.split_merge.answers import put, questions_of
from reporting.reports.split_merge.models import AnswerConflict, ReportChange

TITLES = {
    ReportChange.What.SPLIT: "This report is now two reports",
    ReportChange.What.MERGED: "Two reports are now this one report",
    ReportChange.What.CONVERTED: "This report has changed",
}


@dataclass(frozen=True)
class Notice:
    """One change of a report, for the people who see it. ``other`` only if they may open it."""

    change: ReportChange
    report: Report
    other: Report | None
    unsettled: int

    @property
    def title(self) -> str:
        return TITLES[ReportChange.What(self.change.what)]

    @property
    def before(self) -> list[str]:
        return [report_type(code).title for code in self.change.types_before]

    @property
    def after(self) -> list[str]:
        return [report_type(code).title for code in self.change.types_after]

    @property
    def copied(self) -> list[str]:
        """The sections that are in both reports since a split, by title."""
        answers = Answers(self.report)
        return [section.words_of(section.title) for section in answers.sections() if section.key in self.change.copied]


def notices(report: Report, user: Any) -> list[Notice]:
    """What happened to an open report, newest first."""
    if report.submitted:
        return []
    found = []
    for change in ReportChange.objects.of(report).select_related("report", "other"):
        partner = change.other if change.report_id == report.pk else change.report
        seen = Report.objects.visible_to(user).filter(pk=partner.pk).first() if partner else None
        found.append(Notice(change, report, seen, sum(report.unsettled.values())))
    return found


@dataclass(frozen=True)
class Alternative:
    """One of the answers to choose from, in words."""

    choice: str
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Question:
    """A conflict as a question: which answer to keep."""

    conflict: AnswerConflict
    section: Section
    alternatives: list[Alternative]
    seen: dict[str, Any]

    @property
    def name(self) -> str:
        return f"conflict-{self.conflict.pk}"


def questions(report: Report) -> list[Question]:
    """The conflicts of sections that the report has, in the order of its sections."""
    answers = Answers(report)
    order = {section.slug: at for at, section in enumerate(answers.sections())}
    found = [conflict for conflict in waiting_of(report) if conflict.section in order]
    return [_question(conflict, answers) for conflict in sorted(found, key=lambda each: order[each.section])]


def _question(conflict: AnswerConflict, answers: Answers) -> Question:
    section, _group = row_of(conflict, answers)
    seen = now(conflict, answers)
    labels = [report_type(code).title.lower() for code in conflict.change.types_before]
    alternatives = [
        _alternative(conflict, answers, "ours", f"From the report on {labels[0]}", conflict.ours),
        _alternative(conflict, answers, "theirs", f"From the report on {labels[1]}", conflict.theirs),
    ]
    if seen not in (conflict.ours, conflict.theirs):
        alternatives.append(_alternative(conflict, answers, "now", "As it has been changed since", seen))
    return Question(conflict, section, alternatives, seen)


def _alternative(
    conflict: AnswerConflict, answers: Answers, choice: str, label: str, found: dict[str, Any]
) -> Alternative:
    """The answers put on a row that is never saved, so that they are shown as a page would show them."""
    section, group = row_of(conflict, answers)
    shadow = type(section)(report=section.report)
    shadow.answers = answers
    put(shadow, group, found)
    rows = [
        Row(question.label_for(shadow), question.text(getattr(shadow, question.name)), question.name)
        for question in group
        if found.get(question.name) not in (None, "", [])
    ]
    return Alternative(choice, label, rows)


# Drafts that found no place


@dataclass(frozen=True)
class Leftover:
    """What somebody typed on a page of the report that was taken in, where the same page had a draft already."""

    title: str
    rows: list[Row]


def leftovers(report: Report, user: Any) -> list[Leftover]:
    from foundation.drafts import Draft

    found = []
    for number in ReportChange.objects.filter(report=report).exclude(gone=None).values_list("gone", flat=True):
        for draft in Draft.objects.filter(user=user, page__startswith=f"/report/{number}/").exclude(body=b""):
            if draft.data is not None and (left := _leftover(report, draft.page, draft.data)):
                found.append(left)
    return found


def _leftover(report: Report, page: str, data: Any) -> Leftover | None:
    try:
        kwargs = resolve(urlsplit(page).path).kwargs
    except Resolver404:
        return None
    section = section_by_slug(kwargs.get("section", ""))
    if section is None:
        return None
    answers = Answers(report)
    kinds = [kind for kind in section.entry_kinds() if kind.slug == kwargs.get("entry")]
    owner: Answered = kinds[0](report=report) if kinds else answers[section]
    owner.answers = answers
    known = {question.name: question for question in questions_of(type(owner)._meta.concrete_model)}  # type: ignore[arg-type]
    rows = [
        Row(known[name].label_for(owner), "\n".join(filter(None, data.getlist(name))), name)
        for name in data
        if name in known and any(data.getlist(name))
    ]
    return Leftover(answers[section].words_of(section.title), rows) if rows else None
