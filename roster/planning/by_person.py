"""Many days that change, so that they can be read: how many of each person, and one person's day by day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from roster.planning.board import Board, Look
from roster.planning.sheet import Difference

FEW = 40
"""So many days are listed at once; of more, those of one person who is chosen."""
ELSEWHERE = "Elsewhere now"


@dataclass
class Tally:
    """One person: how many days change, how many stay for each reason, how many breaches of rules that block."""

    person_id: int
    name: str
    changed: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    broken: int = 0


@dataclass(frozen=True)
class Changes:
    """``people``: everybody concerned, in order of name; ``days``: what is shown day by day."""

    people: list[Tally]
    chosen: Tally | None
    days: list[tuple[str, Difference, Look, Look]]
    total: int


def by_person(page: Board, found: Sequence[Difference], chosen: int = -1, broken: Iterable[int] = ()) -> Changes:
    """``chosen``: whose days are wanted; ``broken``: a person a breach."""
    names = {person.pk: person.listed for person in page.people}
    tallies: dict[int, Tally] = {}
    for one in found:
        tally = tallies.setdefault(one.person_id, Tally(one.person_id, names.get(one.person_id, ELSEWHERE)))
        if one.kept:
            tally.kept[one.kept] += 1
        else:
            tally.changed += 1
    for person, times in Counter(broken).items():
        if person in tallies:
            tallies[person].broken = times
    wanted = tallies.get(chosen)
    shown = [one for one in found if wanted is None or one.person_id == wanted.person_id]
    if wanted is None and len(found) > FEW:
        shown = []
    days = [(tallies[one.person_id].name, one, *page.looks(one.person_id, one.before, one.after)) for one in shown]
    return Changes(sorted(tallies.values(), key=lambda each: (each.name, each.person_id)), wanted, days, len(found))
