"""Imported bank statements: the files, their payments, and what people said that payments were for."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from foundation import clock
from reporting.people.models import Client
from reporting.reports.models import Report
from reporting.reports.statements.lines import StatementLine


class StatementImport(models.Model):
    """One file for one account. Until the person has confirmed the preview it only holds the encrypted file."""

    impersonal = frozenset({"sha256", "kind", "mapping"})

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("reporting.BankAccount", on_delete=models.CASCADE, related_name="statements")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=6, blank=True, help_text="csv, labels, ofx, qif")
    mapping = models.JSONField(null=True, blank=True, help_text="roles of the columns as the person confirmed them")
    content = models.BinaryField(default=b"", help_text="the file, encrypted; empty once its payments are stored")
    stored = models.BooleanField(default=False)
    opening = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="balance that it shows")
    closing = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="balance that it shows")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class Payments(models.QuerySet["Payment"]):
    def of(self, report: Report) -> "Payments":
        return self.filter(account__report=report)


class Payment(models.Model):
    """One line of a statement. Amounts are in pounds, above zero when money came in.

    ``choice`` is what it was for: a category of money, gift, expense or transfer; "" until that is known. ``other``
    is the account at the other end of a transfer. ``entry`` is the token of the entry that it is added up in.
    """

    impersonal = frozenset({"fingerprint", "suggested", "choice"})

    account = models.ForeignKey("reporting.BankAccount", on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(StatementImport, on_delete=models.CASCADE, related_name="payments")
    row = models.PositiveIntegerField(help_text="its line in the file")
    date = models.DateField()
    description = models.TextField()
    reference = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    balance = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    fingerprint = models.CharField(max_length=64)
    payee = models.TextField(help_text="what like payments have in common")
    suggested = models.CharField(max_length=60, blank=True)
    why = models.TextField(blank=True, help_text="why that was suggested")
    choice = models.CharField(max_length=60, blank=True)
    other = models.ForeignKey("reporting.BankAccount", null=True, on_delete=models.SET_NULL, related_name="+")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_person = models.BooleanField(default=False, help_text="a person chose it; nothing changes it by itself")
    entry = models.UUIDField(null=True, db_index=True)

    objects = Payments.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="payment_once_per_account"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def paid_in(self) -> bool:
        return self.amount > 0

    @property
    def line(self) -> StatementLine:
        return StatementLine(self.row, self.date, self.description, self.amount, self.balance, self.reference)


class LearnedChoice(models.Model):
    """What a person said that payments like this are for: used for later statements of the same client."""

    impersonal = frozenset({"choice"})

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    payee = models.TextField()
    paid_in = models.BooleanField()
    choice = models.CharField(max_length=60)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "payee", "paid_in"], name="learned_once_per_payee"),
        ]

    def __str__(self) -> str:
        return f"learned {self.pk}"
