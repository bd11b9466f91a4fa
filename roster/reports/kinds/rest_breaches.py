from roster.reports.report import Report, Table
from roster.rules.check import AFTERWARDS, Checker
from roster.timeline.days import NOTHING, Catalogue, published

RULES = {"W1": 0, "W2": 1, "W3": 2}
"""Code of a rule to its column: daily rest, weekly rest, break in a shift (staff-roster 16.1)."""


class RestBreaches(Report):
    """Breaches of the rest that the law asks for, as the rule book in force finds them in the published plan."""

    name = "rest-breaches"
    title = "Rest breaches"
    about = "Where the published plan breaks the rest that the law asks for, on the last day that each is about."
    columns = ("Daily rest", "Weekly rest", "Break in a shift", "Of them permitted")

    def count(self, table: Table) -> None:
        scope, catalogue = table.scope, Catalogue()
        last = scope.last + AFTERWARDS  # so that each is seen whole, and told by its true last day
        for people in scope.batches:
            checker = Checker(people, scope.first, last, catalogue, codes=RULES)
            plan = published(people, scope.first, last)
            for person in people:
                line = {day: plan.get((person, day), NOTHING).day for day in checker.days}
                for found in checker.check(person, line):
                    if found.days:
                        table.add(person, found.days[-1], {RULES[found.code]: 1, 3: bool(found.permitted)})
