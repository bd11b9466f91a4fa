"""What the health pages of the staff roster list (csr-api-contract 1.6)."""

from datetime import timedelta

from foundation import clock, health
from foundation.clients.identity import identity
from foundation.clients.notify import notify
from foundation.health import check
from roster.feed.models import FeedRow
from roster.planning.runs import QUEUE as OPTIMISER

check("Database", kind="service", pingdom=True)(health.database)
check("Redis", kind="service", pingdom=True)(health.redis)


@check("Identity", kind="dependency", pingdom=True)
def identity_provider_answers() -> None:
    identity().health()


@check("Notify", kind="dependency", pingdom=True)
def mail_service_answers() -> None:
    notify().health()


check("Worker", kind="jobs")(health.worker)


@check("Optimiser", kind="jobs")
def optimiser_runs() -> None:
    """Its queue has workers of its own: those of the others may be well without it."""
    health.worker(OPTIMISER)


check("Overnight jobs", kind="jobs")(health.overnight)


@check("Feed", kind="jobs")
def feed_is_fetched() -> str | None:
    """A row that nobody has confirmed for a day: the other side has stopped asking (csr-api-contract 6)."""
    oldest = FeedRow.objects.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is not None and clock.now() - oldest > timedelta(days=1):
        raise TimeoutError
    return None
