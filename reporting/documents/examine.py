"""The rules of rules.py, applied in a process of their own.

Files come from anybody. Decoders of pictures and PDFs have faults, and a small file can unpack to a huge one. So each
file is examined by a child that has little time, little memory, no secrets in its environment and may write no file;
if it dies, that file is refused and nothing else happens. ``python -m reporting.documents.examine`` is that child:
it reads a line of JSON and the file, and answers in the same form.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

import structlog

from reporting.documents.rules import Accepted, Refused, check, unchecked

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 30
MEMORY = 2 * 1024**3
SLOTS = BoundedSemaphore(2)
"""How many files one process examines at a time, so that memory has a limit however many people add files."""

log = structlog.get_logger()


def examine(name: str, data: bytes, *, max_bytes: int) -> Accepted | Refused:
    """As ``rules.check``, whatever the file does to its decoder."""
    question = json.dumps({"name": name, "max_bytes": max_bytes}).encode() + b"\n" + data
    with SLOTS:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "reporting.documents.examine"],
                input=question,
                capture_output=True,
                timeout=SECONDS,
                cwd=ROOT,
                env={"PATH": os.defpath},
            )
        except subprocess.TimeoutExpired:
            log.warning("document_examination_broke_off", reason="time", size=len(data))
            return unchecked(name)
    head, _, content = child.stdout.partition(b"\n")
    if child.returncode != 0 or not head:
        log.warning("document_examination_broke_off", reason=child.returncode, size=len(data))
        return unchecked(name)
    verdict = json.loads(head)
    return Accepted(data=content, **verdict["accepted"]) if "accepted" in verdict else Refused(**verdict["refused"])


def main() -> None:
    _limit()
    question = json.loads(sys.stdin.buffer.readline())
    answer = check(question["name"], sys.stdin.buffer.read(), max_bytes=question["max_bytes"])
    if isinstance(answer, Accepted):
        head, content = {"accepted": {"name": answer.name, "content_type": answer.content_type}}, answer.data
    else:
        head, content = {"refused": {"code": answer.code, "message": answer.message}}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)


def _limit() -> None:
    for what, most in [
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
