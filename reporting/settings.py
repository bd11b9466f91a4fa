"""Deputy reporting. ``SITE`` says which face this process shows: front (deputies) or admin (OPG staff)."""

from foundation import env
from foundation.settings import *  # noqa: F403

SERVICE = "reporting"
SITE = env.choice("SITE", ["front", "admin"], "front")
ROOT_URLCONF = "reporting.urls_admin" if SITE == "admin" else "reporting.urls"
WSGI_APPLICATION = "reporting.wsgi.application"
SERVICE_NAME = "Manage deputy reports" if SITE == "admin" else "Complete the deputy report"
SESSION_COOKIE_NAME = f"reporting_{SITE}"
CSRF_COOKIE_NAME = f"reporting_{SITE}_csrf"

INSTALLED_APPS = [*INSTALLED_APPS, "reporting"]  # noqa: F405
TEMPLATES[0]["DIRS"].append(ROOT / "reporting" / "templates")  # type: ignore[attr-defined]  # noqa: F405
MIDDLEWARE = [*MIDDLEWARE, "reporting.reports.split_merge.moved.MovedReports"]  # noqa: F405
ROLES = "reporting.access"
SHELL = "reporting.shell"
HEALTH = "reporting.health"
SUPPORT_EMAILS = {
    "lay": env.text("SUPPORT_EMAIL_LAY", "lay-deputies@support.localhost" if LOCAL else None),  # noqa: F405
    "pa": env.text("SUPPORT_EMAIL_PA", "public-authorities@support.localhost" if LOCAL else None),  # noqa: F405
    "prof": env.text("SUPPORT_EMAIL_PROF", "professional-deputies@support.localhost" if LOCAL else None),  # noqa: F405
}
"""Mailboxes of the deputies' helpline, by kind of deputy; shown in the footer, on error pages and in mails."""
CASEWORK_EMAIL = env.text("CASEWORK_EMAIL", "casework@office.localhost" if LOCAL else None)  # noqa: F405
"""The mailbox of the caseworkers: told when a deputy changes addresses."""
SUPPORT_PHONE = env.text("SUPPORT_PHONE", "0115 496 0000" if LOCAL else None)  # noqa: F405
SUPPORT_HOURS = env.text("SUPPORT_HOURS", "Monday to Friday, 9am to 5pm")
SHARED_EMAIL_DOMAINS = env.words(
    "SHARED_EMAIL_DOMAINS",
    "aol.com,aol.co.uk,btconnect.com,btinternet.com,btopenworld.com,blueyonder.co.uk,example.com,gmail.com,"
    "googlemail.com,hotmail.com,hotmail.co.uk,icloud.com,live.co.uk,live.com,mac.com,me.com,msn.com,nhs.net,"
    "ntlworld.com,outlook.com,sky.com,talktalk.net,yahoo.com,yahoo.co.uk",
)
"""Domains of e-mail addresses that many share; there the whole address tells organisations apart."""
SHELL = "reporting.shell"
HEALTH = "reporting.health"
JOB_PACKAGES = ["foundation.mails", "reporting.mails", "reporting.jobs"]
"""Packages whose every module is imported at start-up: jobs, couriers, mails."""

FRONT_URL = env.text("FRONT_URL", "http://front.localhost:8001" if LOCAL else None)  # noqa: F405
ADMIN_URL = env.text("ADMIN_URL", "http://admin.localhost:8002" if LOCAL else None)  # noqa: F405
"""Addresses that mails link to."""

