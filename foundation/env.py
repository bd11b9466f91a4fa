"""Typed readers of the environment: a missing or bad value stops the start, never the night."""

import os
from pathlib import Path

from cryptography.fernet import Fernet


class Misconfigured(SystemExit):
    """A setting is missing or has a value of the wrong kind; the text names the variable."""


def text(name: str, default: str | None = None) -> str:
    """An empty value is as good as none where there is no default."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise Misconfigured(f"Set the environment variable {name}.")
    return value


def number(name: str, default: int | None = None) -> int:
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        raise Misconfigured(f"{name} must be a whole number, not {value!r}.") from None


def seconds(name: str, default: float) -> float:
    """A length of time in seconds; fractions are allowed."""
    value = text(name, str(default))
    try:
        return float(value)
    except ValueError:
        raise Misconfigured(f"{name} must be a number of seconds, not {value!r}.") from None


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise Misconfigured(f"{name} must be yes or no, not {value!r}.")
    return value in {"yes", "true", "1"}


def words(name: str, default: str | None = "") -> list[str]:
    """A comma-separated list; blanks around the items are dropped. Without a default it has to be set."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def keys(name: str, default: str | None = "") -> list[str]:
    """Keys of 32 bytes in URL-safe base64, the one in use first."""
    found = words(name, default)
    for key in found:
        try:
            Fernet(key)
        except ValueError:
            raise Misconfigured(f"{name} must hold keys of 32 bytes in URL-safe base64.") from None
    return found


def choice(name: str, options: list[str], default: str | None = None) -> str:
    value = text(name, default)
    if value not in options:
        raise Misconfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def path(name: str, default: Path | str | None = None) -> Path:
    return Path(text(name, None if default is None else str(default))).expanduser().resolve()
