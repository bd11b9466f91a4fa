"""Splitting a report in two, merging two into one, turning one into another type; and choosing between two answers.

Each is one transaction under the row lock of the reports, so that it meets no save half way: a deputy who saves at
that moment waits, and then is led to where the page is now (``moved``). What was submitted is never touched.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction

from foundation import audit, clock
from reporting.engine.report_types import report_type
from reporting.engine.section import Answers, Section, all_sections
from reporting.people.models import CourtOrder
from reporting.reports.actions import change_type, touch
from reporting.reports.creation import Covers, covers, financial, health, joint, type_for
from reporting.reports.models import Report
from reporting.reports.split_merge import answers as carry
from reporting.reports.split_merge.models import AnswerConflict, ReportChange


class LeftAlone(Exception):
    """The report has been submitted once: it is never split or merged."""


class Settled(Exception):
    """Somebody has chosen meanwhile, or the answer has changed since the page was shown."""


def never_submitted(*reports: Report) -> list[Report]:
    """The reports with their row locks, in the order given. Raises ``LeftAlone``."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("client")
    found = {row.pk: row for row in rows.filter(pk__in=[report.pk for report in reports]).order_by("pk")}
    if len(found) < len(reports) or any(row.submitted or row.submitted_at for row in found.values()):
        raise LeftAlone
    return [found[report.pk] for report in reports]


def family_of(code: str, orders: list[CourtOrder]) -> str:
    """The type for the deputies of these orders."""
    wanted = type_for(orders[:1])
    return replace(report_type(code), family=report_type(wanted).family).code if wanted else code


# Splitting


@transaction.atomic
def split(report: Report, *, by: Any = None) -> ReportChange:
    """Two reports out of a joint one. The financial report goes on under the old address, a new one is made for
    health and welfare. What both ask for is in both afterwards. Raises ``LeftAlone`` or ``Unavailable``.
    """
    (row,) = never_submitted(report)
    orders = list(row.orders.all())
    active = list(CourtOrder.objects.active().filter(client=row.client).order_by("-made_date", "-uid"))
    before = row.type
    mine = [order for order in active if order.type == CourtOrder.Type.PFA]
    theirs = [order for order in active if order.type == CourtOrder.Type.HW]
    row.type = family_of(financial(before), mine)
    other_type = family_of(health(before), theirs)
    same_family = report_type(other_type).family is report_type(before).family
    other = Report.objects.create(
        client=row.client,
        type=other_type,
        start=row.start,
        end=row.end,
        due=row.due if same_family else report_type(other_type).due(row.end),
        previous=row.previous,
    )
    row.save(update_fields=["type"])
    row.orders.set({*mine, *(order for order in orders if order.type == CourtOrder.Type.PFA)})
    other.orders.set({*theirs, *(order for order in orders if order.type == CourtOrder.Type.HW)})
    change = ReportChange.objects.create(
        what=ReportChange.What.SPLIT, report=row, other=other, types_before=[before], types_after=[row.type, other.type]
    )
    _share_out(row, other, change)
    touch(Answers(row))
    touch(Answers(other))
    after = {"types": change.types_after, "other": other.pk}
    audit.record("REPORT_SPLIT", by=by, subject=row, before={"type": before}, after=after)
    return change


def _share_out(row: Report, other: Report, change: ReportChange) -> None:
    """Sections of health and welfare go, those of property stay, those of both are copied, with their entries."""
    going: set[type[Section]] = set()
    both: set[type[Section]] = set()
    for table in carry.section_kinds():
        if carry.asked_in(table, other.kind):
            (both if carry.asked_in(table, row.kind) else going).add(table)
    for table in going:
        carry.move(carry.stored(table, row), other)
    for table in both:
        for section in carry.stored(table, row):
            carry.copy_section(section, other)
    tokens: dict[str, str] = {}
    for kind in carry.entry_kinds():
        if carry.table_of(kind) in going:
            carry.move(carry.stored(kind, row), other)
        elif carry.table_of(kind) in both:
            tokens |= {str(entry.token): str(carry.copy_entry(entry, other).token) for entry in carry.stored(kind, row)}
    carry.copy_documents(row, other)
    change.copies = {new: old for old, new in tokens.items()}
    change.copied = sorted(section.key for table in both if (section := carry.asked_in(table, other.kind)))
    change.save(update_fields=["copies", "copied"])
    carry.copy_drafts(carry.Paths(row, other, both, tokens, copying=True), carry.Paths(row, other, going))


# Merging


@transaction.atomic
def merge(report: Report, other: Report, *, by: Any = None) -> ReportChange:
    """One joint report out of a financial one, which goes on, and one on health and welfare, which it takes in.

    All entries and documents are kept. Where single answers differ both are kept, and a deputy chooses before the
    report can be submitted. The period is that of the financial report. Raises ``LeftAlone``.
    """
    row, gone = never_submitted(report, other)
    before = [row.type, gone.type]
    row.type = joint(row.type)
    row.previous = row.previous or gone.previous
    row.save(update_fields=["type", "previous"])
    row.orders.add(*gone.orders.all())
    change = ReportChange.objects.create(
        what=ReportChange.What.MERGED, report=row, gone=gone.pk, gone_start=gone.start, gone_end=gone.end,
        types_before=before, types_after=[row.type],
    )  # fmt: skip
    tokens = _take_entries(row, gone)
    for table in carry.section_kinds():
        _take_section(table, row, gone, change)
    carry.move_documents(gone, row)
    carry.move_drafts(carry.Paths(gone, row, tokens=tokens))
    ReportChange.objects.filter(report=gone).update(report=row)
    AnswerConflict.objects.filter(report=gone).update(report=row)
    audit.record(
        "REPORTS_MERGED", by=by, subject=row,
        before={"types": before, "other": gone.pk, "period": [str(gone.start), str(gone.end)]},
        after={"type": row.type},
    )  # fmt: skip
    gone.delete()
    count_unsettled(row)
    touch(Answers(row))
    return change


