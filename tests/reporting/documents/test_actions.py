"""Adding and removing documents: all or nothing, never unscanned, never without its file."""

import hashlib
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from PIL import Image, PngImagePlugin

from foundation import clock
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.clients import Unavailable
from foundation.clients.storage import FolderStore, Store
from foundation.standins.clamd import EICAR
from reporting.documents import actions
from reporting.documents.actions import NotAdded, NotRemoved, add_documents, remove_document, sweep_orphans
from reporting.documents.models import Document, deputy_documents
from reporting.documents.queries import missing_files, new_documents, sent_documents
from reporting.reports.models import Report
from reporting.submissions.models import Submission
from tests.reporting.documents import samples
from tests.reporting.documents.samples import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanner")]

PDF = samples.pdf()


def codes(error: Any) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def nothing_was_kept(storage: Store) -> bool:
    return not Document.objects.exists() and not storage.list("")


# Adding


def test_documents_are_stored_with_what_is_known_of_them(report: Report, deputy: User, storage: Store) -> None:
    photo = samples.telling_picture("HEIF")
    pdf, picture = add_documents(report, [upload("May 2026.pdf", PDF), upload("photo.HEIC", photo)], by=deputy)
    assert (pdf.name, pdf.content_type, pdf.size) == ("May_2026.pdf", "application/pdf", len(PDF))
    assert (picture.name, picture.content_type) == ("photo.jpeg", "image/jpeg")
    for document in (pdf, picture):
        kept = storage.get(document.key)
        assert document.sha256 == hashlib.sha256(kept).hexdigest()
        assert document.size == len(kept)
        assert document.created_by == deputy
        assert not document.is_sent
    assert samples.SECRET not in storage.get(picture.key)
    assert list(deputy_documents(report)) == [pdf, picture]
    event = AuditEvent.objects.get(event="DOCUMENTS_ADDED")
    assert event.after == {"documents": [pdf.pk, picture.pk]}


def test_one_refused_file_keeps_all_out(report: Report, deputy: User, storage: Store) -> None:
    files = [upload("a.pdf", PDF), upload("notes.txt", b"x"), upload("b.jpeg", samples.picture("PNG"))]
    with pytest.raises(NotAdded) as error:
        add_documents(report, files, by=deputy)
    assert codes(error) == ["type", "mismatch"]
    assert nothing_was_kept(storage)


def test_no_file_is_refused(report: Report, deputy: User, storage: Store) -> None:
    with pytest.raises(NotAdded) as error:
        add_documents(report, [], by=deputy)
    assert codes(error) == ["none"]


@pytest.mark.parametrize(
    ("overs", "code", "words"),
    [
        (["", "file"], ["size"], "“1.pdf” must be 15MB or smaller"),
        (["file", "file"], ["size", "size"], "“0.pdf”"),
        (["", "request"], ["request"], "64MB"),
        (["", "count"], ["count"], "100 files"),
    ],
)
def test_over_a_limit(
    overs: list[str], code: list[str], words: str, report: Report, deputy: User, storage: Store, settings: Any
) -> None:
    settings.REQUEST_MAX_BYTES = 64 * 1024 * 1024
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload(f"{n}.pdf", b"", over) for n, over in enumerate(overs)], by=deputy)
    assert codes(error) == code
    assert any(words in refusal.message for refusal in error.value.refusals)
    assert nothing_was_kept(storage)


def test_a_name_that_is_used_is_refused(report: Report, deputy: User, storage: Store) -> None:
    add_documents(report, [upload("May 2026.pdf", PDF)], by=deputy)
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload("May_2026.PDF", PDF)], by=deputy)
    assert codes(error) == ["used"]
    assert "“May_2026.pdf” is already on this report" in error.value.refusals[0].message
    assert len(storage.list("")) == 1


