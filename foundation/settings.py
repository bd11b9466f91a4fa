"""Settings common to both services. Every value comes from the environment; a missing one stops the start.

``LOCAL=yes`` (set by ``./run`` and ``./test``) allows local stand-ins and made-up keys. Without it every
secret and every address of the outside world must be given.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django_stubs_ext

from foundation import env

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parent.parent
LOCAL = env.flag("LOCAL")
ENVIRONMENT = env.text("ENVIRONMENT", "local" if LOCAL else None)
RELEASE = env.text("RELEASE", "unreleased")
DEBUG = False

# Local-only defaults: in production every one of these has to be set.
SECRET_KEY = env.text("SECRET_KEY", "local-only-key-" + "0" * 50 if LOCAL else None)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DRAFT_KEYS = env.keys("DRAFT_KEYS", "bG9jYWwtb25seS1kcmFmdC1rZXktMzItYnl0ZXMtISE=" if LOCAL else None)
MOST_DRAFTS = env.number("MOST_DRAFTS", 500)
"""Pages that one person may have typed on and not saved."""
DATA = env.path("DATA_DIR", ROOT / "var" / "data")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ".localhost,localhost,127.0.0.1,testserver" if LOCAL else None)
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
"""Networks of our own proxies: only from these is X-Forwarded-For believed."""
STAFF_NETWORKS = env.words("STAFF_NETWORKS", "127.0.0.0/8,::1/128" if LOCAL else None)
"""Networks that the staff sites answer; everybody else gets 403."""
STAFF_SITES = ["admin"]
"""Sites that only these networks reach."""
MONITOR_NETWORKS = env.words("MONITOR_NETWORKS")
"""Networks of the monitor: to these the staff sites answer their health pages, and nothing else."""
MAINTENANCE_TESTERS = env.words("MAINTENANCE_TESTERS")
"""Networks that see the service as usual while it is in maintenance."""

TRAINING = ""
"""The name of a training server, for a service that has some: every page says so, and nothing leaves it."""

NOTIFY_ONLY = [address.lower() for address in env.words("NOTIFY_ONLY")]
"""Addresses that messages may reach, on sites that are not production; empty: all."""

GOV_UK_DOMAIN = env.flag("GOV_UK_DOMAIN", False)
"""Only on a government domain may the crown and the GDS typeface be shown."""


def database(url: str) -> dict[str, Any]:
    """Django's form of ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": parts.port or "",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "prepare_threshold": 5,  # without a number not even a statement that asks for it is prepared
            # The pool tries to reconnect at growing intervals: without a short limit it would be away for minutes
            # after the database is back.
            "pool": {
                "min_size": 0,
                "max_size": env.number("DATABASE_POOL", 8),
                "timeout": 5,
                "reconnect_timeout": env.seconds("DATABASE_RECONNECT_SECONDS", 2),
            },
        },
        "TEST": {"NAME": env.text("TEST_DATABASE", "test_" + unquote(parts.path.lstrip("/")))},
    }


DATABASES = {"default": database(env.text("DATABASE_URL", "postgresql://app@localhost/reporting" if LOCAL else None))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "app")
DATABASE_READER_ROLE = env.text("DATABASE_READER_ROLE", "reader")
SEALED_TABLES: dict[str, list[str]] = {}
"""Evidence beside the event tables: table to the only columns that the app may change once a row is written."""
"""Roles that migrations grant rights to; the owner is whoever migrates (docs/how-to/database-roles.md)."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "foundation",
]

MIDDLEWARE = [
    "foundation.web.middleware.RequestId",
    "foundation.web.middleware.Unavailable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "foundation.web.middleware.PermissionsPolicy",
    "foundation.web.middleware.StaffNetwork",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "foundation.web.middleware.Maintenance",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "foundation.web.middleware.Access",
    "foundation.web.middleware.AuditContext",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [ROOT / "foundation" / "templates"],
        "OPTIONS": {
            "environment": "foundation.web.jinja.environment",
            "context_processors": ["foundation.web.context.page"],
            "undefined": "jinja2.StrictUndefined" if LOCAL else "jinja2.Undefined",
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    },
]

AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = ["foundation.accounts.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "foundation.accounts.passwords.Length"},
    {"NAME": "foundation.accounts.passwords.Characters"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Of allauth only the second factor is used (foundation.accounts.second_factor); none of its pages is routed.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
MFA_ADAPTER = "foundation.accounts.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOCK_OUT_STEP = env.number("LOCK_OUT_STEP", 10)
"""Failed sign-ins of one address until it is frozen, and again for each further freeze."""
LOCK_OUT_STEP_SOURCE = env.number("LOCK_OUT_STEP_SOURCE", 50)
"""The same for one network: higher, as an organisation's people share an address."""

LOGIN_URL = "sign_in"

ROLES_OF = ""
"""Path of a function from a user to role names, where a service knows more than the one role of the account."""

SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 3900)
SESSION_WARNING_SECONDS = env.number("SESSION_WARNING_SECONDS", 3600)
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

REDIS_URL = env.text("REDIS_URL", "")
if REDIS_URL:
    CACHES: dict[str, Any] = {"default": {"BACKEND": "foundation.web.redis.ForgivingRedisCache", "LOCATION": REDIS_URL}}
    SESSION_ENGINE = "foundation.web.redis_sessions"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"}}
    SESSION_ENGINE = "foundation.web.sessions"

SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^health-check"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "foundation.web.pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", ROOT / "var" / "static")
WHITENOISE_ROOT = ROOT / "foundation" / "static" / "root"
WHITENOISE_USE_FINDERS = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
HOURS_24 = False
"""Times of day on pages: 14:05 instead of 2:05pm."""
USE_TZ = True
USE_I18N = True

# The worker's beat: how long a job may be silent before another worker takes it over (architecture 5, Jobs).
WORKER_HEARTBEAT_SECONDS = env.seconds("WORKER_HEARTBEAT_SECONDS", 10)
WORKER_STALLED_SECONDS = env.seconds("WORKER_STALLED_SECONDS", 30)
WORKER_SWEEP_SECONDS = env.number("WORKER_SWEEP_SECONDS", 60)
"""How often the worker looks for deliveries that are due and for jobs that a dead worker left: 60, or a divisor."""
DELIVERY_WAIT_FACTOR = env.seconds("DELIVERY_WAIT_FACTOR", 1)
"""Stretches or shortens every wait between attempts; tests use a small one."""
LEASE_SECONDS = env.seconds("LEASE_SECONDS", 900)
"""How long a delivery may be in one worker's hands (deputy-operations 18.2: stuck rows released after 15 min)."""

LOGGING_CONFIG = "foundation.web.logs.configure"
LOGGING: dict[str, Any] = {"version": 1}  # not empty: Django would not call the function then
