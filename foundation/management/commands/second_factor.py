"""The security code of a demo person: ``manage.py second_factor ADDRESS``. Works only where LOCAL=yes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.accounts import second_factor
from foundation.accounts.models import User, Users


class Command(BaseCommand):
    help = "Print a code that signs a demo person in now. Sets up the second factor first where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Codes are shown only where LOCAL=yes.")
        user = User.objects.filter(email=Users.normalise(options["email"])).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        if not second_factor.has(user):
            second_factor.enable(user, second_factor.new_secret())
        self.stdout.write(second_factor.next_code(user))
