"""Drop what nobody fetched from the feed for 30 days (csr-api-contract 6)."""

from typing import Any

from foundation.jobs import overnight
from roster.feed.actions import drop_old


@overnight(at="03:23", done_by="04:00")
def drop_feed_rows() -> dict[str, Any]:
    return {"dropped": drop_old()}
