"""The files that the service makes of a submission: the report as PDF and its transactions as CSV.

They are made from the frozen snapshot and with its time, so that making one again gives the same bytes.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation import clock
from foundation.clients.storage import store
from reporting.documents.actions import new_key
from reporting.documents.models import Document
from reporting.engine.rows import Rows
from reporting.submissions.models import Submission
from reporting.submissions.pdf import Chapter, render
from reporting.submissions.pdf import Document as Print
from reporting.submissions.snapshot import blocks_from, rows_from, transaction_from
from reporting.submissions.transactions import transactions_csv


def plan(submission: Submission) -> list[Document]:
    """Rows for the files that have to be made, in the transaction of the submission."""
    frozen = submission.snapshot["report"]
    stem = f"{frozen['end'][:4]}_{clock.london(submission.created_at):%Y-%m-%d}_{frozen['case_number']}"
    wanted = [(Document.Kind.REPORT, f"DigiRep-{stem}.pdf", "application/pdf")]
    if submission.snapshot["transactions"]:
        wanted.append((Document.Kind.TRANSACTIONS, f"DigiRepTransactions-{stem}.csv", "text/csv"))
    return [
        Document.objects.create(
            report=submission.report,
            submission=submission,
            kind=kind,
            name=name,
            key=new_key(submission.report),
            content_type=content_type,
            made=False,
            created_by=submission.created_by,
        )
        for kind, name, content_type in wanted
    ]


def make(document: Document) -> Document:
    """Make the file if that is still to do; safe to repeat and to run twice at once."""
    if document.made or document.submission is None:
        return document
    maker = report_pdf if document.kind == Document.Kind.REPORT else report_csv
    data = maker(document.submission)
    store().put(document.key, data, document.content_type)
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        row.size, row.sha256, row.made = len(data), hashlib.sha256(data).hexdigest(), True
        row.save(update_fields=["size", "sha256", "made"])
    return row


def report_pdf(submission: Submission) -> bytes:
    return render(printed(submission.snapshot))


def report_csv(submission: Submission) -> bytes:
    return transactions_csv(transaction_from(each) for each in submission.snapshot["transactions"])


def printed(snapshot: dict[str, Any], *, notice: str = "") -> Print:
    """A snapshot as the document to print (order of deputy-reports 8.1)."""
    facts = snapshot["report"]
    start, end = (datetime.fromisoformat(facts[name]) for name in ("start", "end"))
    chapters = [Chapter("Summary for the Office of the Public Guardian", blocks_from(snapshot["internal"]))]
    chapters += [Chapter(section["title"], blocks_from(section["blocks"])) for section in snapshot["sections"]]
    chapters += [Chapter("Financial summary", blocks_from(snapshot["financial"]))]
    chapters += [Chapter("Declaration", (Rows(rows_from(snapshot["declaration"])),) if snapshot["declaration"] else ())]
    return Print(
        title=f"{facts['title']} report",
        case_number=facts["case_number"],
        period=f"{start:%-d %B %Y} to {end:%-d %B %Y}",
        cover=(
            Rows(rows_from(snapshot["deputy"]), "Deputy"),
            Rows(rows_from(snapshot["client"]), "Client"),
        ),
        chapters=tuple(chapter for chapter in chapters if chapter.blocks),
        made_at=datetime.fromisoformat(facts["submitted_at"]),
        notice=notice,
    )
