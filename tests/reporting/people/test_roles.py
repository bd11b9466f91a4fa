"""The table of who may act on whom (deputy-people 2.3), role by role."""

from types import SimpleNamespace
from typing import Any

import pytest

from reporting import access
from reporting.people.roles import DEPUTIES, STAFF, TITLES, Act, may_act_on, may_change_role, may_give

SHORT = {
    "SA": "ROLE_SUPER_ADMIN", "AM": "ROLE_ADMIN_MANAGER", "A": "ROLE_ADMIN", "L": "ROLE_LAY_DEPUTY",
    "PA-N": "ROLE_PA_NAMED", "PA-A": "ROLE_PA_ADMIN", "PA-T": "ROLE_PA_TEAM_MEMBER",
    "PROF-N": "ROLE_PROF_NAMED", "PROF-A": "ROLE_PROF_ADMIN", "PROF-T": "ROLE_PROF_TEAM_MEMBER",
}  # fmt: skip
EVERYONE = " ".join(SHORT)
MEMBERS = "PA-N PA-A PA-T PROF-N PROF-A PROF-T"

TABLE = {
    # who acts: whom they may add and edit; whose account they may delete; whom they may take out of an organisation
    "SA": (EVERYONE, EVERYONE, MEMBERS),
    "AM": (f"A L {MEMBERS}", "A AM", MEMBERS),
    "A": (f"A L {MEMBERS}", "", MEMBERS),
    "PA-N": ("PA-N PA-A PA-T", "", MEMBERS),
    "PA-A": ("PA-A PA-T", "", MEMBERS),
    "PROF-N": ("PROF-N PROF-A PROF-T", "", MEMBERS),
    "PROF-A": ("PROF-A PROF-T", "", MEMBERS),
    "PA-T": ("", "", ""),
    "PROF-T": ("", "", ""),
    "L": ("", "", ""),
}


def someone(short: str, pk: int | None = 2) -> Any:
    return SimpleNamespace(pk=pk, role=SHORT[short])


@pytest.mark.parametrize("short", TABLE)
def test_what_each_role_may_do_to_each_other(short: str) -> None:
    actor = someone(short, 1)
    for act, expected in zip((Act.EDIT, Act.DELETE, Act.REMOVE), TABLE[short], strict=True):
        allowed = {other for other in SHORT if may_act_on(actor, someone(other), act)}
        assert allowed == set(expected.split()), act
    assert {other for other in SHORT if may_give(actor, SHORT[other])} == set(TABLE[short][0].split())
    assert may_act_on(actor, actor, Act.EDIT)
    assert not may_act_on(actor, actor, Act.DELETE)
    assert not may_act_on(actor, actor, Act.REMOVE)
    assert not may_change_role(actor, actor, SHORT["SA"]), "nobody raises themselves"


@pytest.mark.defect("people 2.6", "any organisation admin could change any user's role")
def test_changes_of_role() -> None:
    changes = {
        ("SA", "PA-T", "PROF-A"): True,
        ("SA", "A", "AM"): True,
        ("SA", "A", "PA-T"): False,  # from staff to deputy
        ("SA", "L", "A"): False,
        ("A", "A", "AM"): False,  # to what one may not give
        ("A", "AM", "A"): False,
        ("PA-A", "PA-T", "PA-A"): True,
        ("PA-A", "PA-T", "PA-N"): False,
        ("PA-A", "PA-N", "PA-T"): False,
        ("PA-N", "PA-T", "PROF-T"): False,
        ("PROF-N", "PROF-T", "A"): False,
        ("PROF-T", "PROF-T", "PROF-A"): False,
    }
    for (actor, target, role), expected in changes.items():
        assert may_change_role(someone(actor, 1), someone(target), SHORT[role]) is expected, (actor, target, role)


def test_an_account_to_be_made_is_not_oneself() -> None:
    assert not may_act_on(someone("PA-T", None), someone("PA-T", None), Act.EDIT)


def test_the_table_names_every_role_that_can_be_held() -> None:
    assert set(SHORT.values()) == set(TITLES) == STAFF | DEPUTIES
    assert set(access.VERBS) <= set(TITLES), "no role without a title"
