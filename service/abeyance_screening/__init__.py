"""Abeyance: who a counterparty may be, which measures reach it, and their status on a day.

    from abeyance_screening import screen

is all that other programs need: it screens Arrow record batches inside them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from abeyance_screening.app.bulk import (
        AbeyanceError,
        BadInputError,
        BulkOptions,
        Screened,
        screen,
    )

__all__ = ["AbeyanceError", "BadInputError", "BulkOptions", "Screened", "screen"]


def __getattr__(name: str) -> object:
    """Import what is public when it is asked for: with it come numpy and the engine."""
    if name in __all__:
        return cast("object", getattr(import_module("abeyance_screening.app.bulk"), name))
    raise AttributeError(name=name)
