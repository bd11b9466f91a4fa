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


FITTING: dict[str, set[DayType]] = {
    "presence": {DayType.SHIFT, DayType.SECONDMENT},
    "meeting": {DayType.SHIFT, DayType.TRAINING_EXTERNAL, DayType.TRAINING_INTERNAL},
    "break": {DayType.BREAK},
    "vacation": {DayType.HOLIDAY},
    "illness": {DayType.ILLNESS},
}
"""Which types of day the name of an activity of a kind may stand for. Absences: anything but these three."""
NOT_ABSENCES = {DayType.BREAK, DayType.HOLIDAY, DayType.ILLNESS}


def misleading(name: str, kind: str, *, replaces_a_shift: bool = False) -> str:
    """Why other systems would take the name for something else, in a sentence; empty if they would not.

    ``replaces_a_shift``: an absence that credits the hours of a shift; without a phrase it would look like work.
    """
    found = day_type(name)
    fits = found in FITTING[kind] if kind in FITTING else found not in NOT_ABSENCES
    if not fits and found != DayType.SHIFT:
        return f"The diary would show this as “{found.value}”, because the name contains these words. Choose another"
    if not fits or (kind == "absence" and replaces_a_shift and found == DayType.SHIFT):
        wanted = " or ".join(f"“{each.value}”" for each in sorted(FITTING.get(kind, {DayType.ABSENCE})))
        return f"The diary would show this as a shift. The name must contain {wanted}"
    return ""
