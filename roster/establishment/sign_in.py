"""Whose account a verified token means: the member of staff of that user name, in any case."""

from django.db import transaction

from foundation import clock
from foundation.accounts.models import User
from foundation.clients.identity import Claims
from roster.establishment.models import Person


@transaction.atomic
def user_of(claims: Claims) -> User | None:
    """The user of the person on the roster; made at the first sign-in. None for anybody else."""
    if not claims.user_name:
        return None
    person = Person.objects.select_for_update(of=("self",)).filter(user_name__iexact=claims.user_name).first()
    if person is None or person.has_left:
        return None
    if person.user is None:
        person.user = _new(person, claims.user_name)
        person.save(update_fields=["user"])
    return person.user


def _new(person: Person, user_name: str) -> User:
    """An account without a password. Its address only has to be its own: messages go to the person's."""
    user = User(
        email=f"{user_name}@roster.invalid"[:60], user_name=user_name, first_name=person.first_name,
        last_name=person.last_name, is_active=True, registered_at=clock.now(),
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    return user
