"""Activities, and shift templates with their versions and items (staff-roster 5).

Times of a template are seconds from 00:00 of the shift's date: negative on the evening before, above 86,400 on the
next day.
"""

from django.db import models
from django.db.models import F, Q

from roster.dated import Dated
from roster.establishment.models import Establishment, never_twice


class Activity(models.Model):
    """What somebody does for a time. The diary finds the day's type by phrases in the name: see ``phrases.py``."""

    class Kind(models.TextChoices):
        PRESENCE = "presence", "Presence"
        BREAK = "break", "Break"
        ABSENCE = "absence", "Absence"
        VACATION = "vacation", "Vacation"
        ILLNESS = "illness", "Illness"
        MEETING = "meeting", "Meeting"

    class Credit(models.TextChoices):
        """What counts towards the hours of the contract."""

        ACTUAL = "actual", "The time itself"
        ROSTERED = "rostered", "The hours of the shift that it replaces"
        NONE = "none", "Nothing"

    impersonal = frozenset({"name", "kind", "credit", "colour", "pay_element"})
    everywhere = "National set"

    establishment = models.ForeignKey(
        Establishment, null=True, blank=True, on_delete=models.CASCADE, related_name="activities",
        help_text="None: of the national set",
    )  # fmt: skip
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    paid = models.BooleanField(default=True)
    full_day = models.BooleanField(default=False, help_text="may stand for a whole day, over the shift beneath")
    part_day = models.BooleanField(default=True, help_text="may be part of a day")
    working_time = models.BooleanField(default=True, help_text="working time in the sense of the regulations")
    excluded_day = models.BooleanField(default=False, help_text="leave, sickness: left out of averages")
    credit = models.CharField(max_length=8, choices=Credit.choices, default=Credit.ACTUAL)
    meets_demand = models.BooleanField(default=False)
    plannable = models.BooleanField(default=True)
    requestable = models.BooleanField(default=False)
    exchangeable = models.BooleanField(default=True, help_text="may be given away in a swap")
    effective = models.BooleanField(default=True, help_text="time that is available for posts")
    confidential = models.BooleanField(
        default=False, help_text="only those who handle absences see what it is; others read “Absent”"
    )
    long_duty = models.BooleanField(default=False, help_text="a duty of it may last more than 24 hours")
    colour = models.CharField(max_length=20, default="grey")
    pay_element = models.CharField(max_length=30, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.name


class Template(models.Model):
    """A reusable shift by its code (E, L, N), of the region or one establishment. Its content is in dated versions."""

    impersonal = frozenset({"code", "name"})
    everywhere = "Whole region"

    establishment = models.ForeignKey(
        Establishment, null=True, blank=True, on_delete=models.CASCADE, related_name="templates"
    )
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=60)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "code"], nulls_distinct=False, name="template_code_once_in_a_place"
            ),
            models.UniqueConstraint(
                fields=["establishment", "name"], nulls_distinct=False, name="template_name_once_in_a_place"
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class TemplateVersion(Dated):
    """What a template is made of from a day on. Days that were inserted before keep the version they have.

    A version that was replaced before its first day has an empty range: it holds on no day.
    """

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    start = models.IntegerField(help_text="seconds from 00:00 of the shift's date")
    end = models.IntegerField(help_text="seconds")
    full_day = models.BooleanField(default=False)
    breaks_in_post = models.BooleanField(default=False, help_text="breaks are paid and taken in post, as on nights")

    class Meta:
        constraints = [
            never_twice("one_version_a_day", "template"),
            models.CheckConstraint(condition=Q(full_day=True) | Q(end__gt=F("start")), name="template_frame_in_order"),
        ]

    def __str__(self) -> str:
        return f"template version {self.pk}"


class TemplateItem(models.Model):
    """One activity in a template. Relative: seconds from the start of the frame; else from 00:00 of the date."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.CASCADE, related_name="items")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    start = models.IntegerField(help_text="seconds")
    end = models.IntegerField(help_text="seconds")
    relative = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="template_item_in_order")]
        ordering = ["pk"]
