"""Who is in this cell, for the front door: ``manage.py directory --folder MAPS`` (ops/deploy/front-door).

Writes ``region-N.map`` (user name, region) and puts those of all cells together as ``directory.map``. A person who is
listed by two cells is led to the one with the lower number.
"""

import fcntl
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from roster.establishment.models import Person, here


def write(folder: Path) -> int:
    """Each file is replaced whole: the front door never reads half of one. How many people are in this cell."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(name.lower() for name in Person.objects.filter(here()).values_list("user_name", flat=True))
    with (folder / "directory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _replace(folder / f"region-{settings.REGION}.map", "".join(f"{name} {settings.REGION}\n" for name in names))
        every = sorted(folder.glob("region-*.map"), key=lambda path: int(path.stem.removeprefix("region-")))
        _replace(folder / "directory.map", "".join(path.read_text() for path in every))
    return len(names)


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{write(options['folder'])} people of region {settings.REGION}.")
