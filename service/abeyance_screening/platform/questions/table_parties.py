"""A table that was uploaded, read as counterparties: what the spreadsheet room gives to others."""

from collections.abc import Awaitable, Callable, Sequence

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from abeyance_screening.engine.tables.counterparties import RowOfTable
from abeyance_screening.platform.pages.frame import AnyRequest

type PartiesOfTable = Callable[[AnyRequest], Awaitable[Sequence[RowOfTable]]]
"""Reads the file of a form in a process of its own, the columns as guessed by their headers, and
returns a row for each of its rows: the parties of a row as one, under all their names. Raises
BadInputError where it cannot be read or no column has names, BusyError where too many wait."""
TheTableParties = NamedDependency[SkipValidation[PartiesOfTable]]
