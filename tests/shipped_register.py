"""The register that comes with the program, read once for all tests of a process.

Reading and checking its files takes a second of one core, and forty test modules ask about it.
"""

from functools import cache

from service.measures.measure import ShippedRegister
from service.measures.register import read
from service.measures.register.register import Register


@cache
def shipped() -> ShippedRegister:
    """Return the measures and the revision."""
    return read.shipped()


@cache
def load() -> Register:
    """Return the measures, which tests only read."""
    return Register(shipped().measures)
