"""Stands in for the identity provider of staff: signs in whom a person picks from a list, and issues tokens.

    python -m foundation.standins.identity --port 8014 --folder DIR --people people.json

``people.json``: a list of {user_name, name, about, authorities}. Tokens are RS256; the key is kept in the folder.
For tests: ``POST /stand-in/token`` {user_name, authorities, seconds} answers {"access_token"}; ``/stand-in/fail``.
Programs get tokens at ``/auth/oauth/token`` with ``grant_type=client_credentials`` (and ``username``, to speak for a
person), the client's id and secret in a Basic header.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from foundation.standins.server import Answer, Handler, StandIn, arguments, serve

CODE_SECONDS = 60
TOKEN_SECONDS = 3600
PROGRAM = ["ROLE_CMD"]
"""What the demo's program may do; the client ``admin`` may delete from the feed too."""


class Provider(StandIn):
    name = "Identity provider"

    def __init__(self, port: int, options: argparse.Namespace) -> None:
        self.people_file: Path | None = options.people
        self.client, self.secret = options.client, options.secret
        self.key = _kept_key(options.folder / "key.json")
        self.codes: dict[str, dict[str, Any]] = {}
        super().__init__(port, options.folder, ProviderHandler)

    @property
    def people(self) -> list[dict[str, Any]]:
        if self.people_file is None or not self.people_file.exists():
            return []
        return list(json.loads(self.people_file.read_text()))

    def token(self, authorities: list[str], user_name: str = "", seconds: int = TOKEN_SECONDS, **more: Any) -> str:
        now = int(time.time())
        claims = {
            "sub": user_name or self.client, "client_id": self.client, "auth_source": "nomis", "iss": self.address,
            "exp": now + seconds, "iat": now, "jti": secrets.token_hex(8), "authorities": authorities,
            "scope": ["read"], **more,
        }  # fmt: skip
        if user_name:
            claims["user_name"] = user_name
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def _kept_key(path: Path) -> RSAKey:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
        draft.rename(path)
    return RSAKey.import_key(json.loads(path.read_text()))


class ProviderHandler(Handler):
    server: Provider

    def page(self, path: str) -> bool:
        query = self.query()
        if path == "/":
            self.send_page("identity.html", people=self.server.people, client=self.server.client)
        elif path == "/auth/oauth/authorize":
            if picked := query.get("person"):
                self._go_back(query, picked)
            else:
                here = urlencode({name: value for name, value in query.items() if name != "person"})
                self.send_page("identity_choose.html", people=self.server.people, here=here)
        elif path == "/auth/sign-out":
            self._redirect(query.get("redirect_uri", "/"))
        else:
            return False
        return True

    def _go_back(self, query: dict[str, str], picked: str) -> None:
        code = secrets.token_urlsafe(24)
        with self.server.lock:
            self.server.codes[code] = {
                "user_name": picked, "redirect_uri": query.get("redirect_uri"), "until": time.time() + CODE_SECONDS,
                "challenge": query.get("code_challenge", ""),
            }  # fmt: skip
        back = urlencode({"code": code, "state": query.get("state", "")})
        self._redirect(f"{query.get('redirect_uri', '/')}?{back}")

    def _redirect(self, where: str) -> None:
        self.send(302, b"", "text/plain", Location=where)

    def outside(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        answers: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "/auth/.well-known/jwks.json"): lambda: KeySet([self.server.key]).as_dict(private=False),
            ("GET", "/auth/health/ping"): lambda: {"status": "UP"},
            ("GET", "/auth/api/user/me/mfa"): lambda: dict.fromkeys(
                ("backupVerified", "mobileVerified", "emailVerified"), True
            ),
            ("POST", "/auth/oauth/token"): lambda: self._token(parse_qs(body.decode())),
        }
        answer = answers.get((method, path))
        if answer is None:
            raise Answer(404, {"error": "not_found"})
        return 200, answer()

    def told(self, path: str, wish: dict[str, Any]) -> dict[str, Any] | None:
        if path != "/stand-in/token":
            return None
        return {"access_token": self.server.token(**wish)}

    def _token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        given = {name: values[0] for name, values in form.items()}
        self._check_client()
        if given.get("grant_type") == "client_credentials":
            user_name = given.get("username", "")
            authorities = PROGRAM
        elif given.get("grant_type") == "authorization_code":
            user_name = self._user_of(given)
            authorities = next(
                (each.get("authorities", []) for each in self.server.people if each["user_name"] == user_name), []
            )
        else:
            raise Answer(400, {"error": "unsupported_grant_type"})
        return {
            "access_token": self.server.token(authorities, user_name), "token_type": "bearer",
            "expires_in": TOKEN_SECONDS, "user_name": user_name, "auth_source": "nomis", "scope": "read",
        }  # fmt: skip

    def _check_client(self) -> None:
        scheme, _, rest = (self.headers.get("Authorization") or "").partition(" ")
        wanted = f"{self.server.client}:{self.server.secret}".encode()
        try:
            given = base64.b64decode(rest, validate=True)
        except ValueError:
            given = b""
        if scheme.lower() != "basic" or not secrets.compare_digest(given, wanted):
            raise Answer(401, {"error": "invalid_client"})

    def _user_of(self, given: dict[str, str]) -> str:
        """Whose code this is: good once, for a minute, at the address and for the verifier it was asked with."""
        with self.server.lock:
            kept = self.server.codes.pop(given.get("code", ""), None)
        verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            kept is None
            or kept["until"] < time.time()
            or kept["redirect_uri"] != given.get("redirect_uri")
            or (kept["challenge"] and kept["challenge"] != challenge)
        ):
            raise Answer(400, {"error": "invalid_grant"})
        return str(kept["user_name"])


def main() -> None:
    parser = arguments("Stands in for the identity provider", 8014)
    parser.add_argument("--people", type=Path)
    parser.add_argument("--client", default="roster")
    parser.add_argument("--secret", default="local-secret")
    options = parser.parse_args()
    serve(lambda: Provider(options.port, options))


if __name__ == "__main__":
    main()
