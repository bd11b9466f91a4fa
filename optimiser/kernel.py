"""The best line for one person at given prices: a shortest path, exact, in whole numbers.

Everything is added in 32-bit integers, so a bound made from these sums is safe: prices that come from a linear program
are rounded *before* they go in, and any prices whatever give a valid bound.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from optimiser.counters import Ints

Function = TypeVar("Function", bound=Callable[..., Any])


def in_machine_code(function: Function) -> Function:
    """Compiled by numba at the first call and kept on disk; to its caller it is the function that is written here."""
    return cast(Function, njit(nogil=True, cache=True)(function))


INFINITE = 1 << 30
DEAD = 1 << 29
"""Sums from here on are forbidden paths; callers keep the prices of any whole line below a quarter of INFINITE."""


@in_machine_code
def group_prices(price: Ints, group_from: Ints, group_symbol: Ints, out: Ints, chosen: Ints) -> None:
    """The cheapest symbol of each group on each day."""
    for day in range(price.shape[0]):
        for group in range(len(group_from) - 1):
            best, which = INFINITE, -1
            for k in range(group_from[group], group_from[group + 1]):
                symbol = group_symbol[k]
                if price[day, symbol] < best:
                    best, which = price[day, symbol], symbol
            out[day, group] = best
            chosen[day, group] = which


@in_machine_code
def _relax(table: Ints, to: int, source: Ints, at: int, length: int, price: int) -> None:
    """table[to + i] = min(itself, source[at + i] + price)."""
    target = table[to : to + length]
    origin = source[at : at + length]
    for i in range(length):
        target[i] = min(target[i], origin[i] + np.int32(price))


@in_machine_code
def forward(
    price: Ints, start: int,
    set_from: Ints, set_node: Ints, set_cost: Ints, edge_set: Ints, edge_group: Ints, edge_to: Ints, edge_kind: Ints,
    step: Ints, low: Ints, high: Ints, after: Ints, extra: Ints,
    nodes: int, states: int, sums: int, table: Ints, best: Ints, alive: Ints,
) -> None:  # fmt: skip
    """Fill ``table[day][node][state][sum]`` with the cheapest way there. ``best`` and ``alive`` are room to work in.

    Only sums from ``low`` to ``high`` of the day are filled and may be read.
    """
    days = price.shape[0]
    row = states * sums
    layer = nodes * row
    table[0:layer:sums] = INFINITE
    table[start * row] = 0
    alive[:, :, :] = 0
    alive[0, start, 0] = 1
    for day in range(days):
        here, there = day * layer, (day + 1) * layer
        for one in range(there, there + layer, sums):
            table[one + low[day + 1] : one + high[day + 1] + 1] = INFINITE
        bottom, width = low[day], high[day] - low[day] + 1
        if width <= 0:
            return
        current = -1
        for edge in range(len(edge_set)):
            group = edge_group[edge]
            cell = price[day, group]
            if cell >= DEAD:
                continue
            added = step[day, group]
            first = max(bottom, low[day + 1] - added)
            length = min(high[day], high[day + 1] - added) - first + 1
            if length <= 0:
                continue
            number = edge_set[edge]
            if number != current:
                current = number
                for state in range(states):
                    alive[days + 1, 0, state] = 0
                    for k in range(set_from[number], set_from[number + 1]):
                        node = set_node[k]
                        if not alive[day, node, state]:
                            continue
                        source = here + node * row + state * sums + bottom
                        if alive[days + 1, 0, state]:
                            _relax(best, state * sums + bottom, table, source, width, set_cost[k])
                        else:
                            alive[days + 1, 0, state] = 1
                            for i in range(width):
                                best[state * sums + bottom + i] = table[source + i] + set_cost[k]
            kind, target = edge_kind[edge], edge_to[edge]
            for state in range(states):
                following = after[day, kind, state]
                if following < 0 or not alive[days + 1, 0, state]:
                    continue
                alive[day + 1, target, following] = 1
                to = there + target * row + following * sums + first + added
                _relax(table, to, best, state * sums + first, length, cell + extra[day, kind, state])


@in_machine_code
def forward_without_sum(
    price: Ints, start: int,
    set_from: Ints, set_node: Ints, set_cost: Ints, edge_set: Ints, edge_group: Ints, edge_to: Ints, edge_kind: Ints,
    step: Ints, low: Ints, high: Ints, after: Ints, extra: Ints,
    nodes: int, states: int, sums: int, table: Ints, best: Ints, alive: Ints,
) -> None:  # fmt: skip
    """``forward`` where nothing is summed up plainly: the inner loop runs over the states of the second machine.

    Only as many states are walked as can be reached by then; on days on which they all stay what they are (of weekends
    on most days), the loop is a plain one.
    """
    days, kinds = price.shape[0], after.shape[1]
    layer = nodes * states
    table[0 : (days + 1) * layer] = INFINITE
    table[start * states] = 0
    alive[:, :, :] = 0
    alive[0, start, 0] = 1
    stays = np.empty(kinds, dtype=np.bool_)
    reached = 1
    for day in range(days):
        here, there = day * layer, (day + 1) * layer
        current, empty, width = -1, True, reached
        for kind in range(kinds):
            stays[kind] = True
            for state in range(width):
                reached = max(reached, after[day, kind, state] + 1)
                stays[kind] = stays[kind] and after[day, kind, state] == state
        for edge in range(len(edge_set)):
            cell = price[day, edge_group[edge]]
            if cell >= DEAD:
                continue
            number = edge_set[edge]
            if number != current:
                current, empty = number, True
                for k in range(set_from[number], set_from[number + 1]):
                    if not alive[day, set_node[k], 0]:
                        continue
                    source = here + set_node[k] * states
                    if empty:
                        empty = False
                        for state in range(width):
                            best[state] = table[source + state] + set_cost[k]
                    else:
                        _relax(best, 0, table, source, width, set_cost[k])
            if empty:
                continue
            kind, to = edge_kind[edge], there + edge_to[edge] * states
            alive[day + 1, edge_to[edge], 0] = 1
            if stays[kind]:
                target, more = table[to : to + width], extra[day, kind]
                for state in range(width):
                    target[state] = min(target[state], best[state] + cell + more[state])
                continue
            for state in range(width):
                following = after[day, kind, state]
                if following >= 0 and best[state] < DEAD:
                    value = best[state] + cell + extra[day, kind, state]
                    if value < table[to + following]:
                        table[to + following] = value
    for node in range(nodes):
        for state in range(states):
            alive[days, node, state] = table[days * layer + node * states + state] < DEAD


@in_machine_code
def cheapest_end(
    table: Ints, alive: Ints, final: Ints, low: Ints, high: Ints, days: int, nodes: int, states: int, sums: int,
    ends: Ints,
) -> int:  # fmt: skip
    """The value of the best line; ``ends`` gets its node, state and sum."""
    value = INFINITE
    layer = days * nodes * states * sums
    for node in range(nodes):
        for state in range(states):
            if alive[days, node, state]:
                for total in range(low[days], high[days] + 1):
                    found = table[layer + (node * states + state) * sums + total]
                    if found < DEAD and found + final[total] < value:
                        value = found + final[total]
                        ends[0], ends[1], ends[2] = node, state, total
    return value


@in_machine_code
def walk_back(
    price: Ints, chosen: Ints,
    set_from: Ints, set_node: Ints, set_cost: Ints, edge_set: Ints, edge_group: Ints, edge_to: Ints, edge_kind: Ints,
    step: Ints, low: Ints, high: Ints, after: Ints, extra: Ints,
    nodes: int, states: int, sums: int, table: Ints, ends: Ints, line: Ints,
) -> bool:  # fmt: skip
    """Find the line that led to ``ends``, by value."""
    node, state, total = ends[0], ends[1], ends[2]
    row = states * sums
    for day in range(price.shape[0] - 1, -1, -1):
        value = table[((day + 1) * nodes + node) * row + state * sums + total]
        found = False
        for edge in range(len(edge_set)):
            group = edge_group[edge]
            before = total - step[day, group]
            if edge_to[edge] != node or price[day, group] >= DEAD or before < low[day] or before > high[day]:
                continue
            kind = edge_kind[edge]
            for earlier in range(states):
                if after[day, kind, earlier] != state:
                    continue
                rest = value - price[day, group] - extra[day, kind, earlier]
                for k in range(set_from[edge_set[edge]], set_from[edge_set[edge] + 1]):
                    if table[(day * nodes + set_node[k]) * row + earlier * sums + before] + set_cost[k] == rest:
                        node, state, total = set_node[k], earlier, before
                        line[day] = chosen[day, group]
                        found = True
                        break
                if found:
                    break
            if found:
                break
        if not found:
            return False
    return True


@in_machine_code
def walk_steered(
    price: Ints, chosen: Ints,
    set_from: Ints, set_node: Ints, set_cost: Ints, edge_set: Ints, edge_group: Ints, edge_to: Ints, edge_kind: Ints,
    step: Ints, low: Ints, high: Ints, after: Ints, extra: Ints,
    nodes: int, states: int, sums: int, table: Ints, ends: Ints, line: Ints,
    weights: Ints, usual: Any, look: int, target: int, slack: int, chance: int,
) -> int:  # fmt: skip
    """Find a line to ``ends`` that is dearer by ``slack`` at most and whose ``weights`` (day x symbol) add up to about
    ``target``: what is left of it is spread over the days that are left. How much dearer it is.

    ``usual`` is what the ``look`` days before each node usually weigh; how near a way comes to its part of what is left
    is blurred by ``chance``, so that each walk finds another line.
    """
    node, state, total = ends[0], ends[1], ends[2]
    row, days = states * sums, price.shape[0]
    used, left = 0, target
    for day in range(days - 1, -1, -1):
        value = table[((day + 1) * nodes + node) * row + state * sums + total]
        share = max(0, slack * (days - day) // days - used)
        wanted = left * min(1.0, (look + 1) / (day + 1))
        nearest, dearer, edge_taken, node_taken, state_taken = 0.0, 0, -1, -1, -1
        for edge in range(len(edge_set)):
            group = edge_group[edge]
            before = total - step[day, group]
            if edge_to[edge] != node or price[day, group] >= DEAD or before < low[day] or before > high[day]:
                continue
            kind, added = edge_kind[edge], weights[day, chosen[day, group]]
            for earlier in range(states):
                if after[day, kind, earlier] != state:
                    continue
                rest = value - price[day, group] - extra[day, kind, earlier]
                for k in range(set_from[edge_set[edge]], set_from[edge_set[edge] + 1]):
                    found = table[(day * nodes + set_node[k]) * row + earlier * sums + before] + set_cost[k] - rest
                    if found > share:
                        continue
                    chance = (chance * 1103515245 + 12345) % 2147483648
                    off = abs(added + usual[set_node[k]] - wanted) * (1 + chance / 2147483648)
                    if edge_taken < 0 or off < nearest:
                        nearest, dearer, edge_taken, node_taken, state_taken = off, found, edge, set_node[k], earlier
        group = edge_group[edge_taken]
        line[day] = chosen[day, group]
        left -= weights[day, line[day]]
        node, state, total = node_taken, state_taken, total - step[day, group]
        used += dearer
    return used


@in_machine_code
def best_price(worth: Any, over: Any, under: Any, lowest: float, highest: float, now: float) -> tuple[float, float]:
    """The price of one unit at which the cheapest of some lines is dearest, and by how much it is then dearer than at
    the price of now. A line pays for what it is ``over`` at prices above 0, gets for what it is ``under`` below."""
    lines = len(worth)
    first, least = 0, np.inf
    for line in range(lines):
        first = line if worth[line] < worth[first] else first
        paid = worth[line] + now * (over[line] if now > 0 else under[line])
        least = min(least, paid)
    way = 1.0 if over[first] > 0 and highest > 0 else -1.0 if under[first] < 0 and lowest < 0 else 0.0
    if way == 0.0:
        return 0.0, worth[first] - least
    price, last = highest if way > 0 else -lowest, -1
    limit = np.inf
    for _ in range(100):
        cheapest, value, slope = -1, np.inf, 0.0
        for line in range(lines):
            rises = over[line] if way > 0 else -under[line]
            paid = worth[line] + price * rises
            if paid < value:
                cheapest, value, slope = line, paid, rises
        if value >= limit - 0.5 or (last < 0 and slope >= 0):
            break
        if slope > 0:
            first = cheapest
        else:
            last = cheapest
        one = over[first] if way > 0 else -under[first]
        other = over[last] if way > 0 else -under[last]
        price = (worth[last] - worth[first]) / (one - other)
        limit = worth[first] + price * one
    return way * price, value - least
