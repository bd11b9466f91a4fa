"""Carrying what a report holds into another: rows of sections, entries, documents, drafts."""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from foundation.clients.storage import Missing, store
from foundation.drafts import Draft
from reporting.documents.actions import new_key
from reporting.documents.models import Document, deputy_documents
from reporting.engine.questions import Question
from reporting.engine.report_types import ReportType
from reporting.engine.section import Answered, Entry, Section, all_sections
from reporting.reports.models import Report

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def section_kinds() -> list[type[Section]]:
    """Every table of sections; the two forms of a money section share one."""
    return [kind for kind in all_sections() if not kind._meta.proxy]


def entry_kinds() -> list[type[Entry]]:
    return [kind for kind in Answered.kinds if issubclass(kind, Entry) and not kind._meta.proxy]


def table_of(kind: type[Entry]) -> type[Section]:
    """The table of the section that a kind of entry belongs to."""
    return kind.section._meta.concrete_model  # type: ignore[return-value]


def asked_in(table: type[Section], kind: ReportType) -> type[Section] | None:
    """The section of a report type whose answers are in this table."""
    found = (each for each in all_sections() if each._meta.concrete_model is table)
    return next((each for each in found if kind.family in each.order and each.applies_to(kind)), None)


def questions_of(kind: type[models.Model]) -> list[Any]:
    """Every question of a table, also those that only its other form asks."""
    return [each for each in kind._meta.concrete_fields if isinstance(each, Question)]


def stored(kind: type[Any], report: Report) -> list[Any]:
    return list(kind._default_manager.filter(report=report))


def groups(kind: type[Section]) -> list[list[Any]]:
    """The questions that belong together: a gate and all that it asks. In the order of the table."""
    found: list[list[Any]] = []
    for question in questions_of(kind):
        upon = set(question.when.questions) if question.when else set()
        joined = [group for group in found if upon & {each.name for each in group}]
        rest = [group for group in found if group not in joined]
        found = [*rest, [*(each for group in joined for each in group), question]]
    order = {question.name: at for at, question in enumerate(questions_of(kind))}
    return sorted(found, key=lambda group: order[group[0].name])


def values(row: Any, group: list[Any]) -> dict[str, Any]:
    return {question.name: getattr(row, question.attname) for question in group}


def plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept as JSON."""
    encode = DjangoJSONEncoder().default
    simple = (str, int, bool, list, type(None))
    return {name: value if isinstance(value, simple) else encode(value) for name, value in found.items()}


def put(row: Any, group: list[Any], found: Mapping[str, Any]) -> None:
    """Answers that were kept as JSON, back on a row."""
    for question in group:
        value = found.get(question.name)
        setattr(row, question.attname, None if value is None else question.to_python(value))


# Rows


def move(rows: list[Any], report: Report) -> None:
    for row in rows:
        row.report = report
        row.save(update_fields=["report"])


def copy_section(row: Section, report: Report) -> None:
    twin = copy(row)
    twin.pk, twin._state.adding, twin.report = None, True, report
    twin.save()


def copy_entry(row: Entry, report: Report) -> Entry:
    """The same answers under another token. What sums up payments of bank statements does so in one report only."""
    twin = copy(row)
    twin.pk, twin._state.adding, twin.report, twin.token = None, True, report, uuid4()
    if hasattr(twin, "payments"):
        twin.payments = 0
    twin.save()
    return twin


def same_answers(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same; an account that only one of them can name does not count."""
    return all(
        getattr(one, question.attname) == getattr(other, question.attname)
        or (
            isinstance(question, models.ForeignKey)
            and None in {getattr(each, question.attname) for each in (one, other)}
        )
        for question in questions_of(type(one))
    )


# Documents


def copy_documents(report: Report, other: Report) -> None:
    """The deputy's documents in both reports, each with a file of its own. Raises Unavailable."""
    for document in deputy_documents(report).filter(submission=None):
        try:
            content = store().get(document.key)
        except Missing:
            continue  # the report asks for it again before it is submitted
        key = new_key(other)
        store().put(key, content, document.content_type)
        twin = copy(document)
        twin.pk, twin._state.adding, twin.report, twin.key, twin.token = None, True, other, key, uuid4()
        twin.save()


def move_documents(report: Report, into: Report) -> None:
    """All documents in one report; the same file twice once, another file of the same name under a new one."""
    known = {document.name: document.sha256 for document in deputy_documents(into)}
    for document in Document.objects.filter(report=report):
        if document.sha256 and known.get(document.name) == document.sha256:
            document.delete()  # the file is swept up at night
            continue
        document.report, document.name = into, free_name(document.name, known)
        document.save(update_fields=["report", "name"])
        known[document.name] = document.sha256


def free_name(name: str, known: Mapping[str, str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, found = 1, name
    while found in known:
        number += 1
        found = f"{stem[:240]} ({number}){dot}{ending}" if dot else f"{name[:240]} ({number})"
    return found


# Drafts


@dataclass
class Paths:
    """Where the pages of one report are in the other: ``tables`` of sections that go (None: all), new entry tokens."""

    old: Report
    new: Report
    tables: set[type[Section]] | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    copying: bool = False
    """The page stays where it is too: so a new entry that nobody saved yet is offered there alone."""

    def __call__(self, page: str) -> str | None:
        """The page's new address, or None if it stays."""
        before, after = f"/report/{self.old.pk}/", f"/report/{self.new.pk}/"
        if not page.startswith(before):
            return None
        rest = page.removeprefix(before)
        slug = rest.partition("/")[0]
        if self.tables is not None and slug not in self._slugs():
            return None
        if self.copying and any(token not in self.tokens for token in UUID.findall(rest)):
            return None
        for old, new in self.tokens.items():
            rest = rest.replace(old, new)
        return after + rest

    def _slugs(self) -> set[str]:
        return {each.slug for each in all_sections() if each._meta.concrete_model in (self.tables or set())}


def drafts_of(report: Report) -> Iterator[Draft]:
    yield from Draft.objects.filter(page__startswith=f"/report/{report.pk}/").exclude(body=b"")


def copy_drafts(paths: Paths, keep: Paths) -> None:
    """What people typed and did not save, offered on the new report's pages; ``keep`` are the pages that go there
    without staying. Who may not see the new report keeps the draft where it was.
    """
    for draft in drafts_of(paths.old):
        page = keep(draft.page) or paths(draft.page)
        if page is None or not Report.objects.visible_to(draft.user).filter(pk=paths.new.pk).exists():
            continue
        moved = keep(draft.page) is not None
        Draft.objects.get_or_create(
            user=draft.user, page=page[:300],
            defaults={"body": draft.body, "sequence": draft.sequence, "saved_at": draft.saved_at},
        )  # fmt: skip
        if moved:
            draft.delete()


def move_drafts(paths: Paths) -> None:
    """What people typed in a report that is taken in. Where the same page has a draft already, this one stays at its
    old address, and the page about the merge shows it.
    """
    for draft in drafts_of(paths.old):
        page = paths(draft.page)
        if page and not Draft.objects.filter(user=draft.user, page=page).exclude(body=b"").exists():
            Draft.objects.filter(user=draft.user, page=page).delete()
            draft.page = page[:300]
            draft.save(update_fields=["page"])
