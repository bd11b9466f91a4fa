"""Questions of the checklists: those of the engine, with a number and the sections that a report must have.

Sections are named by their keys, as the handbook does, so that a checklist knows which questions a type of report
asks without knowing the sections.
"""

from collections.abc import Iterable
from typing import Any

from reporting.engine import questions
from reporting.engine.conditions import Values
from reporting.engine.questions import Option
from reporting.engine.section import sections_of

YES, NO, NOT_APPLICABLE = Option("yes", "Yes"), Option("no", "No"), Option("na", "Not applicable")


class Asked(questions.Question):
    """Asked of reports that have all of ``sections`` and none of ``without``. ``number`` is its name in the office."""

    def __init__(
        self,
        number: str = "",
        label: Any = "",
        *,
        sections: Iterable[str] = (),
        without: Iterable[str] = (),
        **more: Any,
    ) -> None:
        self.number, self.sections, self.without = number, frozenset(sections), frozenset(without)
        super().__init__(f"{number} {label}".strip(), **more)

    def asked(self, owner: Any, values: Values) -> bool:
        there = {section.key for section in sections_of(owner.report.kind)}
        return super().asked(owner, values) and self.sections <= there and not self.without & there


class Check(Asked, questions.YesNo):
    """Yes or no."""


class CheckOrNot(Asked, questions.YesNo):
    """Yes, no, or not applicable."""

    options: Any = (YES, NO, NOT_APPLICABLE)
    inline = True

    def default_missing(self, owner: Any) -> str:
        return f"Select yes, no or not applicable: {self.label_for(owner)}"


class Confirmed(Asked, questions.Tick):
    """A box that has to be ticked before the checklist is submitted."""

    def __init__(self, *words: Any, **more: Any) -> None:
        more.setdefault("required", True)
        super().__init__(*words, **more)

    def default_missing(self, owner: Any) -> str:
        return f"Confirm: {self.label_for(owner)}"


class Decision(Asked, questions.Choice):
    """What follows from the checklist."""


class Written(Asked, questions.LongText):
    """Text of the person who fills in the checklist."""
