"""One page of questions as a form: it checks exactly what is asked, and keeps what was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from reporting.engine.questions import Date, Question
from reporting.engine.section import Answered, Page


class PageForm(forms.Form):
    """A page of a section or of an entry. Questions whose condition lies on another page are there only if it is
    met; those whose condition lies on this page are there and checked only when it is met by what was sent."""

    def __init__(
        self,
        owner: Answered,
        page: Page,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        draft: bool = False,
    ) -> None:
        """``data`` is what was sent; with ``draft`` it is only shown, not checked. ``initial`` offers answers."""
        self.owner, self.page, self.draft = owner, page, draft
        super().__init__(data, initial=dict(initial or {}))
        known = owner.questions()
        self.questions: list[Question] = [known[name] for name in page.questions if self._belongs(known[name])]
        for question in self.questions:
            self.fields[question.name] = question.form_field(owner)

    def _belongs(self, question: Question) -> bool:
        """Asked already, or may come to be asked by an answer on this page."""
        if self.owner.asked(question):
            return True
        return bool(question.when and question.when.questions & set(self.page.questions))

    def clean(self) -> dict[str, Any]:
        values = {**self.owner.values(), **self.cleaned_data}
        for question in self.questions:
            name = question.name
            if not self.owner.asked(question, values):
                self.errors.pop(name, None)
                values[name] = self.cleaned_data[name] = None
            elif name not in self.errors:
                self._check(question, values.get(name))
        if not self.errors:
            for name, message in self.owner.check_page(self.page, values).items():
                self.add_error(name, message)
        return self.cleaned_data

    def _check(self, question: Question, value: Any) -> None:
        if question.is_empty(value):
            if self._refuses_blank(question):
                self.add_error(question.name, question.missing_for(self.owner))
            return
        try:
            question.check_answer(value, self.owner)
        except ValidationError as error:
            self.add_error(question.name, error)

    def _refuses_blank(self, question: Question) -> bool:
        return question.refuses_blank(self.owner)

    def shown(self, question: Question) -> Any:
        """What the page shows as the answer: what was typed, else what is offered, else what is stored."""
        if self.is_bound:
            return self[question.name].value()
        stored = getattr(self.owner, question.name)
        return typed(question, self.initial.get(question.name, stored))

    def error(self, question: Question) -> str:
        if self.draft:
            return ""
        return " ".join(str(message) for message in self.errors.get(question.name, []))

    def revealed_by(self, question: Question) -> tuple[str, tuple[str, ...]] | None:
        """The answer on this page right below which the question is shown."""
        reveals = question.when.reveals if question.when else None
        return reveals if reveals and reveals[0] in self.page.questions else None

    def below(self, question: Question, answer: str) -> list[Question]:
        """The questions to show below one answer of a question; below the last of several that ask it."""
        return [
            other
            for other in self.questions
            if (found := self.revealed_by(other)) and found[0] == question.name and found[1][-1] == answer
        ]

    def summary(self) -> list[dict[str, str]]:
        """The error summary's lines, in the order of the page."""
        if self.draft or not self.is_bound:
            return []
        return [
            {"text": self.error(question), "href": f"#{self.anchor(question)}"}
            for question in self.questions
            if question.name in self.errors
        ]

    def top_level(self) -> list[Question]:
        """The questions that are not shown below an answer of another."""
        return [question for question in self.questions if self.revealed_by(question) is None]

    def anchor(self, question: Question) -> str:
        """The id of the first box of a question."""
        if isinstance(question, Date):
            return f"{question.name}-{question.parts[0]}"
        return str(question.name)

    def apply(self) -> None:
        """Put the checked answers on the owner, and clear what is no longer asked."""
        for question in self.questions:
            setattr(self.owner, question.name, self.cleaned_data.get(question.name))
        self.owner.clear_unasked()


def typed(question: Question, value: Any) -> Any:
    """A stored answer in the form in which a person types it."""
    if isinstance(question, Date):
        return {part: str(getattr(value, part)) if value else "" for part in question.parts}
    if question.kind == "money":
        return "" if value is None else f"{value:,.2f}"
    if question.kind == "select":
        return str(getattr(value, "token", value) or "")
    if question.kind == "checkboxes":
        return list(value or ())
    return "" if value is None else value


def posted(question: Question, value: Any) -> dict[str, Any]:
    """The fields that a browser would send for an answer: for tests and for sample answers."""
    shown = typed(question, value)
    if isinstance(question, Date):
        return {f"{question.name}-{part}": shown[part] for part in question.parts}
    if question.kind == "tick":
        return {question.name: "on"} if value else {}
    return {question.name: shown}
