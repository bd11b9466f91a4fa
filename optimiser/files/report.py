"""The answer as JSON, for programs: ``report.json``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from optimiser.answers import Account, Gap, still_to_gain, worth_of_one_more
from optimiser.problem import Problem, Result


def report(problem: Problem, result: Result, judged: Account, found: Sequence[Gap]) -> dict[str, Any]:
    return {
        "name": problem.name,
        "cost": result.cost,
        "bound": result.bound,
        "optimal": result.optimal,
        "legal": not judged.forbidden,
        "still_to_gain": still_to_gain(result),
        "seconds": round(result.seconds, 2),
        "effort": result.effort,
        "seed": result.seed,
        "ended": result.ended,
        "people": len(problem.people),
        "days": problem.calendar.days,
        **costs(problem, judged),
        "repaired": list(result.repaired),
        "nobody_could_keep": nobody_could_keep(result),
        "unplanned": list(result.unplanned),
        "gaps": [gap(one) for one in found],
        "worth_of_one_more": [
            {"where": name, "saves": round(price, 2)} for name, price in worth_of_one_more(result, 20)
        ],
        "progress": [{"seconds": round(at, 2), "cost": cost, "bound": bound} for at, cost, bound in result.log],
    }


def costs(problem: Problem, judged: Account) -> dict[str, Any]:
    """The cost split by rule, person and day, its parts, and what is not allowed."""
    names = {day: problem.calendar.name(day) for day in problem.days}
    return {
        "cost_by_rule": judged.by_rule,
        "cost_by_person": judged.by_person,
        "cost_by_day": {names.get(day, "more than a week") if day is not None else "more than a week": cost
                        for day, cost in judged.by_day.items()},
        "parts": [asdict(part) for part in judged.parts],
        "forbidden": [asdict(one) for one in judged.forbidden],
    }  # fmt: skip


def nobody_could_keep(result: Result) -> list[dict[str, Any]]:
    """Who has no line that keeps all rules, and which rules this roster breaks for them; their price is not in the
    cost."""
    people = dict.fromkeys(found.person for found in result.illegal)
    return [
        {
            "person": person,
            "rules": list(dict.fromkeys(found.rule for found in result.illegal if found.person == person)),
            "why": [found.sentence for found in result.illegal if found.person == person],
        }
        for person in people
    ]


def gap(one: Gap) -> dict[str, Any]:
    return {
        "where": one.row.name,
        "days": list(one.row.days),
        "missing": one.missing,
        "cost": one.cost,
        "reasons": one.summary,
        "people": dict(one.reasons),
    }
