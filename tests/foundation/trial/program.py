"""Answers on a port, has a child of its own, and writes down when it ends."""

import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

name, port = sys.argv[1], int(sys.argv[2])
folder = Path(os.environ["TRIAL_FOLDER"])


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = 503 if (folder / f"{name} is ill").exists() else 200
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"<p>The kettle is off</p>" if status == 503 else b"well")


def end(*_: object) -> None:
    with (folder / "ended").open("a") as file:
        file.write(f"{name}\n")
    sys.exit(0)


if (folder / f"{name} cannot start").exists():
    sys.exit("No coal in the cellar")
signal.signal(signal.SIGTERM, signal.SIG_IGN if (folder / f"{name} is stubborn").exists() else end)
child = subprocess.Popen(["sleep", "600"])
(folder / f"{name}.pids").write_text(f"{os.getpid()} {child.pid}")
HTTPServer(("127.0.0.1", port), Answer).serve_forever()
