"""Fixed lists of amounts, each of which may be left blank: debts, fees, further costs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any


def added(owner: Any, names: Iterable[str]) -> Decimal:
    """The sum of a row's amounts; what is blank adds nothing."""
    return sum((getattr(owner, name) or Decimal(0) for name in names), Decimal("0.00"))


def any_given(values: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether one of the amounts is above zero (oddity 22: 0.00 is no amount)."""
    return any((values.get(name) or Decimal(0)) > 0 for name in names)
