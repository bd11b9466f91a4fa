"""Demo data of organisations: each sees its own, in the states that it says."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from foundation.accounts.models import User
from reporting.home import dashboard, demo, demo_organisations
from reporting.home.dashboard import Status
from reporting.reports.models import Report
from reporting.submissions.models import Submission

pytestmark = pytest.mark.django_db


def test_each_organisation_is_as_it_says(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path
    call_command("demo")
    found = {}
    for firm in demo_organisations.FIRMS:
        for first_name, role, _about in firm.people:
            user = User.objects.get(email=firm.email_of(first_name), is_active=True, role=role)
            found[first_name] = dashboard.counts(dashboard.reports_of(user))
    assert found["Nora"] == found["Abel"] == found["Tess"]
    assert {name: sum(counts.values()) for name, counts in found.items()} == {
        "Nora": 41, "Abel": 41, "Tess": 41, "Pat": 12, "Tom": 12, "Noah": 0,
    }  # fmt: skip
    assert (found["Nora"][Status.READY], found["Pat"][Status.READY]) == (3, 1), "two new ones, and one sent back"
    assert found["Nora"][Status.NOT_FINISHED] == 7
    assert {entry["email"] for entry in demo.people()} >= {"nora@quill-harrow.example", "tom@testham.example"}
    before = (User.objects.count(), Report.objects.count(), Submission.objects.count())
    demo_organisations.make(User.objects.get(email="super.admin@office.example"), demo.PASSWORD)
    assert (User.objects.count(), Report.objects.count(), Submission.objects.count()) == before
    reports = Report.objects.filter(client__organisation__isnull=False)
    states = Counter((report.submitted, report.reopened_at is not None) for report in reports)
    assert (states[(True, False)], states[(False, True)]) == (2, 1)
