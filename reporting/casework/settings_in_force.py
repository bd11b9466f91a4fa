"""The settings that this process runs with, for super admins who want to check."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from foundation.access import may
from foundation.web.settings_in_force import page

GROUPS: dict[str, dict[str, str]] = {
    "This site": {
        "ENVIRONMENT": "Environment",
        "FRONT_URL": "Address of the deputies' site",
        "ADMIN_URL": "Address of this site",
        "SESSION_WARNING_SECONDS": "A person is asked whether they need more time after, in seconds",
        "SESSION_IDLE_SECONDS": "A person is signed out after, in seconds",
        "LOCK_OUT_STEP": "Failed sign-ins of one address until it is frozen",
        "LOCK_OUT_STEP_SOURCE": "Failed sign-ins of one network until it is frozen",
    },
    "Case system": {
        "DOCUMENT_SYNC": "Documents are queued by themselves",
        "CHECKLIST_SYNC": "Checklists are queued by themselves",
        "DOCUMENT_SYNC_ROW_LIMIT": "Documents that the morning's repair queues at most",
        "CASE_SYSTEM_TIMEOUT": "An answer is waited for, in seconds",
        "CASE_SYSTEM_HONOURS_KEY": "It recognises what it has received already",
        "CASE_SYSTEM_TYPE_MAPPING": "Names of report types",
        "DELIVERY_STUCK_HOURS": "Alert when something waits to be sent longer than, in hours",
        "DELIVERY_UNDECIDED_HOURS": "Alert when something waits for a person longer than, in hours",
    },
    "Nightly files": {
        "INGEST_MAX_REFUSED_PERCENT": "A file is not applied when it refuses more rows than, in percent",
        "INGEST_MAX_REMOVED_PERCENT": "A file is not applied when it removes more rows than, in percent",
        "INGEST_TOLERATED_ROWS": "So few refused or removed rows never matter",
        "INGEST_MAX_FILE_HOURS": "Alert when the newest file is older than, in hours",
        "INGEST_ALERT_REFUSED_ROWS": "Alert when a run refuses more rows than",
    },
    "Documents and extracts": {
        "DOCUMENT_MAX_BYTES": "Largest document, in bytes",
        "REQUEST_MAX_FILES": "Files that can be sent at once",
        "EXTRACT_HOURS": "An extract can be downloaded for, in hours",
    },
    "Mails to deputies": {
        "REMINDER_DAYS": "Reminders of a report, in days after its due date (below zero: before it)",
        "CASEWORK_EMAIL": "Mailbox that is told when a deputy changes details",
    },
    "Accounts that nobody uses": {
        "DELETE_INACTIVE_STAFF": "Inactive staff are deleted",
        "INACTIVE_STAFF_MONTHS": "Staff are inactive after, in months",
        "INACTIVE_STAFF_WARNING_DAYS": "They are warned before they are deleted by, in days",
        "DELETE_UNUSED_LAY": "Lay deputies' accounts on which nothing hangs are deleted",
    },
}
"""The name of each setting, as operators know it, and what it says."""


@may("settings.see")
@require_GET
def settings_in_force(request: HttpRequest) -> HttpResponse:
    return page(request, GROUPS)
