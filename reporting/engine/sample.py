"""Sample answers for the demo and for tests: everything that a report asks, answered and consistent."""

import random
from typing import TYPE_CHECKING

from reporting.engine.section import Answers, Section

if TYPE_CHECKING:
    from reporting.reports.models import Report


def fill(report: "Report", seed: int = 1, only: list[str] | None = None) -> Answers:
    """Answer the report's sections (or those with the given keys), saved; the same seed gives the same answers."""
    answers = Answers(report)
    # What only looks at other sections (the balance) comes after them.
    for section in sorted(answers.sections(), key=lambda section: not section.walked):
        if only is None or section.key in only:
            fill_section(section, random.Random(f"{seed} {section.key}"))
    answers.forget()
    return answers


def fill_section(section: Section, chance: random.Random) -> None:
    """Answers and entries for one section. What the section waits for should be filled before."""
    section.fill(chance)
    section.save()
    for kind in section.entry_kinds():
        if section.asks_for(kind) and not section.not_needed() and not section.entries(kind):
            for entry in section.sample_entries(kind, chance):
                entry.save()
    section.answers.forget()
    fresh = section.answers[type(section)]
    fresh.fill(chance)
    fresh.save()
