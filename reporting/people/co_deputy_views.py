"""Inviting a co-deputy from a court order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation import audit, drafts
from foundation.access import may
from foundation.accounts.limits import limit
from foundation.web import pages
from reporting.people import co_deputies, queries
from reporting.people.co_deputies import NotInvited
from reporting.people.forms import InvitationForm
from reporting.people.models import CourtOrder, Invitation
from reporting.people.views import person

HOUR = 3600
NEUTRAL = (
    "We could not send the invitation. Check that the names are as on the court order and that the email address is "
    "your co-deputy’s own. If they are right, ask us for help"
)


@may("co_deputy.invite")
@require_http_methods(["GET", "POST"])
@drafts.shown
def invite(request: HttpRequest, uid: str) -> HttpResponse:
    return _page(request, queries.order_of(request.user, uid), None)


@may("co_deputy.invite")
@require_http_methods(["GET", "POST"])
@drafts.shown
def invite_again(request: HttpRequest, uid: str, invitation_id: int) -> HttpResponse:
    """Correct an invitation that nobody has followed yet, and send it again."""
    order = queries.order_of(request.user, uid)
    return _page(request, order, get_object_or_404(order.invitations.select_related("user"), pk=invitation_id))


def _page(request: HttpRequest, order: CourtOrder, invitation: Invitation | None) -> HttpResponse:
    names = ("first_name", "last_name", "email")
    given = {name: getattr(invitation.user, name) for name in names} if invitation else {}
    form = InvitationForm(request.POST or None, initial=given)
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        if not limit(f"invitation:{person(request).pk}", 20, HOUR):
            return pages.too_many(request, HOUR)
        try:
            if invitation:
                co_deputies.invite_again(invitation, **form.cleaned_data, by=person(request))
            else:
                co_deputies.invite(order, **form.cleaned_data, by=person(request))
            drafts.saved(request)
            messages.success(request, "We have invited your co-deputy by email.")
            return redirect("court_order", order.uid)
        except NotInvited as refused:
            audit.record("CO_DEPUTY_NOT_INVITED", by=request.user, subject=order, reason=str(refused))
            form.add_error(None, NEUTRAL)
    context = {"form": form, "draft": draft, "order": order, "client": order.client, "again": invitation is not None}
    return render(request, "people/invite.html", context)
