"""Sums over days as states: what the kernel needs to follow windows.

The widest sum (contracted minutes) is carried as a plain number, the others together as the states of a second machine
that changes from day to day. Windows that begin on the same day and sum up the same are one *tally*: a single running
sum serves them all. What is warned of is paid as soon as it is too much, so that a tally need not count any further.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.problem import OFF, Calendar, Person, Shift
from optimiser.shapes import LineRule, Window, WindowSum

Ints = NDArray[np.int32]
Weights = NDArray[np.int64]
"""Day x class of the day before x symbol."""

FORBIDDEN = 1 << 28
"""The price of what may not be, in the kernel's arithmetic."""
MOST_STATES = 300
UNCAPPED = 1 << 40


class TooLarge(Exception):
    """The rules need more states than the kernel is given."""


@dataclass(frozen=True)
class Count:
    """One window of one rule, reduced to the days to plan: what the past adds is already taken off the limits."""

    rule: WindowSum
    window: Window
    past: int

    @cached_property
    def days(self) -> range:
        return range(max(0, self.window.first), self.window.last + 1)

    @property
    def most(self) -> int | None:
        """What the days to plan may still add up to."""
        return None if self.window.most is None else self.window.most - self.past

    @property
    def hard(self) -> bool:
        return self.rule.level == "block"

    def charge(self, total: int) -> int:
        """What the window costs when the days to plan add up to ``total``."""
        price = self.rule.charge(self.rule.amount(self.window, total + self.past))
        return FORBIDDEN if price is None else price

    def charges(self, totals: NDArray[Any]) -> NDArray[np.int64]:
        different, where = np.unique(totals, return_inverse=True)
        found = np.array([self.charge(int(total)) for total in different], dtype=np.int64)
        return found[where].reshape(totals.shape)

    @property
    def paid_at_once(self) -> bool:
        """Too much of it costs the same each time, and too little nothing."""
        return not self.hard and self.rule.per == 1 and self.window.least is None

    @cached_property
    def enough(self) -> int:
        """From here on the sum need not be followed."""
        if self.most is not None and (self.hard or self.paid_at_once):
            return max(0, self.most)
        if self.window.most is None:
            return max(0, (self.window.least or 0) - self.past)
        return UNCAPPED


def counts_of(person: Person, calendar: Calendar, rules: Iterable[LineRule]) -> list[Count]:
    """Every window that reaches a day to plan, with the sum of its past days but for what looks back from day 0."""
    found = []
    for rule in rules:
        if not isinstance(rule, WindowSum):
            continue
        windows = [w for w in rule.windows(person, calendar) if w.last < calendar.days and (w.last >= 0 or w.following)]
        sums = _past_sums(rule, person, calendar, min((window.first for window in windows), default=0))
        for window in windows:
            found.append(Count(rule, window, sums[min(0, window.first)]))
    return found


def _past_sums(rule: WindowSum, person: Person, calendar: Calendar, first: int) -> dict[int, int]:
    """Each day of the past to the sum from it to the day before day 0."""
    sums = {0: 0}
    for day in range(-1, first - 1, -1):
        known = -day <= len(person.history)
        weight = rule.weight(calendar, day, worked(person, day - 1), worked(person, day)) if known else 0
        sums[day] = sums[day + 1] + weight
    return sums


def worked(person: Person, day: int) -> Shift:
    return person.history[day] if -day <= len(person.history) else OFF


