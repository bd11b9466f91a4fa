"""Invented staff for every establishment of this cell's region: ``manage.py generate --seed 1 --people 30000``.

``--weeks 12`` also publishes so many weeks of duties, from the demonstration's patterns, four of them past.
``--people`` counts all six regions; this region gets its share. Establishments that have people are left as they are.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from roster.establishment.generate import headcounts, populate
from roster.establishment.models import Establishment
from roster.management.commands.seed import seed
from roster.planning.generate import publish


def generate(seed_number: int, people: int) -> int:
    """How many people were made."""
    places = {place.code: place for place in Establishment.objects.all()}
    return sum(
        populate(places[code], headcount, seed=seed_number, today=clock.today())
        for code, headcount in headcounts(settings.REGION, people).items()
        if code in places
    )


def duties(weeks: int) -> int:
    """How many days were published."""
    return sum(publish(place, weeks, today=clock.today()) for place in Establishment.objects.order_by("code"))


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--people", type=int, default=30_000, help="in all regions")
        parser.add_argument("--weeks", type=int, default=0, help="of duties")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL and not settings.TRAINING:
            raise CommandError("Invented staff are made only where LOCAL=yes, or on a training server.")
        seed()
        made = generate(options["seed"], options["people"])
        self.stdout.write(f"{made} people in region {settings.REGION}.")
        if options["weeks"]:
            self.stdout.write(f"{duties(options['weeks'])} days of duties published.")
