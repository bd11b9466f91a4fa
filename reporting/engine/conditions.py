"""When a question is asked: conditions on the answers to earlier questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """``questions`` are the names it looks at. ``reveals`` = (question, answer) lets a page show the question
    right below that answer."""

    questions: frozenset[str]
    met: Callable[[Values], bool]
    reveals: tuple[str, tuple[str, ...]] | None = None

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(
            self.questions | other.questions, lambda values: self.met(values) and other.met(values), self.reveals
        )

    def __or__(self, other: "Condition") -> "Condition":
        return Condition(self.questions | other.questions, lambda values: self.met(values) or other.met(values))


def is_(question: str, *answers: str) -> Condition:
    """The answer is one of these; for a tick list, one of these is ticked."""

    def met(values: Values) -> bool:
        value = values.get(question)
        if isinstance(value, (list, tuple)):
            return any(answer in value for answer in answers)
        return value in answers

    return Condition(frozenset({question}), met, (question, answers))


def yes(question: str) -> Condition:
    return is_(question, "yes")


def no(question: str) -> Condition:
    return is_(question, "no")


def zero(question: str) -> Condition:
    """An amount was given and is exactly nothing."""
    return Condition(
        frozenset({question}), lambda values: values.get(question) is not None and values[question] == Decimal(0)
    )


def above_zero(question: str) -> Condition:
    """An amount greater than nothing was given (oddity 22: 0.00 does not count)."""
    return Condition(frozenset({question}), lambda values: (values.get(question) or Decimal(0)) > 0)
