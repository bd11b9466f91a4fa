from datetime import timedelta

from roster.absence.models import Sickness as Spell
from roster.activities.models import Activity
from roster.hours.balance import day_by_day
from roster.reports.report import Report, Table
from roster.timeline.days import Catalogue, span_of_days


class Sickness(Report):
    """Spells and what they cost the plan. Counts only: nobody's reason has a place here."""

    name = "sickness"
    title = "Sickness"
    about = "Spells that began, calendar days of illness, and the planned shifts that stood beneath."
    columns = ("Spells that began", "Calendar days", "Working days lost", "Hours lost")
    minutes = frozenset({3})

    def count(self, table: Table) -> None:
        scope = table.scope
        for spell in Spell.objects.during(scope.first, scope.last).filter(person__in=scope.people):
            first, last = max(spell.valid.lower, scope.first), min(spell.marked_to, scope.last)
            if spell.valid.lower >= scope.first:
                table.add(spell.person_id, spell.valid.lower, {0: 1})
            for day in span_of_days(first, last) if last > first - timedelta(days=1) else ():
                table.add(spell.person_id, day, {1: 1})
        catalogue = Catalogue()
        ill = Activity.Kind.ILLNESS
        for people in scope.batches:
            for person, days in day_by_day(people, scope.first, scope.last, catalogue).items():
                for one in days:
                    if one.what.status and one.what.shifts and catalogue.activity(one.what.status).kind == ill:
                        table.add(person, one.on, {2: 1, 3: one.credited})
