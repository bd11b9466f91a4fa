"""Levels and limits of a rule, from a file or a rule book: names and types are those of its dataclass fields."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from optimiser.shapes import Rule

LARGEST = 10_000_000
Kind = TypeVar("Kind", bound=Rule)


class BadParameter(ValueError):
    """What is wrong with a parameter, in words."""


def parameters_of(rule: type[Rule]) -> dict[str, Any]:
    """Name to type, in the order of the class."""
    hints = get_type_hints(rule)
    return {field.name: hints[field.name] for field in fields(rule) if field.init}


def with_parameters(rule: Kind, given: Mapping[str, Any], day: Callable[[str], int] | None = None) -> Kind:
    """The rule with these values in place of its own. ``day`` turns a date into the number of its day."""
    return replace(rule, **converted(type(rule), given, day))


def converted(rule: type[Rule], given: Mapping[str, Any], day: Callable[[str], int] | None = None) -> dict[str, Any]:
    known = parameters_of(rule)
    values = {}
    for name, value in given.items():
        if name not in known:
            raise BadParameter(f"{rule.__name__} has no {name[:40]!r}, only {', '.join(known)}")
        try:
            values[name] = _convert(known[name], value, day)
        except (TypeError, ValueError):
            raise BadParameter(f"{name} of {rule.__name__} cannot be {str(value)[:60]!r}") from None
    if values.get("price", 1) < 1:
        raise BadParameter("a price is 1 or more")
    return values


def _convert(hint: Any, value: Any, day: Callable[[str], int] | None) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in inner:
            return None
        return _convert(next(one for one in inner if one is not NoneType), value, day)
    if isinstance(hint, type) and issubclass(hint, Rule) and isinstance(value, Mapping):
        return hint(**converted(hint, value, day))
    if origin is Literal and value in inner:
        return value
    if origin is frozenset and isinstance(value, list | frozenset | set):
        return frozenset(_convert(inner[0], one, day) for one in value)
    if origin is tuple and isinstance(value, list | tuple):
        if inner[-1] is Ellipsis:
            return tuple(_convert(inner[0], one, day) for one in value)
        if len(value) == len(inner):
            return tuple(_convert(one, part, day) for one, part in zip(inner, value, strict=True))
    if hint is int and day and isinstance(value, str):
        return day(value)
    if isinstance(value, hint if isinstance(hint, type) else ()) and (hint is bool or not isinstance(value, bool)):
        if isinstance(value, int) and abs(value) > LARGEST:
            raise ValueError
        return value
    raise TypeError
