"""Which organisation an e-mail address belongs to (deputy-people 8.1)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from foundation.accounts.models import User
from reporting.people.organisations.models import Organisation

DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class BadIdentifier(Exception):
    """Neither a domain nor an address, or a domain that many share. The text is for the person."""


def identify(email: str) -> str:
    """What tells the organisation of this address apart: its domain, or all of it where many share the domain."""
    email = User.objects.normalise(email)
    domain = email.partition("@")[2]
    return email if is_shared(domain) else domain


def is_shared(domain: str) -> bool:
    return domain.lower() in settings.SHARED_EMAIL_DOMAINS


def find(email: str) -> Organisation | None:
    """The organisation of this address: by the whole address first, then by its domain. Deleted ones do not count."""
    email = User.objects.normalise(email)
    known = {
        each.identifier: each for each in Organisation.objects.live().filter(identifier__in=[email, identify(email)])
    }
    return known.get(email) or known.get(identify(email))


def cleaned(identifier: str) -> str:
    """An identifier as it is kept; raises BadIdentifier."""
    found = identifier.strip().lower()
    if "@" in found:
        try:
            validate_email(found)
        except ValidationError:
            raise BadIdentifier("Enter an email address in the correct format, like name@example.com") from None
        return found
    if not DOMAIN.fullmatch(found):
        raise BadIdentifier("Enter a domain in the correct format, like example.com")
    if is_shared(found):
        raise BadIdentifier("Many people use this domain: enter the whole email address of the deputy instead")
    return found
