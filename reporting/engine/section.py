"""Sections and their entries: a file declares questions, and everything else is derived here.

A ``Section`` is one row a report: its answers. An ``Entry`` is one of many rows: a gift, a bank account. Both are
ordinary Django models whose question fields are the questions (``engine.questions``). A section is finished when
nothing that is asked is missing and no problem is left: one truth for form, status and submission.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import uuid4

from django.db import models

from reporting.engine.answered import Answered, Page, page
from reporting.engine.conditions import Condition
from reporting.engine.questions import Money, Pick, Question, pounds
from reporting.engine.report_types import ReportType
from reporting.engine.rows import Block, Line, Listing, Missing, Row, Rows, State

if TYPE_CHECKING:
    from reporting.reports.models import Report

__all__ = [
    "Answered",
    "Answers",
    "Entry",
    "Page",
    "Section",
    "all_sections",
    "page",
    "section_by_slug",
    "sections_of",
]


NONE_GIVEN = "None given"


class Entry(Answered):
    """One of several things of a kind. ``token`` is its address and makes a double click harmless.

    ``section``  the section that it belongs to          ``when``    the section's answer that asks for it
    ``one, many``  its name in words                      ``columns``  questions shown in the list
    ``total``    the question that is added up            ``least``   how many there must be
    ``ungates``  removing the last one makes the gate unanswered again
    """

    section: ClassVar[type["Section"]]
    when: ClassVar[Condition | None] = None
    one: ClassVar[str]
    many: ClassVar[str]
    columns: ClassVar[Sequence[str]] = ()
    total: ClassVar[str] = ""
    least: ClassVar[int] = 1
    ungates: ClassVar[bool] = True

    report = models.ForeignKey("reporting.Report", on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.token}"

    @property
    def name(self) -> str:
        """How it is called in lists and pickers."""
        first = self.columns[0]
        return self.questions()[first].text(getattr(self, first)) or f"New {self.one}"

    @property
    def finished(self) -> bool:
        return not self.missing_answers()

    def gate_answer(self) -> Any:
        owner = self.answers[self.section]
        return {name: owner.values().get(name) for name in sorted(self.when.questions)} if self.when else None

    def picked_by(self) -> list[tuple[Pick, type["Entry"]]]:
        """The kinds of entry that have picked this one ("which account"), with the question."""
        return [
            (question, kind)
            for kind in Answered.kinds
            if issubclass(kind, Entry)
            for question in kind.questions().values()
            if isinstance(question, Pick) and question.remote_field.model is type(self)
            if any(getattr(entry, question.attname) == self.pk for entry in self.answers.entries(kind))
        ]

    def may_remove(self) -> str:
        """Why it cannot be removed, or ""."""
        holders = sorted({kind.one for question, kind in self.picked_by() if question.protects})
        return f"It is used in a {' and a '.join(holders)}: remove that first." if holders else ""

    def removal_warning(self) -> str:
        """What else changes when it is removed, or ""."""
        linked = sorted({kind.many for question, kind in self.picked_by() if not question.protects})
        return f"Some {' and '.join(linked)} name it. They stay, without it." if linked else ""

    def identity(self) -> Any:
        """Two entries with the same are the same thing, when last year's are carried over."""
        return self.token

    def carried_over(self) -> "Entry | None":
        """Its copy for next year's report, not saved; None if it stays behind."""
        return None

    def copied(self, *without: str) -> "Entry":
        """A new entry with the same answers but for those named."""
        answers = {name: value for name, value in self.values().items() if name not in without}
        return type(self)(**answers)

    def worth(self) -> Decimal:
        """What it adds to the list's total, in pounds."""
        return getattr(self, self.total) or Decimal("0.00") if self.total else Decimal("0.00")

    def cells(self) -> Sequence[str]:
        """What the list shows of it, by column."""
        known = self.questions()
        return [known[name].text(getattr(self, name)) if self.asked(known[name]) else "" for name in self.columns]

    def line(self) -> Line:
        return Line(tuple(self.cells()), str(self.token), self.finished, tuple(self.rows()))

    def frozen(self) -> dict[str, Any]:
        return {"id": str(self.token), **super().frozen()}

    @classmethod
    def listing(cls, owner: "Section", entries: Sequence["Entry"]) -> Listing:
        blank = cls(report=owner.report)
        blank.answers = owner.answers
        known = cls.questions()
        headings = tuple(known[name].heading_for(blank) for name in cls.columns)
        numeric = frozenset(at for at, name in enumerate(cls.columns) if isinstance(known[name], Money))
        total: tuple[str, ...] = ()
        if cls.total and entries:
            shown = pounds(sum((entry.worth() for entry in entries), Decimal("0.00")))
            total = tuple(
                "Total" if at == 0 else shown if name == cls.total else "" for at, name in enumerate(cls.columns)
            )
        lines = tuple(entry.line() for entry in entries)
        return Listing(
            cls.many[:1].upper() + cls.many[1:], headings, numeric, lines, total, f"No {cls.many} added yet.", cls.slug
        )


