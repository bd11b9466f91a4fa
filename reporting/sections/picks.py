"""The account picker that gifts, expenses and money share (deputy-reports 3, "Bank-account link")."""

from typing import Any

from reporting.engine.questions import Pick


def account(label: str = "Which account was it paid from?", **options: Any) -> Pick:
    """Which of the client's accounts; asked only for reports with a full account of money, and never required."""
    return Pick(
        label,
        of="BankAccount",
        only=lambda owner: owner.report.kind.higher_assets,
        required=False,
        short="Account",
        hint="You can leave this blank",
        last_year=False,
        **options,
    )
