"""What every kind of question has in common: how it is asked, checked, shown and sent.

A question deconstructs to its plain Django field, so changing its words never makes a migration. All answers are
empty (None) until given. The options common to all kinds:

``label``     the question; ``{client}`` and the report's other words are filled in; or a function of the answered row
``hint``      a line below it
``when``      the condition under which it is asked
``required``  the page refuses a blank (True by default); or a function of the answered row
``later``     may be left blank on its page, but the section is not finished without it
``missing``   the sentence shown when it is blank
``personal``  whether it is scrubbed from copies; text is personal unless said otherwise
``last_year`` whether last year's answer is offered beside it
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models

from reporting.engine.conditions import Condition, Values

if TYPE_CHECKING:
    from reporting.engine.section import Answered

PUBLIC = {
    "django.db.models.fields": "django.db.models",
    "django.db.models.fields.related": "django.db.models",
    "django.contrib.postgres.fields.array": "django.contrib.postgres.fields",
}
"""The names under which Django's own fields deconstruct, by the modules that hold them."""


class Question(models.Field if TYPE_CHECKING else object):  # type: ignore[misc]
    """What every kind of question can do. Mixed into a Django field."""

    kind: ClassVar[str] = "text"
    plain: ClassVar[type[models.Field]] = models.Field
    always_personal: ClassVar[bool] = False

    def __init__(
        self,
        label: Any = "",
        *,
        hint: Any = "",
        when: Condition | None = None,
        required: "bool | Callable[[Answered], bool]" = True,
        later: bool = False,
        missing: Any = "",
        personal: bool | None = None,
        last_year: bool = True,
        short: str = "",
        **field: Any,
    ) -> None:
        self.label, self.hint, self.when = label, hint, when
        self.required, self.later, self.missing_text = required, later, missing
        self.personal = self.always_personal if personal is None else personal
        self.last_year = last_year
        self.short = short
        field.setdefault("null", True)
        field.setdefault("blank", True)
        super().__init__(**field)

    def deconstruct(self) -> Any:
        """As the plain Django field: words and limits of a question are no matter of the database."""
        name, _path, arguments, options = super().deconstruct()
        return name, f"{PUBLIC[self.plain.__module__]}.{self.plain.__qualname__}", arguments, options

    # Asking

    def words(self, text: Any, owner: "Answered") -> str:
        found = text(owner) if callable(text) else text
        return str(found).format_map(owner.words()) if "{" in str(found) else str(found)

    def label_for(self, owner: "Answered") -> str:
        return self.words(self.label, owner)

    def hint_for(self, owner: "Answered") -> str:
        return self.words(self.hint, owner)

    def heading_for(self, owner: "Answered") -> str:
        """A short label for a column of a table."""
        return self.short or self.label_for(owner)

    def asked(self, owner: "Answered", values: Values) -> bool:
        return self.when is None or self.when.met(values)

    def needed(self, owner: "Answered") -> bool:
        """The section is not finished without an answer."""
        return self.required(owner) if callable(self.required) else self.required

    def refuses_blank(self, owner: "Answered") -> bool:
        """The page cannot be saved without an answer."""
        return self.needed(owner) and not self.later

    # Checking

    def is_empty(self, value: Any) -> bool:
        return value is None or value == "" or value == []

    def missing_for(self, owner: "Answered") -> str:
        return self.words(self.missing_text, owner) or self.default_missing(owner)

    def default_missing(self, owner: "Answered") -> str:
        return f"Answer the question: {self.label_for(owner)}"

    def form_field(self, owner: "Answered") -> forms.Field:
        """A form field that reads and normalises what was typed; blanks and conditions are the page's business."""
        raise NotImplementedError

    def check_answer(self, value: Any, owner: "Answered") -> None:
        """Raise ValidationError if a given answer is out of its limits."""

    # Showing and sending

    def text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def json(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"]}

    def sample(self, chance: random.Random, owner: "Answered") -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Option:
    """One answer to choose: the stored id, the words, a hint below, and a divider ("or") before it."""

    value: str
    label: str
    hint: str = ""
