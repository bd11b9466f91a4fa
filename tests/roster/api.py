"""The API face as a program calls it: tokens of a provider that only says what its token spells out."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.test import Client

from foundation import clock
from foundation.clients import Rejected
from foundation.clients.identity import Claims

LIFE = 3600


def token(*authorities: str, user_name: str = "", seconds: int = LIFE) -> str:
    claims = {"authorities": authorities, "client_id": "cmd", "exp": clock.now().timestamp() + seconds}
    return urlsafe_b64encode(json.dumps(claims | {"user_name": user_name}).encode()).decode()


class SpelledOut:
    """A provider whose tokens are not signed, for tests of what comes after the check."""

    def claims(self, token: str) -> Claims:
        try:
            found = json.loads(urlsafe_b64decode(token))
        except ValueError:
            raise Rejected from None
        return Claims(found["user_name"].lower(), frozenset(found["authorities"]), found)


class Program(Client):
    """Calls with a token of these authorities, for a person where one is named."""

    def __init__(self, *authorities: str, user_name: str = "") -> None:
        headers = {"Authorization": f"Bearer {token(*authorities, user_name=user_name)}"} if authorities else None
        super().__init__(headers=headers)

    def put_json(self, path: str, content: Any) -> Any:
        return self.put(path, json.dumps(content), content_type="application/json")
