"""Countries by their ISO code, the United Kingdom first; the list comes with the time zone data."""

from importlib.resources import files

from reporting.engine.questions import Option


def _names() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    lines = (line.partition("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: name for code, _tab, name in lines} | {"GB": "United Kingdom"}


NAMES = _names()
COUNTRIES = (
    Option("GB", "United Kingdom"),
    *(Option(code, name) for code, name in sorted(NAMES.items(), key=lambda item: item[1]) if code != "GB"),
)
