"""What forms say of a field that is wrong: by its name, so that the list at the head of the page can be read alone."""

from typing import Any

from django import forms

CHOICES = forms.ChoiceField, forms.ModelChoiceField
DASHES = "---------"
"""What the framework offers where nothing is chosen yet."""


class Worded(forms.BaseForm):
    """A form whose fields say in our words what is wrong, unless they have words of their own."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            usual = _usual(field)
            own = {code: text for code, text in field.error_messages.items() if text != usual.get(code)}
            field.error_messages |= _words(field) | own
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = "Select" if field.required else "None"


def _usual(field: forms.Field) -> dict[str, Any]:
    kinds = reversed(type(field).__mro__)
    return {code: text for kind in kinds for code, text in getattr(kind, "default_error_messages", {}).items()}


def _words(field: forms.Field) -> dict[str, Any]:
    name = str(field.label or "").removesuffix(" (optional)")
    lower = name[:1].lower() + name[1:]
    found = {"required": f"{'Select' if isinstance(field, CHOICES) else 'Enter'} {lower}"}
    if isinstance(field, CHOICES):
        found["invalid_choice"] = f"Choose {lower} from the list"
    if isinstance(field, forms.CharField):
        found["max_length"] = f"{name} must have {field.max_length} characters or fewer"
    if isinstance(field, forms.EmailField):
        found["invalid"] = "Enter an email address, like name@example.com"
    if isinstance(field, forms.IntegerField):
        found |= {"invalid": f"{name} must be a whole number"}
        found |= {"min_value": f"{name} must be {field.min_value} or more"}
        found |= {"max_value": f"{name} must be {field.max_value} or less"}
    if isinstance(field, forms.DecimalField):
        found |= {"invalid": f"{name} must be a number"}
        found |= {"min_value": f"{name} must be {field.min_value} or more"}
        found |= {"max_value": f"{name} must be {field.max_value} or less"}
        found |= {"max_decimal_places": f"{name} can have {field.decimal_places} decimal places at most"}
        found |= dict.fromkeys(("max_digits", "max_whole_digits"), f"{name} has too many digits")
    return found
