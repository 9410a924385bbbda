"""What the commands print: tables for people, JSON for machines."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
import rich.text
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from abeyance_screening.primitives.atomic_files import whole_file
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.visible import escaped, visible

_COLUMNS_OF_CODES = {"List", "From", "Source"}
# A width into which any table fits.
_UNBOUNDED = 10_000
_NUMERIC_COLUMNS = {"Age, days", "Entries", "kB"}


# What rich makes of any text before it measures, folds and colours it; its own drops a few signs.
rich.text.strip_control_codes = visible  # pyright: ignore[reportPrivateImportUsage] - rich asks it by this name


class Terminal(Console):
    """Standard output or error of a command, in which a listed name is a name and nothing else."""

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, markup=False, emoji=False)


@contextmanager
def whole_results(out: Path) -> Generator[BinaryIO]:
    """Open a file for results, which is there when they are complete and not before.

    Raises:
        BadInputError: The file cannot be written.
    """
    try:
        # an unfinished one that an ended command has left is written over by the next
        with whole_file(out, out.with_name(f".{out.name}.part")) as file:
            yield file
    except OSError as error:
        raise BadInputError("--out", f"cannot be written: {error.strerror}") from None


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    click.echo(escaped(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()))


def print_lines(lines: bytes) -> None:
    """Print complete lines of JSON."""
    click.echo(escaped(lines.decode()), nl=False)


def write_file(path: Path, option: str, content: bytes) -> None:
    """Write a file.

    Raises:
        BadInputError: The file cannot be written; the field is `option`, which named it.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInputError(option, f"{path} cannot be written: {error.strerror}") from None


def table_of_lists(*headings: str) -> Table:
    """Return a table that keeps codes on one line, with numbers aligned to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        justify = "right" if heading in _NUMERIC_COLUMNS else "left"
        is_code = heading in _COLUMNS_OF_CODES
        table.add_column(heading, no_wrap=is_code, justify=justify, overflow="fold")
    return table


def print_table(table: Table, console: Console | None = None) -> None:
    """Print a table, and cut nothing, however narrow the terminal is.

    Where its columns do not fit although they fold at words, its lines are longer than the
    terminal's: codes and ids are there to be copied.
    """
    console = console or Terminal()
    for column in table.columns:
        cells = [str(cell) for cell in (column.header, *column.cells)]
        words = cells if column.no_wrap else [word for cell in cells for word in cell.split()]
        column.min_width = max(map(len, words), default=0)
    least = Measurement.get(console, console.options.update(width=_UNBOUNDED), table).minimum
    if least > console.width:
        table.width = least
    console.print(table, crop=False)


def table_of(*headings: str, whole: str | None = None) -> Table:
    """Return a table whose cells fold where they do not fit; the column `whole` never does."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        if heading == whole:
            table.add_column(heading, no_wrap=True)
        else:
            table.add_column(heading, overflow="fold")
    return table


def minute(moment: datetime | None, otherwise: str) -> str:
    """Return a moment to the minute, in UTC; `otherwise` where there is none."""
    if moment is None:
        return otherwise
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
