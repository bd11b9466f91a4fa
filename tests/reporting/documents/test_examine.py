"""The examination in a process of its own: the same verdicts, and a file that kills it is only refused."""

import os
import subprocess
import sys
from typing import Any

import pytest

from reporting.documents import examine as examination
from reporting.documents.examine import examine
from reporting.documents.rules import Accepted, Refused, check
from tests.reporting.documents import samples

LIMIT = 15_000_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("A statement.pdf", samples.pdf()),
        ("photo.heic", samples.picture("HEIF")),
        ("photo.jpeg", samples.picture("PNG")),
        ("\ud800 ŵ \n.png", samples.picture("PNG")),
        ("bomb.png", samples.png_bomb()),
    ],
)
def test_the_verdict_is_that_of_the_rules(name: str, data: bytes) -> None:
    assert examine(name, data, max_bytes=LIMIT) == check(name, data, max_bytes=LIMIT)


def test_the_limit_is_the_one_given() -> None:
    verdict = examine("a.pdf", samples.pdf(), max_bytes=10)
    assert isinstance(verdict, Refused)
    assert verdict.code == "size"


@pytest.mark.parametrize(
    "fate",
    ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 11)", "import time; time.sleep(60)", "print()"],
    ids=["fails", "crashes", "hangs", "says nothing"],
)
def test_a_file_that_ends_its_examination_is_refused(fate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = subprocess.run

    def doomed(command: list[str], **more: Any) -> Any:
        return run([sys.executable, "-c", fate], **more)

    monkeypatch.setattr(examination.subprocess, "run", doomed)
    monkeypatch.setattr(examination, "SECONDS", 1)
    verdict = examine("a.pdf", samples.pdf(), max_bytes=LIMIT)
    assert isinstance(verdict, Refused)
    assert verdict.code == "unchecked"


def test_the_child_has_little_memory_writes_nothing_and_knows_no_secret() -> None:
    inside = (
        "import os, resource; from reporting.documents.examine import _limit, MEMORY; _limit();"
        "print(sorted(os.environ), resource.getrlimit(resource.RLIMIT_FSIZE))\n"
        "try: bytes(MEMORY)\n"
        "except MemoryError: print('no memory')\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", inside],
        capture_output=True,
        text=True,
        cwd=examination.ROOT,
        env={"PATH": os.defpath},
        check=True,
    )
    assert "SECRET" not in found.stdout
    assert "(0, 0)" in found.stdout
    assert "no memory" in found.stdout


def test_a_large_picture_passes_within_the_limits() -> None:
    verdict = examine("scan.jpg", samples.picture(size=(9_900, 7_200)), max_bytes=LIMIT)
    assert isinstance(verdict, Accepted)


def test_a_web_process_does_not_load_the_decoders() -> None:
    inside = "import sys, reporting.documents.examine; print({'PIL', 'pikepdf', 'pillow_heif'} & sys.modules.keys())"
    found = subprocess.run(
        [sys.executable, "-c", inside], capture_output=True, text=True, cwd=examination.ROOT, check=True
    )
    assert found.stdout == "set()\n"
