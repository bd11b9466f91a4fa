"""The staff roster of one region. A region is a setting of the process: each has its own address and database.

``SITE`` says which face this process shows: planner (staff network), diary (open, for officers) or api (tokens).
"""

from foundation import env
from foundation.settings import *  # noqa: F403

SERVICE = "roster"
SITE = env.choice("SITE", ["planner", "diary", "api"], "planner")
ROOT_URLCONF = f"roster.urls_{SITE}"
STAFF_SITES = ["planner"]
WSGI_APPLICATION = "roster.wsgi.application"
SERVICE_NAME = {"planner": "Staff roster", "diary": "Your roster", "api": "Staff roster API"}[SITE]
HOURS_24 = True
SESSION_COOKIE_NAME = f"roster_{SITE}"
CSRF_COOKIE_NAME = f"roster_{SITE}_csrf"

REGION = env.number("REGION", 1 if LOCAL else None)  # noqa: F405
"""The number of this cell: 1 to 6, or a training server's (see TRAINING)."""
REGIONS = env.words("REGIONS", "1,2,3,4,5,6")
"""Numbers of every region that has ever been: one that is retired answers with empty lists."""
TRAINING = env.text("TRAINING", "")
"""The name of a training server, A or B; empty elsewhere. There people are invented and nothing is sent."""
TRAINING_OWNER_URL = env.text("TRAINING_OWNER_URL", "")
"""On a training server: the database as its owner, who empties it every night."""

INSTALLED_APPS = [*INSTALLED_APPS, "ninja", "roster"]  # noqa: F405
TEMPLATES[0]["DIRS"].append(ROOT / "roster" / "templates")  # type: ignore[attr-defined]  # noqa: F405
SEALED_TABLES = {"roster_change": ["settled_at"]}
ROLES = "roster.access"
ROLES_OF = "roster.establishment.roles.roles_of"
SHELL = "roster.shell"
HEALTH = "roster.health"
JOB_PACKAGES = ["foundation.mails", "roster.mails", "roster.jobs"]
"""Packages whose every module is imported at start-up: jobs, couriers, mails."""

CHANGE_SETTLES_SECONDS = env.number("CHANGE_SETTLES_SECONDS", 300)
"""Nobody is told of a change until so long after the person's last one (change.settle)."""
OPTIMISER_WORKERS = env.number("OPTIMISER_WORKERS", 2)
OPTIMISER_MEMORY_MB = env.number("OPTIMISER_MEMORY_MB", 8000)
"""Threads and address space of one run of the optimiser, which is a process of its own."""
PUBLISH_AHEAD_DAYS = env.number("PUBLISH_AHEAD_DAYS", 42)
"""A plan is to be published so long before its first day; later, planners are reminded."""
SHORT_NOTICE_DAYS = env.number("SHORT_NOTICE_DAYS", 7)
"""A change nearer than this asks for a reason, and the officer whether they agree."""
FEED_DAYS_SHIFT = env.number("FEED_DAYS_SHIFT", 14)
FEED_DAYS_DETAIL = env.number("FEED_DAYS_DETAIL", 2)
"""How far ahead a change reaches the feed, by shift and by detail; both begin yesterday (feed.window)."""
PATTERN_CONSULTATION_DAYS = env.number("PATTERN_CONSULTATION_DAYS", 28)
"""So long a rota pattern can be read and commented on before it is approved."""
PATTERN_TOLERANCE_MINUTES = env.number("PATTERN_TOLERANCE_MINUTES", 15)
"""So many minutes a week the average of a pattern may differ from the contract."""
REST_OWED_DAYS = env.number("REST_OWED_DAYS", 14)
"""Within so many days of a permitted breach the missing rest is to be had (restowed.days)."""
BALANCE_AMBER_HOURS, BALANCE_RED_HOURS = env.number("BALANCE_AMBER_HOURS", 10), env.number("BALANCE_RED_HOURS", 20)
"""More than this ahead or behind, a balance of hours is shown as amber or red."""
SKILL_WARN_DAYS = env.number("SKILL_WARN_DAYS", 90)
"""Skills are listed as expiring so long before their last day (skill.warn)."""
WORKED_CORRECTION_DAYS = env.number("WORKED_CORRECTION_DAYS", 7)
"""For so many days it can be put right how a day really went."""
CORRECTABLE_DAYS = env.number("CORRECTABLE_DAYS", 728)
"""So far back the hours of a closed day can be corrected: as long as records of working time are kept."""
CORRECTIONS_TOLD_AT = env.number("CORRECTIONS_TOLD_AT", 17)
"""The hour of the day at which officers are told of their corrected hours, of all in one message."""
SICK_NOTICE_MINUTES = env.number("SICK_NOTICE_MINUTES", 60)
"""Officers are asked to report sick so long before their shift."""
SELF_CERTIFIED_DAYS = env.number("SELF_CERTIFIED_DAYS", 7)
"""For so many calendar days of sickness a person's own word is enough; then a fit note is asked for."""
RETURN_INTERVIEW_DAYS = env.number("RETURN_INTERVIEW_DAYS", 3)
"""Within so many days of the last day of sickness managers talk with the person."""
CSR_API_MIDNIGHT = env.choice("CSR_API_MIDNIGHT", ["faithful", "next_day"], "faithful")
"""What the API says of a time at exactly 24:00: 00:00 of the same date as the legacy system, or of the next."""
CONFIRMATION_BYTES = 16 * 1024 * 1024
"""The largest body that the API takes: after a bulk change hundreds of thousands of numbers are confirmed in one."""
if SITE == "api":
    DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIRMATION_BYTES
