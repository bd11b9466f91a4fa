"""What is typed about activities and templates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from foundation.web.offering import offer
from roster.activities import wall
from roster.activities.actions import Design, Piece
from roster.activities.designing import Fault, Frame, faults
from roster.activities.expansion import Item
from roster.activities.models import Activity, Template, TemplateVersion
from roster.activities.phrases import misleading
from roster.dates import Day
from roster.establishment.models import Establishment
from roster.wording import Worded

COLOURS = ["blue", "brown", "green", "grey", "magenta", "orange", "white", "yellow"]
EVERYWHERE = "everywhere"
ROWS = 4
"""Empty rows for activities on a new template; one more than there are on a template that is changed."""


class Place(forms.ChoiceField):
    """A prison, or ``everywhere`` for those who may change what holds there."""

    def __init__(self, places: list[Establishment | None], everywhere: str) -> None:
        choices = [(str(each.pk) if each else EVERYWHERE, each.name if each else everywhere) for each in places]
        self.places = {value: each for (value, _), each in zip(choices, places, strict=True)}
        asked = [("", "Select where")] if len(places) > 1 else []
        wrong = dict.fromkeys(("required", "invalid_choice"), "Select where it is used")
        super().__init__(choices=[*asked, *choices], label="Where it is used", error_messages=wrong)

    def clean(self, value: Any) -> Any:
        return self.places[super().clean(value)]


class Time(forms.CharField):
    """A wall time from 00:00 of the date, in seconds."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "govuk-input--width-5"})
        super().__init__(label=label, required=False, max_length=9, widget=widget, **options)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = wall.seconds(text)
        if found is None:
            raise ValidationError("Enter a time like 07:30, 25:00 or -00:10")
        return found


