"""Who may do what to whom: the one rule for a person who acts on another person's account (deputy-people 2.3).

Roles only. Whether the other person is in sight at all (the same organisation, say) is for ``visible_to`` to answer.
"""

from enum import StrEnum
from typing import Any

LAY = "ROLE_LAY_DEPUTY"
SUPER_ADMIN, ADMIN_MANAGER, ADMIN = "ROLE_SUPER_ADMIN", "ROLE_ADMIN_MANAGER", "ROLE_ADMIN"
PA_NAMED, PA_ADMIN, PA_TEAM_MEMBER = "ROLE_PA_NAMED", "ROLE_PA_ADMIN", "ROLE_PA_TEAM_MEMBER"
PROF_NAMED, PROF_ADMIN, PROF_TEAM_MEMBER = "ROLE_PROF_NAMED", "ROLE_PROF_ADMIN", "ROLE_PROF_TEAM_MEMBER"

STAFF = frozenset({ADMIN, ADMIN_MANAGER, SUPER_ADMIN})
PA = frozenset({PA_NAMED, PA_ADMIN, PA_TEAM_MEMBER})
PROF = frozenset({PROF_NAMED, PROF_ADMIN, PROF_TEAM_MEMBER})
ORGANISATION = PA | PROF
NAMED = frozenset({PA_NAMED, PROF_NAMED})
DEPUTIES = ORGANISATION | {LAY}

TITLES = {
    SUPER_ADMIN: "Super admin",
    ADMIN_MANAGER: "Admin manager",
    ADMIN: "Admin",
    LAY: "Lay deputy",
    PA_NAMED: "Public authority deputy",
    PA_ADMIN: "Public authority admin",
    PA_TEAM_MEMBER: "Public authority team member",
    PROF_NAMED: "Professional deputy",
    PROF_ADMIN: "Professional admin",
    PROF_TEAM_MEMBER: "Professional team member",
}
"""Every role that can be held, in the words of the screen."""


class Act(StrEnum):
    EDIT = "edit"
    """Add an account, change it, send its activation again."""
    DELETE = "delete"
    """Delete the account."""
    REMOVE = "remove"
    """Take it out of an organisation; the account stays."""


MANAGERS_LIMIT = STAFF - {ADMIN}

EDITS: dict[str, frozenset[str]] = {
    SUPER_ADMIN: STAFF | DEPUTIES,
    ADMIN_MANAGER: (STAFF | DEPUTIES) - MANAGERS_LIMIT,
    ADMIN: (STAFF | DEPUTIES) - MANAGERS_LIMIT,
    PA_NAMED: PA,
    PA_ADMIN: PA - NAMED,
    PROF_NAMED: PROF,
    PROF_ADMIN: PROF - NAMED,
}
DELETES: dict[str, frozenset[str]] = {
    SUPER_ADMIN: STAFF | DEPUTIES,
    ADMIN_MANAGER: frozenset({ADMIN, ADMIN_MANAGER}),
}
REMOVES: dict[str, frozenset[str]] = dict.fromkeys((*STAFF, PA_NAMED, PA_ADMIN, PROF_NAMED, PROF_ADMIN), ORGANISATION)
TABLE = {Act.EDIT: EDITS, Act.DELETE: DELETES, Act.REMOVE: REMOVES}
"""For each act: the role of who acts, and the roles that it may be done to. What is not here is refused."""


def may_act_on(actor: Any, target: Any, act: Act) -> bool:
    """Whether the actor may do this to the target. Oneself: edit always, delete and remove never.

    For an account that is to be made, ``target`` is a new ``User(role=...)``.
    """
    if target.pk is not None and target.pk == actor.pk:
        return act is Act.EDIT
    return target.role in TABLE[act].get(actor.role, frozenset())


def may_give(actor: Any, role: str) -> bool:
    """Whether the actor may make an account of this role."""
    return role in EDITS.get(actor.role, frozenset())


def may_change_role(actor: Any, target: Any, role: str) -> bool:
    """Whether the actor may turn the target's role into this one: both in reach, nobody's own, and never from staff
    to deputy or back.
    """
    return (
        (target.pk is None or target.pk != actor.pk)
        and may_act_on(actor, target, Act.EDIT)
        and may_give(actor, role)
        and (target.role in STAFF) == (role in STAFF)
    )
