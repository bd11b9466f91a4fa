"""The kinds of question: a model field that knows how it is asked, checked, shown and sent (``engine.question``)."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format

from foundation import clock
from reporting.engine import fields
from reporting.engine.conditions import Values
from reporting.engine.question import Option, Question

if TYPE_CHECKING:
    from reporting.engine.section import Answered

__all__ = [
    "Choice",
    "Choices",
    "Date",
    "LongText",
    "Money",
    "MonthYear",
    "Number",
    "Option",
    "Pick",
    "Question",
    "Text",
    "Tick",
    "YesNo",
    "pounds",
]

BILLIONS = Decimal("100_000_000_000")
"""The reference's upper limit of an amount in pounds (deputy-reports, "100bn")."""


class Text(Question, models.CharField["str | None", "str | None"]):
    """One line of text, of ``min_length`` to ``max_length`` characters; ``pattern`` = (expression, message)."""

    kind = "text"
    plain = models.CharField
    always_personal = True

    def __init__(
        self,
        label: Any = "",
        *,
        max_length: int = 255,
        min_length: int = 1,
        pattern: tuple[str, str] | None = None,
        width: str = "",
        strip: str = "",
        autocomplete: str = "",
        inputmode: str = "",
        samples: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.min_length, self.pattern, self.width, self.strip = min_length, pattern, width, strip
        self.autocomplete, self.inputmode, self.samples = autocomplete, inputmode, samples
        super().__init__(label, max_length=max_length, **options)

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.LineField(remove=self.strip)

    def check_answer(self, value: Any, owner: "Answered") -> None:
        _check_length(value, self.min_length, self.max_length)
        if self.pattern and not re.fullmatch(self.pattern[0], value):
            raise ValidationError(self.pattern[1])

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "maxLength": self.max_length}

    def sample(self, chance: random.Random, owner: "Answered") -> str:
        chosen = chance.choice(self.samples or ("Example", "Another example"))
        return chosen[: self.max_length].ljust(self.min_length, "x")


