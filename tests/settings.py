"""Settings of a bare ``pytest``: local, and on a PostgreSQL of its own where DATABASE_URL names none."""

import os
from pathlib import Path

os.environ.setdefault("LOCAL", "yes")
SERVER = None
if "DATABASE_URL" not in os.environ:
    from foundation.postgres import Server

    os.environ["POSTGRES_DURABLE"] = "no"
    SERVER = Server(Path(__file__).resolve().parent.parent / "var" / "test")
    os.environ["DATABASE_URL"] = SERVER.url()

from reporting.settings import *  # noqa: E402, F403

# A quick hash: tests make many people. Tests of passwords name Argon2 themselves.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher"]
