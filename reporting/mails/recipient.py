"""What mails need: the user, whom to ask for help, the address of the site that they use, a postal address."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from foundation import countries
from foundation.accounts import service
from foundation.accounts.models import User
from foundation.clients import Rejected
from reporting.shell import audience


def user_of(pk: int) -> User:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Rejected("The account has been deleted.")
    return user


def support(user: User) -> dict[str, str]:
    """Support contact by audience (deputy-operations 6)."""
    return {"email": settings.SUPPORT_EMAILS[audience(user)], "phone": settings.SUPPORT_PHONE}


def link(user: User, route: str, *arguments: str) -> str:
    """A page's full address on the site where this user signs in."""
    site = settings.ADMIN_URL if service.is_staff(user) else settings.FRONT_URL
    return str(site).rstrip("/") + reverse(route, args=arguments)


def address(row: Any) -> dict[str, str]:
    """The address of a client or a deputy in Notify's placeholders."""
    return {
        "address": row.address1,
        "address2": row.address2,
        "address3": row.address3,
        "postcode": row.postcode,
        "countryName": countries.name_of(row.country),
    }
