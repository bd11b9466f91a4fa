"""Deputies at the pages of their reports."""

import pytest

from foundation.accounts.models import User
from reporting.engine.report_types import Family
from tests.reporting.conftest import make_member, make_report
from tests.reporting.sections.pages import Pages


@pytest.fixture
def joint(deputy: User) -> Pages:
    """A joint report with higher assets: every section but the short money."""
    return Pages(deputy, make_report(deputy, "102-4"))


@pytest.fixture
def low(deputy: User) -> Pages:
    return Pages(deputy, make_report(deputy, "103-4"))


@pytest.fixture
def low_professional(db: None) -> Pages:
    member = make_member(Family.PROF)
    return Pages(member, make_report(member, "103-4-5"))


@pytest.fixture
def professional(db: None) -> Pages:
    member = make_member(Family.PROF)
    return Pages(member, make_report(member, "102-4-5"))


@pytest.fixture
def authority(db: None) -> Pages:
    member = make_member(Family.PA)
    return Pages(member, make_report(member, "102-4-6"))
