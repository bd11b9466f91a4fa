"""Stands in for GOV.UK Notify: takes mails as its API (version 2) does, shows them, and posts delivery receipts.

    python -m foundation.standins.notify --port 8005 --folder DIR [--callback URL --callback-token TOKEN]

Every mail is "delivered" at once, but to an address that starts with ``bounce`` there is no such mailbox.
For tests: ``POST /stand-in/fail`` and ``/stand-in/heal``, ``POST /stand-in/receipt`` {id, status},
``GET /stand-in/mails`` (newest first; ``?to=`` narrows).
"""

import argparse
import json
import re
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

from foundation import env
from foundation.standins.server import Answer, Failure, Handler, Record, StandIn, arguments, now, serve

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
NUMBER = re.compile(r"(\+44|0)7\d{8,9}")
PLACEHOLDER = re.compile(r"\(\((.+?)\)\)")
CALLBACK_WAITS = (0.1, 1, 5, 30, 120)
PAGE_SIZE = 250
LOCAL_KEY = "local-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002"


class Notify(StandIn):
    name = "Notify"

    def __init__(self, port: int, options: argparse.Namespace) -> None:
        self.service, self.secret = options.key[-73:-37], options.key[-36:]
        self.callback, self.callback_token = options.callback, options.callback_token
        self.templates = json.loads(options.templates.read_text()) if options.templates else None
        self.record = Record(options.folder / "mails.jsonl")
        self.mails: dict[str, dict[str, Any]] = {}
        for entry in self.record.read():
            self.mails[entry["id"]] = {**self.mails.get(entry["id"], {}), **entry}
        super().__init__(port, options.folder, NotifyHandler)
        for mail in list(self.mails.values()):
            if mail["status"] == "created":
                self.finish_soon(mail)

    def take(self, wish: dict[str, Any]) -> dict[str, Any]:
        text = self._text(wish["template_id"], wish.get("personalisation") or {})
        mail = {
            "id": str(uuid4()),
            "reference": wish.get("reference"),
            "to": wish.get("email_address") or wish["phone_number"],
            "kind": "email" if "email_address" in wish else "sms",
            "template": wish["template_id"],
            "personalisation": wish.get("personalisation") or {},
            "status": "created",
            "created_at": now(),
            **text,
        }
        with self.lock:
            self.record.add(mail)
            self.mails[mail["id"]] = mail
        self.finish_soon(mail)
        return mail

    def newest_first(self) -> list[dict[str, Any]]:
        with self.lock:
            return list(reversed(self.mails.values()))

    def finish_soon(self, mail: dict[str, Any]) -> None:
        status = "permanent-failure" if mail["to"].lower().startswith("bounce") else "delivered"
        threading.Thread(target=self.finish, args=(mail["id"], status), daemon=True).start()

    def finish(self, id: str, status: str) -> None:
        """The mail's journey ends: note it, and tell the service if it wants to know."""
        with self.lock:
            self.record.add({"id": id, "status": status, "completed_at": now()})
            mail = self.mails[id] = {**self.mails[id], "status": status, "completed_at": now()}
        if self.callback:
            self._call_back(mail)

    def _call_back(self, mail: dict[str, Any]) -> None:
        receipt = {
            "id": mail["id"],
            "reference": mail["reference"],
            "to": mail["to"],
            "status": mail["status"],
            "created_at": mail["created_at"],
            "sent_at": mail["created_at"],
            "completed_at": mail["completed_at"],
            "notification_type": mail.get("kind", "email"),
            "template_id": mail["template"],
            "template_version": 1,
        }
        for wait in CALLBACK_WAITS:
            time.sleep(wait)
            try:
                headers = {"Authorization": f"Bearer {self.callback_token}"}
                if httpx.post(self.callback, json=receipt, headers=headers, timeout=5).is_success:
                    return
            except httpx.HTTPError:
                continue

    def _text(self, template: str, personalisation: dict[str, Any]) -> dict[str, str]:
        """Subject and body, where the texts of the templates are known; Notify refuses a mail with a gap in it."""
        if self.templates is None:
            return {"subject": "", "body": ""}
        if template not in self.templates:
            raise refused(400, "BadRequestError", "There is no such template")
        texts = {name: self.templates[template].get(name, "") for name in ("subject", "body")}
        wanted = {name for text in texts.values() for name in PLACEHOLDER.findall(text)}
        if missing := sorted(wanted - personalisation.keys()):
            raise refused(400, "BadRequestError", f"Personalisation is missing: {', '.join(missing)}")
        return {
            name: PLACEHOLDER.sub(lambda found: str(personalisation[found[1]]), text) for name, text in texts.items()
        }


def refused(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"status_code": status, "errors": [{"error": error, "message": message}]})


