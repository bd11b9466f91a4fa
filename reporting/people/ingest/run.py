"""One reading of one file: found, checked, applied in one transaction, recorded in ``IngestRun``.

How far it is (``phase``) is written outside that transaction, so that staff can watch it.
"""

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from foundation import audit, clock
from foundation.clients import storage
from foundation.clients.storage import Stored
from reporting.people.ingest.rows import BadFile, BadRow, Refusals, read
from reporting.people.models import IngestRun

Counts = dict[str, int]
LOCK = 941_001
"""Advisory lock: one file is applied at a time."""


@dataclass(frozen=True)
class Layout:
    """A kind of file: which name it has, which columns, how a row is checked, and the table it is staged in."""

    file: str
    pattern: str
    columns: list[str]
    check: Callable[[dict[str, str]], tuple[Any, ...]]
    identifiers: dict[str, str]
    """Columns that may be named in a report of refused rows, by the name they get there."""
    table: str
    """Name of the temporary table."""
    create: str
    """The statement that creates it."""
    fields: list[str]
    """Its columns in the order of the values that ``check`` returns."""


@dataclass
class Staged:
    """The checked rows of a file, now in the temporary table ``layout.table``."""

    rows: int
    refusals: Refusals
    notes: list[dict[str, Any]] = field(default_factory=list)
    """What a person should look at though it was applied: identifiers and reasons."""


@dataclass
class Outcome:
    """What follows a file once it is applied, a transaction for each case: splitting and merging reports."""

    counts: Counts = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)


def newest(pattern: str) -> Stored:
    """The file in the folder of nightly files that came last among those of this name."""
    folder = settings.INGEST_FOLDER
    found = [
        stored
        for stored in storage.store().list(folder)
        if fnmatch.fnmatch(stored.key.removeprefix(folder).lower(), pattern.lower())
    ]
    if not found:
        raise BadFile(f"There is no file {pattern} in {folder}.")
    return max(found, key=lambda stored: (stored.modified, stored.key))


def ingest(
    layout: Layout,
    apply: Callable[[Staged], Counts],
    *,
    then: Callable[[], Outcome] | None = None,
    run: IngestRun | None = None,
) -> IngestRun:
    """Apply the newest file of this layout. A failure changes nothing, is recorded, and is raised.

    ``run`` is one that somebody asked for and that waits for its turn. ``then`` follows the commit.
    """
    run = run or IngestRun(file=layout.file)
    run.started_at = clock.now()
    try:
        enter(run, IngestRun.Phase.READING)
        found = newest(layout.pattern)
        data = storage.store().get(found.key)
        run.key, run.size, run.sha256 = found.key[:200], len(data), sha256(data).hexdigest()
        run.arrived_at = found.modified
        enter(run, IngestRun.Phase.CHECKING)
        refusals = Refusals()
        good = checked(layout, text_of(data), refusals)
        enter(run, IngestRun.Phase.APPLYING)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                # PostgreSQL goes through all deferred checks for each row that a history trigger writes: with
                # tens of thousands of rows that is most of the time (bench/results/ingest.md).
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            staged = stage(layout, good, refusals)
            run.refused = refusals.kept
            run.counts = {"rows": staged.rows + refusals.count, "refused": refusals.count}
            refuse_if_too_many(staged)
            run.counts |= apply(staged)
            run.counts["refused"] = refusals.count
            run.refused = [*refusals.kept, *staged.notes]
            audit.record("CSV_INGESTED", by=run.started_by, subject=run, after={"file": layout.file, **run.counts})
        if then:
            enter(run, IngestRun.Phase.REPORTS)
            outcome = then()
            run.counts |= outcome.counts
            run.refused = [*run.refused, *outcome.notes]
        run.ok = True
    except BadFile as error:
        run.ok, run.error = False, str(error)[:500]
        raise
    except Exception as error:
        run.ok, run.error = False, type(error).__name__
        raise
    finally:
        run.ended_at, run.phase = clock.now(), IngestRun.Phase.ENDED
        run.save()
    return run


def enter(run: IngestRun, phase: IngestRun.Phase) -> None:
    """Say how far the run is, for whoever watches it."""
    run.phase = phase
    run.save()


def text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"The file is not UTF-8 text (byte {error.start}).") from None


def stage(layout: Layout, good: list[tuple[Any, ...]], refusals: Refusals) -> Staged:
    """Copy the good rows into the temporary table."""
    if not good:
        raise BadFile("The file has no usable rows.")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {layout.table}")
        cursor.execute(layout.create)
        with cursor.copy(f"COPY {layout.table} ({', '.join(layout.fields)}) FROM STDIN") as copy:
            for values in good:
                copy.write_row(values)
        cursor.execute(f"ANALYZE {layout.table}")
    return Staged(len(good), refusals)


def checked(layout: Layout, decoded: str, refusals: Refusals) -> list[tuple[Any, ...]]:
    """The values of the good rows, each once; the line is the last of them where the layout has a column for it."""
    good: dict[tuple[Any, ...], int] = {}
    for line, row in read(decoded, layout.columns):
        if row is None:
            refusals.add(line, "the row does not have as many values as the header")
            continue
        try:
            good.setdefault(layout.check(row), line)
        except BadRow as reason:
            refusals.add(line, str(reason), **{name: row[column] for name, column in layout.identifiers.items()})
    return [(*values, line) for values, line in good.items()] if layout.fields[-1] == "line" else list(good)


def refuse_if_too_many(staged: Staged) -> None:
    total = staged.rows + staged.refusals.count
    if too_many(staged.refusals.count, total, settings.INGEST_MAX_REFUSED_PERCENT):
        raise BadFile(f"{staged.refusals.count} of {total} rows are refused: too many, nothing was changed.")


def too_many(part: int, whole: int, percent: float) -> bool:
    """A share counts only above a number of rows that any night may bring."""
    return part > settings.INGEST_TOLERATED_ROWS and part * 100 > whole * percent


def execute(statement: str, parameters: Iterable[Any] = ()) -> int:
    """Run a statement and say how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return int(cursor.rowcount)


def query(statement: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())
