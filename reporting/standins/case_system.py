"""Stands in for the case system: enforces its published contract, keeps what arrives and shows it.

    python -m reporting.standins.case_system --port 8004 --folder DIR [--honour-key] [--require-signature]

Like the real one it knows no key against doubles, unless told to honour it. For tests: ``POST /stand-in/fail`` (see
``foundation.standins.server.Failure``; ``shape`` 1, 2 or 3 picks one of the three shapes of error), ``/stand-in/heal``,
``/stand-in/settings`` {honour_key}, ``GET /stand-in/received``.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from foundation import env
from foundation.standins.server import Answer, Failure, Handler, Record, StandIn, arguments, now, serve, write_through
from reporting.clients import contract
from reporting.clients.case_system import PAPER_REPORT

CLIENT = re.compile(
    r"/v2/clients/(?P<case>[^/]+)/reports(?:/(?P<report>[^/]+)/(?P<part>\w+)(?:/(?P<checklist>[^/]+))?)?"
)
CODES = {
    400: ("OPGDATA-API-INVALIDREQUEST", "Invalid Request"),
    401: ("OPGDATA-API-UNAUTHORISED", "Unauthorised"),
    403: ("OPGDATA-API-FORBIDDEN", "Forbidden"),
    404: ("OPGDATA-API-NOTFOUND", "Not found"),
    405: ("OPGDATA-API-NOT-ALLOWED", "Method not allowed"),
    413: ("OPGDATA-API-FILESIZELIMIT", "Payload too large"),
    415: ("OPGDATA-API-MEDIA", "Unsupported media type"),
    429: ("OPGDATA-API-THROTTLED", "Too many requests"),
    500: ("OPGDATA-API-SERVERERROR", "Internal server error"),
    503: ("OPGDATA-API-UNAVAILABLE", "Service unavailable"),
    504: ("OPGDATA-API-INTEGRATION_TIMEOUT", "Integration timed out"),
}
KINDS = {None: "Report", "supportingdocuments": "SupportingDocument", "checklists": "Checklist"}


class CaseSystem(StandIn):
    name = "Case system"

    def __init__(self, port: int, options: argparse.Namespace) -> None:
        self.honour_key, self.require_signature = options.honour_key, options.require_signature
        self.max_bytes = options.max_bytes
        self.files = options.folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.record = Record(options.folder / "received.jsonl")
        self.received: list[dict[str, Any]] = list(self.record.read())
        super().__init__(port, options.folder, CaseSystemHandler)

    def keep(self, entry: dict[str, Any], content: bytes | None) -> str:
        """Keep a document and return its identifier. A key that was seen is answered as the first time, if honoured."""
        with self.lock:
            if self.honour_key and (earlier := self._under_key(entry)):
                return str(earlier["id"])
            self._parent_must_be_here(entry)
            entry["number"] = len(self.received) + 1
            if content is not None:
                entry |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                write_through(self.file_of(entry), content)
            self.record.add(entry)
            self.received.append(entry)
            return str(entry["id"])

    def file_of(self, entry: dict[str, Any]) -> Path:
        return Path(self.files / str(entry["number"]))

    def by_case(self) -> dict[str, list[dict[str, Any]]]:
        """Reports newest first under their case, each with what belongs to it."""
        with self.lock:
            received = list(self.received)
        parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for entry in received:
            parts[entry["report"]].append(entry)
        cases: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for entry in reversed(received):
            if entry["kind"] == "Report":
                cases[entry["case"]].append({**entry, "parts": parts[entry["id"]]})
            elif entry["report"] == PAPER_REPORT:
                cases[entry["case"]].append({**entry, "parts": []})
        return cases

    def _under_key(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        same = (each for each in self.received if each["key"] == entry["key"] and each["path"] == entry["path"])
        return next(same, None) if entry["key"] else None

    def _parent_must_be_here(self, entry: dict[str, Any]) -> None:
        def known(kind: str, id: str) -> bool:
            return any((each["kind"], each["id"], each["case"]) == (kind, id, entry["case"]) for each in self.received)

        paper = entry["kind"] == "Checklist" and entry["report"] == PAPER_REPORT
        if entry["report"] and not paper and not known("Report", entry["report"]):
            raise refused(404, "No such report in this case")
        if entry["replaces"] and not known("Checklist", entry["replaces"]):
            raise refused(404, "No such checklist in this case")


def refused(status: int, detail: str = "", shape: int | None = None) -> Answer:
    """An error in one of the three shapes that exist, by default the one that this status has in reality."""
    code, title = CODES.get(status, ("OPGDATA-API-SERVERERROR", "Error"))
    error: dict[str, Any] = {"id": str(uuid4()), "code": code, "title": title, "detail": detail}
    shape = shape or (3 if status in {400, 404, 405, 415} else 2)
    if shape == 1:
        return Answer(status, {"errors": [{**error, "meta": {"x-ray": "stand-in"}}]})
    if shape == 2:
        return Answer(status, {"errors": error})
    return Answer(status, {"isBase64Encoded": False, "statusCode": status, "headers": {}, "error": error})


class CaseSystemHandler(Handler):
    server: CaseSystem
    pages = Path(__file__).parent / "pages"

    def outside(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        self._check_signature(method, body)
        if path == "/v2/healthcheck":
            return 200, {"data": {"status": "UP"}, "meta": {}}
        found = CLIENT.fullmatch(path)
        if found is None or found["part"] not in KINDS:
            raise refused(404, "No such route")
        kind = KINDS[found["part"]]
        if method != ("PUT" if found["checklist"] else "POST") or (found["checklist"] and kind != "Checklist"):
            raise refused(405, f"{method} is not offered here")
        self._check_path(found["case"], found["report"], found["checklist"])
        return self._take(kind, found["case"], found["report"], found["checklist"], self._content(kind, body))

    def failing(self, failure: Failure) -> tuple[int, Any]:
        answer = refused(int(failure.how), "Told to fail", failure.shape)
        return answer.status, answer.content

    def page(self, path: str) -> bool:
        if path == "/":
            self.send_page("received.html", cases=self.server.by_case())
        elif path == "/stand-in/received":
            self.send_json(200, self.server.received)
        elif path.startswith("/files/"):
            self._send_file(path.removeprefix("/files/"))
        else:
            return False
        return True

    def told(self, path: str, wish: dict[str, Any]) -> dict[str, Any] | None:
        if path != "/stand-in/settings":
            return None
        self.server.honour_key = bool(wish["honour_key"])
        return {"honour_key": self.server.honour_key}

    def _take(
        self, kind: str, case: str, report: str | None, checklist: str | None, data: dict[str, Any]
    ) -> tuple[int, Any]:
        file, attributes = data["file"], data["attributes"]
        entry = {
            "id": checklist or str(uuid4()),
            "kind": kind,
            "case": case,
            "report": report,
            "replaces": checklist,
            "key": self.headers.get("Idempotency-Key", ""),
            "path": self.path,
            "name": file["name"],
            "mimetype": file["mimetype"],
            "s3_reference": file.get("s3_reference"),
            "attributes": attributes,
            "at": now(),
        }
        id = self.server.keep(entry, _decoded(file.get("source")))
        answer = {"type": data["type"], "id": id, "attributes": {"submission_id": attributes.get("submission_id")}}
        return 200 if checklist else 201, {"data": answer}

    def _check_path(self, case: str, *ids: str | None) -> None:
        if contract.fault("CaseRef", case):
            raise refused(400, "The case reference does not fit")
        if any(contract.fault("DocumentUuid", id) for id in ids if id is not None):
            raise refused(400, "The identifier does not fit")

    def _content(self, kind: str, body: bytes) -> dict[str, Any]:
        if self.headers.get_content_type() != "application/json":
            raise refused(415, "Send application/json")
        if int(self.headers.get("Content-Length") or 0) > self.server.max_bytes:
            raise refused(413, "The body is too large")
        try:
            content = json.loads(body)
        except ValueError:
            raise refused(400, "The body is not JSON", shape=1) from None
        if fault := contract.fault(f"{kind}Body", content):
            raise refused(400, fault, shape=1)
        data: dict[str, Any] = next(part["data"] for part in content.values())
        return data

    def _check_signature(self, method: str, body: bytes) -> None:
        """Sign again what arrived: the signature must be the same (AWS Signature Version 4)."""
        if not self.server.require_signature:
            return
        given = self.headers.get("Authorization", "")
        names = re.search(r"SignedHeaders=([\w;-]+)", given)
        if names is None or "/eu-west-1/execute-api/aws4_request" not in given:
            raise refused(403, "The request is not signed for us")
        headers = {name: self.headers.get(name, "") for name in names[1].split(";")}
        request = AWSRequest(method=method, url=f"{self.server.address}{self.path}", data=body, headers=headers)
        request.context["timestamp"] = self.headers.get("X-Amz-Date", "")
        signer = SigV4Auth(
            Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]),
            "execute-api",
            "eu-west-1",
        )
        text = signer.string_to_sign(request, signer.canonical_request(request))
        if f"Signature={signer.signature(text, request)}" not in given:
            raise refused(403, "The signature is wrong")

    def _send_file(self, number: str) -> None:
        entry = next((each for each in self.server.received if str(each["number"]) == number), None)
        if entry is None or "size" not in entry:
            return self.send(404, b"No such file", "text/plain")
        # Names that fit the contract can still hold quotes; this header must not.
        name = re.sub(r"[^\w. -]", "_", entry["name"], flags=re.ASCII)
        self.send(
            200,
            self.server.file_of(entry).read_bytes(),
            "application/octet-stream",
            Content_Disposition=f'attachment; filename="{name}"',
        )


def _decoded(source: str | None) -> bytes | None:
    if source is None:
        return None
    try:
        return base64.b64decode(source, validate=True)
    except (binascii.Error, ValueError):
        raise refused(400, "file.source is not base64", shape=1) from None


def main() -> None:
    parser = arguments("A local stand-in for the case system.", port=8004)
    parser.add_argument("--honour-key", action="store_true", help="answer a repeated Idempotency-Key as the first time")
    parser.add_argument("--require-signature", action="store_true", help="take only requests signed with AWS_* keys")
    parser.add_argument("--max-bytes", type=int, default=env.number("CASE_SYSTEM_MAX_BYTES", 32_000_000))
    options = parser.parse_args()
    serve(lambda: CaseSystem(options.port, options))


if __name__ == "__main__":
    main()
