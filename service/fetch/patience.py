"""What a download may cost: tries, waits, time and bytes."""

import random
from collections.abc import Callable

import msgspec

from service.model.errors import FetchFailedError

# The largest list file known is some 120 MB (OFAC's advanced XML); what is bigger is no list.
MAX_BYTES = 200_000_000


def full_jitter(ceiling_s: float) -> float:
    """A wait anywhere in [0, ceiling_s], so that many who failed together do not come together.

    Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    return random.SystemRandom().uniform(0, ceiling_s)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long, how often and how much.

    Attributes:
        tries: How often the file is asked for in all, at least 1.
        connect_s: The longest wait for a connection.
        read_s: The longest silence on a connection.
        total_s: The time limit for everything, all tries and waits and redirects together; it
            also ends a download whose bytes dribble.
        first_wait_s: The ceiling of the first wait; each later ceiling is twice the one before.
        longest_wait_s: The highest such ceiling, and the most of a Retry-After that is heeded.
        max_bytes: The largest file taken, as sent and as unpacked.
        jitter: Makes a wait in seconds of its ceiling.
    """

    tries: int = 4
    connect_s: float = 15.0
    read_s: float = 60.0
    # 200 MB within a quarter of an hour is 1.8 Mbit/s: a slow line passes, a dribble does not.
    total_s: float = 900.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    max_bytes: int = MAX_BYTES
    jitter: Callable[[float], float] = full_jitter

    def wait_s(self, tries: int, asked_s: float | None) -> float:
        """The wait after this many failed tries.

        Args:
            tries: At least 1.
            asked_s: What the server's Retry-After says, if it says so; never waited less than
                that, up to `longest_wait_s`.
        """
        ceiling_s = min(self.first_wait_s * 2.0 ** (tries - 1), self.longest_wait_s)
        return min(asked_s or 0.0, self.longest_wait_s) + self.jitter(ceiling_s)


PATIENT = Patience()


class PassingError(FetchFailedError):
    """A failure that may be gone at the next try; `asked_s` is what Retry-After asks to wait."""

    def __init__(self, url: str, reason: str, asked_s: float | None = None) -> None:
        super().__init__(url, reason)
        self.asked_s = asked_s
