"""Is this person the deputy of this case? What was typed is compared with the register (deputy-people 4.3).

The answer to the person is always the same sentence; which comparison failed is known inside only, as flags.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.db.models.functions import Left

from reporting.people.models import PreRegistration


class Why(StrEnum):
    """Reasons for refusing a registration; codes for the audit, never shown."""

    UNKNOWN_CASE = "unknown case"
    MISMATCH = "details differ"
    NOT_UNIQUE = "not unique"
    MUST_BE_INVITED = "must be invited"
    CASE_USED = "case used"
    OTHER_DEPUTY = "other deputy"


class NotMatched(Exception):
    """The details were refused. ``flags`` name what differed; they hold no values."""

    def __init__(self, why: Why, flags: frozenset[str] = frozenset()) -> None:
        super().__init__(str(why))
        self.why = why
        self.flags = flags


@dataclass(frozen=True)
class Claim:
    """What somebody says of themselves and their client. ``postcode`` None: it was compared before."""

    case_number: str
    client_last_name: str
    first_name: str
    last_name: str
    postcode: str | None


def case_of(case_number: str) -> str:
    """The 8 characters that tell cases apart, in upper case."""
    return re.sub(r"\s", "", case_number).upper()[:8]


def rows_of(case_number: str) -> list[PreRegistration]:
    """The register's rows of a case."""
    return list(
        PreRegistration.objects.annotate(cut=Left("case_number", 8)).filter(cut=case_of(case_number)).order_by("pk")
    )


def match(claim: Claim) -> PreRegistration:
    """The one row that the claim is about; NotMatched otherwise.

    Each comparison narrows the rows; one that leaves none is flagged and passed over, so that all are made.
    """
    rows = rows_of(claim.case_number)
    if not rows:
        raise NotMatched(Why.UNKNOWN_CASE)
    flags = set()
    for flag, typed, column in (
        ("client_lastname", claim.client_last_name, "client_last_name"),
        ("deputy_lastname", claim.last_name, "deputy_last_name"),
        ("deputy_firstname", claim.first_name, "deputy_first_name"),
    ):
        same = [row for row in rows if plain(getattr(row, column)) == plain(typed)]
        if not same:
            flags.add(flag)
        rows = same or rows
    if claim.postcode is not None and all(row.deputy_postcode for row in rows):
        same = [row for row in rows if joined(row.deputy_postcode) == joined(claim.postcode)]
        if not same:
            flags.add("deputy_postcode")
        rows = same or rows
    if flags:
        raise NotMatched(Why.MISMATCH, frozenset(flags))
    if len({row.deputy_uid for row in rows}) != 1:
        raise NotMatched(Why.NOT_UNIQUE)
    return rows[0]


def plain(name: str) -> str:
    return name.replace("\u2019", "'").strip().lower()


def joined(postcode: str) -> str:
    return re.sub(r"\s", "", postcode).lower()
