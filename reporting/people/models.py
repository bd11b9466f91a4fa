"""The people: deputies, their clients, and the court orders that join them (deputy-people 3)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Left, Lower, Upper

from foundation import clock, kept
from reporting.people.organisations.models import Organisation

ORGANISATION_ROLES = ("ROLE_PA_", "ROLE_PROF_")
"""How the roles of an organisation's members begin (deputy-people 2.1)."""


class Address(models.Model):
    """Five free lines, a postcode and a country, as the case system keeps them."""

    address1 = models.CharField("Address line 1", max_length=200, blank=True)
    address2 = models.CharField("Address line 2", max_length=200, blank=True)
    address3 = models.CharField("Address line 3", max_length=200, blank=True)
    address4 = models.CharField("Address line 4", max_length=200, blank=True)
    address5 = models.CharField("Address line 5", max_length=200, blank=True)
    postcode = models.CharField("Postcode", max_length=10, blank=True)
    country = models.CharField("Country", max_length=2, blank=True, default="GB")

    class Meta:
        abstract = True

    @property
    def address_lines(self) -> list[str]:
        lines = [self.address1, self.address2, self.address3, self.address4, self.address5, self.postcode]
        return [line for line in lines if line]


class Deputy(Address):
    """A deputy as the court and the case system know them: one ``uid``, whatever accounts there are.

    One of the accounts with a uid is the primary one; only it is linked here (deputy-people 3).
    """

    class Kind(models.TextChoices):
        LAY = "LAY", "Lay"
        PA = "PA", "Public authority"
        PRO = "PRO", "Professional"

    uid = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=3, choices=Kind.choices, default=Kind.LAY)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="deputy"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="deputies"
    )

    def __str__(self) -> str:
        return f"deputy {self.uid}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Profile(Address):
    """What the service knows of a deputy's account beyond signing in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    deputy_uid = models.CharField(max_length=20, blank=True, db_index=True)
    is_primary = models.BooleanField(default=False)
    phone = models.CharField("Phone number", max_length=20, blank=True)
    phone_alternative = models.CharField("Other phone number", max_length=20, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    is_co_deputy = models.BooleanField(default=False)
    co_deputy_confirmed = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True, help_text="matched with the register")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deputy_uid"],
                condition=models.Q(is_primary=True) & ~models.Q(deputy_uid=""),
                name="one_primary_account_per_deputy",
            )
        ]


class Clients(models.QuerySet["Client"]):
    def live(self) -> "Clients":
        return self.filter(archived_at=None, discharged_at=None)

    def visible_to(self, user: Any) -> "Clients":
        """For a lay deputy: attached, or an active order held. For an organisation's member: all of its clients,
        once staff have activated it (deputy-people 2.4).
        """
        role = getattr(user, "role", "")
        if role.startswith(ORGANISATION_ROLES):
            return self.live().filter(organisation__in=Organisation.objects.visible_to(user))
        if role != "ROLE_LAY_DEPUTY":
            return self.none()
        return self.live().filter(pk__in=_clients_of(user))


@kept.of_person
def _clients_of(user: int) -> models.QuerySet[Any, Any]:
    """Found from the person's side: one condition over all these joins would read every client there is."""
    through_orders = Client.objects.filter(
        orders__links__deputy__user=user, orders__links__is_active=True, orders__status=CourtOrder.ACTIVE
    )
    return Client.objects.filter(users=user).values("pk").union(through_orders.values("pk"))


