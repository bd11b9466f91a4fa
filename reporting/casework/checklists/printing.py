"""A checklist in print: what is kept of it when it is submitted, and the PDF (deputy-admin 5.5)."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from foundation import clock
from reporting.casework.checklists import queries
from reporting.casework.checklists.models import (
    Checklist,
    ChecklistSubmission,
    FullReviewChecklist,
    FurtherInformation,
    LodgingChecklist,
    signer,
)
from reporting.engine.rows import Row, Rows
from reporting.reports.models import Report
from reporting.submissions.actions import latest
from reporting.submissions.pdf import Chapter, Document, render
from reporting.submissions.snapshot import rows_from

VERSION = 1
NOT_SUBMITTED = "Not submitted"


def content(report: Report, *, by: Any = None, at: datetime | None = None) -> dict[str, Any]:
    """Both checklists of a report and the further information as JSON; ``by`` and ``at`` when it is signed off."""
    submissions = report.submissions.filter(with_report=True)
    return {
        "version": VERSION,
        "case_number": report.client.case_number,
        "start": report.start.isoformat(),
        "end": report.end.isoformat(),
        "type": report.type,
        "submission": latest(report).pk if submissions.exists() else None,
        "submitter": by.email if by else "",
        "at": (at or clock.now()).isoformat(),
        "cover": [asdict(row) for row in _cover(report, by, at)],
        "chapters": [
            *(_chapter(checklist) for checklist in _checklists(report)),
            {"title": "Further information", "rows": [asdict(row) for row in _information(report)]},
        ],
    }


def _checklists(report: Report) -> list[Checklist]:
    found: list[Checklist] = [queries.checklist_of(report, LodgingChecklist.kind)]
    if FullReviewChecklist.objects.filter(report=report).exists():
        found.append(queries.checklist_of(report, FullReviewChecklist.kind))
    return found


def _cover(report: Report, by: Any, at: datetime | None) -> list[Row]:
    rows = [
        Row("Client", report.client.name),
        Row("Report", f"{report.kind.title}, OPG{report.type}"),
        Row("Report submitted", day(report.submitted_at) if report.submitted_at else ""),
    ]
    if by and at:
        rows += [Row("Checklist submitted by", by.name), Row("Checklist submitted on", day(at))]
    return rows


def _chapter(checklist: Checklist) -> dict[str, Any]:
    """Every question that is asked, and the last two facts: who changed it last, and when."""
    rows = checklist.rows()
    if checklist.pk:
        rows = [*rows, Row("Last changed", f"{day(checklist.changed_at)} by {signer(checklist.changed_by)}")]
    return {"title": str(checklist.title), "rows": [asdict(row) for row in rows]}


def _information(report: Report) -> list[Row]:
    found = FurtherInformation.objects.filter(report=report).select_related("created_by")
    return [Row(f"{day(each.created_at)}, {signer(each.created_by)}", each.text) for each in found]


def day(moment: datetime) -> str:
    return f"{clock.london(moment):%-d %B %Y at %H:%M}"


def pdf(stored: dict[str, Any], *, notice: str = "") -> bytes:
    start, end = date.fromisoformat(stored["start"]), date.fromisoformat(stored["end"])
    return render(
        Document(
            title="Report checklist",
            case_number=stored["case_number"],
            period=f"{start:%-d %B %Y} to {end:%-d %B %Y}",
            cover=(Rows(rows_from(stored["cover"])),),
            chapters=tuple(
                Chapter(each["title"], (Rows(rows_from(each["rows"])),)) for each in stored["chapters"] if each["rows"]
            ),
            made_at=datetime.fromisoformat(stored["at"]),
            notice=notice,
        )
    )


def current_pdf(report: Report) -> bytes:
    """As it was signed off, if nothing was saved since; otherwise as it is now, marked as not submitted."""
    last = queries.last_submission(report)
    if last is not None and _is_current(report, last):
        return pdf(last.content)
    return pdf(content(report), notice=NOT_SUBMITTED)


def _is_current(report: Report, last: ChecklistSubmission) -> bool:
    """Whether neither checklist nor the further information changed since; a note has no version, so it is by time."""
    if FurtherInformation.objects.filter(report=report, created_at__gt=last.created_at).exists():
        return False
    return all(checklist.pk is None or checklist.changed_at <= last.created_at for checklist in _checklists(report))


def file_name(report: Report) -> str:
    """What staff download."""
    submitted = f"{clock.london(report.submitted_at):%Y-%m-%d}" if report.submitted_at else "n-a-"
    return f"DigiChecklist-{report.end.year}_{submitted}_{report.client.case_number}.pdf"


def sent_name(stored: dict[str, Any]) -> str:
    """What the case system receives; deputy-admin 5.5 fixes it, hyphens too."""
    return f"checklist-{stored['case_number']}-{stored['start'][:4]}-{stored['end'][:4]}.pdf"