def plain_sum(count: Count | None, weights: NDArray[Any], allowed: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """Steps in units of the common divisor, the range of sums to follow on each day, and the price at the end."""
    days, symbols = allowed.shape
    if count is None:
        zero = np.zeros(days + 1, dtype=np.int32)
        return np.zeros((days, symbols), dtype=np.int32), zero, zero.copy(), np.zeros(1, dtype=np.int32)
    base = np.where(allowed.any(axis=1), np.where(allowed, weights, 1 << 30).min(axis=1), 0)  # a booking's own minutes
    reachable = np.where(allowed, weights - base[:, None], 0)
    unit = gcd(*(int(w) for w in np.unique(reachable))) or 1
    steps = reachable // unit
    most = np.where(allowed, steps, -1).max(axis=1).clip(0)
    least = np.where(allowed, steps, 1 << 30).min(axis=1)
    high = np.concatenate([[0], np.cumsum(most)])
    low = np.concatenate([[0], np.cumsum(least)])
    begun = int(base.sum())
    charges = [count.charge(begun + k * unit) for k in range(int(high[-1]) + 1)]
    fine = [k for k, price in enumerate(charges) if price < FORBIDDEN]
    if fine:  # follow only sums from which a permitted total can still be reached
        high = np.minimum(high, fine[-1] - (low[-1] - low))
        low = np.maximum(low, fine[0] - (np.cumsum([0, *most])[-1] - np.cumsum([0, *most])))
    final = np.array(charges[: int(high[-1]) + 1], dtype=np.int32)
    return steps.astype(np.int32), low.astype(np.int32), high.astype(np.int32), final


@dataclass(frozen=True)
class Tally:
    """Windows that begin on the same day and sum up the same. Weights are 0 before and after them."""

    counts: tuple[Count, ...]
    weights: Weights

    @cached_property
    def days(self) -> range:
        return range(self.counts[0].days.start, max(count.days.stop for count in self.counts))

    @cached_property
    def grows(self) -> bool:
        return bool(self.weights.min(initial=0) >= 0)

    def enough(self, day: int) -> int:
        """From here on the sum need not be followed after that day."""
        left = (count.enough for count in self.counts if count.days.stop > day + 1)
        return max(left, default=0) if self.grows else UNCAPPED

    def kept(self, totals: NDArray[Any], day: int) -> NDArray[Any]:
        """What is remembered of these sums after that day."""
        kept: NDArray[Any] = np.minimum(totals, self.enough(day))
        return kept

    def prices(self, values: NDArray[Any], totals: NDArray[Any], day: int) -> NDArray[np.int64]:
        """What that day costs when the sums before it were ``values`` and are ``totals`` then."""
        price = np.zeros(totals.shape, dtype=np.int64)
        for count in self.counts:
            if day not in count.days:
                continue
            most = count.most
            if most is not None and self.grows and count.paid_at_once:
                more = np.maximum(0, totals - most) - np.maximum(0, values - most)
                begun = max(0, -most) if day == count.days.start else 0
                price += count.rule.price * (more + begun)
                continue
            if most is not None and self.grows and count.hard:
                price[totals > most] = FORBIDDEN
            if day == count.window.last:
                price += count.charges(totals)
        return np.minimum(price, FORBIDDEN)


@dataclass(frozen=True)
class Begun(Tally):
    """Of a sum too wide to be followed only what it leaves when divided by the size of what is charged, an hour begun.

    With it a penalty can ask for every hour begun as the rule does, and not just for its minutes. ``unit``: all weights
    are multiples of it.
    """

    unit: int

    @property
    def around(self) -> int:
        return self.counts[0].rule.per // self.unit

    def kept(self, totals: NDArray[Any], day: int) -> NDArray[Any]:
        left: NDArray[Any] = totals % self.around
        return left

    def prices(self, values: NDArray[Any], totals: NDArray[Any], day: int) -> NDArray[np.int64]:
        return np.zeros(totals.shape, dtype=np.int64)


def begun(count: Count, weights: Weights, allowed: NDArray[np.bool_]) -> Begun | None:
    """None where the rule charges every unit by itself, or forbids. What may not stand adds as much as what may."""
    unit = int(np.gcd.reduce(weights, axis=None))
    if count.hard or unit < 1 or count.rule.per % unit or count.rule.per == unit:
        return None
    usual = weights[np.arange(len(weights)), :, allowed.argmax(axis=1)]
    reached = np.where(allowed[:, None, :], weights, usual[:, :, None])
    return Begun((count,), reached // unit % (count.rule.per // unit), unit)


def tallies(counts: Sequence[Count], weights: Sequence[Weights]) -> list[Tally]:
    """``weights`` of each count's rule on all days."""
    same: dict[tuple[int, bytes], list[Count]] = {}
    tables = {}
    for count, table in zip(counts, weights, strict=True):
        key = (count.days.start, table.tobytes())
        same.setdefault(key, []).append(count)
        tables[key] = table
    return [_tally(tuple(group), tables[key]) for key, group in same.items()]


def _tally(counts: tuple[Count, ...], table: Weights) -> Tally:
    one = Tally(counts, table)
    inside = np.zeros_like(table)
    inside[one.days.start : one.days.stop] = table[one.days.start : one.days.stop]
    return Tally(counts, inside)


@dataclass(frozen=True)
class Machine:
    """``after[day, kind, state]`` is the next state (-1: forbidden), ``price`` what it costs; ``kind[before, symbol]``
    which column applies. ``paid``: what each kind of step weighs of windows that no state counts, day x kind.
    ``left``: what each state after the last day keeps of the last tally."""

    after: Ints
    price: Ints
    kind: Ints
    paid: list[Weights]
    left: NDArray[Any]

    @property
    def states(self) -> int:
        return int(self.after.shape[2])


def second_machine(counted: Sequence[Tally], paid: Sequence[Weights], days: int) -> Machine:
    """Walk all tallies together, day by day, over every state that can be reached."""
    if not (counted or paid):
        one = np.zeros((days, 1, 1), dtype=np.int32)
        return Machine(one, one.copy(), np.zeros((1, 1), dtype=np.int32), [], np.zeros(1, dtype=np.int64))
    stacked = np.stack([*(tally.weights for tally in counted), *paid])  # tally x day x before x symbol
    flat = stacked.reshape(len(stacked), days, -1)
    _, first, inverse = np.unique(flat.reshape(len(stacked) * days, -1), axis=1, return_index=True, return_inverse=True)
    kinds = flat[:, :, first]
    states = np.zeros((1, len(counted)), dtype=np.int64)
    steps = []
    for day in range(days):
        states, after, price = _walk(counted, states, kinds[: len(counted), day], day)
        if len(states) > MOST_STATES:
            raise TooLarge
        steps.append((after, price))
    width = max(after.shape[1] for after, _ in steps)
    shape = (days, len(first), max(width, len(states), 1))
    after_table, price_table = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for day, (after, price) in enumerate(steps):
        after_table[day, :, : after.shape[1]] = after
        price_table[day, :, : after.shape[1]] = price
    left = states[:, -1] if counted else np.zeros(1, dtype=np.int64)
    kind = inverse.reshape(stacked.shape[2:]).astype(np.int32)
    return Machine(after_table, price_table, kind, list(kinds[len(counted) :]), left)


def _walk(
    counted: Sequence[Tally], states: NDArray[Any], added: NDArray[Any], day: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """One day: the states after it, and of each kind and state which of them follows and what that costs."""
    kinds = added.shape[1]
    totals = states[None, :, :] + added.T[:, None, :]  # kind x state x tally
    price = np.zeros((kinds, len(states)), dtype=np.int64)
    codes = np.zeros((kinds, len(states)), dtype=np.int64)
    following = np.empty_like(totals)
    for number, tally in enumerate(counted):
        if day in tally.days:
            price += tally.prices(states[None, :, number], totals[:, :, number], day)
        following[:, :, number] = tally.kept(totals[:, :, number], day)
        least = following[:, :, number].min(initial=0)
        codes = codes * int(following[:, :, number].max(initial=0) - least + 1) + following[:, :, number] - least
    open_ways = price < FORBIDDEN
    _, first, where = np.unique(codes[open_ways], return_index=True, return_inverse=True)
    after = np.full(codes.shape, -1, dtype=np.int32)
    after[open_ways] = where
    return following[open_ways][first], after, np.where(open_ways, price, 0)
