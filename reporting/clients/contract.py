"""The case system's published contract (``case_system.schema.json``) as checks that name a fault, never a value."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

SCHEMA = Path(__file__).with_name("case_system.schema.json")


def fault(part: str, value: Any) -> str:
    """Where ``value`` breaks the named part of the contract and how, or "" if it does not.

    The answer holds names of fields only, for values are personal data.
    """
    error = best_match(_validator(part).iter_errors(value))
    return _words(error) if error is not None else ""


@cache
def _validator(part: str) -> Draft202012Validator:
    definitions = json.loads(SCHEMA.read_text())["$defs"]
    return Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": definitions})


def _words(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path)
    if error.validator == "required" and isinstance(error.instance, dict):
        wanted = error.schema["required"] if isinstance(error.schema, dict) else []
        missing = ", ".join(name for name in wanted if name not in error.instance)
        return f"{place or 'body'} has no {missing}"
    return f"{place or 'body'} does not fit ({error.validator})"
