"""Takes in Notify's reports of what became of a mail, so that a mail that bounced is seen."""

from http import HTTPStatus

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation import audit, clock
from foundation.access import public
from foundation.accounts.models import User
from foundation.clients.notify import Receipt, read_receipt
from foundation.mails import MailReceipt
from foundation.outbox import Delivery, subject_of

log = structlog.get_logger(__name__)


@public
@csrf_exempt
@require_POST
def notify_receipts(request: HttpRequest) -> HttpResponse:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not constant_time_compare(token, settings.NOTIFY_CALLBACK_TOKEN):
        log.warning("notify.receipt_refused")
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    try:
        receipt = read_receipt(request.body)
    except ValueError as error:
        return HttpResponse(str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    take_in(receipt)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@transaction.atomic
def take_in(receipt: Receipt) -> None:
    """Keep the latest report under the delivery's key; a report on a mail that is not ours is dropped."""
    delivery = Delivery.objects.filter(kind="mail", key=receipt.reference).first()
    if delivery is None:
        return
    kept, _ = MailReceipt.objects.update_or_create(
        reference=delivery.key, defaults={"status": receipt.status, "at": clock.now()}
    )
    if kept.bounced:
        log.warning("mail.bounced", delivery=delivery.pk, mail=delivery.payload.get("mail"))
        audit.record("MAIL_BOUNCED", after={"delivery": delivery.pk, "mail": delivery.payload.get("mail")})


def activation_bounced(user: User) -> bool:
    """Whether the latest activation mail to this person came back: the address is wrong."""
    latest = (
        Delivery.objects.filter(kind="mail", subject=subject_of(user), payload__mail="Activation")
        .order_by("-created_at")
        .first()
    )
    receipt = latest and MailReceipt.objects.filter(reference=latest.key).first()
    return bool(receipt and receipt.bounced)
