"""Wrong keys are slowed down, and an address that guesses is held off."""

import logging
import math
from collections.abc import Callable, Generator
from contextlib import contextmanager

from abeyance_screening.platform.limits.limits import Gcra
from abeyance_screening.primitives.addresses import client_group
from abeyance_screening.primitives.errors import ElsewhereError, WrongKeyError

logger = logging.getLogger(__name__)

# --- Wrong keys: logged without the key, and answered slowly where one address sends many.
#
# A key has 256 random bits, so nobody finds one by trying: what slowing protects is the time of
# everybody else, and the log. An address that is slowed may be that of a proxy with many callers
# behind it, so a key that works is taken from there as fast as ever.

# After so many within a minute; a person who mistypes, or a program whose key was revoked and that
# tries now and then, stays below.
MOST_WRONG = 10
_MINUTE_S = 60.0
# How long an answer to a slowed address is held back, at least and at most: a connection gets one
# answer and is closed. They differ, so that connections made at once do not all come back at once.
_HOLD_S, _HOLD_STEPS = (2.0, 4.0), 64
# Above it answers are not held back: each of them takes some kilobytes.
MOST_HELD = 4_000
# About two megabytes. With more addresses, those that began first are forgotten.
_MOST_ADDRESSES = 10_000
_LINES_PER_S, _LINES_AT_ONCE = 0.5, 20


class _WrongCount:
    """How many wrong keys one address sent, and since when."""

    __slots__ = ("began", "times")

    def __init__(self, began: float) -> None:
        self.began = began
        self.times = 0


class WrongKeys:
    """The addresses that sent wrong keys to this process within the last minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock in seconds that never goes back."""
        self._clock = clock
        self._tallies: dict[str, _WrongCount] = {}
        self._slowing_until = -_MINUTE_S
        self._lines = Gcra(_LINES_PER_S, _LINES_AT_ONCE, clock())
        self._held = self._times = 0

    @property
    def is_slowing(self) -> bool:
        """Whether any address is slowed now."""
        return self._clock() < self._slowing_until

    def slowed_s(self, address: str) -> int:
        """Return for how many more seconds an address is slowed, rounded up; 0 for not at all."""
        tally = self._tallies.get(client_group(address))
        if tally is None or tally.times < MOST_WRONG:
            return 0
        return max(0, math.ceil(tally.began + _MINUTE_S - self._clock()))

    def note(self, address: str, error: WrongKeyError | ElsewhereError) -> None:
        """Note that a key from an address was refused; log the first, and the one that slows it.

        The line has the address, the reason and the id of a key that is known, never the key.
        """
        now, place = self._clock(), client_group(address)
        tally = self._tallies.get(place)
        if tally is None or now >= tally.began + _MINUTE_S:
            earlier = 0 if tally is None else tally.times
            tally = self._new(place, now)
            self._log(f"access.{error.why}", address, key=error.key, earlier=earlier)
        tally.times += 1
        if tally.times == MOST_WRONG:
            self._slowing_until = max(self._slowing_until, tally.began + _MINUTE_S)
            self._log("access.slowed", address, key=error.key, earlier=0)

    def count_slowed(self, address: str) -> None:
        """Count a wrong key of a slowed address; nothing else is done with it."""
        tally = self._tallies.get(client_group(address))
        if tally is not None:
            tally.times += 1

    @contextmanager
    def holding(self) -> Generator[float]:
        """Hold an answer back for the seconds that are yielded, 0 if too many others are held."""
        shortest, longest = _HOLD_S
        self._times += 1
        step = self._times % _HOLD_STEPS
        seconds = shortest + (longest - shortest) * step / _HOLD_STEPS
        is_room = self._held < MOST_HELD
        self._held += 1
        try:
            yield seconds if is_room else 0.0
        finally:
            self._held -= 1

    def _new(self, place: str, now: float) -> _WrongCount:
        self._tallies.pop(place, None)
        if len(self._tallies) >= _MOST_ADDRESSES:
            del self._tallies[next(iter(self._tallies))]
        tally = self._tallies[place] = _WrongCount(now)
        return tally

    def _log(self, event: str, address: str, *, key: int | None, earlier: int) -> None:
        if not self._lines.take(1, self._clock()):
            return
        extra: dict[str, object] = {"address": address}
        if key is not None:
            extra["key"] = key
        if earlier:
            extra["earlier"] = earlier
        logger.warning(event, extra=extra)