@pytest.mark.parametrize("names", [("a b.pdf", "a_b.pdf"), ("a.pdf", "a.pdf", "a.pdf")])
def test_two_of_one_name_in_a_request_are_refused(
    names: tuple[str, ...], report: Report, deputy: User, storage: Store
) -> None:
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload(name, PDF) for name in names], by=deputy)
    assert codes(error) == ["twice"]
    assert nothing_was_kept(storage)


def test_a_name_that_is_used_only_after_conversion_is_refused(report: Report, deputy: User, storage: Store) -> None:
    jpeg = samples.picture("JPEG")
    add_documents(report, [upload("photo.jpeg", jpeg)], by=deputy)
    for name, data in [("photo.heic", samples.picture("HEIF")), ("photo.jfif", jpeg)]:
        with pytest.raises(NotAdded) as error:
            add_documents(report, [upload(name, data)], by=deputy)
        assert codes(error) == ["used"]


def test_a_name_used_on_another_report_is_free(report: Report, deputy: User, storage: Store) -> None:
    from tests.reporting.conftest import make_report

    for each in (report, make_report(deputy)):
        add_documents(each, [upload("a.pdf", PDF)], by=deputy)
    keys = set(Document.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(key.startswith(f"documents/{clock.now():%Y-%m}/dd_doc_") for key in keys)


# The scanner


def infected_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", EICAR.decode())
    written = BytesIO()
    Image.new("RGB", (9, 9)).save(written, "PNG", pnginfo=notes)
    return written.getvalue()


INFECTED = {
    "page.pdf": samples.pdf(lambda document: document.pages[0].contents_add(EICAR), compress_streams=False),
    "comment.png": infected_png(),
    "behind.jpg": samples.picture("JPEG") + EICAR,
}


@pytest.mark.parametrize("name", INFECTED)
def test_an_infected_file_is_refused_and_noted(name: str, report: Report, deputy: User, storage: Store) -> None:
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload("clean.pdf", PDF), upload(name, INFECTED[name])], by=deputy)
    assert codes(error) == ["infected"]
    assert f"“{name}” contains a virus" in error.value.refusals[0].message
    assert nothing_was_kept(storage)
    event = AuditEvent.objects.get(event="UPLOAD_INFECTED")
    assert "Eicar" in event.reason
    assert name not in str(event.after)
    assert event.actor == deputy.pk


def test_without_a_scanner_nothing_is_accepted(
    report: Report, deputy: User, storage: Store, settings: Any, tmp_path: Any
) -> None:
    settings.SCANNER_SOCKET = str(tmp_path / "nobody")
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    assert codes(error) == ["scanner"]
    assert "Your other answers are safe" in error.value.refusals[0].message
    assert nothing_was_kept(storage)


# The storage


def test_without_storage_nothing_is_added(
    report: Report, deputy: User, storage: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, puts = FolderStore.put, []

    def second_fails(self: FolderStore, key: str, data: bytes, content_type: str) -> None:
        puts.append(key)
        if len(puts) == 2:
            raise Unavailable("The disk is full.")
        put(self, key, data, content_type)

    monkeypatch.setattr(FolderStore, "put", second_fails)
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload("a.pdf", PDF), upload("b.pdf", PDF)], by=deputy)
    assert codes(error) == ["storage"]
    assert len(puts) == 2
    assert nothing_was_kept(storage)


def test_if_the_rows_fail_the_files_go(report: Report, deputy: User, storage: Store) -> None:
    def fail(_report: Any) -> None:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        add_documents(report, [upload("a.pdf", PDF)], by=deputy, then=fail)
    assert nothing_was_kept(storage)


def test_what_nobody_names_is_swept_up_after_a_day(report: Report, deputy: User, storage: FolderStore) -> None:
    import os

    (document,) = add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    old, fresh, other = actions.new_key(report), actions.new_key(report), "ingest/lay.csv"
    for key in (old, fresh, other):
        storage.put(key, b"x", "application/pdf")
    two_days_ago = (clock.now() - timedelta(days=2)).timestamp()
    for key in (old, other, document.key):
        os.utime(storage.folder / key, (two_days_ago, two_days_ago))
    assert sweep_orphans() == 1
    assert {each.key for each in storage.list("")} == {document.key, fresh, other}


