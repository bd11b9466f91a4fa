"""Where a request really comes from. A header can be forged; only our own proxies are believed."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """The right-most address of the chain that is not one of our proxies; None when it cannot be read."""
    address = _read(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and within(address, settings.TRUSTED_PROXIES):
        address = _read(hops.pop())
    return address


def within(address: Address | None, networks: Iterable[str]) -> bool:
    return address is not None and any(address in network for network in _networks(tuple(networks)))


def _read(text: str) -> Address | None:
    """An address; an IPv4 address that a socket shows in its IPv6 form counts as IPv4."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@cache
def _networks(networks: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network, strict=False) for network in networks]
