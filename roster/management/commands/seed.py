"""What every cell begins with: establishments, grades, skills, activities, templates. Again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from foundation import discover

ORDER = ["establishment", "activities"]


def seed() -> None:
    """Run ``seed()`` of every feature folder that has ``seeds.py``: people and activities first."""
    found = discover.in_folders("roster", "seeds")
    for folder in dict.fromkeys([*ORDER, *found]):
        found[folder].seed()


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        seed()
