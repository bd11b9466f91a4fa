"""The rules: a file each, found by being here."""

import importlib
import pkgutil
from functools import cache

from optimiser.shapes import Rule


@cache
def all_rules() -> dict[str, type[Rule]]:
    """Every rule class that a file of this folder defines, by its name, in order of file and line."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__, f"{__name__}."))
    found = {}
    for name in names:
        for item in vars(importlib.import_module(name)).values():
            if isinstance(item, type) and issubclass(item, Rule) and item.__module__ == name:
                found[item.__name__] = item
    return found