class LongText(Question, models.TextField["str | None", "str | None"]):
    """As much text as a person likes."""

    kind = "longtext"
    plain = models.TextField
    always_personal = True

    def __init__(
        self,
        label: Any = "",
        *,
        min_length: int = 1,
        most: int = 0,
        rows: int = 5,
        samples: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.min_length, self.most, self.rows, self.samples = min_length, most, rows, samples
        super().__init__(label, **options)

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.ParagraphsField()

    def check_answer(self, value: Any, owner: "Answered") -> None:
        _check_length(value, self.min_length, self.most or None)

    def sample(self, chance: random.Random, owner: "Answered") -> str:
        return chance.choice(
            self.samples
            or (
                "We talked it over at the weekend and agreed what to do.",
                "Nothing out of the ordinary happened.\n\nThe home keeps a record that we can ask for.",
                "Zoë’s carer – “Mrs O’Brien” – visits each week; it costs £20 & is worth it.",
            )
        )


class YesNo(Question, models.CharField["str | None", "str | None"]):
    """Yes or no, stored in small letters."""

    kind = "radios"
    plain = models.CharField
    options = (Option("yes", "Yes"), Option("no", "No"))

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_length", 3)
        super().__init__(label, **options)

    def default_missing(self, owner: "Answered") -> str:
        return f"Select yes or no: {self.label_for(owner)}"

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.OptionField([option.value for option in self.options_for(owner)])

    def options_for(self, owner: "Answered") -> Sequence[Option]:
        return self.options

    def text(self, value: Any) -> str:
        return next((option.label for option in self.options if option.value == value), "")

    def schema(self) -> dict[str, Any]:
        return {"enum": [*(option.value for option in self.options), None]}

    def sample(self, chance: random.Random, owner: "Answered") -> str:
        return chance.choice(list(self.options_for(owner))).value


class Choice(YesNo):
    """One of several options."""

    def __init__(self, label: Any = "", *, options: Sequence[Option] = (), select: bool = False, **field: Any) -> None:
        self.options = tuple(options)  # type: ignore[assignment]
        self.kind = "select" if select else "radios"  # type: ignore[misc]
        field.setdefault("max_length", 60)
        super().__init__(label, **field)

    def default_missing(self, owner: "Answered") -> str:
        return f"Select an answer: {self.label_for(owner)}"


class Choices(Question, ArrayField if not TYPE_CHECKING else models.Field):  # type: ignore[misc]
    """A list to tick; at least one when it is required."""

    kind = "checkboxes"
    plain = ArrayField

    def __init__(self, label: Any = "", *, options: Sequence[Option] = (), **field: Any) -> None:
        self.options = tuple(options)
        field.setdefault("base_field", models.CharField(max_length=60))
        super().__init__(label, **field)

    def options_for(self, owner: "Answered") -> Sequence[Option]:
        return self.options

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.OptionsField([option.value for option in self.options])

    def default_missing(self, owner: "Answered") -> str:
        return f"Select at least one: {self.label_for(owner)}"

    def text(self, value: Any) -> str:
        return "\n".join(option.label for option in self.options if option.value in (value or ()))

    def json(self, value: Any) -> Any:
        return list(value) if value else None

    def schema(self) -> dict[str, Any]:
        return {"type": ["array", "null"], "items": {"enum": [option.value for option in self.options]}}

    def sample(self, chance: random.Random, owner: "Answered") -> list[str]:
        return [option.value for option in self.options[: 1 + chance.randrange(len(self.options))]]


class Tick(Question, models.BooleanField["bool | None", "bool | None"]):
    """A single box to tick. Not ticked is an answer too, so it is never missing."""

    kind = "tick"
    plain = models.BooleanField

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(label, **options)

    def form_field(self, owner: "Answered") -> forms.Field:
        return forms.BooleanField(required=False)

    def is_empty(self, value: Any) -> bool:
        return not value

    def text(self, value: Any) -> str:
        return "Yes" if value else ""

    def json(self, value: Any) -> Any:
        return bool(value)

    def schema(self) -> dict[str, Any]:
        return {"type": ["boolean", "null"]}

    def sample(self, chance: random.Random, owner: "Answered") -> bool:
        return False


class Money(Question, models.DecimalField["Decimal | None", "Decimal | None"]):
    """Pounds and pence, exact. Limits are inclusive; ``above_zero`` words: an amount of nothing is no amount."""

    kind = "money"
    plain = models.DecimalField

    def __init__(
        self,
        label: Any = "",
        *,
        least: Decimal | None = Decimal("0"),
        most: Decimal | None = BILLIONS,
        **options: Any,
    ) -> None:
        self.least, self.most = least, most
        options.setdefault("max_digits", 14)
        options.setdefault("decimal_places", 2)
        super().__init__(label, **options)

    def default_missing(self, owner: "Answered") -> str:
        return f"Enter an amount: {self.label_for(owner)}"

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.MoneyField()

    def check_answer(self, value: Any, owner: "Answered") -> None:
        if self.least is not None and value < self.least:
            raise ValidationError(f"Enter an amount of {pounds(self.least)} or more")
        if self.most is not None and abs(value) > self.most:
            raise ValidationError(f"Enter an amount of {pounds(self.most)} or less")

    def text(self, value: Any) -> str:
        return "" if value is None else pounds(value)

    def json(self, value: Any) -> Any:
        return None if value is None else str(value)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": r"^-?\d{1,12}\.\d{2}$"}

    def sample(self, chance: random.Random, owner: "Answered") -> Decimal:
        least = max(self.least or Decimal(0), Decimal(1))
        return least + Decimal(chance.randrange(1, 100_000)) / 100


class Number(Question, models.PositiveIntegerField["int | None", "int | None"]):
    """A whole number from ``least`` to ``most``, inclusive; ``unit`` is shown after it ("%")."""

    kind = "number"
    plain = models.PositiveIntegerField

    def __init__(self, label: Any = "", *, least: int = 0, most: int = 100, unit: str = "", **options: Any) -> None:
        self.least, self.most, self.unit = least, most, unit
        super().__init__(label, **options)

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.WholeField()

    def check_answer(self, value: Any, owner: "Answered") -> None:
        if not self.least <= value <= self.most:
            raise ValidationError(f"Enter a whole number from {self.least} to {self.most}")

    def text(self, value: Any) -> str:
        return "" if value is None else f"{value}{self.unit}"

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "null"]}

    def sample(self, chance: random.Random, owner: "Answered") -> int:
        return chance.randint(self.least, self.most)


