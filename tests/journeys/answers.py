"""What the deputy of a journey will type: the sample answers of every section, made from the declarations."""

import random
from collections.abc import Sequence
from typing import Any

from reporting.engine.rows import Rows
from reporting.engine.sample import fill_section
from reporting.engine.section import Answered, Answers
from reporting.sections.documents import Documents
from tests.reporting.conftest import make_deputy, make_report


class Talkative(random.Random):
    """Says yes to every question, and no sentence twice."""

    def __init__(self, seed: object) -> None:
        super().__init__(str(seed))
        self.said = 0

    def choice(self, options: Sequence[Any]) -> Any:
        chosen = next((each for each in options if getattr(each, "value", None) == "yes"), None)
        chosen = chosen or super().choice(options)
        if isinstance(chosen, str) and chosen.endswith("."):
            self.said += 1
            return f"{chosen} ({self.said})"
        return chosen


def plan(code: str, chance: random.Random) -> Answers:
    """A finished report of this type in the database of the test, to be typed into the browser."""
    report = make_report(make_deputy(), code)
    answers = Answers(report)
    for section in answers.sections():
        fill_section(section, chance)
    # The balance can be explained only now that everything before it is answered.
    for section in answers.sections():
        fill_section(section, chance)
    answers.forget()
    documents = answers[Documents]
    documents.has = "yes"
    return answers


def texts(answers: Answers) -> list[str]:
    """Everything that is said in the report, in the words in which it is shown."""
    found: list[str] = []
    for section in answers.sections():
        for block in section.blocks():
            if isinstance(block, Rows):
                found += [row.text for row in block.rows]
        entries: list[Answered] = [entry for kind in section.entry_kinds() for entry in section.entries(kind)]
        found += [row.text for entry in entries for row in entry.rows()]
    return [text for text in found if text]