class Client(Address):
    """The person who lacks capacity. ``case_number`` is 8 digits, or 7 digits and T; upper case."""

    case_number = models.CharField(max_length=10, db_index=True)
    first_name = models.CharField("First name", max_length=100)
    last_name = models.CharField("Last name", max_length=100)
    court_date = models.DateField(null=True, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    phone = models.CharField("Phone number", max_length=20, blank=True)
    email = models.EmailField(max_length=60, blank=True)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="clients", blank=True)
    deputy = models.ForeignKey(Deputy, null=True, blank=True, on_delete=models.SET_NULL, related_name="clients")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="clients"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    objects = Clients.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("case_number"),
                condition=models.Q(discharged_at=None),
                name="one_live_client_per_case_number",
            )
        ]
        indexes = [
            models.Index(Lower("last_name"), Lower("first_name"), name="client_names"),
            # For parts of a name, as ``icontains`` asks for them.
            GinIndex(
                *(OpClass(Upper(field), name="gin_trgm_ops") for field in ("first_name", "last_name")),
                name="client_words",
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class CourtOrders(models.QuerySet["CourtOrder"]):
    def active(self) -> "CourtOrders":
        return self.filter(status=CourtOrder.ACTIVE)

    def visible_to(self, user: Any) -> "CourtOrders":
        """Active orders on which the user's deputy is active, for a live client (deputy-people 7)."""
        return (
            self.active()
            .filter(
                links__deputy__user=user,
                links__is_active=True,
                client__archived_at=None,
                client__discharged_at=None,
            )
            .distinct()
        )


class CourtOrder(models.Model):
    """An order of the court of one type for one client."""

    ACTIVE = "ACTIVE"

    class Type(models.TextChoices):
        PFA = "pfa", "Property and financial affairs"
        HW = "hw", "Health and welfare"

    class Kind(models.TextChoices):
        SINGLE = "single"
        HYBRID = "hybrid"
        DUAL = "dual"

    impersonal = frozenset({"report_type", "status"})

    uid = models.CharField(max_length=36, unique=True)
    type = models.CharField(max_length=3, choices=Type.choices)
    report_type = models.CharField(max_length=6, blank=True, help_text="OPG102, OPG103 or OPG104")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.SINGLE)
    status = models.CharField(max_length=20, default=ACTIVE)
    made_date = models.DateField()
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="orders")
    sibling = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    deputies = models.ManyToManyField(Deputy, through="CourtOrderDeputy", related_name="orders")

    objects = CourtOrders.as_manager()

    def __str__(self) -> str:
        return f"court order {self.uid}"


class CourtOrderDeputy(models.Model):
    """A deputy on an order; a discharged deputy stays, inactive."""

    order = models.ForeignKey(CourtOrder, on_delete=models.CASCADE, related_name="links")
    deputy = models.ForeignKey(Deputy, on_delete=models.CASCADE, related_name="links")
    is_active = models.BooleanField(default=True)
    discharged_on = models.DateField(
        null=True, blank=True, help_text="what was submitted until then stays theirs to read"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "deputy"], name="deputy_once_on_order")]


class Invitation(models.Model):
    """A co-deputy asked to join the service by another deputy of the same order (deputy-people 4.5)."""

    order = models.ForeignKey(CourtOrder, on_delete=models.CASCADE, related_name="invitations")
    deputy_uid = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_sent"
    )
    invited_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "deputy_uid"], name="invited_once_to_order")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class PreRegistration(models.Model):
    """A lay deputyship that the case system knows and that somebody could register for (deputy-people 4.1).

    ``case_number`` is upper case, of 8 or 10 characters as the file has it; the first 8 tell cases apart.
    """

    impersonal = frozenset({"report_type", "order_type", "hybrid"})

    case_number = models.CharField(max_length=10)
    client_first_name = models.CharField(max_length=100, blank=True)
    client_last_name = models.CharField(max_length=100)
    client_address = models.JSONField(default=list)
    client_postcode = models.CharField(max_length=20, blank=True)
    deputy_uid = models.CharField(max_length=20, db_index=True)
    deputy_first_name = models.CharField(max_length=100, blank=True)
    deputy_last_name = models.CharField(max_length=100)
    deputy_address = models.JSONField(default=list)
    deputy_postcode = models.CharField(max_length=20, blank=True)
    report_type = models.CharField(max_length=6)
    order_date = models.DateField()
    order_type = models.CharField(max_length=3)
    is_co_deputy = models.BooleanField(default=False)
    hybrid = models.CharField(max_length=6)
    court_order_uid = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [models.Index(Left("case_number", 8), name="preregistration_case_number")]

    @property
    def case(self) -> str:
        """The part of the case number that tells cases apart."""
        return self.case_number[:8]

    @property
    def base(self) -> str:
        """102, 103 or 104."""
        return self.report_type.removeprefix("OPG")


class IngestRun(models.Model):
    """One reading of a nightly file: which file, and what came of its rows (deputy-admin 12.7)."""

    class Phase(models.TextChoices):
        QUEUED = "queued", "Waiting for its turn"
        READING = "reading", "Reading the file"
        CHECKING = "checking", "Checking its rows"
        APPLYING = "applying", "Comparing with what we have"
        REPORTS = "reports", "Splitting and merging reports"
        ENDED = "ended", "Ended"

    impersonal = frozenset({"file", "key", "sha256", "counts", "error"})

    file = models.CharField(max_length=40, help_text="lay, pa_prof, court_orders")
    key = models.CharField(max_length=200, help_text="where in the storage")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0, help_text="bytes")
    arrived_at = models.DateTimeField(null=True, help_text="when the file was put into the storage")
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.ENDED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    counts = models.JSONField(default=dict, help_text="rows by outcome")
    refused = models.JSONField(default=list, help_text="line, case number or uid, reason: no other personal data")
    error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"ingest run {self.pk}"
