"""What staff see of submissions: which there are, how far each document has come, and what needs somebody's eye."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from foundation import clock
from foundation.access import can
from foundation.outbox import Delivery, State
from reporting.documents.models import Document
from reporting.submissions.models import Submission

PER_PAGE = 15
LONG = timedelta(hours=1)
KINDS = ["report", "document"]
"""Kinds of delivery that go to the case system."""


def visible_to(user: Any) -> QuerySet[Submission]:
    """Staff see every submission; nobody else sees any here."""
    return Submission.objects.all() if can(user, "submission.see") else Submission.objects.none()


class Tab(StrEnum):
    NEW = "new"
    PENDING = "pending"
    SYNCHRONISED = "synchronised"

    @property
    def words(self) -> str:
        return self.value.capitalize()


def tabs() -> list[Tab]:
    """*New* holds what nobody has queued yet: while everything is queued by itself there is no such tab."""
    return [Tab.PENDING, Tab.SYNCHRONISED] if settings.DOCUMENT_SYNC else list(Tab)


def in_tab(submissions: QuerySet[Submission], tab: Tab) -> QuerySet[Submission]:
    """Without the tab *New*, what was never queued is *Pending* too, so that nothing is out of sight."""
    if tab is Tab.SYNCHRONISED:
        return submissions.filter(archived_at__isnull=False)
    waiting = submissions.filter(archived_at=None)
    if settings.DOCUMENT_SYNC:
        return waiting
    queued = _has(Delivery.objects.all())
    return waiting.filter(queued) if tab is Tab.PENDING else waiting.exclude(queued)


def _has(deliveries: QuerySet[Delivery]) -> Exists:
    """The submission has a document with one of these deliveries."""
    return Exists(_documents_with(deliveries).filter(submission=OuterRef("pk")))


def _documents_with(deliveries: QuerySet[Delivery]) -> QuerySet[Document, Document]:
    documents = Document.objects.annotate(text=Cast("token", CharField()))
    return documents.filter(Exists(deliveries.filter(key=OuterRef("text"))))


class Trouble(StrEnum):
    """Why a document needs somebody's eye (deputy-operations 8)."""

    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"
    WAITING = "waiting"

    @property
    def words(self) -> str:
        return "waiting for more than an hour" if self is Trouble.WAITING else self.value

    @property
    def deliveries(self) -> QuerySet[Delivery]:
        return self.among(KINDS)

    def among(self, kinds: list[str]) -> QuerySet[Delivery]:
        found = Delivery.objects.filter(kind__in=kinds)
        if self is Trouble.WAITING:
            return found.filter(state__in=[State.QUEUED, State.LEASED], created_at__lt=clock.now() - LONG)
        return found.filter(state=self.value)


def troubles() -> list[tuple[Trouble, int]]:
    """How many documents each applies to, of submissions that nobody has archived."""
    return [(each, _documents_with(each.deliveries).filter(submission__archived_at=None).count()) for each in Trouble]


def search(submissions: QuerySet[Submission], text: str, realm: str, trouble: str) -> QuerySet[Submission]:
    """``text`` is a part of the client's or the submitter's name, or a whole case number."""
    found = submissions.annotate(
        client_name=Concat("report__client__first_name", Value(" "), "report__client__last_name"),
        submitter_name=Concat("created_by__first_name", Value(" "), "created_by__last_name"),
    )
    if text := " ".join(text.split()):
        found = found.filter(
            Q(client_name__icontains=text)
            | Q(submitter_name__icontains=text)
            | Q(report__client__case_number__iexact=text)
        )
    if realm:
        found = found.filter(created_by__role__startswith=f"ROLE_{realm.upper()}")
    if trouble:
        found = found.filter(_has(Trouble(trouble).deliveries))
    return found


@dataclass(frozen=True)
class Stage:
    """How far a document has come: in words and as the colour of a tag. The most serious has the lowest ``rank``."""

    rank: int
    text: str
    colour: str


UNCONFIRMED = Stage(0, "Unconfirmed", "orange")
REFUSED = Stage(1, "Refused", "red")
RETRYING = Stage(2, "Trying again", "yellow")
IN_PROGRESS = Stage(3, "In progress", "light-blue")
QUEUED = Stage(4, "Queued", "blue")
NOT_QUEUED = Stage(5, "Not queued", "grey")
CANCELLED = Stage(6, "Cancelled", "grey")
DELIVERED = Stage(7, "Delivered", "green")

STAGES = {
    State.UNCONFIRMED: UNCONFIRMED,
    State.REFUSED: REFUSED,
    State.LEASED: IN_PROGRESS,
    State.QUEUED: QUEUED,
    State.CANCELLED: CANCELLED,
    State.DELIVERED: DELIVERED,
}


def stage_of(delivery: Delivery | None) -> Stage:
    if delivery is None:
        return NOT_QUEUED
    if delivery.state == State.QUEUED and delivery.attempts:
        return RETRYING
    return STAGES[State(delivery.state)]


@dataclass(frozen=True)
class Line:
    """A document and its delivery, if it has one."""

    document: Document
    delivery: Delivery | None

    @property
    def stage(self) -> Stage:
        return stage_of(self.delivery)


@dataclass
class Progress:
    """How far a submission has come."""

    submission: Submission
    lines: list[Line] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        """The most serious of its documents' stages."""
        return min((line.stage for line in self.lines), key=lambda stage: stage.rank, default=NOT_QUEUED)

    @property
    def delivered(self) -> int:
        return Counter(line.stage for line in self.lines)[DELIVERED]


def progress(submissions: Iterable[Submission]) -> list[Progress]:
    """How far each of these has come, in two queries however many there are."""
    found = {submission.pk: Progress(submission) for submission in submissions}
    documents = list(Document.objects.filter(submission__in=found).order_by("pk"))
    deliveries = Delivery.objects.in_bulk([str(document.token) for document in documents], field_name="key")
    for document in sorted(documents, key=lambda each: each.kind != Document.Kind.REPORT):
        assert document.submission_id is not None
        found[document.submission_id].lines.append(Line(document, deliveries.get(str(document.token))))
    return list(found.values())


def may_download(user: Any, document: Document) -> bool:
    """The report itself is for super admins only (D-198); other documents are for all staff."""
    is_report = document.kind == Document.Kind.REPORT
    return can(user, "submission.download_report" if is_report else "submission.download_document")
