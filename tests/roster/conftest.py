"""Run with the roster's settings: ``./test tests/roster`` does."""

from django.conf import settings

collect_ignore_glob = [] if settings.SERVICE == "roster" else ["*"]
