"""Every address of a site with what it declares, for the laws that walk them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from foundation.access import Rule, rule_of


@dataclass(frozen=True)
class Route:
    name: str
    view: Callable[..., Any]
    converters: dict[str, Any]
    """Of each parameter, by its name."""

    @property
    def rule(self) -> Rule | None:
        """Who may open it."""
        return rule_of(self.view, self.name)


def routes() -> list[Route]:
    """Of the site that the settings serve (``ROOT_URLCONF``)."""
    return list(_routes(get_resolver(), {}))


def _routes(resolver: URLResolver, above: dict[str, Any]) -> Iterator[Route]:
    for found in resolver.url_patterns:
        converters = {**above, **found.pattern.converters}
        if isinstance(found, URLResolver):
            yield from _routes(found, converters)
        else:
            assert isinstance(found, URLPattern)
            yield Route(found.name or "", found.callback, converters)
