"""Who may do what: one table, role by role; what is not here is refused (deputy-people 2.2)."""

LAY = {
    "report.see", "report.fill", "report.submit", "order.see", "co_deputy.invite", "client.see", "client.edit",
    "account.edit", "document.download",
}  # fmt: skip
STAFF = {"submission.see", "submission.download_document", "submission.archive", "account.edit"}

VERBS: dict[str, set[str]] = {
    "ROLE_LAY_DEPUTY": LAY,
    "ROLE_ADMIN": STAFF,
    "ROLE_ADMIN_MANAGER": STAFF | {"report.reopen"},
    "ROLE_SUPER_ADMIN": STAFF
    | {"report.reopen", "submission.download_report", "submission.resend", "submission.confirm", "notice.edit"},
}

SITES = {
    "front": {"ROLE_LAY_DEPUTY"},
    "admin": {"ROLE_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_SUPER_ADMIN"},
}
"""Which roles may sign in where."""
