from dataclasses import dataclass

from optimiser.cases import case
from optimiser.problem import Shift
from optimiser.shapes import Succession


@dataclass(frozen=True)
class NotFollowedBy(Succession):
    """Shifts that may not stand on the day after certain others, as a list of pairs."""

    pairs: frozenset[tuple[str, str]] = frozenset()

    def forbidden(self, a: Shift, b: Shift) -> bool:
        return (a.id, b.id) in self.pairs


DEFAULTS = ()
CASES = (case(NotFollowedBy(pairs=frozenset({("L", "E"), ("N", "L")})), history="L"),)
