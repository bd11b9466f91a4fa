"""A tiny site on the web shell, for its tests."""

from allauth.account.views import logout
from django import forms
from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.generic import TemplateView

from foundation.access import may, public, signed_in
from foundation.web.notice import service_notice
from reporting.models import Client

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"


class Form(forms.Form):
    name = forms.CharField(error_messages={"required": "Enter your name"})
    story = forms.CharField(required=False)


down: list[bool] = []
"""Not empty while the database of this trial site is away."""


@public
def page(request: HttpRequest) -> HttpResponse:
    if down:
        raise OperationalError
    form = Form(request.POST or None)
    if form.is_valid():
        messages.success(request, "Saved")
    return render(request, "trial.html", {"form": form, "typed": "<b>one</b>\ntwo"})


@public
def search(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Client.objects.filter(case_number=request.GET.get("q", "")).count()))


@public
def outage(request: HttpRequest) -> HttpResponse:
    raise OperationalError("secret host name")


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def private(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "trial.html", {"form": Form(), "typed": ""})


@may("report.submit")
def submit(request: HttpRequest) -> HttpResponse:
    return HttpResponse("submitted")


@signed_in
def change(request: HttpRequest) -> HttpResponse:
    """Changes a row whose history is kept."""
    Client.objects.update(last_name=request.POST["name"])
    return HttpResponse(status=204)


urlpatterns = [
    path("change", change, name="change"),
    path("package", logout, name="package"),
    path("notice", service_notice, name="service_notice"),
    path("", include("foundation.web.urls")),
    path("search", search),
    path("page", page, name="page"),
    path("outage", outage, name="outage"),
    path("broken", broken, name="broken"),
    path("undeclared", undeclared, name="undeclared"),
    path("private/<str:token>", private, name="private"),
    path("submit", submit, name="submit"),
    path("class", may("report.see")(TemplateView.as_view(template_name="trial.html")), name="class"),
    path("sign-in", page, name="sign_in"),
    path("sign-out", page, name="sign_out"),
]
