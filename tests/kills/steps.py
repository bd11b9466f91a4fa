"""Counts the steps of a process under kill (see tests/kills/plan.py) from outside of the code that takes them."""

import os
import re
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import httpx
import requests.adapters
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponseBase

from tests.kills.plan import Plan

WHO = "worker" if "worker" in sys.argv else "front"
PLAN = Plan(Path(os.environ["KILLS_FOLDER"])) if "KILLS_FOLDER" in os.environ else None
WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)|.*(procrastinate_defer)', re.DOTALL)

here = threading.local()
"""``on``: this thread submits or delivers. ``wrote``: its transaction has written something."""


def step(label: str) -> None:
    if PLAN and getattr(here, "on", False):
        PLAN.step(WHO, label)


def counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Steps count while this function runs."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        before, here.on = getattr(here, "on", False), True
        try:
            return function(*arguments, **named)
        finally:
            here.on = before

    return run


class Counted:
    """Middleware: steps count while a declaration is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = counted(get_response)
        self.plainly = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.method == "POST" and request.path.endswith("/declaration/")
        return (self.get_response if sent else self.plainly)(request)


def install() -> None:
    from foundation import outbox
    from foundation.clients.storage import FolderStore
    from reporting.submissions import files

    connection_created.connect(_watch, dispatch_uid="kills")
    DatabaseWrapper._commit = _around_commit(DatabaseWrapper._commit)  # type: ignore[attr-defined]
    outbox.deliver_due = counted(outbox.deliver_due)
    files.make = counted(files.make)
    FolderStore.put = _around(FolderStore.put, lambda store, key, *_: "file")  # type: ignore[method-assign]
    httpx.HTTPTransport.handle_request = _around(  # type: ignore[method-assign]
        httpx.HTTPTransport.handle_request, lambda transport, request: _named(request.method, request.url.path)
    )
    requests.adapters.HTTPAdapter.send = _around(  # type: ignore[method-assign]
        requests.adapters.HTTPAdapter.send, lambda adapter, request, **_: _named(request.method, request.url)
    )


def _named(method: str, address: str) -> str:
    return f"{method} {address.partition('?')[0].rpartition('/')[2]}"


def _around(function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        label = name(*arguments, **named)
        step(label)
        result = function(*arguments, **named)
        step(f"{label} done")
        return result

    return run


def _watch(connection: Any, **signal: Any) -> None:
    if _execute not in connection.execute_wrappers:
        # First of all: who adds one for a while takes the last one away again.
        connection.execute_wrappers.insert(0, _execute)


def _execute(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    found = WRITES.match(str(sql))
    if not found:
        return execute(sql, parameters, many, context)
    label = f"{found[1]} {found[2]}" if found[1] else "defer job"
    step(label)
    result = execute(sql, parameters, many, context)
    if context["connection"].in_atomic_block:
        here.wrote = True
    else:
        step(f"{label} done")
    return result


def _around_commit(function: Callable[..., Any]) -> Callable[..., Any]:
    def commit(connection: Any) -> Any:
        wrote, here.wrote = getattr(here, "wrote", False), False
        if wrote:
            step("commit")
        result = function(connection)
        if wrote:
            step("commit done")
        return result

    return commit
