"""In production every page is served by HTTPS only (B-009), and the two sites share nothing (B-010)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "SERVICE": "reporting", "ENVIRONMENT": "production", "SECRET_KEY": "x" * 60,
    "DRAFT_KEYS": Fernet.generate_key().decode(),
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/nowhere", "ALLOWED_HOSTS": "deputies.example,staff.example",
    "TRUSTED_PROXIES": "127.0.0.1", "STAFF_NETWORKS": "127.0.0.1", "SUPPORT_EMAIL_LAY": "a@opg.example",
    "SUPPORT_EMAIL_PA": "b@opg.example", "SUPPORT_EMAIL_PROF": "c@opg.example", "CASEWORK_EMAIL": "d@opg.example",
    "SUPPORT_PHONE": "0115 496 0000", "FRONT_URL": "https://deputies.example", "ADMIN_URL": "https://staff.example",
    "CASE_SYSTEM_URL": "https://cases.example", "NOTIFY_API_KEY": "key", "NOTIFY_CALLBACK_TOKEN": "token",
    "PATH": os.environ["PATH"],
}  # fmt: skip
SCRIPT = """
import json
from reporting.wsgi import application
from django.conf import settings
from django.test import Client
def ask(path, **headers):
    answer = Client(headers={"host": "deputies.example", "accept": "application/json", **headers}).get(path)
    return [answer.status_code, answer.get("Location", ""), answer.get("Strict-Transport-Security", "")]
print(json.dumps({
    "http": ask("/sign-in"), "health": ask("/health-check"),
    "https": ask("/health-check", **{"x-forwarded-proto": "https"}),
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
}))
"""


def told(site: str, **more: str) -> dict[str, Any]:
    """What a site of its own process, in production, answers."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=NEEDED | {"SITE": site} | more, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_b009_b010() -> None:
    front = told("front")
    assert front["http"][:2] == [301, "https://deputies.example/sign-in"]
    assert front["health"][0] == 200, "the load balancer asks inside, without HTTPS"
    assert front["https"][0] == 200
    assert "max-age=31536000" in front["https"][2]
    assert front["secure"] == [True, True, True]
    admin = told("admin")
    assert not set(front["cookies"]) & set(admin["cookies"])


@pytest.mark.parametrize("lacking", ["SECRET_KEY", "DRAFT_KEYS", "DATABASE_URL"])
def test_a_missing_value_stops_the_start(lacking: str) -> None:
    with pytest.raises(AssertionError, match=lacking):
        told("front", **{lacking: ""})
