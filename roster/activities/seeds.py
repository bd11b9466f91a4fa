"""The national set of activities and templates that every cell begins with (staff-roster 5.1, 5.3)."""

from datetime import date

from django.db import transaction

from roster.activities.models import Activity, Template, TemplateItem, TemplateVersion

PRESENCE, BREAK, ABSENCE = Activity.Kind.PRESENCE, Activity.Kind.BREAK, Activity.Kind.ABSENCE
VACATION, ILLNESS, MEETING = Activity.Kind.VACATION, Activity.Kind.ILLNESS, Activity.Kind.MEETING
ACTUAL, ROSTERED, NONE = Activity.Credit.ACTUAL, Activity.Credit.ROSTERED, Activity.Credit.NONE

DUTIES = [
    "Present", "Residential Duties", "Activities Duties", "Visits", "Workshops", "Duty Manager", "Orderly Officer (1)",
    "Regime Officer", "Night Duties", "Nights OSG", "Gate", "Control Room", "CCTV monitoring", "Mail", "Reception",
    "Seg Duties", "Constant Watch", "Door Guard", "Canteen watch", "Bedwatch", "Escort", "Court",
]  # fmt: skip
MEETINGS = ["Meeting", "Key Work", "ACCT Review", "Admin", "Appraisal"]

OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("On Call", ABSENCE, {"full_day": True, "working_time": False, "credit": NONE, "colour": "grey"}),
    ("Break (Unpaid)", BREAK, {"paid": False, "working_time": False, "credit": NONE, "colour": "white"}),
    ("Break (Paid)", BREAK, {"colour": "white"}),
    ("Rest Day", ABSENCE, {"paid": False, "full_day": True, "part_day": False, "working_time": False, "credit": NONE,
                           "colour": "orange"}),
    ("Annual Leave", VACATION, {"excluded_day": True, "requestable": True, "colour": "yellow"}),
    ("Annual Leave - Bank Holiday", VACATION, {"part_day": False, "excluded_day": True, "requestable": True,
                                               "colour": "yellow"}),
    ("Sick", ILLNESS, {"excluded_day": True, "confidential": True, "colour": "green"}),
    ("Sick - Industrial injury", ILLNESS, {"excluded_day": True, "confidential": True, "colour": "green"}),
    ("Authorised Absence", ABSENCE, {"requestable": True, "colour": "yellow"}),
    ("Maternity Leave (Absence)", ABSENCE, {"part_day": False, "excluded_day": True, "requestable": True,
                                            "colour": "yellow"}),
    ("Paternity Leave (Absence)", ABSENCE, {"part_day": False, "excluded_day": True, "requestable": True,
                                            "colour": "yellow"}),
    ("Shared Parental Leave (Absence)", ABSENCE, {"part_day": False, "excluded_day": True, "requestable": True,
                                                  "colour": "yellow"}),
    ("Special Leave (Absence)", ABSENCE, {"requestable": True, "colour": "yellow"}),
    ("Court Attendance (Absence)", ABSENCE, {"requestable": True, "colour": "yellow"}),
    ("Bereavement Leave (Absence)", ABSENCE, {"requestable": True, "confidential": True, "colour": "yellow"}),
    ("Suspension (Absence)", ABSENCE, {"part_day": False, "confidential": True, "colour": "yellow"}),
    ("Unauthorised Absence", ABSENCE, {"paid": False, "part_day": False, "credit": NONE, "confidential": True,
                                       "colour": "yellow"}),
    ("Absence - Unpaid", ABSENCE, {"paid": False, "part_day": False, "credit": NONE, "colour": "yellow"}),
    ("Career Leave (Absence)", ABSENCE, {"paid": False, "part_day": False, "credit": NONE, "colour": "yellow"}),
    ("TOIL", ABSENCE, {"requestable": True, "colour": "yellow"}),
    ("Training - Internal", MEETING, {"working_time": True, "credit": ACTUAL, "requestable": True, "colour": "yellow"}),
    ("Training - External", MEETING, {"working_time": True, "credit": ACTUAL, "requestable": True, "colour": "yellow"}),
    ("Union Duties", ABSENCE, {"working_time": True, "credit": ACTUAL, "requestable": True, "colour": "magenta"}),
    ("Union Facility Time", ABSENCE, {"working_time": True, "credit": ACTUAL, "requestable": True,
                                      "colour": "magenta"}),
    ("Detached Duty", PRESENCE, {"working_time": True, "credit": ACTUAL, "requestable": True, "colour": "brown"}),
    ("Mutual aid", PRESENCE, {"working_time": True, "credit": ACTUAL, "pay_element": "tornado", "long_duty": True,
                              "colour": "brown"}),
    ("None", ABSENCE, {"paid": False, "part_day": False, "working_time": False, "credit": NONE, "colour": "grey"}),
]  # fmt: skip
"""Name, kind, and what differs from a paid full-day absence that credits the rostered hours."""

