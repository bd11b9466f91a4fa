"""What ./run starts for this service: a site, a worker and a stand-in that are all the same small program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.testing.stack import Process, Stack

TITLE = "Trial"
PROGRAM = str(Path(__file__).with_name("program.py"))


def environment(stack: Stack) -> dict[str, str]:
    return {"TRIAL_FOLDER": str(stack.folder)}


def processes(stack: Stack) -> list[Process]:
    from foundation.testing import stack as stacks

    def program(name: str, kind: str, number: int) -> Process:
        port = stack.port(number)
        url = f"http://127.0.0.1:{port}"
        return stacks.Process(
            name,
            kind,
            [PROGRAM, name, str(port)],
            lambda _: stacks.http_trouble(url),
            port,
            url,
            f"The {name}",
            command=sys.executable,
        )

    return [
        program("stand-in", stacks.STAND_IN, 3),
        program("worker", stacks.WORKER, 2),
        program("site", stacks.SITE, 1),
    ]
