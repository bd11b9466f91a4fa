"""Calendar files (RFC 5545): what all of ours begin with, and the zone of their times."""

from datetime import datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard

from roster.training import marked

SUMMER = TimezoneDaylight, "BST", datetime.fromisoformat("1996-03-31T01:00"), 0, 1
WINTER = TimezoneStandard, "GMT", datetime.fromisoformat("1996-10-27T02:00"), 1, 0
"""When the clock first changed so, as it showed until then; hours ahead of Greenwich before and after."""


def calendar(name: str) -> Calendar:
    found = Calendar()
    found.add("prodid", "-//HM Prison and Probation Service//Staff roster//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", marked(name))
    found.add_component(_zone())
    return found


def _zone() -> Timezone:
    """The clock of London by the rule that holds since 1996: on the last Sundays of March and October.

    The library would list the changes of seventy years instead, those of spring an hour late.
    """
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for part, name, first, before, after in (SUMMER, WINTER):
        change = part()
        change.add("tzname", name)
        change.add("dtstart", first)
        change.add("rrule", {"freq": "yearly", "bymonth": first.month, "byday": "-1su"})
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(change)
    return zone
