"""Times as people write them, for sentences."""

from optimiser.problem import DAY


def hours(minutes: float) -> str:
    """``630`` is ``10 h 30 min``."""
    whole, rest = divmod(round(minutes), 60)
    return f"{whole} h {rest} min" if rest else f"{whole} h"


def clock(minutes: int) -> str:
    """``450`` is ``07:30``, of whatever day."""
    return f"{minutes % DAY // 60:02d}:{minutes % 60:02d}"


def counted(number: int, thing: str) -> str:
    return f"{number} {thing if number == 1 else MANY.get(thing, thing + 's')}"


MANY = {"person": "people"}
