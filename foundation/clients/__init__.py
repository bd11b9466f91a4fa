"""The outside world. Each file holds a port (Protocol), the real side and a local side for one service outside.

Whatever goes wrong out there reaches our code as one of two errors, and the error says what to do next.
"""


class Unavailable(Exception):
    """It did not answer, or answered that it cannot now: try again later. The text holds no personal data."""


class Rejected(Exception):
    """It answered no, and will again: show it to a person. The text holds no personal data."""
