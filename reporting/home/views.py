"""The first page, and the pages of court orders."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from foundation.access import can, may, public, signed_in
from foundation.accounts.models import User
from reporting.home import orders
from reporting.home.registration import missing_step
from reporting.people import queries
from reporting.people.co_deputies import deputies_on
from reporting.reports.split_merge.notices import notices


@public
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "home/start.html")


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a deputy lands: the first missing step of registration, else their court orders, or the dashboard of their
    organisation (deputy-people 5.5, D-010).
    """
    user = cast(User, request.user)
    if step := missing_step(user):
        return redirect(step)
    if can(user, "dashboard.see"):
        return redirect("dashboard")
    if not can(user, "order.see"):
        return redirect("account")
    cards = orders.cards_of(user)
    unlinked, former = orders.reports_without_order(user), orders.former_reports(user)
    if not cards:
        return render(request, "home/waiting.html", {"reports": unlinked, "former": former})
    if len(cards) == 1 and not unlinked and not former:
        return redirect("court_order", cards[0].order.uid)
    return render(request, "home/orders.html", {"cards": cards, "reports": unlinked, "former": former})


@may("order.see")
@require_GET
def court_order(request: HttpRequest, uid: str) -> HttpResponse:
    """One order: its deputies and its reports."""
    user = cast(User, request.user)
    order = queries.order_of(user, uid)
    cards = orders.cards_of(user)
    card = orders.card_of(cards, order)
    reports = orders.reports_of(user, card.orders)
    return render(
        request,
        "home/court_order.html",
        {
            "card": card,
            "order": order,
            "client": order.client,
            "deputies": deputies_on(order, user),
            "reports": reports,
            "several": len(cards) > 1,
            "due_in": orders.due_in,
            "notices": [notice for line in reports.current for notice in notices(line.report, user)[:1]],
        },
    )
