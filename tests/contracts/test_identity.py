"""Sign-in by authorisation code, and tokens that programs show: the adapter against a provider of its own process."""

import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from foundation.clients import Rejected, Unavailable
from foundation.clients.identity import Leaving, OpenIdentity
from foundation.testing import servers

BACK = "http://planner.localhost/sign-in/return"
PEOPLE = [{"user_name": "Q123A", "name": "Ann Example", "about": "Detail officer", "authorities": ["ROLE_PRISON"]}]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: Any) -> Iterator[servers.StandIn]:
    with servers.identity(tmp_path_factory.mktemp("identity"), PEOPLE) as server:
        yield server


@pytest.fixture
def identity(provider: servers.StandIn) -> OpenIdentity:
    provider.heal()
    return OpenIdentity(provider.url, "roster", "local-secret", timeout=2)


def pick(leaving: Leaving, person: str = "Q123A") -> tuple[str, str]:
    """What the browser brings back when the person picks somebody: code and state."""
    answer = httpx.get(f"{leaving.url}&person={person}")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return query["code"][0], query["state"][0]


def token(provider: servers.StandIn, **claims: Any) -> str:
    answer = httpx.post(f"{provider.url}/stand-in/token", json={"authorities": ["ROLE_CMD"], **claims})
    return str(answer.raise_for_status().json()["access_token"])


def test_a_journey_there_and_back(identity: OpenIdentity) -> None:
    leaving = identity.leave(BACK)
    code, state = pick(leaving)
    assert state == leaving.state
    claims = identity.arrive(code, leaving.verifier, BACK)
    assert (claims.user_name, claims.authorities) == ("q123a", {"ROLE_PRISON"}), "the case of a name never matters"
    with pytest.raises(Rejected):
        identity.arrive(code, leaving.verifier, BACK)  # a code is good once


def test_a_code_is_good_only_where_it_was_asked(identity: OpenIdentity) -> None:
    leaving = identity.leave(BACK)
    with pytest.raises(Rejected):
        identity.arrive(pick(leaving)[0], "another-verifier-that-is-long-enough-to-be-one-of-them", BACK)
    with pytest.raises(Rejected):
        identity.arrive(pick(leaving)[0], leaving.verifier, "http://elsewhere.localhost/return")
    with pytest.raises(Rejected):
        identity.arrive("made-up", leaving.verifier, BACK)


def test_tokens_of_programs(identity: OpenIdentity, provider: servers.StandIn) -> None:
    basic = base64.b64encode(b"roster:local-secret").decode()
    form = {"grant_type": "client_credentials", "username": "AB12C"}
    address = f"{provider.url}/auth/oauth/token"
    answer = httpx.post(address, data=form, headers={"Authorization": f"Basic {basic}"})
    claims = identity.claims(answer.json()["access_token"])
    assert (claims.user_name, claims.authorities) == ("ab12c", {"ROLE_CMD"})
    assert httpx.post(address, data=form).status_code == 401
    assert identity.claims(token(provider)).user_name == "", "a polling program speaks for nobody"


def test_bad_tokens_are_refused(identity: OpenIdentity, provider: servers.StandIn, tmp_path: Any) -> None:
    good = token(provider)
    head, body, signature = good.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    with servers.identity(tmp_path / "other", []) as other:
        foreign = token(other)
    for bad in ("", "x.y.z", f"{head}.{body}.", f"{unsigned}.{body}.", f"{head}.{body}A.{signature}", foreign,
                token(provider, seconds=-60), token(provider, user_name="ab\0c"), token(provider, exp="soon"),
                token(provider, authorities="ROLE_CMD"), _signed_with_the_public_key(provider, body)):  # fmt: skip
        with pytest.raises(Rejected):
            identity.claims(bad)
    assert identity.claims(good).authorities == {"ROLE_CMD"}


def _signed_with_the_public_key(provider: servers.StandIn, body: str) -> str:
    """As if the key that everybody knows were a shared secret."""
    (key,) = httpx.get(f"{provider.url}/auth/.well-known/jwks.json").json()["keys"]
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": key["kid"]}).encode()).rstrip(b"=").decode()
    seal = hmac.new(RSAKey.import_key(key).as_pem(private=False), f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


def test_a_provider_that_is_away(identity: OpenIdentity, provider: servers.StandIn) -> None:
    leaving = identity.leave(BACK)
    code, _ = pick(leaving)
    good = token(provider)
    provider.fail(503, next=10)
    with pytest.raises(Unavailable):
        identity.arrive(code, leaving.verifier, BACK)
    with pytest.raises(Unavailable):
        identity.health()
    with pytest.raises(Unavailable):
        identity.claims(good)  # no key is known yet
    provider.heal()
    identity.health()
    identity.claims(good)
    provider.fail(503, next=10)
    assert identity.claims(good), "known keys are used on"
    provider.heal()
