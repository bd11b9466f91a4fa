"""Countries by their ISO code, the United Kingdom first; the list comes with the time zone data."""

from importlib.resources import files


def _names() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    lines = (line.partition("\t") for line in table.splitlines() if line and not line.startswith("#"))
    found = {code: name for code, _tab, name in lines if code != "GB"}
    return {"GB": "United Kingdom"} | dict(sorted(found.items(), key=lambda item: item[1]))


NAMES = _names()


def name_of(code: str) -> str:
    """The country's name; "" for no code, the code itself for one that is not known."""
    return NAMES.get(code, code)