# The case system (Sirius) and its batches (deputy-operations 5).
CASE_SYSTEM = env.choice("CASE_SYSTEM", ["local", "real"], "local" if LOCAL else "real")  # noqa: F405
CASE_SYSTEM_URL = env.text("CASE_SYSTEM_URL", "http://127.0.0.1:8004" if LOCAL else None)  # noqa: F405
CASE_SYSTEM_TIMEOUT = env.seconds("CASE_SYSTEM_TIMEOUT", 30)
CASE_SYSTEM_HONOURS_KEY = env.flag("CASE_SYSTEM_HONOURS_KEY", False)
CASE_SYSTEM_TYPE_MAPPING = env.choice("CASE_SYSTEM_TYPE_MAPPING", ["current", "corrected"], "current")
"""How report types are named to the case system; "corrected" only once its owners agree (deputy-operations 18.4)."""
NOTIFY_URL = env.text("NOTIFY_URL", "http://127.0.0.1:8005" if LOCAL else "https://api.notifications.service.gov.uk")  # noqa: F405
NOTIFY_API_KEY = env.text(
    "NOTIFY_API_KEY",
    "local-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002" if LOCAL else None,  # noqa: F405
)
NOTIFY_REPLY_TO_ID = env.text("NOTIFY_REPLY_TO_ID", "")
NOTIFY_CALLBACK_TOKEN = env.text("NOTIFY_CALLBACK_TOKEN", "local-callback" if LOCAL else None)  # noqa: F405
DOCUMENT_SYNC = env.flag("DOCUMENT_SYNC", True)
DOCUMENT_SYNC_ROW_LIMIT = env.number("DOCUMENT_SYNC_ROW_LIMIT", 100)
CHECKLIST_SYNC = env.flag("CHECKLIST_SYNC", True)
CHECKLIST_SYNC_ROW_LIMIT = env.number("CHECKLIST_SYNC_ROW_LIMIT", 30)
CHECKLIST_FOR_REVIEW_ROLES = env.words("CHECKLIST_FOR_REVIEW_ROLES", "ROLE_ADMIN,ROLE_ADMIN_MANAGER,ROLE_SUPER_ADMIN")
"""Who may submit a lodging checklist with the decision that the report is to be reviewed in full."""
CHECKLIST_BALANCE_TOLERANCE = env.number("CHECKLIST_BALANCE_TOLERANCE", 250)
"""Pounds by which a lay deputy's accounts may be off before a checklist marks it."""
CHECKLIST_COSTS_TOLERANCE = env.number("CHECKLIST_COSTS_TOLERANCE", 20)
"""Per cent by which professional costs may exceed last year's estimate before a checklist marks it."""
SCANNER_SOCKET = env.text("SCANNER_SOCKET", "/var/run/clamav/clamd.ctl")
"""clamd's socket: a path, or host:port."""
SCANNER_TIMEOUT = env.seconds("SCANNER_TIMEOUT", 30)
STORAGE = env.choice("STORAGE", ["folder", "s3"], "folder" if LOCAL else "s3")  # noqa: F405
STORAGE_FOLDER = env.path("STORAGE_FOLDER", DATA / "documents")  # noqa: F405
STORAGE_BUCKET = env.text("STORAGE_BUCKET", "documents")
STORAGE_ENDPOINT = env.text("STORAGE_ENDPOINT", "")
"""Address of an S3 server other than Amazon's own."""
STORAGE_REGION = env.text("STORAGE_REGION", "eu-west-1")
INGEST_FOLDER = env.text("INGEST_FOLDER", "ingest/")
"""Where in the storage the nightly files of the case system arrive."""
INGEST_LAY_FILE = env.text("INGEST_LAY_FILE", "*lay*report*.csv")
INGEST_PA_PROF_FILE = env.text("INGEST_PA_PROF_FILE", "*pa*pro*report*.csv")
INGEST_COURT_ORDERS_FILE = env.text("INGEST_COURT_ORDERS_FILE", "*deputyship*.csv")
"""Names of the nightly files, in any case; the newest that matches is read."""
INGEST_MAX_REFUSED_PERCENT = env.number("INGEST_MAX_REFUSED_PERCENT", 5)
INGEST_MAX_REMOVED_PERCENT = env.number("INGEST_MAX_REMOVED_PERCENT", 20)
INGEST_TOLERATED_ROWS = env.number("INGEST_TOLERATED_ROWS", 20)
"""A file that refuses or removes a larger share of rows than this is not applied; so few rows never matter."""
INGEST_MAX_FILE_HOURS = env.number("INGEST_MAX_FILE_HOURS", 30)
INGEST_ALERT_REFUSED_ROWS = env.number("INGEST_ALERT_REFUSED_ROWS", 100)
"""The health page turns red when the newest file is older, or when its last run refused more rows."""
DELIVERY_STUCK_HOURS = env.number("DELIVERY_STUCK_HOURS", 24)
DELIVERY_UNDECIDED_HOURS = env.number("DELIVERY_UNDECIDED_HOURS", 72)
"""The health page turns red when something has waited longer for the case system or Notify, or for a person."""

EXTRACT_HOURS = env.number("EXTRACT_HOURS", 24)
"""How long a file that staff asked for can be downloaded."""

# Documents (deputy-reports 6.2).
DOCUMENT_MAX_BYTES = env.number("DOCUMENT_MAX_BYTES", 15_000_000)
REQUEST_MAX_FILES = env.number("REQUEST_MAX_FILES", 100)
REQUEST_MAX_BYTES = env.number("REQUEST_MAX_BYTES", 64 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["reporting.documents.uploads.BoundedUploads"]
DATA_UPLOAD_MAX_NUMBER_FILES = 10 * REQUEST_MAX_FILES
"""Django ends a request with more files than this with an error page; from REQUEST_MAX_FILES ours says so kindly."""
NOTIFY_TEMPLATES: dict[str, str] = {}
"""Notify's template ids by name of mail, where they differ from those in reporting/mails."""

REMINDER_DAYS = [int(days) for days in env.words("REMINDER_DAYS", "-28,-7,7")]
"""When deputies are reminded of a report that is not submitted: days after its due date, below zero before it."""

# Accounts that nobody uses (deputy-people 13).
DELETE_INACTIVE_STAFF = env.flag("DELETE_INACTIVE_STAFF", True)
INACTIVE_STAFF_MONTHS = env.number("INACTIVE_STAFF_MONTHS", 24)
INACTIVE_STAFF_WARNING_DAYS = env.number("INACTIVE_STAFF_WARNING_DAYS", 28)
"""Staff who have not signed in for so long are deleted, unless protected, so many days after a mail of warning."""
DELETE_UNUSED_LAY = env.flag("DELETE_UNUSED_LAY", False)
"""Whether accounts of lay deputies who have done nothing are deleted too."""
