"""Discovery instead of lists: a file in the right folder is enough to be found."""

import importlib
import importlib.util
import pkgutil
from types import ModuleType
from typing import TypeVar

Kind = TypeVar("Kind")


def modules(package: str) -> list[ModuleType]:
    """Import every module below a package, in order of name, and return them."""
    found = importlib.import_module(package)
    names = sorted(info.name for info in pkgutil.walk_packages(found.__path__, f"{package}."))
    return [importlib.import_module(name) for name in names]


def in_folders(package: str, name: str) -> dict[str, ModuleType]:
    """Import the module of that name in every folder of a package that has one: folder to module, folders in order."""
    found = importlib.import_module(package)
    folders = sorted(info.name for info in pkgutil.iter_modules(found.__path__) if info.ispkg)
    names = {folder: f"{package}.{folder}.{name}" for folder in folders}
    return {folder: importlib.import_module(one) for folder, one in names.items() if importlib.util.find_spec(one)}


def classes(package: str, base: type[Kind]) -> list[type[Kind]]:
    """Every class that a module of the package defines below ``base``, in order of module and line."""
    return [
        item
        for module in modules(package)
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, base) and item is not base and item.__module__ == module.__name__
    ]
