"""What a section's answers and an entry have in common: pages of questions, asked, answered and shown."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.signals import class_prepared

from reporting.engine.conditions import Condition, Values
from reporting.engine.questions import Question
from reporting.engine.rows import Missing, Row

if TYPE_CHECKING:
    from reporting.engine.section import Answers


@dataclass(frozen=True)
class Page:
    """Some questions asked together. ``title`` heads a page of several; ``skip`` offers to leave it for later."""

    questions: tuple[str, ...]
    title: str = ""
    skip: bool = False
    intro: str = ""

    @property
    def slug(self) -> str:
        return self.questions[0].replace("_", "-")


def page(*questions: str, title: str = "", skip: bool = False, intro: str = "") -> Page:
    return Page(questions, title, skip, intro)


class Answered(models.Model):
    """What a section's answers and an entry have in common. ``answers`` gives the rest of the report."""

    kinds: ClassVar[list[type["Answered"]]] = []
    """Every concrete section and entry, as Django prepared them."""

    title: ClassVar[Any] = ""
    pages: ClassVar[Sequence[Page]] = ()
    slug: ClassVar[str]

    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    report: Any
    answers: "Answers"

    @classmethod
    @cache
    def questions(cls) -> Mapping[str, Question]:
        """The questions on this kind's pages, in the order in which they are asked."""
        names = [name for each in cls.pages for name in each.questions]
        return {name: cls._meta.get_field(name) for name in names}  # type: ignore[misc]

    @classmethod
    def page(cls, slug: str) -> Page | None:
        return next((each for each in cls.pages if each.slug == slug), None)

    def words(self) -> dict[str, str]:
        return self.answers.words()

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.questions()}

    def asked(self, question: Question, values: Values | None = None) -> bool:
        """Whether a question is asked, given the answers so far."""
        values = self.values() if values is None else values
        return question.asked(self, self.counting(question.when, values))

    def counting(self, when: Condition | None, values: Values) -> Values:
        """The answers that a condition looks at; one that is not asked itself counts as not given."""
        known = self.questions()
        return {
            name: values.get(name) if name not in known or self.asked(known[name], values) else None
            for name in (when.questions if when else ())
        }

    def asked_questions(self) -> list[Question]:
        values = self.values()
        return [question for question in self.questions().values() if self.asked(question, values)]

    def asked_pages(self, values: Values | None = None) -> list[Page]:
        known = self.questions()
        return [each for each in self.pages if any(self.asked(known[name], values) for name in each.questions)]

    def is_missing(self, question: Question) -> bool:
        return question.needed(self) and question.is_empty(getattr(self, question.name))

    def missing_answers(self) -> list[Missing]:
        return [
            Missing(question.label_for(self), self.page_of(question.name).slug)
            for question in self.asked_questions()
            if self.is_missing(question)
        ]

    @classmethod
    def page_of(cls, name: str) -> Page:
        return next(each for each in cls.pages if name in each.questions)

    def started(self) -> bool:
        return any(not question.is_empty(getattr(self, name)) for name, question in self.questions().items())

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        """Faults of a page that concern several answers together: {question: message}. For sections to override."""
        return {}

    def clear_unasked(self) -> list[str]:
        """Empty the answers that are no longer asked; returns their names."""
        cleared = []
        while unasked := [
            name
            for name, question in self.questions().items()
            if not question.is_empty(getattr(self, name))
            and not self.asked(question)
            and not isinstance(question, models.ForeignKey)
        ]:
            for name in unasked:
                setattr(self, name, None)
            cleared += unasked
        return cleared

    def row(self, question: Question) -> Row:
        value = getattr(self, question.name)
        return Row(
            question.label_for(self),
            question.text(value),
            question.name,
            self.page_of(question.name).slug,
            question.kind,
        )

    def rows(self) -> list[Row]:
        return [self.row(question) for question in self.asked_questions()]

    def page_version(self, at: Page) -> str:
        """A digest of what a page shows and depends on: a save that carries another one is stale."""
        known = self.questions()
        names = set(at.questions)
        for name in at.questions:
            question = known[name]
            names |= set(question.when.questions) if question.when else set()
        shown = {name: known[name].json(getattr(self, name)) for name in sorted(names & set(known))}
        return hashlib.sha256(json.dumps([shown, self.gate_answer()], sort_keys=True).encode()).hexdigest()[:16]

    def gate_answer(self) -> Any:
        return None

    def frozen(self) -> dict[str, Any]:
        """The answers to what is asked, with the words shown: the part of a submission that this row makes."""
        asked = self.asked_questions()
        return {
            "answers": {question.name: question.json(getattr(self, question.name)) for question in asked},
            "words": [{"question": row.question, "label": row.label, "text": row.text} for row in map(self.row, asked)],
        }

    @classmethod
    def frozen_schema(cls) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["answers", "words"],
            "properties": {
                "answers": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: question.schema() for name, question in cls.questions().items()},
                },
                "words": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["question", "label", "text"],
                        "properties": {
                            "question": {"enum": list(cls.questions())},
                            "label": {"type": "string"},
                            "text": {"type": "string"},
                        },
                    },
                },
                "id": {"type": "string"},
            },
        }

    def fill(self, chance: random.Random) -> None:
        """Sample answers to everything that is asked, for the demo and for tests."""
        for name, question in self.questions().items():
            if self.asked(question) and question.is_empty(getattr(self, name)):
                setattr(self, name, question.sample(chance, self))


def _slug(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-")


def _prepared(sender: type[models.Model], **signal: Any) -> None:
    if issubclass(sender, Answered) and sender.__module__.startswith("reporting.sections"):
        if "slug" not in sender.__dict__:
            sender.slug = _slug(sender.__name__)
        Answered.kinds.append(sender)


class_prepared.connect(_prepared)
