"""Who may sign in. One user model for both services; what a user is in a service hangs on it from there."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce, Lower, Upper


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalise(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalise(username or ""))

    @staticmethod
    def normalise(email: str) -> str:
        """Addresses are kept and compared in lower case."""
        return email.strip().lower()


class User(AbstractBaseUser):
    """A person who signs in by e-mail address. ``role`` is a key of the service's access table."""

    class Route(models.TextChoices):
        """How the account came about (deputy-people 3)."""

        SELF_REGISTER = "SELF_REGISTER"
        ADMIN_INVITE = "ADMIN_INVITE"
        ORG_ADMIN_INVITE = "ORG_ADMIN_INVITE"
        CO_DEPUTY_INVITE = "CO_DEPUTY_INVITE"
        UNKNOWN = "UNKNOWN"

    impersonal = frozenset({"role", "password"})

    email = models.EmailField(max_length=60, unique=True)
    user_name = models.CharField(
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        help_text="as the identity provider knows the person; lower case",
    )
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40)
    is_active = models.BooleanField(default=False)
    route = models.CharField(max_length=20, choices=Route.choices, default=Route.UNKNOWN)
    created_at = models.DateTimeField(auto_now_add=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    agreed_terms_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    new_email = models.EmailField(max_length=60, blank=True, help_text="asked for, not yet confirmed from there")
    protected = models.BooleanField(default=False, help_text="Never deleted by a retention job.")
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name", "role"]

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case")]
        indexes = [
            # For parts of a name or address, as ``icontains`` asks for them.
            GinIndex(
                *(OpClass(Upper(field), name="gin_trgm_ops") for field in ("email", "first_name", "last_name")),
                name="user_words",
            ),
            models.Index(Coalesce("registered_at", "created_at").desc(), models.F("id").desc(), name="user_newest"),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    class Stage(models.TextChoices):
        """How far an account has come. Read from the row, never stored beside it."""

        INVITED = "invited", "Invited"
        REGISTERING = "registering", "Registering"
        ACTIVE = "active", "Active"
        DISABLED = "disabled", "Disabled"

    @property
    def stage(self) -> Stage:
        """``is_active`` and ``registered_at`` are set together, by the last step of registration.

        Until then a person who has chosen a password may sign in, but only to go on with the steps: pages that ask
        for a verb are open to active users alone (``foundation.access.can``).
        """
        if self.is_active:
            return self.Stage.ACTIVE
        if self.registered_at is not None:
            return self.Stage.DISABLED
        return self.Stage.REGISTERING if self.has_usable_password() else self.Stage.INVITED

    @property
    def has_access(self) -> bool:
        """Whether the right password lets this person in."""
        return self.stage in {self.Stage.REGISTERING, self.Stage.ACTIVE}

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def clean(self) -> None:
        self.email = Users.normalise(self.email)
