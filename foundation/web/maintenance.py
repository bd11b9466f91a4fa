"""Maintenance mode: a file per site in the data folder, so that it works while the database does not.

``manage.py maintenance on|off --site NAME`` makes and removes it; every request looks (a stat call).
"""

from pathlib import Path

from django.conf import settings


def flag(site: str) -> Path:
    return Path(settings.DATA) / f"maintenance-{site}"


def is_on(site: str) -> bool:
    return flag(site).exists()


def switch(site: str, on: bool, message: str = "") -> None:
    """``message`` is shown on the page, for example until when the service is away."""
    if on:
        flag(site).parent.mkdir(parents=True, exist_ok=True)
        flag(site).write_text(message, encoding="utf-8")
    else:
        flag(site).unlink(missing_ok=True)


def message(site: str) -> str:
    try:
        return flag(site).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
