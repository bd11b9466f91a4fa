"""The type of a day, found by a phrase in an activity's name (csr-api-contract 9, staff-roster 5.1).

Other systems see names only, so the names carry these phrases. The first in this order that a name contains decides;
a name without any, and no name at all, is a shift.
"""

from enum import StrEnum


class DayType(StrEnum):
    """In the order in which the phrases are looked for."""

    BREAK = "Break"
    REST_DAY = "Rest Day"
    HOLIDAY = "Annual Leave"
    ILLNESS = "Sick"
    ABSENCE = "Absence"
    TU_OFFICIALS_LEAVE = "Union Duties"
    TU_OFFICIALS_LEAVE_2 = "Union Facility Time"
    SECONDMENT = "Detached Duty"
    TOIL = "TOIL"
    TRAINING_EXTERNAL = "Training - External"
    TRAINING_INTERNAL = "Training - Internal"
    NONE = "None"
    SHIFT = "Shift"


PHRASES = [(kind.value.lower(), kind) for kind in DayType]


def day_type(name: str | None) -> DayType:
    """The type that an activity's name stands for."""
    words = (name or "").lower()
    return next((kind for phrase, kind in PHRASES if phrase in words), DayType.SHIFT)
