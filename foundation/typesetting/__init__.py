"""Printed pages: Typst, tagged as PDF/UA-1, so that people who use a screen reader can read them too.

A service brings the template, and what it says as JSON: nothing that a person typed is ever taken for markup. Texts go
through ``printable`` first, as PDF/UA refuses a character that no font has.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from foundation.typesetting import printable

COMPILATIONS_REMEMBERED = 12
TypstError = typst.TypstError


def typeset(template: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """A compiler a call, for it is not safe to share between threads; only the fonts are kept."""
    compiler = typst.Compiler(template, font_paths=fonts(), sys_inputs={"data": json.dumps(data)})
    pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(made_at.timestamp()))
    assert isinstance(pdf, bytes)  # it is a list only for pictures of pages
    return pdf


def forget() -> None:
    """Make Typst let go of what it keeps for reuse, 100 MB for a long document.

    It drops what its last ten compilations did not use, and one document's text is of no use to the next: so compile
    an empty page as often as it takes.
    """
    for _ in range(COMPILATIONS_REMEMBERED):
        typst.Compiler(font_paths=fonts()).compile(format="pdf")


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[printable.FONTS])
