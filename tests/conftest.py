"""Fixtures that every test may use. The database of tests: foundation/testing/database.py."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.conf import settings
from django.db import transaction
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from foundation.postgres import change
from foundation.testing import database
from foundation.testing.stack import Stack
from tests.looking import WIDE

# Playwright runs an event loop in the thread of the test, where Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    """The server: the one that DATABASE_URL names, else one of our own, stopped again if it was started here."""
    server = getattr(settings, "SERVER", None)
    if server is None or server.running():
        yield
        return
    server.start()
    yield
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    postgres: None, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A fresh copy of the migrated database; tests work in it as the role ``app``."""
    name = settings.DATABASES["default"]["TEST"]["NAME"]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Django would flush as the app, which may not truncate.
        patch.setattr(TransactionTestCase, "_fixture_teardown", database.empty)
        database.create(name)
        with database.connected_to(name, role=settings.DATABASE_APP_ROLE):
            yield
        database.drop(name)


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a world that all tests of a module share: each takes back what it did, and the module the whole of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def stack(
    postgres: None, django_test_environment: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[Stack]:
    """The whole service as processes, for journeys: ``stack.urls["front"]``. Its database starts empty."""
    name = f"{settings.DATABASES['default']['TEST']['NAME']}_stack"
    with django_db_blocker.unblock():
        database.create(name)
    stack = Stack(tmp_path_factory.mktemp("stack"), database_url=change(os.environ["DATABASE_URL"], database=name))
    stack.start()
    yield stack
    stack.stop()
    with django_db_blocker.unblock():
        database.drop(name)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's chromium instead of a downloaded one."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    }


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(path=AXE_FILE_PATH)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


@pytest.fixture
def window(opened: Page) -> Iterator[Page]:
    """The same for all tests, as opening one costs more than to look at several pages; left empty by each."""
    yield opened
    opened.goto("about:blank")
