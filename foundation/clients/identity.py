"""The identity provider of staff: sign-in by authorisation code, and tokens that other programs show (RS256).

Paths are those of the provider's published contract (diary-api-contract 1): ``/auth/oauth/authorize``,
``/auth/oauth/token``, ``/auth/.well-known/jwks.json``, ``/auth/sign-out``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, Protocol

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from foundation import clock
from foundation.clients import HEALTH_SECONDS, Rejected, Unavailable

KEYS_SECONDS = 3600
"""How long the provider's keys are believed; a token of an unknown key asks for them anew, at most once a minute."""
KEYS_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class Claims:
    """What a verified token says. ``user_name`` is in lower case, and empty for a program that speaks for nobody."""

    user_name: str
    authorities: frozenset[str]
    everything: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Leaving:
    """Where to send the browser, and what to keep in the session until it comes back."""

    url: str
    state: str
    verifier: str


class Identity(Protocol):
    def leave(self, redirect: str) -> Leaving:
        """Begin a sign-in that comes back to the address ``redirect``."""
        ...

    def arrive(self, code: str, verifier: str, redirect: str) -> Claims:
        """Whose sign-in this code is. Raises Rejected for a code that is not good, or no longer."""
        ...

    def claims(self, token: str) -> Claims:
        """What a token says, if it is the provider's and still holds. Raises Rejected."""
        ...

    def sign_out_url(self, redirect: str) -> str: ...

    def health(self) -> None: ...


class OpenIdentity:
    def __init__(self, url: str, client: str, secret: str, *, timeout: float = 10) -> None:
        self.url, self.client, self.secret, self.timeout = url.rstrip("/"), client, secret, timeout
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._lock = Lock()

    def leave(self, redirect: str) -> Leaving:
        verifier = generate_token(48)
        with self._session(redirect) as session:
            url, state = session.create_authorization_url(f"{self.url}/auth/oauth/authorize", code_verifier=verifier)
        return Leaving(url, state, verifier)

    def arrive(self, code: str, verifier: str, redirect: str) -> Claims:
        try:
            with self._session(redirect) as session:
                answer = session.fetch_token(f"{self.url}/auth/oauth/token", code=code, code_verifier=verifier)
        except OAuthError as error:
            raise Rejected(f"the identity provider refused the code: {error.error}") from None
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"identity provider: {type(error).__name__}") from None
        return self.claims(str(answer.get("access_token", "")))

    def claims(self, token: str) -> Claims:
        try:
            found = self._decoded(token, self.keys())
        except (JoseError, ValueError):
            # A key that we do not know may be a new one.
            try:
                found = self._decoded(token, self.keys(again=True))
            except (JoseError, ValueError) as error:
                raise Rejected(f"not a good token: {type(error).__name__}") from None
        authorities = found.get("authorities") or []
        name = found.get("user_name") or ""
        if not isinstance(authorities, list) or not isinstance(name, str) or not name.isprintable():
            raise Rejected("not a good token: claims")
        return Claims(name.strip().lower(), frozenset(map(str, authorities)), found)

    def _decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=["RS256"])
        registry = jwt.JWTClaimsRegistry(now=lambda: int(clock.now().timestamp()), leeway=5, exp={"essential": True})
        registry.validate(decoded.claims)
        return decoded.claims

    def keys(self, *, again: bool = False) -> KeySet:
        """The provider's public keys. Old ones are used on while it cannot be reached."""
        with self._lock:
            age = monotonic() - self._fetched
            if self._keys is None or age > KEYS_SECONDS or (again and age > KEYS_AGAIN_SECONDS):
                try:
                    answer = httpx.get(f"{self.url}/auth/.well-known/jwks.json", timeout=self.timeout)
                    answer.raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
                    self._fetched = monotonic()
                except (httpx.HTTPError, ValueError, KeyError, JoseError) as error:
                    if self._keys is None:
                        raise Unavailable(f"identity provider: {type(error).__name__}") from None
            return self._keys

    def sign_out_url(self, redirect: str) -> str:
        query = httpx.QueryParams({"client_id": self.client, "redirect_uri": redirect})
        return f"{self.url}/auth/sign-out?{query}"

    def health(self) -> None:
        try:
            httpx.get(f"{self.url}/auth/health/ping", timeout=HEALTH_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable(f"identity provider: {type(error).__name__}") from None

    def _session(self, redirect: str) -> OAuth2Client:
        return OAuth2Client(
            self.client, self.secret, redirect_uri=redirect, scope="read", code_challenge_method="S256",
            timeout=self.timeout,
        )  # fmt: skip


@cache
def identity() -> Identity:
    return OpenIdentity(settings.IDENTITY_URL, settings.IDENTITY_CLIENT, settings.IDENTITY_SECRET)
