"""Work of submissions for the worker."""

from procrastinate.contrib.django import app

from reporting.documents.models import Document
from reporting.submissions import files


@app.task(name="make_file")
def make_file(document: int) -> None:
    """Make the PDF or the transactions file of a submission, so that it can be read before it is delivered."""
    files.make(Document.objects.get(pk=document))
