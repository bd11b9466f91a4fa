"""What ``./run`` starts for deputy reporting, and where: read by foundation/testing/stack.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.testing.stack import Process, Stack

TITLE = "Deputy reporting"
FRONT, ADMIN, CASE_SYSTEM, NOTIFY = 1, 2, 4, 5
"""Ports, counted from the base (8000), which is the start page's."""


def environment(stack: Stack) -> dict[str, str]:
    return {
        "FRONT_URL": f"http://front.localhost:{stack.port(FRONT)}",
        "ADMIN_URL": f"http://admin.localhost:{stack.port(ADMIN)}",
        "CASE_SYSTEM_URL": f"http://127.0.0.1:{stack.port(CASE_SYSTEM)}",
        "NOTIFY_URL": f"http://127.0.0.1:{stack.port(NOTIFY)}",
    }


def processes(stack: Stack) -> list[Process]:
    """Stand-ins first: the sites answer that they are well only when these do."""
    return [
        stack.scanner(),
        stack.stand_in(
            "case-system",
            CASE_SYSTEM,
            "reporting.standins.case_system",
            about="Case system: reports and documents that arrived",
        ),
        stack.stand_in(
            "notify",
            NOTIFY,
            "foundation.standins.notify",
            *("--callback", f"http://127.0.0.1:{stack.port(FRONT)}/notify/receipts"),
            about="Mails that were sent, with their links",
        ),
        stack.worker(),
        stack.site("front", FRONT, about="Front site, for deputies", ready="/health-check/service"),
        stack.site("admin", ADMIN, about="Admin site, for OPG staff", ready="/health-check/service", workers=1),
    ]