class Date(Question, models.DateField["date | None", "date | None"]):
    """Day, month and year in three boxes. ``not_future``: today at the latest."""

    kind = "date"
    plain = models.DateField
    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    format: ClassVar[str] = "j F Y"

    def __init__(self, label: Any = "", *, not_future: bool = False, **options: Any) -> None:
        self.not_future = not_future
        super().__init__(label, **options)

    def default_missing(self, owner: "Answered") -> str:
        return f"Enter a date: {self.label_for(owner)}"

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.DateField(self.parts)

    def check_answer(self, value: Any, owner: "Answered") -> None:
        if self.not_future and value > clock.today():
            raise ValidationError("Enter a date that is not in the future")

    def text(self, value: Any) -> str:
        return "" if value is None else date_format(value, self.format)

    def json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

    def sample(self, chance: random.Random, owner: "Answered") -> date:
        start: date = owner.report.start
        return start


class MonthYear(Date):
    """Month and year in two boxes, stored as the first of the month."""

    kind = "date"
    parts = ("month", "year")
    format = "F Y"

    def sample(self, chance: random.Random, owner: "Answered") -> date:
        return super().sample(chance, owner).replace(day=1)


class Pick(Question, models.ForeignKey if not TYPE_CHECKING else models.Field):  # type: ignore[misc]
    """One of the report's own entries of another kind, "which account". Asked only where there is one to pick.

    ``of`` is the entry's model name; ``only`` may narrow the reports that ask it; with ``protects`` what is picked
    cannot be removed.
    """

    kind = "select"
    plain = models.ForeignKey

    def __init__(
        self,
        label: Any = "",
        *,
        of: str = "",
        only: "Callable[[Answered], bool] | None" = None,
        protects: bool = False,
        **options: Any,
    ) -> None:
        self.of, self.only, self.protects = of, only, protects
        options.setdefault("to", f"reporting.{of}" if of else None)
        options.setdefault("on_delete", models.SET_NULL)
        options.setdefault("related_name", "+")
        super().__init__(label, **options)

    def entries(self, owner: "Answered") -> list[Any]:
        return list(owner.answers.entries(self.remote_field.model))

    def asked(self, owner: "Answered", values: Values) -> bool:
        return super().asked(owner, values) and (self.only is None or self.only(owner)) and bool(self.entries(owner))

    def options_for(self, owner: "Answered") -> Sequence[Option]:
        return [Option(str(entry.token), str(entry.name)) for entry in self.entries(owner)]

    def form_field(self, owner: "Answered") -> forms.Field:
        return fields.EntryField(self.entries(owner))

    def default_missing(self, owner: "Answered") -> str:
        return f"Select an account: {self.label_for(owner)}"

    def text(self, value: Any) -> str:
        return "" if value is None else str(value.name)

    def json(self, value: Any) -> Any:
        return None if value is None else str(value.token)

    def sample(self, chance: random.Random, owner: "Answered") -> Any:
        return chance.choice(self.entries(owner))


def pounds(amount: Decimal) -> str:
    """£1,234.50, with the minus before the sign."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def _check_length(value: str, least: int, most: int | None) -> None:
    if len(value) < least:
        raise ValidationError(f"Enter at least {least} characters")
    if most is not None and len(value) > most:
        raise ValidationError(f"Enter {most:,} characters or fewer: you have entered {len(value):,}")
