"""The child's side of supervision: it ends with its parent, and says how it gets on."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Self
from uuid import UUID

import msgspec

from abeyance_screening.primitives.processes import end_with

SUPERVISED = "ABEYANCE_SUPERVISED"
"""The variable by which a child knows that it is one; see `ChildProcess`."""

# A parent that is gone without a word was killed, and its database ends with it: little can be
# finished. With the second in which a child notices, nothing is left after five.
_ENDS_WITHIN_S = 3.0


class ChildProcess(msgspec.Struct, frozen=True, kw_only=True):
    """What a child process is told by its parent.

    Attributes:
        parent: The id of the parent process.
        id: The child's own id, which stays the same when it is started again.
        restarts: How often it has been started again.
    """

    parent: int
    id: UUID
    restarts: int = 0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self | None:
        """Return what the environment of a process says; None for one that nobody supervises."""
        written = environment.get(SUPERVISED)
        return None if written is None else msgspec.json.decode(written, type=cls)

    def variables(self) -> dict[str, str]:
        """Return the variable that tells this to the child."""
        return {SUPERVISED: msgspec.json.encode(self).decode()}


def end_with_supervisor() -> None:
    """End this process within 5 s after the one that supervises it, if one does."""
    if (supervised := ChildProcess.of(os.environ)) is not None:
        end_with(supervised.parent, within_s=_ENDS_WITHIN_S)


def say(phase: str) -> None:
    """Tell the supervisor that this process gets on, and with what.

    The standard input of a child is a socket for that. A supervisor that is gone, or that has not
    come round to reading, stops nobody.
    """
    with suppress(OSError):
        os.write(sys.stdin.fileno(), f"{phase}\n".encode())
