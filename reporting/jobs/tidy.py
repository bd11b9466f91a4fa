"""Every night: forget drafts, held pages, statements not confirmed, sign-in counters, sessions: all past their time."""

from importlib import import_module

from django.conf import settings

from foundation import drafts
from foundation.accounts import lockout
from foundation.jobs import overnight
from reporting.reports.statements import actions as statements


@overnight(at="03:30", done_by="04:30")
def tidy() -> dict[str, int]:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {**drafts.tidy(), **lockout.tidy(), "statements": statements.tidy()}
