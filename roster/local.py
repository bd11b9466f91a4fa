"""What ``./run`` starts for the staff roster of one region, and where: read by foundation/testing/stack.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.testing.stack import Process, Stack

TITLE = "Staff roster"
NOTIFY, PLANNER, DIARY, API, IDENTITY = 5, 11, 12, 13, 14
"""Ports, counted from the base (8000). Notify's stand-in is the one of deputy reporting where that runs too."""
REGION = 2
"""The region of the demo: Lindholme is in it."""


def environment(stack: Stack) -> dict[str, str]:
    owner = {"TRAINING_OWNER_URL": stack.database_url} if stack.environment.get("TRAINING") else {}
    return owner | {
        "REGION": str(REGION),
        "PLANNER_URL": stack.address("planner", PLANNER),
        "DIARY_URL": stack.address("diary", DIARY),
        "IDENTITY_URL": f"http://127.0.0.1:{stack.port(IDENTITY)}",
        "NOTIFY_URL": f"http://127.0.0.1:{stack.port(NOTIFY)}",
    }


def processes(stack: Stack) -> list[Process]:
    """Stand-ins first: the sites answer that they are well only when these do. A training server sends nothing."""
    notify = stack.stand_in("notify", NOTIFY, "foundation.standins.notify", about="Mails that were sent")
    people = str(stack.folder / "people.json")
    well = "/health-check/service"
    return [
        *([] if stack.environment.get("TRAINING") else [notify]),
        stack.stand_in(
            "identity", IDENTITY, "foundation.standins.identity", "--people", people,
            about="Identity provider of staff",
        ),
        stack.worker("roster-worker"),
        stack.worker("optimiser-worker", queue="optimiser"),
        stack.site("planner", PLANNER, about="Staff roster, for planners and managers", ready=well, workers=1),
        stack.site("diary", DIARY, about="Staff roster, for every officer", ready=well, workers=1),
        stack.site("api", API, about="Staff roster, for other systems", ready="/health/ping", workers=1),
    ]  # fmt: skip
