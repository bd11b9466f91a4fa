"""Finding people for one person."""

from typing import Any

from django.shortcuts import get_object_or_404

from reporting.people.models import Client, CourtOrder, Profile


def clients_of(user: Any) -> list[Client]:
    """By first name (D-037)."""
    return sorted(Client.objects.visible_to(user), key=lambda client: (client.first_name.lower(), client.last_name))


def client_of(user: Any, client_id: int) -> Client:
    """A client of the person; 404 otherwise."""
    return get_object_or_404(Client.objects.visible_to(user), pk=client_id)


def order_of(user: Any, uid: str) -> CourtOrder:
    """An active order on which the person is active; 404 otherwise, also when it exists."""
    return get_object_or_404(CourtOrder.objects.visible_to(user).select_related("client", "sibling"), uid=uid)


def profile_of(user: Any) -> Profile:
    """What is stored of the person, or an empty row that is not stored yet."""
    return Profile.objects.select_related("user").filter(user=user).first() or Profile(user=user)