class ActivityForm(Worded, forms.ModelForm):
    """The properties of an activity. Its name must not mislead the diary."""

    class Meta:
        model = Activity
        fields = (
            "name", "kind", "paid", "full_day", "part_day", "working_time", "excluded_day", "credit", "meets_demand",
            "plannable", "requestable", "exchangeable", "effective", "confidential", "long_duty", "colour",
            "pay_element",
        )  # fmt: skip
        labels = {
            "kind": "Type", "full_day": "Can stand for a whole day", "part_day": "Can be part of a day",
            "working_time": "Counts as working time", "excluded_day": "Its days are left out of averages",
            "credit": "Counts towards contracted hours", "meets_demand": "Counts for demand",
            "plannable": "Can be planned", "requestable": "Staff can ask for it",
            "exchangeable": "Can be given away in a swap", "effective": "Time that is available for posts",
            "confidential": "Only those who handle absences see it by name; others read “Absent”",
            "long_duty": "A duty of it may last more than 24 hours", "pay_element": "Pay element (optional)",
        }  # fmt: skip
        help_texts = dict.fromkeys(fields, "")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].error_messages |= {"required": "Enter a name", "unique": "There is one of that name"}
        offer(self, "kind", [("", "Select a type"), *Activity.Kind.choices])
        self.fields["credit"].error_messages["required"] = "Select how it counts towards contracted hours"
        self.fields["colour"] = forms.ChoiceField(
            label="Colour", choices=[(each, each) for each in COLOURS],
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Select a colour"),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("name") and given.get("kind"):
            replaces = given.get("credit") == Activity.Credit.ROSTERED
            if why := misleading(given["name"], given["kind"], replaces_a_shift=replaces):
                self.add_error("name", why)
        if not given.get("full_day") and not given.get("part_day"):
            self.add_error("full_day", "Select a whole day, a part of a day, or both")
        return given


class TemplateForm(Worded, forms.Form):
    """What a new template is called."""

    code = forms.RegexField(
        r"^[A-Za-z0-9]{1,8}$", label="Code",
        help_text="1 to 8 letters and figures, as planners type it",
        error_messages={"required": "Enter a code", "invalid": "Enter 1 to 8 letters and figures"},
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Enter a name"})


class ItemForm(Worded, forms.Form):
    """One activity of a template; a row without activity and times is left out."""

    activity = forms.ModelChoiceField(Activity.objects.none(), required=False, label="Activity")
    start = Time("From")
    end = Time("To")
    relative = forms.ChoiceField(
        label="Times", choices=[("clock", "By the clock"), ("frame", "After the start of the shift")], required=False
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.blank:
            return given
        if "activity" in given and given["activity"] is None:
            self.add_error("activity", "Select an activity")
        for name, words in (("start", "Enter when it starts"), ("end", "Enter when it ends")):
            if name in given and given[name] is None:
                self.add_error(name, words)
        return given

    @property
    def blank(self) -> bool:
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("activity", "start", "end"))


class DesignForm(Worded, forms.Form):
    """Frame and items of a version. ``design`` is what it says, once it is valid."""

    first = Day(
        "First day", "Enter the first day on which it is used", help_text="Days inserted already keep what they have"
    )
    whole_day = forms.ModelChoiceField(
        Activity.objects.none(), required=False, label="A whole day of (optional)",
        help_text="For a day without times, such as a rest day. Leave the times below empty then",
        empty_label="Not a whole day",
    )  # fmt: skip
    start = Time("Start of the shift", help_text="For example 07:30. -00:10 is 23:50 on the evening before")
    end = Time("End of the shift", help_text="25:00 is 01:00 on the next day")
    breaks_in_post = forms.BooleanField(
        required=False, label="Breaks are paid and taken in post", help_text="As on nights when nobody can relieve"
    )

    def __init__(self, data: Any = None, *, choices: QuerySet[Activity], rows: int = ROWS, **options: Any) -> None:
        super().__init__(data, **options)
        whole_day: Any = self.fields["whole_day"]
        whole_day.queryset = choices.filter(full_day=True)
        initial = options.get("initial") or {}
        kept = initial.get("items", [])
        typed = (data or {}).get("rows", "")
        count = min(int(typed), 40) if typed.isdecimal() and len(typed) < 3 else max(rows, len(kept) + 1)
        if data is not None and data.get("do") == "row":
            count += 1
        self.items = [self._item(number, data, kept, choices) for number in range(count)]
        self.found: list[Item] = []

    def _item(self, number: int, data: Any, kept: list[dict[str, Any]], choices: QuerySet[Activity]) -> ItemForm:
        initial = kept[number] if number < len(kept) else {"relative": "clock"}
        form = ItemForm(data, prefix=f"i{number}", initial=initial)
        activity: Any = form.fields["activity"]
        activity.queryset = choices.filter(part_day=True)
        return form

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self.filled = [each for each in self.items if not each.blank]
        if given.get("whole_day"):
            if self.filled or given.get("start") is not None or given.get("end") is not None:
                self.add_error("whole_day", "A whole day has no times: leave the times and activities empty")
            return given
        sound = all(each.is_valid() for each in self.filled)
        for name, words in (("start", "Enter the start of the shift"), ("end", "Enter the end of the shift")):
            if name in given and given[name] is None:
                self.add_error(name, words)
        if sound and not self.errors:
            self.found = [Item(p.activity, *_wall(p, given["start"])) for p in self.pieces]
            for fault in faults(Frame(given["start"], given["end"], given["breaks_in_post"]), self.found):
                self._point(fault)
        if not sound or any(each.errors for each in self.filled):
            self.add_error(None, ValidationError("Check the activities", code="items"))
        return given

    def _point(self, fault: Fault) -> None:
        if fault.item is None:
            self.add_error(fault.field, fault.text)
        else:
            form = self.filled[fault.item] if self.filled else self.items[0]
            form.is_valid()
            form.add_error(fault.field, fault.text)
            self.filled = self.filled or [form]

    @property
    def pieces(self) -> list[Piece]:
        rows = [each.cleaned_data for each in self.filled]
        return [Piece(row["activity"], row["start"], row["end"], row["relative"] == "frame") for row in rows]

    @property
    def frame(self) -> Frame:
        given = self.cleaned_data
        return Frame(given["start"], given["end"], given["breaks_in_post"])

    @property
    def design(self) -> Design:
        given = self.cleaned_data
        if given["whole_day"]:
            return Design([Piece(given["whole_day"], 0, wall.DAY)], full_day=True)
        return Design(self.pieces, given["start"], given["end"], breaks_in_post=given["breaks_in_post"])

    @property
    def summary(self) -> list[dict[str, str]]:
        """Every error with the field that it leads to, those of items too."""
        found = []
        for form in (self, *self.items):
            for name, errors in form.errors.items():
                if name in form.fields:
                    found += [{"text": str(error), "href": f"#{form[name].auto_id}"} for error in errors]
        return found


def _wall(piece: Piece, start: int) -> tuple[int, int]:
    return piece.start + piece.relative * start, piece.end + piece.relative * start


def initial(version: TemplateVersion) -> dict[str, Any]:
    """A version as the form would be typed."""
    items = list(version.items.all())
    if version.full_day:
        return {"whole_day": items[0].activity_id if items else None}
    return {
        "start": wall.typed(version.start),
        "end": wall.typed(version.end),
        "breaks_in_post": version.breaks_in_post,
        "items": [
            {
                "activity": each.activity_id, "start": wall.typed(each.start), "end": wall.typed(each.end),
                "relative": "frame" if each.relative else "clock",
            }
            for each in items
        ],
    }  # fmt: skip


def latest(template: Template) -> TemplateVersion | None:
    """The version with the latest days."""
    rows = template.versions.filter(valid__isempty=False).prefetch_related("items__activity")
    found: TemplateVersion | None = rows.order_by("-valid").first()
    return found
