"""Laws of every address, found in the resolvers: who may open it, what is there for strangers, what a GET may change.

Every address is walked as everybody: every role that can be held, signed out, shut out; with what is theirs and with
what is somebody else's (tests/laws/world.py). The expectation comes from the view's own declaration and the table of
access (``OUTCOMES``). A new address takes part by itself; where its parameters are new, the test says what to add.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.template.backends.jinja2 import Template
from django.test import Client, override_settings
from django.urls import reverse
from django.urls.converters import IntConverter, UUIDConverter

from foundation import access
from foundation.access import Rule
from foundation.clients.scanner import Verdict
from foundation.testing.routes import Route, routes
from reporting.access import SITES as SITE_ROLES
from reporting.reports.models import Report
from reporting.reports.statements import actions as statements
from tests.laws import world as making
from tests.laws.world import BY_NAME, BY_ROUTE, ELSEWHERE, OWNED, OWNED_ROUTES, STAFF, Estate, World

pytestmark = pytest.mark.django_db

SITES = {"front": "reporting.urls", "admin": "reporting.urls_admin"}
EXEMPT_FROM_CSRF = {"notify_receipts": "GOV.UK Notify calls it, with a token of its own"}
GET_MAY_WRITE = {
    "django_session": "every request prolongs the session",
    "foundation_cache": "what is cheap to forget",
    "foundation_tally": "how often somebody asked, for limits",
    "foundation_auditevent": "reads of sensitive things are recorded",
    "reporting_reportseen": "when a person last looked, to say what a co-deputy changed since",
}
FINE = {200, 204, 302}
PAST_THE_DOOR = FINE | {400, 404, 405, 409, 410, 422, 429}
"""What somebody who may open an address may get there: refusals of what was sent, but none of the person."""


def is_owned(route: Route) -> bool:
    return bool(OWNED & set(route.converters)) or route.name in OWNED_ROUTES


def is_health(route: Route) -> bool:
    """Says how others are, by its status: here they are all away."""
    return route.name.startswith("health")


def address_of(route: Route, estate: Estate, report: Report, **other: Any) -> str:
    filled = {}
    for name in route.converters:
        fill = BY_ROUTE.get((route.name, name)) or BY_NAME.get(name)
        if fill is None:
            pytest.fail(
                f"Address {route.name!r} has the parameter {name!r}: say in tests/laws/world.py what to put there"
                " (BY_NAME or BY_ROUTE), and whether it belongs to somebody (OWNED, OWNED_ROUTES)."
            )
        filled[name] = fill(estate, report)
    return reverse(route.name, kwargs=filled | other)


class Clean:
    def scan(self, content: bytes) -> Verdict:
        return Verdict(clean=True)


@pytest.fixture(scope="module")
def world(module_db: None, tmp_path_factory: Any) -> Iterator[World]:
    """One world for all laws here: each of them takes back what it did."""
    folder = tmp_path_factory.mktemp("laws")
    outside = override_settings(STORAGE_FOLDER=folder, SCANNER_SOCKET=str(folder / "none"))
    with outside, pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "scanner", Clean)
        yield making.make()


@pytest.fixture(params=SITES)
def site(request: Any, settings: Any) -> str:
    settings.SITE, settings.ROOT_URLCONF = request.param, SITES[request.param]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # quicker, and not what is tested here
    return str(request.param)


class Person:
    """A browser, signed in as somebody or nobody. ``known``: the site takes them for somebody."""

    def __init__(self, world: World, name: str, *, csrf: bool = False) -> None:
        self.name, self.user, self.world = name, world.people[name], world
        here = self.user is not None and self.user.role in SITE_ROLES[settings.SITE]
        self.known = here and self.user is not None and self.user.has_access
        self.client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        if self.user:
            self.client.force_login(self.user)

    @property
    def places(self) -> list[tuple[Estate, Report]]:
        """What is tried: everything of their own, then an open report of somebody else's."""
        estates, home = self.world.estates, self.world.homes.get(self.name)
        if home is None:
            return [(estates["lay"], estates["lay"].open), (estates["firm"], estates["firm"].sent)]
        mine, other = estates[home], estates[ELSEWHERE[home]]
        return [(mine, mine.open), (mine, mine.sent), (other, other.open)]

    def steps(self, method: str) -> list[tuple[Estate, Report]]:
        """The places to try with this method: all of them where pages are drawn too; else as many as tell the same."""
        if self.name in LOOKING or self.name == "discharged":
            return self.places
        if self.name in STAFF and self.known:
            return self.places[:2]
        if not self.known:
            return self.places[:1] if method == "GET" else []
        return [self.places[0], self.places[-1]] if method == "GET" else self.places[-1:]

    def sees(self, estate: Estate, report: Report, rule: Rule | None) -> bool:
        """Whether what belongs to this estate is theirs. Discharged deputies keep what was submitted, to read."""
        if self.name in STAFF:
            return True
        home = self.world.homes.get(self.name)
        mine = home is not None and estate is self.world.estates[home]
        acts = rule is not None and rule.verb in {"report.fill", "report.submit"}
        return mine and not (self.name == "discharged" and (report == estate.open or acts))

    def ask(self, method: str, address: str, data: Any = None) -> tuple[int, str]:
        """Status and what went wrong inside; what a failing view wrote is taken back."""
        if self.known and method == "POST" and SESSION_KEY not in self.client.session:
            self.client.force_login(self.user)  # it signed out
        with transaction.atomic():
            answer = getattr(self.client, method.lower())(address, data or {})
            _ = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code >= 500:
                transaction.set_rollback(True)
        raised = repr(answer.exc_info[1]) if getattr(answer, "exc_info", None) else ""
        return answer.status_code, raised or answer.headers.get("Location", "")


