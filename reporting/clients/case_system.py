"""The case system (Sirius), where reports and their documents end up (deputy-operations 3).

A request ends in one of four ways, and the difference matters, for the published contract knows neither a key
against doubles nor a way to ask what has arrived:

- **done**: the identifier that the case system gave;
- ``Rejected``: it will never take this: any 4xx but 408 and 429, so also 413 (too large) and 401, 403 (a person has
  to mend our access; the code is kept, so that those can be found and sent again);
- ``Unavailable``: it has surely not taken it, try again: no connection, a redirect, 408, 429 (with the wait that it
  asks for), 500, 503 and other 5xx;
- ``Unconfirmed``: it may have taken it: time-out or cut after the request began to leave, a success without an
  identifier, and 502 or 504, where only the gateway in front of it speaks.

Every request carries the delivery's key as ``Idempotency-Key``. Whether it may be relied on is the courier's
affair (CASE_SYSTEM_HONOURS_KEY). No body, sent or received, is ever logged or kept in an error.
"""

import json
import logging
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Protocol

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, EnvProvider
from botocore.session import Session, get_session
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation import clock
from foundation.clients import Rejected, Unavailable, Unconfirmed
from reporting.clients import contract
from reporting.clients.payloads import Payload

PAPER_REPORT = "99999999-9999-9999-9999-999999999999"
"""The report to which the checklist of a report on paper belongs."""

HEALTH_TIMEOUT = httpx.Timeout(1.5, connect=1)

# httpx logs every address it asks, and ours hold case numbers.
logging.getLogger("httpx").setLevel(logging.WARNING)


class CaseSystem(Protocol):
    def send_report(self, case_number: str, payload: Payload, *, key: str) -> str:
        """Send a report; returns its identifier, under which its documents go."""
        ...

    def send_supporting_document(self, case_number: str, report_uuid: str, payload: Payload, *, key: str) -> str: ...

    def send_checklist(
        self, case_number: str, report_uuid: str, payload: Payload, *, key: str, checklist_uuid: str | None = None
    ) -> str:
        """Send a checklist, or, with its identifier, a new state of one that was sent."""
        ...

    def health(self) -> None:
        """Return if the case system answers; raise Unavailable otherwise."""
        ...


