"""Any text that a person can type, made printable.

PDF/UA forbids a character that no font can draw, and one such character would otherwise stop a submission. The fonts
in `fonts` cover the scripts that people here write in; what they do not cover is printed as its code point,
such as [U+1F600]. Their coverage and widths are read from the files themselves, once a process.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Runs without a place to break a line. Chinese and Korean break after any character and need no help.
UNBROKEN = re.compile("[^ \n\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+")
AFTER_SIGN = re.compile(r"(?<=[@._/-])(?=[^@._/-])")
BREAK_HERE = "\u200b"  # zero width space

LONGEST_PILE = 31  # the limit of Unicode's Stream-Safe Text Format: thirty on one character

# Direction overrides could show a figure backwards; a byte order mark inside a text is refused by PDF/UA.
NEVER_SHOWN = {0x202D, 0x202E, 0xFEFF}


@cache
def coverage() -> dict[str, frozenset[int]]:
    """What each font family covers, in the order in which they are tried: the text face, its relatives, the rest."""
    fonts = [TTFont(path, lazy=True) for path in FONTS.glob("*.ttf")]
    found = {font["name"].getBestFamilyName(): frozenset(font.getBestCmap()) for font in fonts}
    return dict(sorted(found.items(), key=lambda item: (not item[0].startswith("Noto"), item[0])))


@cache
def advances() -> dict[int, float]:
    """The width of every character that some font covers, in ems (the widest, such as in bold, where several do)."""
    widths: dict[int, float] = {}
    for path in FONTS.glob("*.ttf"):
        font = TTFont(path, lazy=True)
        em, metrics = font["head"].unitsPerEm, font["hmtx"]
        for code, glyph in font.getBestCmap().items():
            widths[code] = max(widths.get(code, 0.0), metrics[glyph][0] / em)
    return widths


class Marks(dict[int, str]):
    """A table for str.translate that leaves what can be printed and names the rest."""

    def __missing__(self, code: int) -> str:
        shown = code in advances() and code not in NEVER_SHOWN
        shown = shown and unicodedata.category(chr(code)) not in ("Cc", "Co", "Cs")  # control, private, surrogate
        self[code] = chr(code) if shown else f"[U+{code:04X}]"
        return self[code]


class PlainMarks(Marks):
    """Keeps only characters that stand alone, whatever surrounds them."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if 0x20 <= code < 0x7F else f"[U+{code:04X}]"
        return self[code]


@cache
def piles() -> re.Pattern[str]:
    """A character with what joins it, such as a letter and its accents."""
    joining = "".join(re.escape(chr(code)) for code in advances() if joins(chr(code)))
    return re.compile(f"[^{joining}\n]?[{joining}]+")


def drawn(pile: re.Match[str]) -> str:
    """The pile as it is if it can be drawn; otherwise with the code points of what joins its first character.

    One font must have all of it, for fonts are not mixed within a pile; and thousands of accents on one letter
    would take all memory to set.
    """
    whole = pile.group()
    codes = set(map(ord, whole))
    if len(whole) <= LONGEST_PILE and any(codes <= covered for covered in coverage().values()):
        return whole
    return "".join(char.translate(PLAIN_MARKS) if joins(char) else char for char in whole)


def joins(char: str) -> bool:
    """Belongs to the character before it: accents, vowel signs, joiners."""
    return unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")


MARKS = Marks({0x0A: "\n", 0x09: "    "})
PLAIN_MARKS = PlainMarks({0x0A: "\n", 0x09: "    "})


def printable(text: str, marks: Marks = MARKS) -> str:
    text = LINE_ENDS.sub("\n", text).translate(marks)
    return piles().sub(drawn, text)


def width(text: str) -> float:
    """The width of printable text on one line, in ems."""
    known = advances()
    return sum(known.get(ord(char), 0.0) for char in text)


def widest_word(text: str) -> float:
    return max((width(word) for word in UNBROKEN.findall(text)), default=0.0)


def fit(text: str, room: float) -> str:
    """The text with places to break inside every word that is wider than the room, in ems."""

    def broken(match: re.Match[str]) -> str:
        word = match.group()
        return BREAK_HERE.join(pieces(word, room)) if width(word) > room else word

    return UNBROKEN.sub(broken, text)


def pieces(word: str, room: float) -> Iterable[str]:
    """Parts of a word: after its signs, as in an e-mail address, and anywhere in parts that are too wide still."""
    for part in AFTER_SIGN.split(word):
        yield from chopped(part, room) if width(part) > room else [part]


def chopped(part: str, room: float) -> Iterable[str]:
    known, piece, so_far = advances(), "", 0.0
    for char in part:
        step = known.get(ord(char), 0.0)
        if so_far > room / 8 and not joins(char):
            yield piece
            piece, so_far = "", 0.0
        piece += char
        so_far += step
    yield piece


def column_widths(table: Iterable[Sequence[str]], room: float) -> list[float]:
    """Widths for the columns of a table, in the unit of `room`.

    Each column gets its widest word. What is left goes to texts that would need more, the modest wishes first, so
    that one very long text wraps and the columns beside it do not. Where even the words do not fit, the widest
    columns give way.
    """
    columns = list(zip(*table, strict=True))
    least = [max(widest_word(cell) for cell in column) for column in columns]
    spare = room - sum(least)
    if spare < 0:
        return level(least, room)
    want = [max(width(line) for cell in column for line in cell.split("\n")) for column in columns]
    more = level([max(0.0, full - narrow) for full, narrow in zip(want, least, strict=True)], spare)
    rest = max(0.0, spare - sum(more)) / len(columns)
    return [narrow + extra + rest for narrow, extra in zip(least, more, strict=True)]


def level(widths: list[float], room: float) -> list[float]:
    """The widths, with the widest cut down to one height where all together would not fit into the room."""
    left, cut = room, 0.0
    for taken, size in enumerate(sorted(widths)):
        cut = left / (len(widths) - taken)
        if size > cut:
            return [min(size, cut) for size in widths]
        left -= size
    return widths