HOUR = 3600
DAY, UNPAID = "Residential Duties", "Break (Unpaid)"
TEMPLATES: list[tuple[str, str, int, int, list[tuple[str, int, int, bool]]]] = [
    ("E", "Early", 27000, 45900, [(DAY, 0, 18900, True)]),
    ("M", "Main", 27000, 63000, [(DAY, 0, 18000, True), (UNPAID, 45000, 48600, False), (DAY, 21600, 36000, True)]),
    ("L", "Late", 44100, 75600, [(DAY, 0, 17100, True), (UNPAID, 61200, 63000, False), (DAY, 18900, 31500, True)]),
    ("A", "Long day", 27000, 72000, [
        (DAY, 0, 18000, True), (UNPAID, 45000, 48600, False), (DAY, 21600, 34200, True),
        (UNPAID, 61200, 63000, False), (DAY, 36000, 45000, True),
    ]),
    ("N", "Night", 74700, 113400, [("Night Duties", 0, 38700, True)]),
    ("N2", "Night (OSG)", 81000, 113400, [("Nights OSG", 0, 32400, True)]),
    ("D", "Manager", 28800, 61200, [
        ("Duty Manager", 0, 14400, True), (UNPAID, 43200, 46800, False), ("Duty Manager", 18000, 32400, True),
    ]),
    ("OO", "Orderly Officer", 26100, 72900, [
        ("Orderly Officer (1)", 0, 18900, True), (UNPAID, 45000, 46800, False),
        ("Orderly Officer (1)", 20700, 35100, True), (UNPAID, 61200, 63000, False),
        ("Orderly Officer (1)", 36900, 46800, True),
    ]),
    *(
        (code, name, 32400, 61200, [
            (kind, 0, 12600, True), (UNPAID, 45000, 47400, False), (kind, 15000, 28800, True),
        ])
        for code, name, kind in [
            ("TR", "Training day", "Training - Internal"), ("TREXT", "External training day", "Training - External"),
        ]
    ),
]  # fmt: skip
"""Code, name, frame in seconds from 00:00, and items: activity, start, end, relative to the frame or by the clock."""

FULL_DAYS = [
    ("RD", "Rest Day"), ("AL", "Annual Leave"), ("SICK", "Sick"), ("TOIL", "TOIL"), ("DD", "Detached Duty"),
    ("COURT", "Court Attendance (Absence)"), ("UNION", "Union Duties"), ("BEREAV", "Bereavement Leave (Absence)"),
    ("SUSP", "Suspension (Absence)"),
]  # fmt: skip
NIGHTS = {"N", "N2"}
"""Their breaks are paid and taken in post (staff-roster 5.3), so they have no item for them."""
LONG_DUTIES = {"Bedwatch"}
FROM = date(2020, 1, 1)


@transaction.atomic
def seed() -> None:
    for name in DUTIES:
        duty = {"kind": PRESENCE, "meets_demand": True, "colour": "blue", "long_duty": name in LONG_DUTIES}
        Activity.objects.get_or_create(name=name, defaults=duty)
    for name in MEETINGS:
        Activity.objects.get_or_create(name=name, defaults={"kind": MEETING, "colour": "blue"})
    for name, kind, differs in OTHERS:
        usual = {"kind": kind, "exchangeable": False, "effective": False}
        if kind != BREAK:
            usual |= {"full_day": True, "working_time": False, "credit": ROSTERED}
        Activity.objects.get_or_create(name=name, defaults=usual | differs)
    known = {activity.name: activity for activity in Activity.objects.all()}
    for code, name, start, end, items in TEMPLATES:
        if version := _version(code, name, start=start, end=end, breaks_in_post=code in NIGHTS):
            TemplateItem.objects.bulk_create(
                TemplateItem(version=version, activity=known[activity], start=first, end=last, relative=relative)
                for activity, first, last, relative in items
            )
    for code, name in FULL_DAYS:
        if version := _version(code, name, start=0, end=24 * HOUR, full_day=True):
            TemplateItem.objects.create(version=version, activity=known[name], start=0, end=24 * HOUR)


def _version(code: str, name: str, **frame: int) -> TemplateVersion | None:
    """The first version of a national template; None if the template is there already."""
    template, made = Template.objects.get_or_create(establishment=None, code=code, defaults={"name": name})
    return TemplateVersion.objects.create(template=template, valid=(FROM, None), **frame) if made else None
