"""Documents of a report, together with what they say in its documents section."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from reporting.documents import actions
from reporting.documents.models import Document, deputy_documents
from reporting.documents.uploads import Upload
from reporting.engine.section import Answers
from reporting.reports.actions import touch
from reporting.reports.models import Report
from reporting.sections.documents import Documents


def add(report: Report, files: Sequence[Upload], *, by: Any) -> list[Document]:
    """Add all of these files or none; raises ``NotAdded``. In an open report this answers the section with yes."""
    return actions.add_documents(report, files, by=by, then=partial(_say, by=by))


def remove(document: Document, *, by: Any) -> None:
    """Remove a document; raises ``NotRemoved``. Without any left the section is unanswered again (6.4)."""
    actions.remove_document(document, by=by, then=partial(_say, by=by))


def _say(report: Report, *, by: Any) -> None:
    """Whether there are documents, in the documents section and in how far the report is."""
    if report.submitted:
        return
    answers = Answers(report)
    section = answers[Documents]
    section.has = "yes" if deputy_documents(report).exists() else None
    section.changed_by = by
    section.save()
    touch(answers, Documents)
