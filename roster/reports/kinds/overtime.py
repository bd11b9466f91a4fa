from roster.reports.report import Report, Table
from roster.timeline.content import stored
from roster.timeline.models import Duty, Level, presence


class Overtime(Report):
    """Overtime as published; what was confirmed and paid is the payment's to say."""

    name = "overtime"
    title = "Overtime"
    about = "Overtime duties as published, without unpaid breaks."
    columns = ("Duties", "Hours")
    minutes = frozenset({1})

    def count(self, table: Table) -> None:
        scope = table.scope
        rows = Duty.objects.whole().between(scope.first, scope.last).filter(presence(), person__in=scope.people)
        for row in rows.filter(level=Level.OVERTIME):
            table.add(row.person_id, row.shift_date, 0)
            table.add(row.person_id, row.shift_date, 1, stored(row).net(row.shift_date))