OUTCOMES: dict[str, Callable[[int, str], bool]] = {
    "be sent to sign in": lambda status, detail: status == 302 and detail.startswith(reverse("sign_in")),
    "be sent to the missing step": lambda status, detail: status == 302 and detail == reverse("home"),
    "be refused": lambda status, detail: status == 403,
    "find nothing": lambda status, detail: status in {404, 405},
    "get past the door": lambda status, detail: status in PAST_THE_DOOR,
}


def outcome(rule: Rule, person: Person, *, sees: bool) -> str:
    """What must happen, the first that applies:

    | the address is for | and the person | |
    |---|---|---|
    | everybody | | gets past the door |
    | who is signed in | is signed out, shut out, or of the other site | is sent to sign in |
    | a verb | has not finished registering | is sent to the missing step |
    | a verb | whose role has not the verb | is refused |
    | something of somebody | to whom it does not belong | finds nothing |
    | anything else | | gets past the door |
    """
    if rule.signed_in and not person.known:
        return "be sent to sign in"
    if rule.verb and person.user and not person.user.is_active:
        return "be sent to the missing step"
    if rule.verb and not access.can(person.user, rule.verb):
        return "be refused"
    return "get past the door" if sees else "find nothing"


def wrong(route: Route, person: Person, status: int, detail: str, *, sees: bool) -> str:
    """What contradicts the declaration, or ""."""
    rule = route.rule
    if rule is None:
        return "it does not say who may open it"
    if is_health(route) or (route.name in EXEMPT_FROM_CSRF and status in {401, 403, 405}):
        return ""
    expected = outcome(rule, person, sees=sees or not is_owned(route))
    return "" if OUTCOMES[expected](status, detail) else f"should {expected}, got {status} {detail}"


def walk(person: Person, site: str, method: str, found: list[str], reached: set[str]) -> None:
    """Every address as one person, with what is theirs and what is not. What a POST does is taken back."""
    for route in routes():
        steps = person.steps(method)
        for estate, report in steps if is_owned(route) else steps[:1]:
            with transaction.atomic():
                status, detail = person.ask(method, address_of(route, estate, report))
                transaction.set_rollback(method == "POST")
            if complaint := wrong(route, person, status, detail, sees=person.sees(estate, report, route.rule)):
                found.append(f"{person.name} {method} {route.name}: {complaint}")
            if status in FINE and (person.known or not (route.rule and route.rule.signed_in)):
                reached.add(route.name)


LOOKING = {"nobody", "owner", "prof_named", "super_admin"}
"""Pages are drawn for these; for the others it is enough to know whether they get in."""


@pytest.mark.defect("people 2.6", "end points of the document queue knew no user")
def test_every_address_has_a_name_and_says_who_may_open_it(site: str) -> None:
    assert [route.view for route in routes() if not route.name] == []
    assert [route.name for route in routes() if route.rule is None] == []


@pytest.mark.defect("people 2.6", "any signed-in user could read and change other deputies' data")
def test_every_address_opens_for_whom_it_should_and_a_get_changes_nothing(world: World, site: str) -> None:
    found, reached = [], set(EXEMPT_FROM_CSRF)
    for name in world.people:
        person = Person(world, name)
        with pytest.MonkeyPatch.context() as patch:
            if name not in LOOKING:
                patch.setattr(Template, "render", lambda *_, **__: "")
            before = fingerprint()
            walk(person, site, "GET", found, reached)
            after = fingerprint()
            found += [f"{name} changed {table} by reading" for table in before if before[table] != after[table]]
            walk(person, site, "POST", found, reached)
    assert found == [], "\n".join(found)
    unseen = {route.name for route in routes() if not is_health(route)} - reached
    assert unseen <= UNREACHED, "a walk that reaches an address for nobody proves nothing about it"


