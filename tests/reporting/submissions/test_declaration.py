"""Who may declare what, and whom a submission names as the deputy (deputy-reports 7.4, 7.5)."""

import pytest

from foundation.accounts.models import User
from reporting.engine.report_types import Family
from reporting.submissions import actions
from reporting.submissions.actions import Declaration
from reporting.submissions.models import Submission
from tests.reporting.conftest import make_member, make_report
from tests.reporting.sections.pages import Pages
from tests.reporting.submissions.test_submit import SOLE, finish

pytestmark = pytest.mark.django_db(transaction=True)
FOR_THE_DEPUTY = Declaration("not_deputy")


def test_a_lay_deputy_submits_in_person(deputy: User) -> None:
    report = finish(make_report(deputy, "104"))
    pages = Pages(deputy, report)
    assert "I am not the deputy" not in pages.text("declaration")
    pages.save("declaration", agree="on", agreed="not_deputy")
    with pytest.raises(ValueError, match="not_deputy"):
        actions.submit(report, FOR_THE_DEPUTY, by=deputy, version=report.version)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("family", "code"), [(Family.PROF, "104-5"), (Family.PA, "104-6")])
def test_any_member_submits_for_the_named_deputy(family: Family, code: str) -> None:
    member = make_member(family, "TEAM_MEMBER")
    report = finish(make_report(member, code))
    pages = Pages(member, report)
    text = pages.text("declaration")
    assert "I am not the deputy" in text
    assert "with the deputy’s authority" in text
    pages.save("declaration", agree="on", agreed="not_deputy")
    snapshot = Submission.objects.get().snapshot
    assert report.client.deputy
    assert {"Name": report.client.deputy.name}.items() <= {
        row["label"]: row["text"] for row in snapshot["deputy"]
    }.items()
    assert {row["label"]: row["text"] for row in snapshot["declaration"]}["Submitted by"] == member.name
    confirmed = pages.text("submitted")
    assert ("final cost certificate" in confirmed) == (family is Family.PROF)


def test_without_a_named_deputy_the_person_who_submits_is_named() -> None:
    member = make_member()
    report = finish(make_report(member, "104-5"))
    report.client.deputy = None
    report.client.save()
    submission = actions.submit(report, SOLE, by=member, version=report.version)
    assert submission.snapshot["deputy"][0]["text"] == member.name
