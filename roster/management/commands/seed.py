"""What every cell begins with: establishments, grades, skills, activities, templates. Again changes nothing."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

HERE = Path(__file__).parents[2]
ORDER = ["establishment", "activities"]


def seed() -> None:
    """Run ``seed()`` of every feature folder that has ``seeds.py``: people and activities first."""
    folders = [path.parent.name for path in sorted(HERE.glob("*/seeds.py"))]
    for folder in ORDER + [each for each in folders if each not in ORDER]:
        import_module(f"roster.{folder}.seeds").seed()


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        seed()
