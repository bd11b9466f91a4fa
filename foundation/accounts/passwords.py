"""The password rules that Django does not bring: length within limits, and three kinds of characters.

The other two rules are Django's own, listed in the settings: not in its list of common passwords (whole match),
not like the person's name or address.
"""

import re

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 14, 50
HELP = f"Use {SHORTEST} to {LONGEST} characters, with a capital letter, a small letter and a number."


class Length:
    def validate(self, password: str, user: object = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(f"Your password must have {SHORTEST} characters or more", code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(f"Your password must have {LONGEST} characters or fewer", code="password_too_long")

    def get_help_text(self) -> str:
        return HELP


class Characters:
    kinds = (
        (r"[a-z]", "Your password must have a small letter"),
        (r"[A-Z]", "Your password must have a capital letter"),
        (r"[0-9]", "Your password must have a number"),
    )

    def validate(self, password: str, user: object = None) -> None:
        missing = [ValidationError(text) for pattern, text in self.kinds if not re.search(pattern, password)]
        if missing:
            raise ValidationError(missing)

    def get_help_text(self) -> str:
        return HELP
