"""The outside world. Each file holds a port (Protocol), the real side and a local side for one service outside.

Whatever goes wrong out there reaches our code as one of three errors, and the error says what to do next.
Their texts hold no personal data, so that they may be stored, logged and shown to staff.
"""

HEALTH_SECONDS = 4.0
"""The longest that a health check waits for an answer: a health page has five seconds for all of them."""


class Unavailable(Exception):
    """It did not answer, or answered that it cannot now: nothing was accepted, try again later."""

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds that the other side asked us to wait, if it said so."""


class Rejected(Exception):
    """It answered no, and will again: show it to a person."""

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.code = code
        """The other side's own name for the reason, if it gave one."""


class Unconfirmed(Exception):
    """It may have accepted, but no usable answer came: never repeat by itself, let a person or a look-up decide."""
