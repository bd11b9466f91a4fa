"""Form fields that read what people type: "£1,234.56", three boxes for a date, a ticked list."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
"""Characters that PostgreSQL or the PDF cannot hold and that nobody types on purpose."""
AMOUNT = re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]*)?")


def tidy(text: str) -> str:
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class LineField(forms.CharField):
    """One line; line breaks become blanks. ``remove`` are characters to leave out (hyphens of a sort code)."""

    def __init__(self, *, remove: str = "") -> None:
        self.remove = remove
        super().__init__(required=False, empty_value=None)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is None:
            return None
        found = " ".join(tidy(found).split())
        for character in self.remove:
            found = found.replace(character, "")
        return unicodedata.normalize("NFC", found) or None


class ParagraphsField(forms.CharField):
    """Lines and paragraphs; runs of blank lines become one, blanks at the ends of lines go."""

    def __init__(self) -> None:
        super().__init__(required=False, empty_value=None, widget=forms.Textarea)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is None:
            return None
        lines = [line.rstrip() for line in tidy(found).split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return unicodedata.normalize("NFC", text) or None


class OptionField(forms.Field):
    """One of ``values``."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        super().__init__(required=False)

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        if value not in self.values:
            raise ValidationError("Select one of the answers shown")
        return value


class OptionsField(forms.Field):
    """Any of ``values``."""

    widget = forms.SelectMultiple

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        super().__init__(required=False)

    def to_python(self, value: Any) -> Any:
        if any(item not in self.values for item in value or ()):
            raise ValidationError("Select from the answers shown")
        return [item for item in self.values if item in (value or ())] or None


class EntryField(forms.Field):
    """One of the report's entries, by token."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self.entries = {str(entry.token): entry for entry in entries}
        super().__init__(required=False)

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        if value not in self.entries:
            raise ValidationError("Select one of the accounts shown")
        return self.entries[value]


class MoneyField(forms.CharField):
    """Pounds with or without sign, commas and pence."""

    def __init__(self) -> None:
        super().__init__(required=False, empty_value=None)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if typed is None:
            return None
        plain = typed.replace("\u2212", "-").replace("£", "").replace(" ", "").replace("\u00a0", "")
        if not AMOUNT.fullmatch(plain) or not re.search("[0-9]", plain):
            raise ValidationError("Enter an amount in pounds, like 1,234.56")
        if len(plain.partition(".")[2]) > 2:
            raise ValidationError("Enter an amount with no more than 2 decimal places")
        try:
            amount = Decimal(plain.replace(",", "")).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise ValidationError("Enter a smaller amount") from None
        if abs(amount) >= Decimal(10) ** 12:
            raise ValidationError("Enter a smaller amount")
        return amount + Decimal("0.00")


class WholeField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(required=False, empty_value=None)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if typed is None:
            return None
        plain = typed.strip().rstrip("%").strip().replace(",", "")
        if not re.fullmatch(r"[0-9]{1,9}", plain):
            raise ValidationError("Enter a whole number, like 50")
        return int(plain)


class PartsWidget(forms.Widget):
    """The boxes of a date: ``name-day``, ``name-month``, ``name-year``."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = parts
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}-{part}") or "").strip() for part in self.parts}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in self.parts)


class DateField(forms.Field):
    """A date from its boxes; without a day, the first of the month. Month names are understood."""

    MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = tuple(parts)
        super().__init__(required=False, widget=PartsWidget(parts))

    def clean(self, value: Any) -> Any:
        typed: dict[str, str] = value or {}
        if not any(typed.values()):
            return None
        lacking = [part for part in self.parts if not typed.get(part)]
        if lacking:
            raise ValidationError(f"The date must include a {' and '.join(lacking)}")
        year, month, day = self._number(typed["year"]), self._month(typed["month"]), 1
        if "day" in self.parts:
            day = self._number(typed["day"])
        if not 1900 <= year <= 2999:
            raise ValidationError("Enter the year with 4 numbers, like 2026")
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
            raise ValidationError("Enter a real date")
        return date(year, month, day)

    def _number(self, typed: str) -> int:
        return int(typed) if re.fullmatch(r"[0-9]{1,4}", typed) else 0

    def _month(self, typed: str) -> int:
        name = typed.lower()[:3]
        return self.MONTHS.index(name) + 1 if name in self.MONTHS else self._number(typed)