QUIET_FROM, QUIET_UNTIL = env.number("QUIET_FROM", 21), env.number("QUIET_UNTIL", 6)
"""Hours of the day between which no message is sent, except of shifts that begin soon (notify)."""
NOTIFY_SOON_HOURS = env.number("NOTIFY_SOON_HOURS", 12)
"""A message about a shift that begins within so many hours does not wait for the morning."""
CALENDAR_DAYS_BACK, CALENDAR_DAYS_AHEAD = env.number("CALENDAR_DAYS_BACK", 28), env.number("CALENDAR_DAYS_AHEAD", 180)
"""What an officer's calendar address shows, counted from today."""
NOTICES_KEPT_MONTHS = env.number("NOTICES_KEPT_MONTHS", 3)
FEED_KEPT_DAYS = env.number("FEED_KEPT_DAYS", 30)
"""Notices, and rows of the feed that nobody fetched, are deleted at this age (retention)."""

PLANNER_URL = env.text("PLANNER_URL", "http://planner.localhost:8011" if LOCAL else None)  # noqa: F405
DIARY_URL = env.text("DIARY_URL", "http://diary.localhost:8012" if LOCAL else None)  # noqa: F405
"""Addresses that messages link to."""
IDENTITY_URL = env.text("IDENTITY_URL", "http://127.0.0.1:8014" if LOCAL else None)  # noqa: F405
IDENTITY_CLIENT = env.text("IDENTITY_CLIENT", "roster" if LOCAL else None)  # noqa: F405
IDENTITY_SECRET = env.text("IDENTITY_SECRET", "local-secret" if LOCAL else None)  # noqa: F405
IDENTITY_USER = "roster.establishment.sign_in.user_of"
"""Who signs in, and whose tokens the API believes: see foundation.clients.identity."""
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(IDENTITY_URL)  # noqa: F405 - sign-in leads there
NOTIFY_URL = env.text("NOTIFY_URL", "http://127.0.0.1:8005" if LOCAL else "https://api.notifications.service.gov.uk")  # noqa: F405
NOTIFY_API_KEY = env.text(
    "NOTIFY_API_KEY",
    "local-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002" if LOCAL else None,  # noqa: F405
)
NOTIFY_REPLY_TO_ID = env.text("NOTIFY_REPLY_TO_ID", "")
NOTIFY_CALLBACK_TOKEN = env.text("NOTIFY_CALLBACK_TOKEN", "local-callback" if LOCAL else None)  # noqa: F405
NOTIFY_TEMPLATES: dict[str, str] = {}
STORAGE = env.choice("STORAGE", ["folder", "s3"], "folder" if LOCAL else "s3")  # noqa: F405
STORAGE_FOLDER = env.path("STORAGE_FOLDER", DATA / "documents")  # noqa: F405
STORAGE_BUCKET = env.text("STORAGE_BUCKET", "roster")
STORAGE_ENDPOINT = env.text("STORAGE_ENDPOINT", "")
STORAGE_REGION = env.text("STORAGE_REGION", "eu-west-1")
