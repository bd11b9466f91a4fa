"""Whose session this is. Checking passwords is ``foundation.accounts.sign_in``'s work, with the lock-out around it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from foundation.accounts import service
from foundation.accounts.models import User

PATH = "foundation.accounts.backend.Backend"


class Backend(BaseBackend):
    """A session counts only at a site of its user's role, and only while the account has access."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and user.has_access and service.belongs_here(user) else None
