"""The page that ends an activity or a shift template from a day on."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from foundation import clock
from roster.activities import actions
from roster.activities.actions import Refused, Stale
from roster.activities.models import Activity, Template
from roster.dates import Day
from roster.wording import Worded


class CloseForm(Worded, forms.Form):
    last = Day("Last day", "Enter the last day on which it can be planned")


def seen(request: HttpRequest) -> int:
    """The version of the row that the page showed; -1 where it says none."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def close(request: HttpRequest, row: Activity | Template) -> HttpResponse:
    page = type(row).__name__.lower()
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"last": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(row, form.cleaned_data["last"], by=request.user, seen=seen(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        except Stale:
            messages.error(request, "Nothing was done: somebody changed this meanwhile. Look at it now.")
            return redirect(page, row.pk)
        else:
            messages.success(request, f"{row.name} will be closed.")
            return redirect(page, row.pk)
    context = {"row": row, "form": form, "page": page}
    return render(request, "activities/close.html", context, status=400 if form.is_bound else 200)
