"""Who may do what: one table, role by role; what is not here is refused (deputy-people 2.2)."""

from reporting.people import roles

LAY = {
    "report.see", "report.fill", "report.submit", "order.see", "co_deputy.invite", "client.see", "client.list",
    "client.edit", "account.edit", "document.download", "own_details.edit",
}  # fmt: skip
MEMBER = {
    "dashboard.see", "report.see", "report.fill", "report.submit", "client.see", "client.edit", "client.archive",
    "note.write", "member.see", "account.edit", "document.download", "own_details.edit",
}  # fmt: skip
ORGANISATION_ADMIN = MEMBER | {"member.manage", "admin_right.drop"}
NAMED = MEMBER | {"member.manage"}
STAFF = {
    "submission.see", "submission.download_document", "submission.archive", "account.edit",
    "user.search", "user.manage", "organisation.search", "organisation.manage",
    "figures.see", "figures.extract_documents",
    "client.search", "checklist.fill", "report.manage",
    "mail.see",
}  # fmt: skip

VERBS: dict[str, set[str]] = {
    "ROLE_LAY_DEPUTY": LAY,
    "ROLE_PA_NAMED": NAMED,
    "ROLE_PA_ADMIN": ORGANISATION_ADMIN,
    "ROLE_PA_TEAM_MEMBER": MEMBER,
    "ROLE_PROF_NAMED": NAMED,
    "ROLE_PROF_ADMIN": ORGANISATION_ADMIN,
    "ROLE_PROF_TEAM_MEMBER": MEMBER,
    "ROLE_ADMIN": STAFF,
    "ROLE_ADMIN_MANAGER": STAFF | {"client.discharge", "user.delete"},
    "ROLE_SUPER_ADMIN": STAFF
    | {
        "client.discharge",
        "submission.download_report",
        "submission.resend",
        "submission.confirm",
        "notice.edit",
        "user.delete",
        "user.protect",
        "organisation.delete",
        "settings.see",
        "figures.extract",
        "ingest.see",
        "ingest.start",
        "mail.see_recipient",
        "mail.decide",
    },
}

SITES = {"front": set(roles.DEPUTIES), "admin": set(roles.STAFF)}
"""Which roles may sign in where."""
