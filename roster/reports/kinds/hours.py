from roster.hours.balance import day_by_day
from roster.reports.report import Report, Table
from roster.timeline.days import Catalogue


class Hours(Report):
    """What the published plan or its corrections credit, against the contract (staff-roster 13.1)."""

    name = "hours"
    title = "Hours"
    about = (
        "What the published plan credits (work, and the shift that paid absence stands for), or closed days were "
        "corrected to, against the contract."
    )
    columns = ("Contracted", "Credited", "Of it absence", "Difference")
    minutes = frozenset(range(4))

    def count(self, table: Table) -> None:
        scope, catalogue = table.scope, Catalogue()
        for people in scope.batches:
            for person, days in day_by_day(people, scope.first, scope.last, catalogue).items():
                for day in days:
                    absent = day.credited if day.what.status else 0
                    table.add(person, day.on, {0: day.due, 1: day.credited, 2: absent})
        for numbers in table.cells.values():
            numbers[0] = round(numbers[0])
            numbers[3] = numbers[1] - numbers[0]
