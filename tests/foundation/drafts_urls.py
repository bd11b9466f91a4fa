"""A tiny site with a page that shows drafts and one that does not, for test_drafts.py."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from foundation import drafts
from foundation.access import public, signed_in

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"


class StoryForm(forms.Form):
    story = forms.CharField(widget=forms.Textarea)
    places = forms.MultipleChoiceField(choices=[(one, one) for one in "abc"], widget=forms.CheckboxSelectMultiple)
    when = forms.SplitDateTimeField(required=False)
    sure = forms.BooleanField(required=False)


@signed_in
@drafts.shown
def story(request: HttpRequest, number: int = 0) -> HttpResponse:
    form = StoryForm(request.POST or None, initial={"story": "stored"})
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        drafts.saved(request)
        return redirect("done")
    return HttpResponse(form.as_p())


@signed_in
@require_POST
def action(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"done: {request.POST.get('reason')}")


@public
def done(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [
    path("", done, name="home"),
    path("", include("foundation.web.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.draft_views")),
    path("story", story, name="story"),
    path("story/<int:number>", story, name="story_number"),
    path("action", action, name="action"),
    path("done", done, name="done"),
]
