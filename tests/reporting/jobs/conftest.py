"""The nightly jobs on a storage of their own: ``put_lay(lines)`` and ``put_orders(lines)`` lay a file down."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.clients import storage
from reporting.people.ingest import court_orders, lay, pa_prof

Put = Callable[..., None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.STORAGE, settings.STORAGE_FOLDER = "folder", tmp_path
    return tmp_path


def _put(name: str, columns: list[str], rows: tuple[dict[str, str], ...]) -> None:
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    storage.store().put(f"ingest/{name}", "\r\n".join(lines).encode(), "text/csv")


@pytest.fixture
def put_lay() -> Put:
    def put(*rows: dict[str, str], name: str = "lay_report.csv") -> None:
        _put(name, lay.COLUMNS, rows)

    return put


@pytest.fixture
def put_orders() -> Put:
    def put(*rows: dict[str, str], name: str = "deputyships.csv") -> None:
        _put(name, court_orders.COLUMNS, rows)

    return put


@pytest.fixture
def put_pa_prof() -> Put:
    def put(*rows: dict[str, str], name: str = "pa_pro_report.csv") -> None:
        _put(name, pa_prof.COLUMNS, rows)

    return put


class Changes:
    """Every row of every table that a file may touch, with the row history: equal before and after, or not."""

    TABLES = (
        "reporting_preregistration", "reporting_client", "reporting_client_users", "reporting_deputy",
        "reporting_courtorder", "reporting_courtorderdeputy", "reporting_report", "reporting_report_orders",
        "reporting_clientevent", "reporting_deputyevent", "reporting_courtorderevent",
        "reporting_courtorderdeputyevent", "reporting_reportevent", "reporting_organisation",
        "reporting_organisationevent",
    )  # fmt: skip

    def __call__(self) -> dict[str, list[Any]]:
        found = {}
        with connection.cursor() as cursor:
            for table in self.TABLES:
                cursor.execute(f'SELECT ctid::text, xmin::text, kept::text FROM "{table}" kept ORDER BY 1')  # noqa: S608 - our own names
                found[table] = cursor.fetchall()
        return found


@pytest.fixture
def everything() -> Changes:
    return Changes()


@pytest.fixture
def queries() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)