# Submission


def submit(report: Report, by: User, number: int = 1) -> Submission:
    submission = Submission.objects.create(report=report, number=number, created_by=by)
    Document.objects.filter(report=report, submission=None).update(submission=submission)
    Report.objects.filter(pk=report.pk).update(submitted=True)
    return submission


def test_no_document_joins_a_report_that_was_submitted_meanwhile(report: Report, deputy: User, storage: Store) -> None:
    Report.objects.filter(pk=report.pk).update(submitted=True)
    with pytest.raises(NotAdded) as error:
        add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    assert codes(error) == ["submitted"]
    assert nothing_was_kept(storage)


def test_documents_join_a_submitted_report_as_not_sent(report: Report, deputy: User, storage: Store) -> None:
    (first,) = add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    submit(report, deputy)
    report.refresh_from_db()
    (second,) = add_documents(report, [upload("b.pdf", PDF)], by=deputy)
    assert list(new_documents(report)) == [second]
    assert list(sent_documents(report)) == [first]


# Removing


def test_a_document_goes_with_its_file(
    report: Report, deputy: User, storage: Store, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = add_documents(report, [upload("a.pdf", PDF), upload("b.pdf", PDF)], by=deputy)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(first, by=deputy)
        remove_document(first, by=deputy)
    assert list(deputy_documents(report)) == [second]
    assert [each.key for each in storage.list("")] == [second.key]
    assert AuditEvent.objects.filter(event="DOCUMENT_REMOVED").count() == 1


def test_the_file_stays_if_the_removal_is_undone(report: Report, deputy: User, storage: Store) -> None:
    (document,) = add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    with transaction.atomic():
        remove_document(document, by=deputy)
        transaction.set_rollback(True)
    assert missing_files(report) == []


def test_a_document_that_was_sent_stays(report: Report, deputy: User, storage: Store) -> None:
    (document,) = add_documents(report, [upload("a.pdf", PDF)], by=deputy)
    submit(report, deputy)
    with pytest.raises(NotRemoved, match=r"a\.pdf.*has been sent"):
        remove_document(document, by=deputy)
    assert storage.exists(document.key)


def test_a_file_that_is_gone_is_noticed(report: Report, deputy: User, storage: Store) -> None:
    first, second = add_documents(report, [upload("a.pdf", PDF), upload("b.pdf", PDF)], by=deputy)
    storage.delete(second.key)
    assert missing_files(report) == [second]
    remove_document(second, by=deputy)
    assert missing_files(report) == []
    assert list(deputy_documents(report)) == [first]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_people_adding_the_same_name_get_one_document(report: Report, deputy: User, storage: Store) -> None:
    start, outcomes = threading.Barrier(2), []

    def add() -> None:
        try:
            start.wait(10)
            add_documents(report, [upload("a.pdf", PDF)], by=deputy)
            outcomes.append("added")
        except NotAdded as refused:
            outcomes.append(refused.refusals[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "used"]
    assert [each.key for each in storage.list("")] == [Document.objects.get().key]


@pytest.mark.django_db(transaction=True)
def test_a_document_waits_for_a_submission_that_is_under_way(report: Report, deputy: User, storage: Store) -> None:
    outcomes = []
    ready = threading.Event()

    def add() -> None:
        try:
            add_documents(report, [upload("a.pdf", PDF)], by=deputy, then=lambda row: ready.set())
        except NotAdded as refused:
            outcomes.append(refused.refusals[0].code)
        finally:
            connection.close()

    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        adding = threading.Thread(target=add)
        adding.start()
        adding.join(1.5)
        assert not ready.is_set()
        submit(report, deputy)
    adding.join()
    assert outcomes == ["submitted"]
    assert nothing_was_kept(storage)
