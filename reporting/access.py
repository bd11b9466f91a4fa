"""Who may do what: one table, role by role; what is not here is refused (deputy-people 2.2)."""

LAY = {
    "report.see", "report.fill", "report.submit", "order.see", "co_deputy.invite", "client.see", "client.edit",
    "account.edit", "document.download",
}  # fmt: skip
STAFF = {
    "submission.see", "submission.download_document", "submission.archive", "account.edit",
    "user.search", "user.manage", "organisation.search", "organisation.manage",
}  # fmt: skip

VERBS: dict[str, set[str]] = {
    "ROLE_LAY_DEPUTY": LAY,
    "ROLE_ADMIN": STAFF,
    "ROLE_ADMIN_MANAGER": STAFF | {"report.reopen", "user.delete"},
    "ROLE_SUPER_ADMIN": STAFF
    | {
        "report.reopen",
        "submission.download_report",
        "submission.resend",
        "submission.confirm",
        "notice.edit",
        "user.delete",
        "user.protect",
        "organisation.delete",
        "settings.see",
    },
}

SITES = {
    "front": {"ROLE_LAY_DEPUTY"},
    "admin": {"ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"},
}
"""Which roles may sign in where."""