def _take_entries(row: Report, gone: Report) -> dict[str, str]:
    """All entries in one report, but for copies that a split made and nobody changed since; their tokens."""
    copies: dict[str, str] = {}
    for change in ReportChange.objects.filter(what=ReportChange.What.SPLIT, report__in=[row, gone]):
        if {change.report_id, change.other_id} == {row.pk, gone.pk}:
            copies |= change.copies
            copies |= {old: new for new, old in change.copies.items()}
    dropped = {}
    for kind in carry.entry_kinds():
        mine = {str(entry.token): entry for entry in carry.stored(kind, row)}
        for entry in carry.stored(kind, gone):
            twin = mine.get(copies.get(str(entry.token), ""))
            if twin is not None and carry.same_answers(entry, twin):
                dropped[str(entry.token)] = str(twin.token)
                entry.delete()
            else:
                carry.move([entry], row)
    return dropped


def _take_section(table: type[Section], row: Report, gone: Report, change: ReportChange) -> None:
    """One row out of two, a group of questions after the other."""
    mine, theirs = carry.stored(table, row), carry.stored(table, gone)
    if not theirs:
        return
    if not mine:
        carry.move(theirs, row)
        return
    kept, taken = mine[0], theirs[0]
    for group in carry.groups(table):
        ours, other = carry.values(kept, group), carry.values(taken, group)
        union = _union(group, ours, other)
        if union is None:
            AnswerConflict.objects.create(
                change=change, report=row, section=(carry.asked_in(table, row.kind) or table).slug,
                questions=[question.name for question in group], ours=carry.plain(ours), theirs=carry.plain(other),
            )  # fmt: skip
            union = other if _shows_more(table, row, ours, other) else ours
        for question in group:
            setattr(kept, question.attname, union[question.name])
    kept.save()
    taken.delete()


def _union(group: list[Any], ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any] | None:
    """Both together where they do not contradict each other, else None."""
    found = {}
    for question in group:
        one, other = ours[question.name], theirs[question.name]
        if one != other and not question.is_empty(one) and not question.is_empty(other):
            return None
        found[question.name] = other if question.is_empty(one) else one
    return found


def _shows_more(table: type[Section], row: Report, ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether only the other report's gate asks for entries that there are: none is hidden before somebody chose."""
    return any(
        kind.when is not None
        and kind.when.questions <= ours.keys()
        and kind.when.met(theirs)
        and not kind.when.met(ours)
        for kind in carry.entry_kinds()
        if carry.table_of(kind) is table and carry.stored(kind, row)
    )


# Another type


@transaction.atomic
def convert(report: Report, code: str, *, by: Any = None) -> ReportChange:
    """The one open report becomes joint, or stops being joint. Answers that are no longer asked stay stored."""
    (row,) = never_submitted(report)
    before = row.type
    change_type(row, code, by=by)
    wanted = CourtOrder.objects.active().filter(client=row.client)
    if covers(code) is not Covers.BOTH:
        wanted = wanted.filter(type=covers(code).value)
    row.orders.add(*wanted)
    return ReportChange.objects.create(
        what=ReportChange.What.CONVERTED, report=row, types_before=[before], types_after=[code]
    )


# Choosing


def waiting_of(report: Report) -> list[AnswerConflict]:
    return list(AnswerConflict.objects.filter(report=report, choice="").select_related("change"))


def count_unsettled(report: Report) -> None:
    found: dict[str, int] = {}
    for conflict in waiting_of(report):
        found[conflict.section] = found.get(conflict.section, 0) + 1
    report.unsettled = found
    report.save(update_fields=["unsettled"])


def row_of(conflict: AnswerConflict, answers: Answers) -> tuple[Section, list[Any]]:
    """The section's row and the questions that the conflict is about."""
    kind = next(each for each in all_sections() if each.slug == conflict.section)
    table: Any = kind._meta.concrete_model
    return answers[kind], [question for question in carry.questions_of(table) if question.name in conflict.questions]


def now(conflict: AnswerConflict, answers: Answers) -> dict[str, Any]:
    """What is stored at the moment, as it is kept as JSON."""
    row, group = row_of(conflict, answers)
    return carry.plain(carry.values(row, group))


@transaction.atomic
def settle(report: Report, choices: dict[int, tuple[str, dict[str, Any]]], *, by: Any) -> int:
    """Keep the chosen answers: by conflict the choice, and what was stored when the person saw it.

    Raises ``Settled`` if a conflict is not as they saw it: then nothing is changed. ``LeftAlone`` once submitted.
    """
    (row,) = never_submitted(report)
    answers = Answers(row)
    for conflict in AnswerConflict.objects.select_for_update().filter(report=row, pk__in=choices):
        choice, seen = choices[conflict.pk]
        if conflict.choice or now(conflict, answers) != seen:
            raise Settled
        if choice != AnswerConflict.Choice.NOW:
            section, group = row_of(conflict, answers)
            carry.put(section, group, getattr(conflict, choice))
            section.changed_by = by
            section.save()
        conflict.choice, conflict.chosen_at, conflict.chosen_by = choice, clock.now(), by
        conflict.save()
        after = {"section": conflict.section, "questions": conflict.questions, "choice": choice}
        audit.record("ANSWER_CHOSEN", by=by, subject=row, after=after)
        answers.forget()
    count_unsettled(row)
    touch(Answers(row))
    return len(choices)
