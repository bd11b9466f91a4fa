"""The rules: a file each, found by being here."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from optimiser.cases import Case
from optimiser.shapes import Rule


@cache
def all_rules() -> dict[str, type[Rule]]:
    """Every rule class that a file of this folder defines, by its name, in order of file and line."""
    found = {}
    for module in _modules():
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == module.__name__:
                found[item.__name__] = item
    return found


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = sorted(info.name for info in pkgutil.iter_modules(__path__, f"{__name__}."))
    return tuple(importlib.import_module(name) for name in names)


def default_rules() -> tuple[Rule, ...]:
    """The rule book as the handbook has it: what each file of this folder says under ``DEFAULTS``."""
    return tuple(rule for module in _modules() for rule in getattr(module, "DEFAULTS", ()))


def all_cases() -> tuple[Case, ...]:
    """What each file gives the law test under ``CASES``."""
    return tuple(one for module in _modules() for one in getattr(module, "CASES", ()))
