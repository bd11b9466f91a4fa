"""Every route of the API face asks for a token with a role, and the documents describe the answers (R-002, R-012)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import get_resolver

from foundation.access import SESSIONLESS, rule_of
from roster.api import Token, flat
from tests.roster.api import Program
from tests.roster.conftest import make_person

pytestmark = pytest.mark.usefixtures("api_face")
OPEN = {"/health", "/health/ping", "/ping", "/health/liveness", "/health/readiness", "/info"}
TELL_OF_OTHERS = {"/health", "/health/readiness"}
"""503 there is no fault of ours: in a test no worker runs and no identity provider."""
NOT_ASKED = ["unsupported_method", "positive_data_acceptance"]
"""A 405 is Django's own; an address or number may be refused though the document calls it text."""
DOCUMENTS = ["/v3/api-docs", "/v3/api-docs/diary"]


def contracts() -> list[Any]:
    from roster.diary.api import api as diary
    from roster.feed.api import api as csr

    return [csr, diary]


def operations() -> list[tuple[str, str, Any]]:
    return [
        (method, f"/{path.lstrip('/')}", operation)
        for api in contracts()
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def test_in_maintenance_programs_are_answered_in_their_form(
    settings: Any, tmp_path: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with the contract's body and when to ask again, whatever the program accepts; health goes on."""
    settings.DATA = tmp_path
    call_command("maintenance", "on", site="api", message="Back at 6pm.")
    for address, method in (("/updates/2", "get"), ("/updates/2", "put"), ("/nowhere", "get")):
        answer = getattr(client, method)(address, headers={"accept": "text/html,*/*"})
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/json"), address
        assert int(answer["Retry-After"]) > 0
        assert answer.json() == {
            "status": 503, "errorCode": None, "userMessage": None, "developerMessage": None, "moreInfo": None,
        }  # fmt: skip
    assert client.get("/health/ping").json() == {"status": "UP"}
    settings.SITE, settings.ROOT_URLCONF = "planner", "roster.urls_planner"
    call_command("maintenance", "on", site="planner", message="Back at 6pm.")
    page = client.get("/plan")
    assert (page.status_code, page["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Back at 6pm." in page.content.decode()


def test_every_route_needs_its_role(prison: Any) -> None:
    """(R-002) Without a token 401, with another role 403; health and build alone are open."""
    walked = 0
    for method, path, operation in operations():
        address = path.replace("{region}", "2")
        if path in OPEN:
            assert not operation.auth_callbacks, path
            continue
        (auth,) = operation.auth_callbacks
        assert isinstance(auth, Token), path
        assert Program().generic(method, address).status_code == 401, path
        others = {"ROLE_CMD", "ROLE_CMD_ADMIN", "ROLE_PRISON", "ROLE_OTHER"} - {auth.role}
        for other in others:
            assert Program(other, user_name="x").generic(method, address).status_code == 403, path
        walked += 1
    assert walked == 10
    routes = list(flat(get_resolver("roster.urls_api").url_patterns))
    assert all(rule_of(route.callback) == SESSIONLESS for route in routes)


def test_the_documents_are_valid_and_say_what_is_asked_for(prison: Any) -> None:
    """(R-012) Every guarded operation names its security scheme; times have no zone; not there in production."""
    for document in DOCUMENTS:
        found = Program().get(document).json()
        assert found["openapi"].startswith("3.1")
        openapi_spec_validator.validate(found)
        schemes = found["components"]["securitySchemes"]
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                assert path in OPEN or operation["security"], (path, method)
                assert {each for rule in operation.get("security", []) for each in rule} <= set(schemes)
        for schema in found["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        fields = [list(each.get("properties", {}).values()) for each in found["components"]["schemas"].values()]
        times = [field for listed in fields for field in listed if "without zone" in str(field)]
        assert times
        assert "date-time" not in str(found), "no zone is promised"


@pytest.mark.long
@pytest.mark.parametrize("number", [0, 1])
def test_fuzzing_finds_no_fault(unit: Any, number: int) -> None:
    """(R-012) Whatever a program sends: an answer that the document knows, and never a 500."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    person = make_person(unit, user_name="FUZZ1")
    with connection_kept():
        schema = schemathesis.openapi.from_wsgi(DOCUMENTS[number], get_wsgi_application())
    program = Program("ROLE_CMD", "ROLE_CMD_ADMIN", "ROLE_PRISON", user_name=person.user_name)
    header = {"Authorization": program.defaults.get("HTTP_AUTHORIZATION") or program.headers["Authorization"]}
    operations = [each.ok() for each in schema.get_all_operations()]
    cases = st.one_of(*(each.as_strategy() for each in operations if each.path not in TELL_OF_OTHERS))

    @given(case=cases)
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    def fuzz(case: Any) -> None:
        case.call_and_validate(
            headers=header, excluded_checks=[schemathesis.checks.CHECKS.get_one(each) for each in NOT_ASKED],
        )  # fmt: skip

    with connection_kept():
        fuzz()


@contextmanager
def connection_kept() -> Iterator[None]:
    """A whole WSGI call would close the connection, and with it the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
