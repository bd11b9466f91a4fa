"""Documents of a report, together with what they say in its documents section."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from reporting.documents import actions
from reporting.documents.models import Document, deputy_documents
from reporting.documents.uploads import Upload
from reporting.engine.section import Answers, section_by_slug
from reporting.reports.actions import touch
from reporting.reports.models import Report

SECTION = "documents"


def add(report: Report, files: Sequence[Upload], *, by: Any) -> list[Document]:
    """Add all of these files or none; raises ``NotAdded``. In an open report this answers the section with yes."""
    return actions.add_documents(report, files, by=by, then=partial(_say, by=by))


def remove(document: Document, *, by: Any) -> None:
    """Remove a document; raises ``NotRemoved``. Without any left the section is unanswered again (6.4)."""
    actions.remove_document(document, by=by, then=partial(_say, by=by))


def _say(report: Report, *, by: Any) -> None:
    kind = section_by_slug(SECTION)
    if report.submitted or kind is None:
        return
    answers = Answers(report)
    section = answers[kind]
    gate = section.pages[0].questions[0]
    setattr(section, gate, "yes" if deputy_documents(report).exists() else None)
    section.changed_by = by
    section.save()
    touch(answers)
