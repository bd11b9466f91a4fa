"""The fifteen report types (deputy-reports 1.3): base, ``-4`` for a joint report, and who the deputy is."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache


class Family(StrEnum):
    """Who reports: family and friends, professionals, public authorities."""

    LAY = "lay"
    PROF = "prof"
    PA = "pa"


SUFFIX = {Family.LAY: "", Family.PROF: "-5", Family.PA: "-6"}
DAYS_TO_REPORT = {Family.LAY: 21, Family.PROF: 56, Family.PA: 56}
"""Days from the end of the period to the due date (deputy-reports 1.2)."""


@dataclass(frozen=True)
class ReportType:
    """``code`` is the value stored and sent, "102-4-5" for example."""

    base: str
    hybrid: bool
    family: Family

    @property
    def code(self) -> str:
        return self.base + ("-4" if self.hybrid else "") + SUFFIX[self.family]

    @property
    def property_and_affairs(self) -> bool:
        return self.base != "104"

    @property
    def health_and_welfare(self) -> bool:
        return self.hybrid or self.base == "104"

    @property
    def higher_assets(self) -> bool:
        """Full money in and out, and a balance."""
        return self.base == "102"

    @property
    def lower_assets(self) -> bool:
        return self.base == "103"

    @property
    def title(self) -> str:
        if self.hybrid:
            return "Property and financial affairs, and health and welfare"
        return "Health and welfare" if self.base == "104" else "Property and financial affairs"

    def due(self, end: date) -> date:
        return end + timedelta(days=DAYS_TO_REPORT[self.family])

    def __str__(self) -> str:
        return self.code


@cache
def report_type(code: str) -> ReportType:
    """The type of a code; ValueError if it is none of the fifteen."""
    return TYPES[code] if code in TYPES else _unknown(code)


def _unknown(code: str) -> ReportType:
    raise ValueError(f"{code!r} is not a report type.")


TYPES = {
    kind.code: kind
    for family in Family
    for hybrid in (False, True)
    for base in ("102", "103", "104")
    if not (hybrid and base == "104")
    for kind in (ReportType(base, hybrid, family),)
}
LAY_TYPES = [code for code, kind in TYPES.items() if kind.family is Family.LAY]
