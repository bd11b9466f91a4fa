"""Accounts by hand: ``manage.py user add ADDRESS FIRST LAST ROLE`` and ``manage.py user list``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from foundation.access import verbs
from foundation.accounts.actions import EmailTaken, add_user, send_activation
from foundation.accounts.models import User, Users
from foundation.accounts.receipts import activation_bounced


class Command(BaseCommand):
    help = "Make an account and mail its activation link, mail the link again, or list the accounts of a role."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="make an account and mail its activation link")
        for name in ("email", "first_name", "last_name"):
            add.add_argument(name)
        add.add_argument("role", choices=sorted(verbs()))
        resend = actions.add_parser("resend", help="mail the activation link again")
        resend.add_argument("email")
        listed = actions.add_parser("list", help="list accounts: id, stage, role, when made, bounced mail")
        listed.add_argument("--role", choices=sorted(verbs()))

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["action"])(**options)

    def add(self, *, email: str, first_name: str, last_name: str, role: str, **options: Any) -> None:
        try:
            validate_email(email)
            user = add_user(email, first_name=first_name, last_name=last_name, role=role)
        except ValidationError:
            raise CommandError("That is not an email address.") from None
        except EmailTaken:
            raise CommandError("There is an account with this address already.") from None
        self.stdout.write(f"{user} made as {role}; the activation link is on its way.")

    def resend(self, *, email: str, **options: Any) -> None:
        user = User.objects.filter(email=Users.normalise(email)).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        if user.stage != User.Stage.INVITED:
            raise CommandError("This account has a password already.")
        send_activation(user)
        self.stdout.write("The activation link is on its way.")

    def list(self, *, role: str | None, **options: Any) -> None:
        users = User.objects.order_by("pk")
        for user in users.filter(role=role) if role else users:
            bounced = "  activation bounced" if activation_bounced(user) else ""
            self.stdout.write(f"{user.pk:>8}  {user.stage:<11}  {user.role:<20}  {user.created_at:%Y-%m-%d}{bounced}")
