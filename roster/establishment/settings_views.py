"""The settings that this region runs with, for administrators who want to check (staff-roster 20)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from foundation.access import may
from foundation.web.settings_in_force import page

GROUPS: dict[str, dict[str, str]] = {
    "This region": {
        "REGION": "Region",
        "TRAINING": "Training server",
        "PLANNER_URL": "Address of this site",
        "DIARY_URL": "Address of the officers' diary",
    },
    "Plans and patterns": {
        "PUBLISH_AHEAD_DAYS": "Planners are reminded to publish before the first day, in days",
        "SHORT_NOTICE_DAYS": "A change nearer than this needs a reason, and the officer is asked to agree, in days",
        "PATTERN_CONSULTATION_DAYS": "A rota pattern is open for comments before it is approved for, in days",
        "PATTERN_TOLERANCE_MINUTES": "The average of a pattern may differ from the contract by, in minutes a week",
        "OPTIMISER_WORKERS": "Threads of one run of the optimiser",
        "OPTIMISER_MEMORY_MB": "Memory of one run of the optimiser, in megabytes",
    },
    "Hours, rest and skills": {
        "REST_OWED_DAYS": "Rest that is owed is to be had within, in days",
        "BALANCE_AMBER_HOURS": "A balance of hours is amber beyond, in hours",
        "BALANCE_RED_HOURS": "A balance of hours is red beyond, in hours",
        "WORKED_CORRECTION_DAYS": "How a day really went can be put right for, in days",
        "CORRECTABLE_DAYS": "Hours of a closed day can be corrected with approval for, in days",
        "CORRECTIONS_TOLD_AT": "Officers are told of corrected hours from this hour of the day",
        "SKILL_WARN_DAYS": "Skills are listed before they expire, in days",
    },
    "Sickness": {
        "SICK_NOTICE_MINUTES": "Officers are asked to report before their shift, in minutes",
        "SELF_CERTIFIED_DAYS": "Their own word is enough for, in calendar days",
        "RETURN_INTERVIEW_DAYS": "The return-to-work interview is due within, in days",
    },
    "Messages and calendars": {
        "CHANGE_SETTLES_SECONDS": "Nobody is told of a change until it is so old, in seconds",
        "QUIET_FROM": "No messages from this hour",
        "QUIET_UNTIL": "No messages until this hour",
        "NOTIFY_SOON_HOURS": "Unless a shift begins within, in hours",
        "CALENDAR_DAYS_BACK": "Calendar addresses show the past, in days",
        "CALENDAR_DAYS_AHEAD": "Calendar addresses show the future, in days",
        "NOTICES_KEPT_MONTHS": "Notices are kept for, in months",
    },
    "Feed to other programs": {
        "FEED_DAYS_SHIFT": "Changes of shifts are told ahead, in days",
        "FEED_DAYS_DETAIL": "Changes of details are told ahead, in days",
        "FEED_KEPT_DAYS": "Rows that nobody fetched are kept for, in days",
        "CSR_API_MIDNIGHT": "The date of a time at exactly 24:00",
    },
}


@may("settings.see")
@require_GET
def settings_in_force(request: HttpRequest) -> HttpResponse:
    return page(request, GROUPS)
