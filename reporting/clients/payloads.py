"""What the case system is told of a report, a supporting document and a checklist (deputy-operations 3.7).

Pure functions from facts to JSON, but for ``stored_file``, which asks the settings how content travels.
"""

import base64
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings

from foundation.clients import Rejected
from foundation.clients.storage import store

Payload = dict[str, Any]
CaseType = Literal["PF", "HW", "COMBINED"]


@dataclass(frozen=True)
class File:
    """A file on its way: its content itself (base64), or the key under which both sides find it in the bucket."""

    name: str
    mimetype: str
    source: str | None = None
    s3_reference: str | None = None

    def json(self) -> dict[str, str]:
        content = {"source": self.source, "s3_reference": self.s3_reference}
        return {"name": self.name, "mimetype": self.mimetype} | {k: v for k, v in content.items() if v is not None}


def stored_file(name: str, mimetype: str, key: str) -> File:
    """A stored file as it travels: by reference from a bucket, which the case system reads too; else its content."""
    if settings.STORAGE == "s3":
        return File(sendable_name(name), mimetype, s3_reference=key)
    return inline_file(name, mimetype, store().get(key))


def inline_file(name: str, mimetype: str, data: bytes) -> File:
    """A file that travels with its content; checklists always do, for they are made on the way."""
    return File(sendable_name(name), mimetype, source=base64.b64encode(data).decode())


def sendable_name(name: str) -> str:
    """The file name as the case system takes it: plain letters, digits and underscores, one dot, an extension."""
    stem, dot, extension = name.strip().rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{2,10}", extension):
        raise Rejected("The file name has no recognisable extension.")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]", "", re.sub(r"[\s.\-]+", "_", plain.strip())).strip("_")
    return f"{plain or 'document'}.{extension.lower()}"


def report_payload(
    *,
    submission_id: int,
    start: date,
    end: date,
    submitted: datetime,
    report_type: str,
    court_orders: Sequence[str],
    file: File,
) -> Payload:
    """A report is filed under the year in which its period starts."""
    attributes = {
        "submission_id": submission_id,
        "reporting_period_from": start.isoformat(),
        "reporting_period_to": end.isoformat(),
        "year": start.year,
        "date_submitted": submitted.isoformat(timespec="milliseconds"),
        "type": report_case_type(report_type),
        "digideps_report_type": report_type,
        "court_order_uids": list(court_orders),
    }
    return {"report": {"data": {"type": "reports", "attributes": attributes, "file": file.json()}}}


def supporting_document_payload(*, submission_id: int, file: File) -> Payload:
    attributes = {"submission_id": submission_id}
    return {
        "supporting_document": {
            "data": {"type": "supportingdocuments", "attributes": attributes, "file": file.json()},
        }
    }


def checklist_payload(
    *, submission_id: int | None, start: date, end: date, report_type: str, submitter_email: str, file: File
) -> Payload:
    """A checklist is filed under the year in which the period ends; a paper report has no submission."""
    attributes = {
        "submitter_email": submitter_email,
        "reporting_period_from": start.isoformat(),
        "reporting_period_to": end.isoformat(),
        "year": end.year,
        "type": case_type(report_type),
    }
    if submission_id is not None:
        attributes["submission_id"] = submission_id
    return {"checklist": {"data": {"type": "checklists", "attributes": attributes, "file": file.json()}}}


def report_case_type(report_type: str) -> CaseType:
    """The type under which a report is sent.

    Today's senders call exactly three lay types HW and everything else PF. That is wrong for organisations and for
    reports on both matters, but changing it changes what staff there see, so CASE_SYSTEM_TYPE_MAPPING decides.
    """
    if settings.CASE_SYSTEM_TYPE_MAPPING == "corrected":
        return case_type(report_type)
    return "HW" if report_type in {"104", "102-4", "103-4"} else "PF"


def case_type(report_type: str) -> CaseType:
    """Health and welfare, property and affairs, or both: 104, 102 and 103, or one of these with -4."""
    base, *more = report_type.split("-")
    if base == "104":
        return "HW"
    return "COMBINED" if "4" in more else "PF"
