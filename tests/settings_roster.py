"""Settings of the staff roster's tests: ``pytest --ds=tests.settings_roster tests/roster``."""

import os
from pathlib import Path

os.environ.setdefault("LOCAL", "yes")
os.environ["SERVICE"] = "roster"
SERVER = None
if "DATABASE_URL" not in os.environ:
    from foundation.postgres import Server

    os.environ["POSTGRES_DURABLE"] = "no"
    SERVER = Server(Path(__file__).resolve().parent.parent / "var" / "test")
    os.environ["DATABASE_URL"] = SERVER.url()

from roster.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
