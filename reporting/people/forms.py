"""Forms about people. Each field's errors say what to do; what was typed is kept."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation import clock, countries
from foundation.accounts.models import User
from reporting.engine.fields import DateField, PartsWidget, tidy
from reporting.people.models import Client, Profile

CASE_NUMBER = re.compile(r"[0-9]{7}[0-9T]([0-9A-Z]{2})?")
PHONE = re.compile(r"\+?[0-9 ()\-]+")
DATE_PARTS = ("day", "month", "year")


class Line(forms.CharField):
    """One line of text, without control characters and tags."""

    def __init__(
        self,
        label: str,
        missing: str = "",
        *,
        shortest: int = 0,
        longest: int,
        what: str = "",
        autocomplete: str = "off",
        help_text: str = "",
        width: str = "",
    ) -> None:
        super().__init__(label=label, required=bool(missing), empty_value="", help_text=help_text)
        self.error_messages["required"] = missing
        self.shortest, self.longest, self.what = shortest, longest, what or label
        self.autocomplete, self.css_width = autocomplete, width

    def clean(self, value: Any) -> str:
        text = re.sub(r"<[^>]*>", "", tidy(str(value or "")).replace("\n", " ")).strip()
        if not text and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if text and not self.shortest <= len(text) <= self.longest:
            between = f"between {self.shortest} and {self.longest}" if self.shortest else f"{self.longest} or fewer"
            raise ValidationError(f"{self.what} must have {between} characters")
        return text


class NameLine(Line):
    def __init__(self, label: str, missing: str, autocomplete: str = "off") -> None:
        super().__init__(label, missing, shortest=2, longest=50, autocomplete=autocomplete)


class PhoneLine(Line):
    def __init__(self, label: str, missing: str = "", autocomplete: str = "tel") -> None:
        super().__init__(label, missing, shortest=10, longest=20, autocomplete=autocomplete, width="20")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not PHONE.fullmatch(text):
            raise ValidationError("Enter a phone number, like 01632 960 001 or +44 808 157 0192")
        return text


class CaseNumberLine(Line):
    def __init__(self) -> None:
        super().__init__(
            "Case number",
            "Enter the case number",
            longest=20,
            help_text="It is on the court order: 8 or 10 characters, for example 1234567T",
            width="10",
        )

    def clean(self, value: Any) -> str:
        text = re.sub(r"\s", "", super().clean(value)).upper()
        if len(text) not in {8, 10}:
            raise ValidationError("Case number must have 8 or 10 characters")
        if not CASE_NUMBER.fullmatch(text):
            raise ValidationError("Enter a valid case number, like 12345678 or 1234567T")
        return text


class EmailLine(forms.EmailField):
    css_width, autocomplete = "", "email"

    def __init__(self, label: str, missing: str) -> None:
        super().__init__(label=label, max_length=60)
        self.error_messages |= {
            "required": missing,
            "invalid": "Enter an email address in the correct format, like name@example.com",
            "max_length": "Email address must have 60 or fewer characters",
        }

    def clean(self, value: Any) -> str:
        return User.objects.normalise(str(super().clean(value)))


class OptionalEmailLine(EmailLine):
    def __init__(self, label: str) -> None:
        super().__init__(label, "")
        self.required = False


class Country(forms.ChoiceField):
    def __init__(self) -> None:
        choices = [("", "Choose a country"), *countries.NAMES.items()]
        super().__init__(label="Country", choices=choices)
        self.error_messages |= {"required": "Choose a country", "invalid_choice": "Choose a country from the list"}


def country_name(code: str) -> str:
    return countries.name_of(code)


class AddressFields(forms.Form):
    address1 = Line("Address line 1", "Enter address line 1", longest=200, autocomplete="address-line1")
    address2 = Line("Address line 2 (optional)", longest=200, autocomplete="address-line2")
    address3 = Line("Town or city (optional)", longest=200, autocomplete="address-level2")
    postcode = Line("Postcode", "Enter a postcode", shortest=2, longest=10, autocomplete="postal-code", width="10")
    country = Country()


class RegistrationForm(forms.Form):
    """Who is registering, and for whom (deputy-people 4.2)."""

    first_name = NameLine("Your first name", "Enter your first name", "given-name")
    last_name = NameLine("Your last name", "Enter your last name", "family-name")
    email = EmailLine("Your email address", "Enter your email address")
    email_again = EmailLine("Your email address again", "Enter your email address again")
    postcode = Line(
        "Your postcode", longest=10, autocomplete="postal-code", width="10",
        help_text="As the Office of the Public Guardian knows it",
    )  # fmt: skip
    client_first_name = NameLine("Client’s first name", "Enter your client’s first name")
    client_last_name = NameLine("Client’s last name", "Enter your client’s last name")
    case_number = CaseNumberLine()

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if "email" in found and "email_again" in found and found["email"] != found["email_again"]:
            self.add_error("email_again", "The two email addresses must be the same")
        return found


class DetailsForm(AddressFields):
    """Where a deputy can be reached: asked once, at the first sign-in."""

    phone = PhoneLine("Phone number", "Enter your phone number")


class ProfileForm(DetailsForm):
    """What a deputy may change about themselves. E-mail and password have pages of their own."""

    first_name = NameLine("First name", "Enter your first name", "given-name")
    last_name = NameLine("Last name", "Enter your last name", "family-name")
    phone_alternative = PhoneLine("Other phone number (optional)")
    field_order: tuple[str, ...] = (
        "first_name", "last_name", "address1", "address2", "address3", "postcode", "country", "phone",
        "phone_alternative",
    )  # fmt: skip


class ClientForm(AddressFields):
    """What a deputy may change about a client; the case number stays."""

    first_name = NameLine("Client’s first name", "Enter your client’s first name")
    last_name = NameLine("Client’s last name", "Enter your client’s last name")
    phone = PhoneLine("Client’s phone number", "Enter your client’s phone number", "off")
    field_order: tuple[str, ...] = (
        "first_name",
        "last_name",
        "address1",
        "address2",
        "address3",
        "postcode",
        "country",
        "phone",
    )


class OrganisationClientForm(forms.Form):
    """What a member of an organisation may change about a client: neither case number nor court date (§9)."""

    first_name = NameLine("Client’s first name", "Enter your client’s first name")
    last_name = NameLine("Client’s last name", "Enter your client’s last name")
    date_of_birth = DateField(DATE_PARTS)
    address1 = Line("Address line 1 (optional)", longest=200)
    address2 = Line("Address line 2 (optional)", longest=200)
    address3 = Line("Address line 3 (optional)", longest=200)
    address4 = Line("Address line 4 (optional)", longest=200)
    address5 = Line("Address line 5 (optional)", longest=200)
    postcode = Line("Postcode (optional)", shortest=2, longest=10, width="10")
    country = Country()
    phone = PhoneLine("Client’s phone number (optional)", autocomplete="off")
    email = OptionalEmailLine("Client’s email address (optional)")

    def shown(self, name: str) -> dict[str, str]:
        return date_boxes(self, name)

    def clean_date_of_birth(self) -> date | None:
        found: date | None = self.cleaned_data["date_of_birth"]
        if found is not None and found >= clock.today():
            raise ValidationError("The date of birth must be before today")
        return found


class NewClientForm(ClientForm):
    """Who the client is, when a deputy registers. The case number is asked only where it is not known yet."""

    case_number = CaseNumberLine()
    court_date = DateField(DATE_PARTS)
    field_order: tuple[str, ...] = ("case_number", "first_name", "last_name", "court_date", *ClientForm.field_order[2:])

    def __init__(self, data: Any = None, *, initial: dict[str, Any], case_number: str = "") -> None:
        super().__init__(data, initial=initial)
        self.known_case = case_number
        if case_number:
            del self.fields["case_number"]

    def shown(self, name: str) -> dict[str, str]:
        """The three boxes of a date as they are to be filled."""
        return date_boxes(self, name)

    def clean_court_date(self) -> date:
        found: date | None = self.cleaned_data.get("court_date")
        if found is None:
            raise ValidationError("Enter the date of the court order")
        if found >= clock.today():
            raise ValidationError("The date of the court order must be before today")
        return found


def date_boxes(form: forms.Form, name: str) -> dict[str, str]:
    if form.is_bound:
        return PartsWidget(DATE_PARTS).value_from_datadict(form.data, form.files, name)
    value: date | dict[str, str] | None = form.initial.get(name)
    if isinstance(value, dict):  # as it was typed, from a draft
        return value
    return {part: str(getattr(value, part)) if value else "" for part in DATE_PARTS}


class ArchiveForm(forms.Form):
    sure = forms.BooleanField(error_messages={"required": "Tick the box to archive this client"})


class InvitationForm(forms.Form):
    """Whom to invite as a co-deputy."""

    first_name = NameLine("First name", "Enter your co-deputy’s first name")
    last_name = NameLine("Last name", "Enter your co-deputy’s last name")
    email = EmailLine("Email address", "Enter your co-deputy’s email address")


class VerificationForm(ProfileForm):
    """An invited co-deputy proves to be the deputy of the case, and says where they can be reached."""

    client_last_name = NameLine("Client’s last name", "Enter your client’s last name")
    case_number = CaseNumberLine()
    field_order: tuple[str, ...] = (*ProfileForm.field_order, "client_last_name", "case_number")


def initial(row: Profile | Client, form: type[forms.Form]) -> dict[str, Any]:
    """What is stored, for the fields of a form; a profile's names are those of its user."""
    found = {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}
    if isinstance(row, Profile):
        found |= {"first_name": row.user.first_name, "last_name": row.user.last_name}
    return found
