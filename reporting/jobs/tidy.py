"""Every night: forget drafts, held pages, sign-in counters and sessions whose time is over."""

from importlib import import_module

from django.conf import settings

from foundation import drafts
from foundation.accounts import lockout
from foundation.jobs import overnight


@overnight(at="03:30", done_by="04:30")
def tidy() -> dict[str, int]:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {**drafts.tidy(), **lockout.tidy()}
