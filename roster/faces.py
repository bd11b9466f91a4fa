"""The three faces of a cell: planners (staff network), diary (open) and API (tokens), each with its own addresses.

A feature folder adds pages to a face with a module ``urls_planner``, ``urls_diary`` or ``urls_api`` that defines
``urlpatterns``: found here, never listed.
"""

from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

HERE = Path(__file__).parent
PAGES = ["foundation.web.urls", "foundation.accounts.openid", "foundation.draft_views"]
EVERYWHERE = {"planner": PAGES, "diary": PAGES, "api": []}


def patterns(face: str) -> list[URLPattern | URLResolver]:
    """All addresses of a face."""
    own = [f"roster.{file.parent.name}.urls_{face}" for file in sorted(HERE.glob(f"*/urls_{face}.py"))]
    for name in own:
        import_module(name)  # an error in one of them stops the start
    return [path("", include(name)) for name in EVERYWHERE[face] + own]