class Section(Answered):
    """One part of the report.

    ``key``    the reference's id, in exports and interfaces     ``order``  place in each family's walk
    ``group``  the overview's group                              ``place``  place in the PDF
    ``intro``  what the start page says; or a function of the section
    """

    key: ClassVar[str]
    order: ClassVar[Mapping[str, int]]
    group: ClassVar[str]
    place: ClassVar[int]
    intro: ClassVar[Any] = ""
    description: ClassVar[str] = ""
    checklist: ClassVar[str] = ""
    gather: ClassVar[Sequence[str]] = ()
    """What to have at hand before starting, for the printable list."""
    needs: ClassVar[Sequence[type["Section"]]] = ()
    carried_answers: ClassVar[Sequence[str]] = ()
    """Answers of the section itself that go on into next year's report."""
    walked: ClassVar[bool] = True
    """Whether the way from section to section leads through it; the balance is only looked at from the overview."""
    summary_template: ClassVar[str] = "sections/summary.html"

    report = models.OneToOneField("reporting.Report", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        """Whether a report of this type has the section."""
        raise NotImplementedError

    @classmethod
    def entry_kinds(cls) -> list[type[Entry]]:
        return [kind for kind in Answered.kinds if issubclass(kind, Entry) and kind.section is cls]

    def entries(self, kind: type["E"]) -> list["E"]:
        """The entries of a kind that count: none while the gate says that there are none."""
        return self.answers.entries(kind) if self.asks_for(kind) else []

    def asks_for(self, kind: type[Entry]) -> bool:
        return kind.when is None or kind.when.met(self.counting(kind.when, self.values()))

    def not_needed(self) -> str:
        """Why this report does not need the section answered ("there is only one account"), or ""."""
        return ""

    def onward(self) -> str:
        """Where its last page leads if not to the summary, relative to the section's address."""
        return ""

    def problems(self) -> list[Missing]:
        """What is wrong although every question is answered."""
        return []

    def missing(self) -> list[Missing]:
        if self.report.unsettled.get(self.slug):
            return [Missing("Choose which of two answers to keep", "../changes")]
        if self.not_needed():
            return []
        found = self.missing_answers()
        for kind in self.entry_kinds():
            if not self.asks_for(kind):
                continue
            entries = self.entries(kind)
            if len(entries) < kind.least:
                found.append(
                    Missing(
                        f"Add at least one {kind.one}" if kind.least == 1 else f"Add {kind.many}", f"{kind.slug}/add"
                    )
                )
            for entry in entries:
                found += [
                    Missing(f"{entry.name}: {lack.text}", f"{kind.slug}/{entry.token}/{lack.page}")
                    for lack in entry.missing_answers()
                ]
        return found or self.problems()

    def started(self) -> bool:
        return super().started() or any(
            self.answers.entries(kind) for kind in self.entry_kinds() if self.asks_for(kind)
        )

    def total(self) -> Decimal:
        """What its entries come to, in pounds."""
        return sum((entry.worth() for kind in self.entry_kinds() for entry in self.entries(kind)), Decimal("0.00"))

    def changes(self) -> dict[int, datetime]:
        """When each person last changed its answers or entries, by the person's key."""
        found: dict[int, datetime] = {}
        for row in [self, *(entry for kind in self.entry_kinds() for entry in self.answers.entries(kind))]:
            if row.pk and row.changed_by_id:
                found[row.changed_by_id] = max(row.changed_at, found.get(row.changed_by_id, row.changed_at))
        return found

    def count(self) -> int | None:
        """How many entries a finished section has; None where it has nothing to count."""
        kinds = self.entry_kinds()
        return sum(len(self.entries(kind)) for kind in kinds) if kinds else None

    def counted(self, count: int) -> str:
        kind = self.entry_kinds()[0]
        return f"No {kind.many}" if count == 0 else f"1 {kind.one}" if count == 1 else f"{count} {kind.many}"

    def state(self) -> State:
        missing = tuple(self.missing())
        if missing and not self.started():
            return State("not-started", "Not started", None, missing)
        if missing:
            return State("incomplete", "Not finished", 0, missing)
        count = self.count()
        return State("done", "Finished" if count is None else self.counted(count), count)

    def row(self, question: Question) -> Row:
        """What may be left blank does not look as if it were still to be answered."""
        row = super().row(question)
        return row if row.text or question.needed(self) else replace(row, text=NONE_GIVEN)

    def blocks(self) -> list[Block]:
        """The answers as a person reads them."""
        if reason := self.not_needed():
            return [Rows((Row(str(self.title), reason),))]
        found: list[Block] = []
        if rows := self.rows():
            found.append(Rows(tuple(rows)))
        for kind in self.entry_kinds():
            if self.asks_for(kind):
                found.append(self.listing(kind))
        return found + self.more_blocks()

    def listing(self, kind: type[Entry]) -> Listing:
        """The entries of a kind as a table; a picker that this report does not ask makes no column."""
        entries = self.entries(kind)
        known = kind.questions()
        unasked = {
            at
            for at, name in enumerate(kind.columns)
            if isinstance(known[name], Pick) and not any(entry.asked(known[name]) for entry in entries)
        }
        return kind.listing(self, entries).without(unasked)

    def more_blocks(self) -> list[Block]:
        """Totals and comparisons below the answers. For sections to override."""
        return []

    def frozen(self) -> dict[str, Any]:
        return {
            "title": self.words_of(self.title),
            **super().frozen(),
            "entries": {
                kind.slug: [entry.frozen() for entry in self.entries(kind)]
                for kind in self.entry_kinds()
                if self.asks_for(kind)
            },
        }

    def words_of(self, text: Any) -> str:
        return str(text(self) if callable(text) else text)

    @classmethod
    def frozen_schema(cls) -> dict[str, Any]:
        schema = super().frozen_schema()
        del schema["properties"]["id"]
        schema["required"] = ["title", "answers", "words", "entries"]
        schema["properties"]["title"] = {"type": "string"}
        schema["properties"]["entries"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {kind.slug: {"type": "array", "items": kind.frozen_schema()} for kind in cls.entry_kinds()},
        }
        return schema

    def sample_entries(self, kind: type["E"], chance: random.Random) -> Iterator["E"]:
        """Entries for the demo and for tests, not saved. For sections to override where they must agree."""
        for _ in range(max(kind.least, 1 + chance.randrange(2))):
            entry = kind(report=self.report)
            entry.answers = self.answers
            entry.fill(chance)
            yield entry


A = TypeVar("A", bound=Answered)
S = TypeVar("S", bound=Section)
E = TypeVar("E", bound=Entry)


class Answers:
    """All answers of one report; each section and each kind of entry is read once."""

    def __init__(self, report: "Report") -> None:
        self.report = report
        self._sections: dict[type[Section], Section] = {}
        self._entries: dict[type[Entry], list[Any]] = {}

    def __getitem__(self, kind: type[S]) -> S:
        if kind not in self._sections:
            found = next(iter(self._stored(kind)), None) or self.unread(kind)
            found.answers = self
            # The row's own report would be read again; this one is in hand.
            found.report = self.report
            self._sections[kind] = found
        return self._sections[kind]  # type: ignore[return-value]

    def unread(self, kind: type[S]) -> S:
        """The section for its words alone; its answers are not read."""
        found = kind(report=self.report)
        found.answers = self
        return found

    def entries(self, kind: type[E]) -> list[E]:
        """Every stored entry of a kind, also those that a gate hides at the moment."""
        if kind not in self._entries:
            found = list(self._stored(kind))
            for entry in found:
                entry.answers, entry.report = self, self.report
            self._entries[kind] = found
            self._link(kind, found)
        return self._entries[kind]

    def _stored(self, kind: type[A]) -> Iterable[A]:
        """The rows of a kind that this report has."""
        return kind._default_manager.raw(_rows_of_report(kind), [self.report.pk])

    def _link(self, kind: type[Entry], entries: list[Any]) -> None:
        """Give picked entries (accounts) from those already read instead of reading each again."""
        from reporting.engine.questions import Pick

        for name, question in kind.questions().items():
            if isinstance(question, Pick):
                by_key = {other.pk: other for other in self.entries(question.remote_field.model)}
                for entry in entries:
                    picked = getattr(entry, question.attname)
                    setattr(entry, name, by_key.get(picked))

    def has(self, kind: type[Section]) -> bool:
        return kind.applies_to(self.report.kind)

    def sections(self) -> list[Section]:
        """The sections of the report's type in the order in which its family walks them."""
        return [self[kind] for kind in sections_of(self.report.kind)]

    def words(self) -> dict[str, str]:
        client = self.report.client
        return {
            "client": client.first_name,
            "client_name": client.name,
            "start": f"{self.report.start:%-d %B %Y}",
            "end": f"{self.report.end:%-d %B %Y}",
        }

    def forget(self) -> None:
        """Read everything anew: after a save."""
        self._sections.clear()
        self._entries.clear()


@cache
def _rows_of_report(kind: type[Any]) -> str:
    """The statement that reads a kind's rows of one report. Django takes several times as long to put it together as
    PostgreSQL to answer it, and an overview needs some thirty of them (bench/results/pages.md)."""
    statement: str = kind._default_manager.filter(report=0).query.sql_with_params()[0]
    return statement


def all_sections() -> list[type[Section]]:
    return [kind for kind in Answered.kinds if issubclass(kind, Section)]


@cache
def sections_of(kind: ReportType) -> list[type[Section]]:
    """The sections of a report type, in the order of its family."""
    found = [section for section in all_sections() if kind.family in section.order and section.applies_to(kind)]
    return sorted(found, key=lambda section: section.order[kind.family])


def section_by_slug(slug: str) -> type[Section] | None:
    return next((section for section in all_sections() if section.slug == slug), None)
