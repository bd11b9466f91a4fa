"""Forms about units: make one, call it something else from a day on, put it elsewhere, close it."""

from typing import Any

from django import forms

from foundation import clock
from foundation.web.offering import offer_rows
from roster.establishment.forms import day
from roster.establishment.models import Establishment, Function, PlanningUnit
from roster.wording import Worded


class NameForm(Worded, forms.Form):
    name = forms.CharField(label="Name", max_length=50, help_text="With the prison, like Lindholme Residential 1")
    abbreviation = forms.CharField(label="Short name", max_length=25)


class PlaceForm(Worded, forms.Form):
    function = forms.ModelChoiceField(
        Function.objects.none(), label="Function (optional)", required=False, empty_label="None"
    )
    parent = forms.ModelChoiceField(
        PlanningUnit.objects.none(), label="Part of (optional)", required=False, empty_label="No other unit"
    )

    def __init__(self, *given: Any, establishment: Establishment, besides: int = 0, **more: Any) -> None:
        super().__init__(*given, **more)
        offer_rows(self, "function", establishment.functions.all())
        units = PlanningUnit.objects.filter(establishment=establishment).open().exclude(pk=besides)
        offer_rows(self, "parent", units)


class AddForm(PlaceForm, NameForm):
    field_order = ["name", "abbreviation", "function", "parent"]


class RenameForm(NameForm):
    since = day("Called so from", help_text="What it was called before stays on record")
    field_order = ["since", "name", "abbreviation"]

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["since"].initial = clock.today().isoformat()


class FunctionForm(Worded, forms.Form):
    name = forms.CharField(label="Name", max_length=50, help_text="Like Residential, Operations or Security")


class CloseForm(Worded, forms.Form):
    day = day("Closed from")
