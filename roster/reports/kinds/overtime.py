from roster.reports.report import Report, Table
from roster.timeline.days import Catalogue, counted
from roster.timeline.models import Level


class Overtime(Report):
    """Overtime as published, or as corrected since; what was paid is the payment's to say."""

    name = "overtime"
    title = "Overtime"
    about = "Overtime duties as published, or as closed days were corrected, without unpaid breaks."
    columns = ("Duties", "Hours")
    minutes = frozenset({1})

    def count(self, table: Table) -> None:
        scope, catalogue = table.scope, Catalogue()
        for (person, on), each in counted(scope.people, scope.first, scope.last, Level.OVERTIME).items():
            duties = 0 if each.day.status else len(each.day.shifts)
            table.add(person, on, {0: duties, 1: catalogue.net(each.day, on)})
