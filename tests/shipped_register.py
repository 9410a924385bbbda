"""The register that comes with the program, read once for all tests of a process.

Reading and checking its files takes a second of one core, and forty test modules ask about it.
Tests that read registers of their own change one file of it and leave the others as they are.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources.abc import Traversable
from unittest.mock import patch

from abeyance_screening.engine.measures.measure import ShippedRegister
from abeyance_screening.engine.measures.register import read
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.platform import local_data


@cache
def shipped() -> ShippedRegister:
    """Return the measures and the revision."""
    return read.shipped()


@contextmanager
def read_once() -> Generator[None]:
    """Let services in this process share what the first one read, and read no file's text twice.

    What is read of a text is only converted, never changed.
    """
    known, ledger = lru_cache(256)(read.read_yaml), read.read_ledger
    ledgers = dict[bytes | None, tuple[read.LedgerLine, ...]]()

    def ledger_once(folder: Traversable) -> tuple[read.LedgerLine, ...]:
        file = folder.joinpath(read.LEDGER)
        content = file.read_bytes() if file.is_file() else None
        if content not in ledgers:
            ledgers[content] = ledger(folder)
        return ledgers[content]

    with (
        patch.object(local_data, "shipped", shipped),
        patch.object(read, "read_yaml", known),
        patch.object(read, "read_ledger", ledger_once),
    ):
        yield


@cache
def load() -> Register:
    """Return the measures, which tests only read."""
    return Register(shipped().measures)
