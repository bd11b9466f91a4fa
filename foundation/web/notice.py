"""The service notice: read on every page of the front site, never cached, so that it shows and goes at once."""

import time
from typing import Any

import structlog
from django import forms
from django.contrib import messages
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation import audit
from foundation.access import may
from foundation.web.models import ServiceNotice

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5.0
_pause = {"until": 0.0}
"""While the database is away, not every page waits for it because of the notice."""


class Stale(Exception):
    """Somebody else changed the notice meanwhile."""


def current_notice() -> str:
    """The text to show now, or nothing. A database that does not answer must not take the page with it."""
    if time.monotonic() < _pause["until"]:
        return ""
    try:
        notice = ServiceNotice.objects.filter(enabled=True).first()
    except (DatabaseError, InterfaceError) as error:
        log.warning("notice.unreadable", error=type(error).__name__)
        _pause["until"] = time.monotonic() + PAUSE_SECONDS
        return ""
    return notice.text if notice else ""


@transaction.atomic
def set_notice(*, enabled: bool, text: str | None = None, by: Any, version: int | None = None) -> ServiceNotice:
    """Show the notice or take it away; without a text the last one is kept."""
    ServiceNotice.objects.get_or_create(pk=1)
    notice = ServiceNotice.objects.select_for_update().get(pk=1)
    if version is not None and version != notice.version:
        raise Stale
    before = {"enabled": notice.enabled, "text": notice.text}
    notice.enabled, notice.text = enabled, notice.text if text is None else text
    notice.version += 1
    notice.save()
    after = {"enabled": notice.enabled, "text": notice.text}
    audit.record("SERVICE_NOTICE_CHANGED", by=by, subject=notice, before=before, after=after)
    return notice


class NoticeForm(forms.Form):
    enabled = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={"required": "Select yes if the notice is to be shown"},
    )
    text = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={"max_length": "The notice must be 2,000 characters or less"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("enabled") == "yes" and not given.get("text") and "text" not in self.errors:
            self.add_error("text", "Enter the text of the notice")
        return given


@may("notice.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def service_notice(request: HttpRequest) -> HttpResponse:
    """Where staff write the notice."""
    notice = ServiceNotice.objects.filter(pk=1).first() or ServiceNotice()
    if request.method != "POST":
        values = {"enabled": "yes" if notice.enabled else "no", "text": notice.text, "version": notice.version}
        return render(request, "site/service_notice.html", {"values": values})
    form = NoticeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_notice(enabled=given["enabled"] == "yes", text=given["text"], by=request.user, version=given["version"])
        except Stale:
            form.add_error(
                "text", f"Somebody else changed the notice since you opened this page. It now says: “{notice.text}”"
            )
            values = {**request.POST.dict(), "version": notice.version}
            return render(request, "site/service_notice.html", {"form": form, "values": values}, status=409)
        messages.success(
            request, "The notice is shown now." if given["enabled"] == "yes" else "The notice is not shown."
        )
        return HttpResponseRedirect(reverse("service_notice"))
    return render(request, "site/service_notice.html", {"form": form, "values": request.POST.dict()}, status=400)
