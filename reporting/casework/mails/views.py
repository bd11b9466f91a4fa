"""Mails that did not go out: the list, and the decision about one. Mails that came back: the list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import outbox
from foundation.access import can, may
from foundation.web.paging import pagination
from reporting.casework.mails import actions, queries

CHANGED = "Nothing was done: this mail has changed since you opened the page."


@may("mail.see")
@require_GET
def undelivered_mails(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.visible_to(request.user), queries.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [queries.seen(delivery, request.user) for delivery in page.object_list],
        "page": page,
        "pagination": pagination(page, reverse("undelivered_mails"), {}),
        "names": can(request.user, "mail.see_recipient"),
        "may_decide": can(request.user, "mail.decide"),
        "returned": queries.returned(request.user).count(),
        "days": queries.RETURNED_DAYS,
    }
    return render(request, "casework/mails/list.html", context)


@may("mail.see")
@require_GET
def returned_mails(request: HttpRequest) -> HttpResponse:
    """Nothing is to be decided about these: the person has to be reached in another way, and the address put right."""
    page = Paginator(queries.returned(request.user), queries.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [queries.seen(delivery, request.user) for delivery in page.object_list],
        "pagination": pagination(page, reverse("returned_mails"), {}),
        "names": can(request.user, "mail.see_recipient"),
        "days": queries.RETURNED_DAYS,
    }
    return render(request, "casework/mails/returned.html", context)


@may("mail.decide")
@require_http_methods(["GET", "POST"])
def mail_decide(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Send it again, or put it away."""
    delivery = get_object_or_404(queries.visible_to(request.user), pk=mail_id)
    if request.method != "POST":
        return render(request, "casework/mails/decide.html", {"seen": queries.seen(delivery, request.user)})
    version = request.POST.get("version", "")
    try:
        if request.POST.get("decision") == "put_away":
            actions.put_away(delivery, by=request.user, version=version)
            messages.success(request, "The mail has been put away. It will not be sent.")
        else:
            outbox.resend(delivery, by=request.user, version=version)
            messages.success(request, "The mail is queued. It goes out in the next minute.")
    except outbox.Changed:
        messages.error(request, CHANGED)
    return redirect("undelivered_mails")
