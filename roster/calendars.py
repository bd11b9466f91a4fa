"""Calendar files (RFC 5545): what all of ours begin with."""

from icalendar import Calendar


def calendar(name: str) -> Calendar:
    found = Calendar()
    found.add("prodid", "-//HM Prison and Probation Service//Staff roster//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", name)
    return found
