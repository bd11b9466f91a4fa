"""How a stored file is handed to a browser. Who may have it is for the caller to say: this layer knows no report."""

from django.http import FileResponse

from foundation.clients.storage import store
from reporting.documents.models import Document


def attachment(document: Document) -> FileResponse:
    """The file, to be saved and never shown: whatever it holds cannot act on our pages.

    Raises ``Missing`` if it is gone, ``Unavailable`` if the storage cannot serve.
    """
    response = FileResponse(
        store().open(document.key), as_attachment=True, filename=document.name, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
