"""Who may do what: one table, role by role (staff-roster 3.2); what is not here is refused.

A person holds roles with a place and dates (``RoleHeld``); everybody on the roster is ``STAFF`` too. Whether a role
reaches this establishment on this day is for ``visible_to`` and the actions to ask (``roster.establishment.roles``).
"""

STAFF = {"diary.see", "preferences.edit", "settings.own"}
PLANS = {"unit.see", "plan.see", "demand.see", "pattern.see", "day.see", "template.see", "rules.see"}
READS = PLANS | {"audit.see"}
"""With the history of duties: of the team only, where it comes from being a line manager."""

VERBS: dict[str, set[str]] = {
    "STAFF": STAFF,
    "DETAIL": READS | {"plan.edit", "plan.publish", "pattern.edit", "day.edit", "day.sick", "sick.return",
                       "correction.ask"},
    "HUB_MANAGER": READS
    | {"plan.edit", "plan.sign", "plan.publish", "pattern.edit", "pattern.approve", "demand.edit", "template.edit",
       "day.edit", "day.sick", "sick.return", "rules.edit", "rules.except_soft", "hours.adjust", "staff.edit",
       "staff.agree", "skill.edit", "roles.edit", "report.see", "correction.ask", "correction.approve"},
    "LINE_MANAGER": READS
    | {"plan.edit", "plan.sign", "day.sick", "sick.return", "skill.edit", "staff.agree", "team.see",
       "correction.ask", "correction.approve"},
    "ORDERLY_OFFICER": PLANS | {"demand.confirm", "day.edit", "day.sick", "rules.except_soft"},
    "GOVERNOR": READS | {"plan.sign", "pattern.approve", "demand.approve", "rules.except_hard", "plan.publish_late",
                         "report.see", "correction.approve"},
    "REGIONAL_ADMIN": READS
    | {"staff.edit", "staff.agree", "skill.edit", "staff.import", "template.edit", "demand.edit", "rules.edit",
       "roles.edit", "settings.see", "report.see"},
    "NATIONAL_ADMIN": READS
    | {"staff.edit", "staff.agree", "skill.edit", "staff.import", "template.edit", "activity.national", "demand.edit",
       "rules.edit", "rules.national", "roles.edit", "settings.see", "report.see"},
    "SUPPORT": READS | {"view_as", "settings.see"},
    "READ_ONLY": READS | {"report.see", "settings.see"},
}  # fmt: skip

GRANTS: dict[str, set[str]] = {
    "HUB_MANAGER": {"DETAIL", "LINE_MANAGER", "ORDERLY_OFFICER", "READ_ONLY"},
    "REGIONAL_ADMIN": set(VERBS) - {"STAFF", "NATIONAL_ADMIN", "REGIONAL_ADMIN"},
    "NATIONAL_ADMIN": set(VERBS) - {"STAFF"},
}
"""Which roles a holder may give to others, where the holder's own role reaches."""

SITES = {"planner": set(VERBS) - {"STAFF"}, "diary": {"STAFF"}, "api": set()}
"""Which roles may sign in where."""
