"""Our JSON form: ``schema.json`` says what it looks like, this file what it means (see the README's reference)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from optimiser.files.places import Path as Place
from optimiser.files.places import bad, parse
from optimiser.files.reading import Task
from optimiser.parameters import BadParameter, converted
from optimiser.problem import DAY, OFF, Calendar, Demand, Need, Person, Problem, Request, Shift
from optimiser.rules import all_rules, default_rules
from optimiser.rules.cover import Cover
from optimiser.rules.requests import Requests
from optimiser.shapes import Rule, fitted

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BANK_HOLIDAY = "bank holiday"


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((Path(__file__).parent / "schema.json").read_text()))


def read(text: str) -> Task:
    data = parse(text)
    errors = list(schema().iter_errors(data))
    for error in errors:
        _refuse_unknown(text, error)
    if errors:
        error = best_match(errors)
        raise bad(text, list(error.absolute_path), _short(error.message))
    return _Form(text, data).task()


def _refuse_unknown(text: str, error: ValidationError) -> None:
    """A name that is not known is said before what may then be missing: most often it is the one meant."""
    if (
        error.validator == "additionalProperties"
        and isinstance(error.schema, dict)
        and isinstance(error.instance, dict)
    ):
        known = error.schema.get("properties", {})
        name = next(name for name in error.instance if name not in known)
        meant = get_close_matches(name, known, 1)
        reason = f"not known here; did you mean {meant[0]}?" if meant else "not known here"
        raise bad(text, [*error.absolute_path, name], reason)


def _short(message: str) -> str:
    return message if len(message) < 160 else f"...{message[-150:]}"


class _Form:
    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.text, self.data = text, data
        self.start = self.a_date(data["start"], ["start"])
        self.days: int = data["days"]
        self.shifts = self.unique("shifts", self.shift)
        self.off_on = {
            self.day(day, ["off_on", day]): self.off_id(name, ["off_on", day])
            for day, name in data.get("off_on", {}).items()
        }

    def task(self) -> Task:
        holidays = frozenset(
            self.any_day(day, ["bank_holidays", n]) for n, day in enumerate(self.data.get("bank_holidays", []))
        )
        self.calendar = Calendar(self.days, self.start.weekday(), holidays, self.start)
        self.rules = self.rule_book()
        people = self.unique("people", self.person)
        demands = tuple(
            demand
            for number, one in enumerate(self.data.get("demand", []))
            for demand in self.demand(one, ["demand", number])
        )
        name = self.data.get("name", "")
        shifts = tuple(self.shifts.values())
        problem = Problem(self.calendar, shifts, tuple(people.values()), demands, name, self.off_on)
        return Task(problem, fitted(problem, self.rules.values()))

    def unique(self, key: str, make: Callable[[dict[str, Any], Place], Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, one in enumerate(self.data[key]):
            if one["id"] in found:
                raise bad(self.text, [key, number, "id"], f"{one['id']!r} is there twice")
            found[one["id"]] = make(one, [key, number])
        return found

    # Small values

    def a_date(self, text: str, place: Place) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise bad(self.text, place, f"{text!r} is no date") from None

    def any_day(self, text: str, place: Place) -> int:
        return (self.a_date(text, place) - self.start).days

    def day(self, text: str, place: Place) -> int:
        """The number of a day to plan."""
        day = self.any_day(text, place)
        if not 0 <= day < self.days:
            raise bad(self.text, place, f"{text} is not among the days to plan")
        return day

    def shift_id(self, name: str, place: Place) -> str:
        if name and name not in self.shifts:
            raise bad(self.text, place, f"there is no shift {name!r}")
        return name

    def off_id(self, name: str, place: Place) -> str:
        if self.shifts[self.shift_id(name, place)].kind != "off":
            raise bad(self.text, place, f"{name!r} is no day off")
        return name

    def on_day(self, name: str, day: int, place: Place) -> str:
        """A shift's id, or what a day off is on that day."""
        return self.shift_id(name, place) or self.off_on.get(day, "")

    def work_ids(self, names: list[str], place: Place) -> frozenset[str]:
        return frozenset(self.shift_id(name, [*place, number]) for number, name in enumerate(names))

    # Shifts and people

    def shift(self, one: dict[str, Any], place: Place) -> Shift:
        kind = one.get("kind", "work")
        if ("start" in one) != ("end" in one):
            raise bad(self.text, place, "start and end belong together")
        if kind == "work" and "start" not in one:
            raise bad(self.text, place, "a shift of work has a start and an end")
        start = minutes(one.get("start", "00:00"))
        end = minutes(one["end"]) if "end" in one else start
        end += DAY if "end" in one and end <= start else 0
        breaks, away = (self.within(one, key, start, end, place) for key in ("breaks", "away"))
        counted = one.get("minutes", end - start - sum(back - gone for gone, back in breaks))
        if counted < 0:
            raise bad(self.text, [*place, "breaks"], "the breaks are longer than the shift")
        works = one.get("works", kind in ("work", "training"))
        turned = tuple(one.get("turned", (0, 0, 0)))
        return Shift(one["id"], start, end, counted, kind, works, breaks, turned, away)

    def within(self, one: dict[str, Any], key: str, start: int, end: int, place: Place) -> tuple[tuple[int, int], ...]:
        """Breaks, or times elsewhere, of a shift from ``start`` to ``end``."""
        found = []
        for number, (gone, back) in enumerate(one.get(key, [])):
            first = minutes(gone) + (DAY if minutes(gone) < start else 0)
            last = minutes(back) + (DAY if minutes(back) < start else 0)
            if not start <= first < last <= end:
                what = "a break" if key == "breaks" else "time elsewhere"
                raise bad(self.text, [*place, key, number], f"{what} lies inside its shift and ends after it begins")
            found.append((first, last))
        return tuple(found)

    def person(self, one: dict[str, Any], place: Place) -> Person:
        def each(key: str) -> Iterator[tuple[Any, Any, Place]]:
            return ((name, value, [*place, key, name]) for name, value in one.get(key, {}).items())

        return Person(
            one["id"],
            skills={name: last and self.any_day(last, where) for name, last, where in each("skills")},
            groups=frozenset(one.get("groups", [])),
            hours=round(one.get("hours", 0) * 60),
            allowed=self.work_ids(one["allowed"], [*place, "allowed"]) if "allowed" in one else None,
            allowed_on={self.day(day, at): self.work_ids(names, at) for day, names, at in each("allowed_on")},
            locked={n: self.on_day(name, n, at) for day, name, at in each("locked") for n in [self.day(day, at)]},
            days_off=frozenset(self.day(day, [*place, "days_off", n]) for n, day in enumerate(one.get("days_off", []))),
            requests=tuple(self.request(r, [*place, "requests", n]) for n, r in enumerate(one.get("requests", []))),
            history=tuple(self.past(name, [*place, "history", n]) for n, name in enumerate(one.get("history", []))),
            parameters={name: self.personal(name, given, at) for name, given, at in each("rules")},
        )

    def request(self, one: dict[str, Any], place: Place) -> Request:
        day = self.day(one["day"], [*place, "day"])
        shift = self.on_day(one["shift"], day, [*place, "shift"])
        return Request(day, shift, one["price"], one.get("wanted", True))

    def past(self, name: str, place: Place) -> Shift:
        return self.shifts[name] if self.shift_id(name, place) else OFF

    # Demand

    def demand(self, one: dict[str, Any], place: Place) -> Iterator[Demand]:
        if ("needs" in one) == ("people" in one):
            raise bad(self.text, place, "either people or needs")
        if ("shift" in one) == ("from" in one) or ("from" in one) != ("to" in one):
            raise bad(self.text, place, "either a shift, or from and to")
        shift = self.shift_id(one["shift"], [*place, "shift"]) if "shift" in one else None
        start = minutes(one.get("from", "00:00"))
        end = minutes(one.get("to", "00:00"))
        end += DAY if "to" in one and end <= start else 0
        needs = one.get("needs") or [{"people": one["people"], "under": one.get("under", 100)}]
        levels = tuple(Need(need["people"], need["under"], need.get("level", "")) for need in needs)
        skills, groups = frozenset(one.get("skills", [])), frozenset(one.get("groups", []))
        for day in self.days_of(one, place):
            yield Demand(day, levels, shift, start, end, skills, groups, one.get("over", 0), one.get("name", ""))

    def days_of(self, one: dict[str, Any], place: Place) -> list[int]:
        if "days" in one:
            return [self.day(day, [*place, "days", number]) for number, day in enumerate(one["days"])]
        if "weekdays" not in one:
            return list(range(self.days))
        return [day for day in range(self.days) if self.day_type(day) in one["weekdays"]]

    def day_type(self, day: int) -> str:
        """A bank holiday is a weekday like any other unless some demand speaks of bank holidays."""
        spoken_of = any(BANK_HOLIDAY in one.get("weekdays", []) for one in self.data.get("demand", []))
        is_holiday = spoken_of and day in self.calendar.bank_holidays
        return BANK_HOLIDAY if is_holiday else WEEKDAYS[self.calendar.weekday(day)]

    # Rules

    def rule_book(self) -> dict[str, Rule]:
        book = default_rules() if self.data.get("rule_book", "handbook") == "handbook" else (Requests(), Cover())
        rules = {rule.name: rule for rule in book}
        for name, given in self.data.get("rules", {}).items():
            place = ["rules", name]
            own = {key: value for key, value in given.items() if key != "rule"}
            base = self.base_rule(rules, name, given.get("rule"), place)
            rules[name] = replace(base, **self.parameters(type(base), own, place))
        return rules

    def base_rule(self, rules: Mapping[str, Rule], name: str, class_name: Any, place: Place) -> Rule:
        if class_name is None and name in rules:
            return rules[name]
        kind = all_rules().get(class_name or name) if isinstance(class_name or name, str) else None
        if kind is None or kind.__name__ in ("Cover",):
            raise bad(self.text, place, f"there is no rule {str(class_name or name)[:60]!r}")
        return kind(label=name if class_name else "")

    def personal(self, name: str, given: dict[str, Any], place: Place) -> dict[str, Any]:
        kinds = {rule.name: type(rule) for rule in self.rules.values()}
        kind = kinds.get(name) or next((one for one in kinds.values() if one.__name__ == name), None)
        if kind is None:
            raise bad(self.text, place, f"there is no rule {name[:60]!r}")
        return self.parameters(kind, given, place)

    def parameters(self, kind: type[Rule], given: dict[str, Any], place: Place) -> dict[str, Any]:
        try:
            return converted(kind, given, self.rule_day)
        except BadParameter as error:
            raise bad(self.text, place, str(error)) from None

    def rule_day(self, text: str) -> int:
        return (date.fromisoformat(text) - self.start).days


def minutes(time: str) -> int:
    hours, _, rest = time.partition(":")
    return int(hours) * 60 + int(rest)
