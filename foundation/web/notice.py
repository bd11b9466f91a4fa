"""The service notice: read on every page of the front site, never cached, so that it shows and goes at once."""

import structlog
from django.db import DatabaseError, InterfaceError

from foundation.web.models import ServiceNotice

log = structlog.get_logger(__name__)


def current_notice() -> str:
    """The text to show now, or nothing. A database that does not answer must not take the page with it."""
    try:
        notice = ServiceNotice.objects.filter(enabled=True).first()
    except (DatabaseError, InterfaceError) as error:
        log.warning("notice.unreadable", error=type(error).__name__)
        return ""
    return notice.text if notice else ""
