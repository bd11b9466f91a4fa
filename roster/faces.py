"""The three faces of a cell: planners (staff network), diary (open) and API (tokens), each with its own addresses.

A feature folder adds pages to a face with a module ``urls_planner``, ``urls_diary`` or ``urls_api`` that defines
``urlpatterns``: found here, never listed.
"""

from django.urls import URLPattern, URLResolver, include, path

from foundation import discover

PAGES = ["foundation.web.urls", "foundation.accounts.openid", "foundation.draft_views"]
EVERYWHERE = {"planner": PAGES, "diary": PAGES, "api": []}


def patterns(face: str) -> list[URLPattern | URLResolver]:
    """All addresses of a face."""
    found = discover.in_folders("roster", f"urls_{face}")  # an error in one of them stops the start
    own = [module.__name__ for module in found.values()]
    return [path("", include(name)) for name in EVERYWHERE[face] + own]
