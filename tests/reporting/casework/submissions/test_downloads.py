"""The files of submissions as staff take them away."""

import io
import zipfile
from typing import Any

import pytest

from foundation.audit import AuditEvent
from foundation.clients.storage import store
from foundation.outbox import State
from reporting.documents.models import Document
from reporting.submissions import files
from tests.reporting.casework.conftest import ROLES, attach, delivery, set_delivery, submit
from tests.reporting.casework.submissions.showing import UUID, Browsers, quick, text
from tests.reporting.conftest import make_deputy, make_report

pytestmark = pytest.mark.django_db(transaction=True)


def unpack(response: Any) -> dict[str, dict[str, bytes]]:
    outer = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert outer.testzip() is None
    inner = {name: zipfile.ZipFile(io.BytesIO(outer.read(name))) for name in outer.namelist()}
    return {name: {each: archive.read(each) for each in archive.namelist()} for name, archive in inner.items()}


@pytest.mark.parametrize("role", ROLES)
def test_d198_only_super_admins_get_the_report_itself(as_staff: Browsers, role: str) -> None:
    """D-198: link and address both follow the rule; other documents are for all staff."""
    submission = submit("bill.pdf")
    report, bill = submission.documents.get(kind="report"), submission.documents.get(kind="deputy")
    files.make(report)
    staff, mine = as_staff(role), role == "ROLE_SUPER_ADMIN"
    page = text(staff, f"/submissions/{submission.pk}")
    assert (f"/submissions/documents/{report.token}" in page) is mine
    assert f"/submissions/documents/{bill.token}" in page
    assert staff.get(f"/submissions/documents/{report.token}").status_code == (200 if mine else 403)
    response = staff.get(f"/submissions/documents/{bill.token}")
    assert b"".join(response.streaming_content) == b"%PDF-1.4 a bill"
    assert response["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    assert AuditEvent.objects.filter(event="DOCUMENT_DOWNLOADED").count() == (2 if mine else 1)
    (packed,) = unpack(staff.post("/submissions/download", {"submission": submission.pk})).values()
    assert set(packed) == ({report.name, bill.name} if mine else {bill.name})


def test_several_submissions_are_one_zip_of_zips(as_staff: Browsers) -> None:
    one, two = quick(), quick()
    manager = as_staff("ROLE_ADMIN_MANAGER")
    response = manager.post("/submissions/download", {"submission": [one.pk, two.pk]})
    assert response["Content-Disposition"].startswith("attachment;")
    assert unpack(response) == {
        f"{each.report.client.case_number}_submission_{each.pk}.zip": {"bill.pdf": b"%PDF-1.4 a bill"}
        for each in (one, two)
    }
    assert AuditEvent.objects.filter(event="SUBMISSION_DOWNLOADED").count() == 2


@pytest.mark.defect("admin 7", "files that the storage has dropped were still offered")
def test_missing_files_are_listed_and_the_others_can_be_had(as_staff: Browsers) -> None:
    submission = quick()
    document = attach(submission.report, "gone.pdf")
    Document.objects.filter(pk=document.pk).update(submission=submission)
    store().delete(document.key)
    manager = as_staff("ROLE_ADMIN_MANAGER")
    page = manager.post("/submissions/download", {"submission": submission.pk}).content.decode()
    assert "Some files are missing" in page
    assert "gone.pdf" in page
    assert not AuditEvent.objects.filter(event="SUBMISSION_DOWNLOADED").exists()
    response = manager.post("/submissions/download", {"submission": submission.pk, "sure": "yes"})
    (packed,) = unpack(response).values()
    assert packed["bill.pdf"] == b"%PDF-1.4 a bill"
    assert b"gone.pdf" in packed["MISSING.txt"]
    alone = manager.get(f"/submissions/documents/{document.token}", follow=True).content.decode()
    assert "gone.pdf is not in the storage any more" in alone


def test_what_is_not_kept_for_download_cannot_be_had(as_staff: Browsers) -> None:
    submission = quick(downloadable=False)
    document = submission.documents.get(kind="deputy")
    page = text(as_staff(), f"/submissions/{submission.pk}")
    assert "no longer kept for download" in page
    assert str(document.token) not in page
    assert as_staff().get(f"/submissions/documents/{document.token}").status_code == 404
    asked = as_staff().post("/submissions/download", {"submission": submission.pk}).content.decode()
    assert "nothing left to download" in asked


def test_a_document_that_was_not_submitted_is_not_for_staff(as_staff: Browsers) -> None:
    document = attach(make_report(make_deputy(), "104"), "draft.pdf")
    assert as_staff().get(f"/submissions/documents/{document.token}").status_code == 404


def test_a_storage_that_is_down_is_said_calmly(as_staff: Browsers, settings: Any, tmp_path: Any) -> None:
    submission = quick()
    document = submission.documents.get(kind="deputy")
    settings.STORAGE, settings.STORAGE_ENDPOINT = "s3", "http://127.0.0.1:1"
    said = as_staff().get(f"/submissions/documents/{document.token}", follow=True).content.decode()
    assert "We cannot fetch bill.pdf just now" in said


def test_equal_names_are_both_in_the_zip(as_staff: Browsers) -> None:
    submission = quick()
    twin = attach(submission.report, "other.pdf", b"twin")
    Document.objects.filter(pk=twin.pk).update(submission=submission, kind="transactions", name="bill.pdf")
    response = as_staff("ROLE_ADMIN").post("/submissions/download", {"submission": submission.pk})
    (packed,) = unpack(response).values()
    assert packed == {"bill.pdf": b"%PDF-1.4 a bill", "bill-2.pdf": b"twin"}


def test_names_and_case_numbers_stay_out_of_the_log(as_staff: Browsers, caplog: Any, capfd: Any) -> None:
    submission = quick(make_deputy())
    client = submission.report.client
    staff = as_staff()
    text(staff, "/submissions", text=client.last_name)
    staff.get(f"/submissions/documents/{submission.documents.get(kind='deputy').token}")
    staff.post("/submissions/download", {"submission": submission.pk})
    said = caplog.text + "".join(capfd.readouterr())
    assert client.last_name not in said
    assert client.case_number not in said
    assert "bill.pdf" not in said


@pytest.mark.parametrize("role", ROLES)
def test_a_super_admin_has_a_lost_report_made_again(as_staff: Browsers, role: str) -> None:
    """The same bytes from what was frozen; nothing is sent again; a deputy's own file cannot be made."""
    submission = submit("bill.pdf")
    report, bill = submission.documents.get(kind="report"), submission.documents.get(name="bill.pdf")
    report = files.make(report)
    set_delivery(delivery(submission), State.DELIVERED, result=UUID)
    store().delete(report.key)
    staff, address = as_staff(role), f"/submissions/documents/{report.token}/make-again"
    mine = role == "ROLE_SUPER_ADMIN"
    assert ("Make this file again" in text(staff, f"/submissions/{submission.pk}")) is mine
    assert staff.post(address).status_code == (302 if mine else 403)
    assert staff.post(f"/submissions/documents/{bill.token}/make-again").status_code == (404 if mine else 403)
    if mine:
        again = files.make(Document.objects.get(pk=report.pk))
        assert again.sha256 == report.sha256
        assert store().exists(report.key)
        assert delivery(submission).state == State.DELIVERED