class NotifyHandler(Handler):
    server: Notify

    def outside(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        self._check_token()
        if method == "POST" and path == "/v2/notifications/email":
            return 201, self._accepted(self.server.take(_wish_in(body, "email_address", ADDRESS)))
        if method == "POST" and path == "/v2/notifications/sms":
            return 201, self._accepted(self.server.take(_wish_in(body, "phone_number", NUMBER)))
        if method == "GET" and path == "/v2/notifications":
            return 200, self._listed()
        if method == "GET" and path.startswith("/v2/notifications/"):
            mail = self.server.mails.get(path.removeprefix("/v2/notifications/"))
            if mail is not None:
                return 200, self._described(mail)
        if method == "GET" and path == "/v2/templates":
            known = (self.server.templates or {}).items()
            return 200, {"templates": [{"id": id, "type": "email", "version": 1, **texts} for id, texts in known]}
        raise refused(404, "NoResultFound", "There is nothing here")

    def failing(self, failure: Failure) -> tuple[int, Any]:
        status = int(failure.how)
        error = {429: "RateLimitError", 400: "BadRequestError", 403: "AuthError"}.get(status, "Exception")
        return status, {"status_code": status, "errors": [{"error": error, "message": "Told to fail"}]}

    def page(self, path: str) -> bool:
        mails = self.server.newest_first()
        if path == "/":
            self.send_page("mails.html", mails=mails[:PAGE_SIZE])
        elif path == "/stand-in/mails":
            to = self.query().get("to", "").lower()
            self.send_json(200, [mail for mail in mails if to in ("", mail["to"].lower())])
        else:
            return False
        return True

    def told(self, path: str, wish: dict[str, Any]) -> dict[str, Any] | None:
        if path != "/stand-in/receipt" or wish.get("id") not in self.server.mails:
            return None
        self.server.finish(wish["id"], wish["status"])
        return {}

    def _check_token(self) -> None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise refused(401, "AuthError", "A token is needed")
        try:
            issuer = get_token_issuer(token)  # type: ignore[no-untyped-call]
            decode_jwt_token(token, self.server.secret)  # type: ignore[no-untyped-call]
        except TokenError:
            raise refused(403, "AuthError", "The token is not valid: check key and clock") from None
        if issuer != self.server.service:
            raise refused(403, "AuthError", "No service has this key")

    def _accepted(self, mail: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": mail["id"],
            "reference": mail["reference"],
            "content": {"subject": mail["subject"], "body": mail["body"], "from_email": "stand-in@notify.local"},
            "uri": f"{self.server.address}/v2/notifications/{mail['id']}",
            "template": self._template(mail),
            "scheduled_for": None,
        }

    def _listed(self) -> dict[str, Any]:
        """Newest first, a page at a time: those after ``older_than``."""
        query = self.query()
        found = [
            mail
            for mail in self.server.newest_first()
            if query.get("reference") in (None, mail["reference"]) and query.get("status") in (None, mail["status"])
        ]
        if "older_than" in query:
            ids = [mail["id"] for mail in found]
            found = found[ids.index(query["older_than"]) + 1 :] if query["older_than"] in ids else []
        links = {"current": f"{self.server.address}{self.path}"}
        if len(found) > PAGE_SIZE:
            links["next"] = f"{self.server.address}/v2/notifications?older_than={found[PAGE_SIZE - 1]['id']}"
        return {"notifications": [self._described(mail) for mail in found[:PAGE_SIZE]], "links": links}

    def _described(self, mail: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": mail["id"],
            "reference": mail["reference"],
            "email_address" if mail.get("kind", "email") == "email" else "phone_number": mail["to"],
            "type": mail.get("kind", "email"),
            "status": mail["status"],
            "template": self._template(mail),
            "subject": mail["subject"],
            "body": mail["body"],
            "created_at": mail["created_at"],
            "sent_at": mail["created_at"],
            "completed_at": mail.get("completed_at"),
        }

    def _template(self, mail: dict[str, Any]) -> dict[str, Any]:
        uri = f"{self.server.address}/v2/template/{mail['template']}"
        return {"id": mail["template"], "version": 1, "uri": uri}


def _wish_in(body: bytes, receiver: str, form: re.Pattern[str]) -> dict[str, Any]:
    try:
        wish = json.loads(body)
    except ValueError:
        raise refused(400, "BadRequestError", "The body is not JSON") from None
    if not isinstance(wish, dict):
        raise refused(400, "ValidationError", "The body is not an object")
    for name in (receiver, "template_id"):
        if not isinstance(wish.get(name), str):
            raise refused(400, "ValidationError", f"{name} is required")
    if not form.fullmatch(wish[receiver]):
        raise refused(400, "ValidationError", f"{receiver} is not an address")
    try:
        UUID(wish["template_id"])
    except ValueError:
        raise refused(400, "ValidationError", "template_id is not a UUID") from None
    if not isinstance(wish.get("personalisation", {}), dict):
        raise refused(400, "ValidationError", "personalisation is not an object")
    return wish


def main() -> None:
    parser = arguments("A local stand-in for GOV.UK Notify.", port=8005)
    parser.add_argument("--key", default=env.text("NOTIFY_API_KEY", LOCAL_KEY), help="the key that it honours")
    parser.add_argument("--callback", default="", help="where receipts are posted")
    parser.add_argument("--callback-token", default=env.text("NOTIFY_CALLBACK_TOKEN", "local-callback"))
    parser.add_argument("--templates", type=Path, help="JSON file {template id: {subject, body}} to show mails in full")
    options = parser.parse_args()
    serve(lambda: Notify(options.port, options))


if __name__ == "__main__":
    main()
