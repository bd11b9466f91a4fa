"""Countries as the options of a question."""

from foundation import countries
from reporting.engine.questions import Option

COUNTRIES = tuple(Option(code, name) for code, name in countries.NAMES.items())