UNREACHED = {
    "held_post": "a page held through a sign-in",
    "draft_keep": "what the script of the page sends",
    "statements_balance": "an account and an amount",
    "activate": "a good link",
    "reset_password": "a good link",
    "confirm_email": "a good link",
    "resend_activation": "a good link",
}.keys()
"""Addresses that need what a walk does not leave behind."""


WITH_EVERY_VERB = {"front": ["owner", "prof_admin"], "admin": ["super_admin"]}


def allowed(people: list[Person], route: Route) -> Person:
    """The first of them who gets past the door of this address."""
    rule = route.rule
    assert rule is not None
    return next((each for each in people if not rule.verb or access.can(each.user, rule.verb)), people[0])


@pytest.mark.defect("people 2.6", "cross-site requests could change things")
def test_a_post_without_a_token_is_refused(world: World, site: str) -> None:
    found = []
    for name in ("nobody", "owner" if site == "front" else "super_admin"):
        person = Person(world, name, csrf=True)
        for route in routes():
            status, _ = person.ask("POST", address_of(route, *person.places[0]))
            if (status == 403) == (route.name in EXEMPT_FROM_CSRF) and not (
                route.rule is not None and not route.rule.session
            ):
                found.append(f"{name} {route.name} {status}")
    assert found == [], "\n".join(found)


NAMED = re.compile(r"<(?:input|select|textarea|button)[^>]* name=\"([^\"]+)\"")
JUNK: dict[type[Any], list[Any]] = {
    IntConverter: [0, 999_999_999, 2**31, 2**70],
    UUIDConverter: [uuid4()],
}
JUNK_TEXT = ["nosuch", "x" * 2000]
JUNK_STRINGS = ["%00", "'\"<script>", "£ü漢", "\x00"]
MAY_BE_NEW = {("entry_page", "token")}
"""Anything may stand there: it is the name of a new entry."""
QUERIES = {
    "page": "-1",
    "from": "x",
    "use": "nosuch",
    "status": "zz",
    "q": "\x00",
    "next": "//example.com",
    "summary": "\x00",
    "sort": "%",
    "version": "\x00",
}


def test_junk_in_an_address_is_not_found(world: World, site: str) -> None:
    people = [Person(world, name) for name in WITH_EVERY_VERB[site]]
    found = []
    for route in routes():
        person = allowed(people, route)
        for name, converter in route.converters.items():
            plain = JUNK.get(type(converter)) or JUNK_TEXT
            more = JUNK_STRINGS if type(converter).__name__ == "StringConverter" else []
            for value in [*plain, *more]:
                for method in ("GET", "POST"):
                    with transaction.atomic():
                        status, detail = person.ask(method, address_of(route, *person.places[0], **{name: value}))
                        transaction.set_rollback(True)
                    good = status in {302, 400, 404, 405, 410} or (status < 500 and not is_owned(route))
                    good = good or ((route.name, name) in MAY_BE_NEW and status == 200)
                    if not good:
                        found.append(f"{method} {route.name} {name}={value!r:.20}: {status} {detail}")
    assert found == [], "\n".join(found)


def test_junk_in_a_query_or_a_form_is_no_fault(world: World, site: str) -> None:
    people = [Person(world, name) for name in WITH_EVERY_VERB[site]]
    found = []
    for route in routes():
        person = allowed(people, route)
        for estate, report in person.places[: 2 if is_owned(route) else 1]:
            address = address_of(route, estate, report)
            for method, data in [("GET", QUERIES), *(("POST", each) for each in (QUERIES, *forms(person, address)))]:
                with transaction.atomic():
                    status, detail = person.ask(method, address, data)
                    transaction.set_rollback(True)
                if status >= 500 and not is_health(route):
                    found.append(f"{method} {route.name}: {status} {detail} for {str(data)[:80]}")
    assert found == [], "\n".join(found)


def forms(person: Person, address: str) -> Iterator[dict[str, str]]:
    """The fields that the page asks for, filled with what no person types."""
    with transaction.atomic():
        page = person.client.get(address)
        transaction.set_rollback(True)
    if page.streaming or not page.headers.get("Content-Type", "").startswith("text/html"):
        return
    names = set(NAMED.findall(page.content.decode()))
    for junk in ("\x00", "99999999999999999999", "x" * 3000) if names else ():
        yield dict.fromkeys(names, junk)


def fingerprint() -> dict[str, Any]:
    """A sum over all rows of every table that reading may not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()} - GET_MAY_WRITE.keys())
        sums = [f"SELECT '{name}', count(*), sum(hashtext(t::text)) FROM \"{name}\" t" for name in tables]  # noqa: S608
        cursor.execute(" UNION ALL ".join(sums))
        return {name: rest for name, *rest in cursor.fetchall()}
