"""What a web process does before its first request."""

import gc

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver


def application() -> WSGIHandler:
    """The site, with every view loaded and all of that put beyond the garbage collector.

    A whole collection goes through half a million objects that will never be garbage, for an eighth of a second, in
    the middle of every page that makes many; and in a forked worker it copies the memory that is shared.
    """
    site = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - loads what it names
    settle()
    return site


def settle() -> None:
    """From now on only what is made later is looked at."""
    gc.collect()
    gc.freeze()
