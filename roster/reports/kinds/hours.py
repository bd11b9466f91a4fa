from roster.hours.balance import day_by_day
from roster.reports.report import Report, Table


class Hours(Report):
    """What the published plan credits, against the contract (staff-roster 13.1)."""

    name = "hours"
    title = "Hours"
    about = "What the published plan credits (work, and the shift that paid absence stands for), against the contract."
    columns = ("Contracted", "Credited", "Of it absence", "Difference")
    minutes = frozenset(range(4))

    def count(self, table: Table) -> None:
        scope = table.scope
        for person, days in day_by_day(scope.people, scope.first, scope.last).items():
            for day in days:
                table.add(person, day.on, 0, day.due)
                table.add(person, day.on, 1, day.credited)
                table.add(person, day.on, 2, day.credited if day.what.status else 0)
        for numbers in table.cells.values():
            numbers[0] = round(numbers[0])
            numbers[3] = numbers[1] - numbers[0]