class HttpCaseSystem:
    """Over HTTPS, each request signed with our AWS credentials; unsigned only where there are none (locally)."""

    def __init__(self, url: str, *, credentials: Credentials | None, timeout: float = 30) -> None:
        self.base, self.credentials = f"{url.rstrip('/')}/v2", credentials
        self.timeout = httpx.Timeout(timeout)

    def send_report(self, case_number: str, payload: Payload, *, key: str) -> str:
        return self._send("POST", f"{_case(case_number)}/reports", "Report", payload, key)

    def send_supporting_document(self, case_number: str, report_uuid: str, payload: Payload, *, key: str) -> str:
        path = f"{_case(case_number)}/reports/{_uuid(report_uuid)}/supportingdocuments"
        return self._send("POST", path, "SupportingDocument", payload, key)

    def send_checklist(
        self, case_number: str, report_uuid: str, payload: Payload, *, key: str, checklist_uuid: str | None = None
    ) -> str:
        path = f"{_case(case_number)}/reports/{_uuid(report_uuid)}/checklists"
        if checklist_uuid is None:
            return self._send("POST", path, "Checklist", payload, key)
        return self._send("PUT", f"{path}/{_uuid(checklist_uuid)}", "Checklist", payload, key)

    def health(self) -> None:
        try:
            answer = self._request("GET", "/healthcheck", b"", {}, timeout=HEALTH_TIMEOUT)
        except (Unavailable, Unconfirmed):
            raise Unavailable("The case system does not answer.") from None
        if answer.status_code != 200:
            raise Unavailable(f"The case system says {answer.status_code}.")
        if not _is_health(answer):
            raise Unavailable("Something else answers in place of the case system.")

    def _send(self, method: str, path: str, kind: str, payload: Payload, key: str) -> str:
        check(kind, payload)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        body = json.dumps(payload, separators=(",", ":")).encode()
        return identifier(self._request(method, f"/clients/{path}", body, headers))

    def _request(
        self, method: str, path: str, body: bytes, headers: dict[str, str], *, timeout: httpx.Timeout | None = None
    ) -> httpx.Response:
        """One request on a connection of its own.

        A connection kept open can be dead when it is used again, which would look like a cut after sending and
        make a delivery unconfirmed for nothing.
        """
        url = self.base + path
        headers = self._signed(method, url, body, {"Accept": "application/vnd.opg-data.v1+json", **headers})
        try:
            return httpx.request(
                method, url, content=body, headers=headers, timeout=timeout or self.timeout, follow_redirects=False
            )
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
            httpx.LocalProtocolError,
        ) as error:
            raise Unavailable(f"The case system cannot be reached ({type(error).__name__}).") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unconfirmed(f"The case system gave no answer ({type(error).__name__}).") from None

    def _signed(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        if self.credentials is None:
            return headers
        request = AWSRequest(method=method, url=url, data=body, headers=headers)
        SigV4Auth(self.credentials.get_frozen_credentials(), "execute-api", "eu-west-1").add_auth(request)
        return dict(request.headers.items())


def check(kind: str, payload: Payload) -> None:
    """Refuse what breaks the contract before it leaves, and what keeps it but has no content: it would file nothing."""
    if fault := contract.fault(f"{kind}Body", payload):
        raise Rejected(f"We made a payload that breaks the contract: {fault}.")
    file = next(iter(payload.values()))["data"]["file"]
    if not (file.get("source") or file.get("s3_reference")):
        raise Rejected("We made a payload without the file's content.")


def _is_health(answer: httpx.Response) -> bool:
    """Two objects, ``data`` and ``meta``, as the contract has it."""
    try:
        found = answer.json()
    except ValueError:
        return False
    return isinstance(found, dict) and all(isinstance(found.get(part), dict) for part in ("data", "meta"))


def _case(number: str) -> str:
    number = number.strip().upper()
    if contract.fault("CaseRef", number):
        raise Rejected("The case number is not one that the case system takes.")
    return number


def _uuid(value: str) -> str:
    if contract.fault("DocumentUuid", value):
        raise Rejected("The report's identifier is not one that the case system gives.")
    return value


def identifier(answer: httpx.Response) -> str:
    """The identifier in a success; any other answer is raised as what it means (see the head of this file)."""
    status = answer.status_code
    if 200 <= status < 300:
        content = _json(answer)
        if contract.fault("Success", content):
            raise Unconfirmed(f"The case system said {status} but gave no identifier.")
        return str(content["data"]["id"])
    refusal = refusal_in(_json(answer))
    text = f"The case system answered {status} {refusal}".strip()
    if status in {502, 504}:
        raise Unconfirmed(text)
    if status in {408, 429} or status >= 500 or status < 400:
        raise Unavailable(text, retry_after=_retry_after(answer))
    raise Rejected(text, code=refusal.code)


@dataclass(frozen=True)
class Refusal:
    """The published names of what went wrong. The ``detail`` that comes with them can quote what we sent: left out."""

    code: str = ""
    title: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.code, self.title) if part)


def refusal_in(content: Any) -> Refusal:
    """The error in any of the three shapes that exist: ``errors`` as a list or as one object, or one ``error``."""
    if not isinstance(content, dict):
        return Refusal()
    found = content.get("errors", content.get("error"))
    if isinstance(found, list):
        found = found[0] if found else None
    if not isinstance(found, dict):
        return Refusal()
    return Refusal(code=_short(found.get("code")), title=_short(found.get("title")))


def _short(value: Any) -> str:
    return "".join(c for c in value if c.isprintable())[:100] if isinstance(value, str) else ""


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds to wait, from a header that holds either them or a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value[:9])
    try:
        return max((parsedate_to_datetime(value) - clock.now()).total_seconds(), 0)
    except (ValueError, TypeError):
        return None


def case_system() -> CaseSystem:
    """The case system that the settings name. Locally it takes unsigned requests; anywhere else it must not."""
    if settings.CASE_SYSTEM == "local":
        if not settings.LOCAL:
            raise ImproperlyConfigured("CASE_SYSTEM=local is for local use only.")
        credentials = EnvProvider().load()
    else:
        credentials = _aws().get_credentials()
        if credentials is None:
            raise Unavailable("There are no AWS credentials to sign requests with.")
    return HttpCaseSystem(settings.CASE_SYSTEM_URL, credentials=credentials, timeout=settings.CASE_SYSTEM_TIMEOUT)


@cache
def _aws() -> Session:
    """Kept, because it fetches and renews the credentials of the machine that it runs on."""
    return get_session()
