"""The last step of registration for members of organisations, and the page of updated terms (deputy-people 4.6)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from foundation import drafts
from foundation.accounts.models import User
from reporting.home.registration_views import step
from reporting.people.forms import initial
from reporting.people.organisations import registration
from reporting.people.organisations.forms import OwnDetailsForm
from reporting.people.queries import profile_of


@step("register_member")
def details(request: HttpRequest, user: User) -> HttpResponse:
    """Names, job title, phone; afterwards the account is active."""
    profile = profile_of(user)
    form = OwnDetailsForm(request.POST or None, initial=initial(profile, OwnDetailsForm))
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        registration.give_details(user, form.cleaned_data)
        drafts.saved(request)
        return redirect("home")
    return render(request, "home/register_member.html", {"form": form, "draft": draft})


class TermsForm(forms.Form):
    terms = forms.BooleanField(error_messages={"required": "Agree to the terms of use to go on"})


@step("updated_terms")
def updated_terms(request: HttpRequest, user: User) -> HttpResponse:
    """Asked once of named deputies whose account is older than the terms."""
    form = TermsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        registration.agree_to_terms(user)
        return redirect("home")
    return render(request, "home/updated_terms.html", {"form": form})
