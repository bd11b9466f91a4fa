"""Whole numbers that come with a request: anybody may have written anything there."""

MOST_DIGITS = 18
"""As many as a column for numbers takes in any case."""


def number(text: str, otherwise: int = -1) -> int:
    """The number that was sent; ``otherwise`` where it is none. "²" is a digit, and yet no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else otherwise
