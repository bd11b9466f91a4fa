"""What the health pages of the staff roster list (csr-api-contract 1.6)."""

from foundation import health
from foundation.clients.identity import identity
from foundation.clients.notify import notify
from foundation.health import check

check("Database", kind="service", pingdom=True)(health.database)
check("Redis", kind="service", pingdom=True)(health.redis)


@check("Identity", kind="dependency", pingdom=True)
def identity_provider_answers() -> None:
    identity().health()


@check("Notify", kind="dependency", pingdom=True)
def mail_service_answers() -> None:
    notify().health()


check("Worker", kind="jobs")(health.worker)
check("Overnight jobs", kind="jobs")(health.overnight)
