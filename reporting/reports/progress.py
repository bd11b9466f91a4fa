"""How far a report is, written down with every change for the overview and for lists of reports.

Of each section: its state, its count, the words for it, and when whom last changed it. A change works out anew only
the sections that it can have touched; what is stored is always what all answers together would give.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from reporting.engine.rows import State
from reporting.engine.section import Answers, Section, sections_of

Progress = dict[str, dict[str, Any]]


def compute(answers: Answers, kinds: Iterable[type[Section]] | None = None) -> Progress:
    """By key of the section; of all sections of the report's type, or of these."""
    found = {}
    for kind in sections_of(answers.report.kind) if kinds is None else kinds:
        section = answers[kind]
        state = section.state()
        changes = {str(user): at.isoformat() for user, at in section.changes().items()}
        found[kind.key] = {"state": state.key, "label": state.label, "count": state.count, "changes": changes}
    return found


def brought_up_to_date(answers: Answers, changed: Collection[type[Section]]) -> Progress:
    """The stored progress after a change of these sections; of all where none is named, or where the type is new."""
    members = sections_of(answers.report.kind)
    stored: Progress = answers.report.progress
    if not changed or {kind.key for kind in members} != set(stored):
        return compute(answers)
    affected = [kind for kind in members if looks_at(kind, changed)]
    return stored | compute(answers, affected)


def looks_at(kind: type[Section], changed: Collection[type[Section]]) -> bool:
    """Whether the section is one of those, or needs one of them."""
    return kind in changed or any(looks_at(need, changed) for need in kind.needs)


def is_ready(progress: Progress) -> bool:
    return all(state_of(each).finished for each in progress.values())


def state_of(stored: dict[str, Any]) -> State:
    """The state as it was written down; what is missing is not."""
    return State(stored["state"], stored["label"], stored["count"])


def changed_by_another(stored: dict[str, Any], user: Any, since: datetime) -> bool:
    """Whether somebody else changed the section's answers or entries after a moment."""
    return any(by != str(user.pk) and datetime.fromisoformat(at) > since for by, at in stored["changes"].items())
