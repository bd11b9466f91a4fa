"""Pages of a long list, as the pagination component takes them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page


def pagination(page: "Page[Any]", path: str, query: dict[str, str]) -> dict[str, Any]:
    """Links to the pages of the list at ``path``, which keep the ``query``; empty when there is one page."""
    if page.paginator.num_pages == 1:
        return {}

    def address(number: int) -> str:
        return f"{path}?{urlencode({**query, 'page': number})}"

    result: dict[str, Any] = {
        "items": [
            {"number": number, "href": address(number), "current": number == page.number}
            if isinstance(number, int)
            else {"ellipsis": True}
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ]
    }
    if page.has_previous():
        result["previous"] = {"href": address(page.previous_page_number())}
    if page.has_next():
        result["next"] = {"href": address(page.next_page_number())}
    return result
