"""What is asked about the documents of a report."""

from typing import Any

from django.db.models import QuerySet

from foundation.clients.storage import store
from reporting.documents.models import Document, deputy_documents


def new_documents(report: Any) -> QuerySet[Document]:
    """Those that have not been sent: they can still be removed."""
    return deputy_documents(report).filter(submission=None)


def sent_documents(report: Any) -> QuerySet[Document]:
    return deputy_documents(report).exclude(submission=None)


def missing_files(report: Any) -> list[Document]:
    """Deputy documents whose file is gone from the storage (deputy-reports 6.6); ``Unavailable`` if it cannot tell."""
    keep = store()
    return [document for document in deputy_documents(report) if not keep.exists(document.key)]
