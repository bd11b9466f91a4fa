"""The pages about documents, as a browser without script uses them (D-140 to D-144, D-150)."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.clients import Unavailable
from foundation.clients.storage import FolderStore, Store
from reporting.documents.actions import add_documents
from reporting.documents.models import Document, deputy_documents
from reporting.engine.section import Answers
from reporting.reports.models import Report
from reporting.sections.documents import Documents
from reporting.submissions.models import Submission
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.documents import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanner", "storage")]

PDF, PNG = samples.pdf(), samples.picture("PNG")


def files(*pairs: tuple[str, bytes]) -> dict[str, list[BytesIO]]:
    found = []
    for name, data in pairs:
        file = BytesIO(data)
        file.name = name
        found.append(file)
    return {"files": found}


def page(response: Any) -> str:
    """What a person reads."""
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def send(browser_of: Client, report: Report) -> Callable[..., str]:
    """Add files on the upload page; what the page then says."""

    def add(*pairs: tuple[str, bytes]) -> str:
        return page(browser_of.post(f"/report/{report.pk}/documents/upload/", files(*pairs), follow=True))

    return add


def state(report: Report) -> Any:
    return Answers(Report.objects.get(pk=report.pk))[Documents].state()


# D-141


def test_adding_documents_counts_them(send: Callable[..., str], report: Report) -> None:
    assert "first.png has been added." in send(("first.png", PNG))
    assert state(report).label == "1 document"
    assert "2 documents have been added." in send(("second.png", PNG), ("third.png", PNG))
    assert state(report).label == "3 documents"
    assert Report.objects.get(pk=report.pk).progress["documents"]["count"] == 3


def test_the_upload_page_lists_what_is_there_and_says_the_limit(
    send: Callable[..., str], browser_of: Client, report: Report
) -> None:
    send(("first.png", PNG))
    text = page(browser_of.get(f"/report/{report.pk}/documents/upload/"))
    assert "first.png" in text
    assert "up to 15MB" in text


# D-142


def test_four_wrong_files_get_four_messages(send: Callable[..., str], report: Report, settings: Any) -> None:
    send(("used.pdf", PDF))
    settings.DOCUMENT_MAX_BYTES = 15_000_000
    said = [
        send(("notes.txt", b"hello")),
        send(("photo.jpeg", PNG)),
        send(("large.pdf", bytes(16 * 1024 * 1024))),
        send(("used.pdf", PDF)),
    ]
    words = [
        "“notes.txt” must be a PDF, JPEG, PNG, HEIC or JFIF file",
        "“photo.jpeg” is really a PNG file",
        "“large.pdf” must be 15MB or smaller",
        "A document named “used.pdf” is already on this report",
    ]
    for at, text in enumerate(said):
        assert "There is a problem" in text
        assert words[at] in text
        assert not any(other in text for other in words if other != words[at])
    assert deputy_documents(report).count() == 1


def test_several_wrong_files_are_all_named_at_the_field(browser_of: Client, report: Report) -> None:
    response = browser_of.post(f"/report/{report.pk}/documents/upload/", files(("a.txt", b"x"), ("b.txt", b"y")))
    text = response.content.decode()
    assert text.count('href="#files"') == 2
    assert 'id="files-error"' in text
    assert text.count("a.txt") == text.count("b.txt") == 2


def test_a_name_from_outside_is_only_text(browser_of: Client, report: Report) -> None:
    response = browser_of.post(f"/report/{report.pk}/documents/upload/", files(("<b onclick=x>.txt", b"x")))
    assert b"<b onclick" not in response.content
    assert "<b onclick=x>.txt" in page(response)


def test_nothing_chosen(browser_of: Client, report: Report) -> None:
    assert "Choose at least one" in page(browser_of.post(f"/report/{report.pk}/documents/upload/"))


def test_the_script_says_what_it_did_not_send(browser_of: Client, report: Report) -> None:
    response = browser_of.post(f"/report/{report.pk}/documents/upload/", {"too_large": ["film.pdf"]})
    assert "“film.pdf” must be 15MB or smaller" in page(response)


def test_more_than_a_hundred_files(send: Callable[..., str], report: Report) -> None:
    assert "Choose 100 files or fewer at a time" in send(*[(f"{n}.pdf", b"x") for n in range(101)])


# D-144, D-140


def remove(browser: Client, report: Report, name: str, place: str) -> str:
    document = deputy_documents(report).get(name=name)
    address = f"/report/{report.pk}/documents/{document.token}/remove/"
    return page(browser.post(address, {"from": place}, follow=True))


def test_removing_on_both_pages(send: Callable[..., str], browser_of: Client, report: Report) -> None:
    send(("one.png", PNG), ("two.png", PNG), ("three.png", PNG))
    text = remove(browser_of, report, "two.png", "upload")
    assert "two.png has been removed." in text
    assert "Add supporting documents" in text
    assert "one.png" in text
    assert "three.png" in text
    text = remove(browser_of, report, "one.png", "summary")
    assert "one.png has been removed." in text
    assert "Add supporting documents" not in text
    assert "three.png" in text
    assert [each.name for each in deputy_documents(report)] == ["three.png"]
    assert state(report).label == "1 document"


def test_without_the_last_document_the_question_is_open_again(
    send: Callable[..., str], browser_of: Client, report: Report
) -> None:
    send(("one.png", PNG))
    remove(browser_of, report, "one.png", "upload")
    assert state(report).key == "not-started"


def test_removing_needs_a_post_and_is_harmless_twice(
    send: Callable[..., str], browser_of: Client, report: Report
) -> None:
    send(("one.png", PNG))
    address = f"/report/{report.pk}/documents/{deputy_documents(report).get().token}/remove/"
    assert browser_of.get(address).status_code == 405
    assert browser_of.post(address).status_code == browser_of.post(address).status_code == 302
    assert not deputy_documents(report).exists()


def test_no_documents_to_add(browser_of: Client, report: Report) -> None:
    section = Answers(report)[Documents]
    section.has = "no"
    section.save()
    assert state(report).label == "No documents"


# Fetching


def test_a_document_is_fetched_as_a_file_and_never_shown(
    send: Callable[..., str], browser_of: Client, report: Report
) -> None:
    send(("statement may.pdf", PDF))
    document = deputy_documents(report).get()
    response = browser_of.get(f"/document/{document.token}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="statement_may.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.filter(event="DOCUMENT_DOWNLOADED", subject=f"reporting_document:{document.pk}").exists()


def test_a_file_that_is_gone_or_cannot_be_fetched(
    send: Callable[..., str], browser_of: Client, report: Report, storage: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(("a.pdf", PDF))
    document = deputy_documents(report).get()

    def away(self: FolderStore, key: str) -> Any:
        raise Unavailable("The disk is away.")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "open", away)
        text = page(browser_of.get(f"/document/{document.token}/", follow=True))
        assert "We cannot fetch a.pdf just now" in text
    storage.delete(document.key)
    assert browser_of.get(f"/document/{document.token}/").status_code == 404


def test_only_what_deputies_see_is_fetched(browser_of: Client, report: Report, storage: Store) -> None:
    for kind, status in [("report", 200), ("transactions", 404)]:
        document = Document.objects.create(report=report, kind=kind, name=f"{kind}.pdf", key=f"documents/{kind}")
        storage.put(document.key, b"x", "application/pdf")
        assert browser_of.get(f"/document/{document.token}/").status_code == status
    unmade = Document.objects.create(report=report, kind="report", name="later.pdf", key="documents/later", made=False)
    assert browser_of.get(f"/document/{unmade.token}/").status_code == 404


def test_strangers_see_nothing_and_change_nothing(client: Client, report: Report, deputy: User) -> None:
    (document,) = add_documents(report, [samples.upload("a.pdf", PDF)], by=deputy)
    addresses = [
        ("get", f"/report/{report.pk}/documents/upload/"),
        ("post", f"/report/{report.pk}/documents/upload/"),
        ("get", f"/report/{report.pk}/documents/missing/"),
        ("get", f"/report/{report.pk}/attach/"),
        ("post", f"/report/{report.pk}/documents/{document.token}/remove/"),
        ("get", f"/document/{document.token}/"),
    ]
    for method, address in addresses:
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert "/login" in response["Location"] or "sign-in" in response["Location"]
    client.force_login(make_deputy())
    for method, address in addresses:
        assert getattr(client, method)(address).status_code == 404
    assert deputy_documents(report).exists()


def test_a_document_of_another_report_is_not_removed(browser_of: Client, report: Report, deputy: User) -> None:
    other = make_report(make_deputy())
    (document,) = add_documents(other, [samples.upload("a.pdf", PDF)], by=deputy)
    browser_of.post(f"/report/{report.pk}/documents/{document.token}/remove/")
    assert deputy_documents(other).exists()


# Files that are gone


def test_files_that_are_gone_are_removed_one_by_one(
    send: Callable[..., str], browser_of: Client, report: Report, storage: Store
) -> None:
    send(("kept.pdf", PDF), ("gone.pdf", PDF))
    storage.delete(deputy_documents(report).get(name="gone.pdf").key)
    text = page(browser_of.get(f"/report/{report.pk}/documents/missing/"))
    assert "gone.pdf" in text
    assert "kept.pdf" not in text
    assert "All your files are here" in remove(browser_of, report, "gone.pdf", "missing")


# After submission


@pytest.fixture
def submitted(send: Callable[..., str], report: Report, deputy: User) -> Report:
    send(("first.pdf", PDF))
    submission = Submission.objects.create(report=report, number=1, created_by=deputy)
    deputy_documents(report).update(submission=submission)
    Report.objects.filter(pk=report.pk).update(submitted=True)
    report.refresh_from_db()
    return report


def test_a_submitted_report_takes_documents_only_to_attach(browser_of: Client, submitted: Report) -> None:
    assert browser_of.get(f"/report/{submitted.pk}/documents/upload/").status_code == 404
    text = page(browser_of.post(f"/report/{submitted.pk}/attach/", files(("late.pdf", PDF)), follow=True))
    assert "late.pdf has been added." in text
    new, sent = text.split("Sent before")
    assert "late.pdf" in new.split("Ready to send")[1]
    assert "first.pdf" in sent
    assert "Remove first.pdf" not in text
    assert "Remove late.pdf" in text
    assert "late.pdf has been removed." in remove(browser_of, submitted, "late.pdf", "attach")


def test_a_document_that_was_sent_stays(browser_of: Client, submitted: Report) -> None:
    text = remove(browser_of, submitted, "first.pdf", "attach")
    assert "has been sent to the Office of the Public Guardian and stays" in text
    assert deputy_documents(submitted).exists()


def test_attaching_to_an_open_report_is_adding(browser_of: Client, report: Report) -> None:
    assert browser_of.get(f"/report/{report.pk}/attach/")["Location"] == f"/report/{report.pk}/documents/upload/"
