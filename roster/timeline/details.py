"""What other systems see of a person: details with wall-clock times, plan and overtime, nothing that is covered.

Here the offsets of the legacy interface become times (csr-api-contract 4), in one statement.
"""

from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

import structlog
from django.db import connection
from psycopg import Cursor

from roster.timeline.clock import DAY, FULL_DAY
from roster.timeline.models import Level

log = structlog.get_logger(__name__)

STATEMENT = """
    SELECT duty.id, duty.level, duty.shift_date,
           CASE WHEN item.id IS NULL THEN duty.start ELSE item.start END,
           CASE WHEN item.id IS NULL THEN duty.end ELSE item.end END,
           COALESCE(part.name, whole.name, template.name),
           item.id IS NULL AND duty.start IS NOT NULL AND duty.template_version_id IS NOT NULL
    FROM roster_duty AS duty
    JOIN roster_person AS person ON person.id = duty.person_id
    LEFT JOIN roster_dutyitem AS item ON item.duty_id = duty.id
    LEFT JOIN roster_activity AS part ON part.id = item.activity_id
    LEFT JOIN roster_activity AS whole ON whole.id = duty.activity_id
    LEFT JOIN roster_templateversion AS version ON version.id = duty.template_version_id
    LEFT JOIN roster_template AS template ON template.id = version.template_id
    WHERE lower(person.user_name) = lower(%s::text) AND duty.live AND duty.covered_by_id IS NULL
      AND duty.level IN (1000, 4000) AND duty.shift_date BETWEEN %s AND %s
    ORDER BY duty.shift_date, 4 NULLS FIRST, duty.id, item.id
"""


class Detail(NamedTuple):
    """A stretch of one activity. A full-day entry begins and ends at 00:00 of its date."""

    overtime: bool
    shift_date: date
    start: datetime
    end: datetime
    activity: str | None


def details(user_name: str, first: date, last: date, *, faithful: bool = False) -> list[Detail]:
    """Details of shift dates from the day before ``first`` to ``last``: a night ends a day later.

    ``faithful``: an end at exactly 24:00 is 00:00 of the same date, as the legacy interface says it.
    """
    if first == date.min or last < first - timedelta(days=1):
        return []
    rows = _rows(user_name, first - timedelta(days=1), last)
    found: dict[Detail, None] = {}
    for duty, level, day, start, end, activity, unexpanded in rows:
        if unexpanded:
            log.warning("template.without_parts", duty=duty)
        detail = Detail(level == Level.OVERTIME, day, shown(day, start, faithful), shown(day, end, faithful), activity)
        found[detail] = None  # the same twice is one
    return sorted(found, key=attrgetter("start"))


def _rows(*given: Any) -> list[tuple[Any, ...]]:
    """Prepared once a connection: to plan these joins takes five times as long as to run them.

    Django's own cursors put parameters into the text, which nothing can prepare.
    """
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        return cursor.execute(STATEMENT, given, prepare=True).fetchall()


def shown(day: date, seconds: int | None, faithful: bool) -> datetime:
    """The wall-clock time so many seconds after 00:00 of the date. None and the legacy mark of a full day: 00:00."""
    midnight = datetime.combine(day, time())
    if seconds is None or seconds == FULL_DAY or (faithful and seconds == DAY):
        return midnight
    return midnight + timedelta(seconds=seconds)
