"""Options that several commands share, and `abeyance completion`, which completes them."""

import functools
import os
import shutil
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Literal, get_args, override

import click
import msgspec
from click.shell_completion import CompletionItem, get_completion_class

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.platform.settings import Settings, read_settings
from abeyance_screening.primitives.errors import BadInputError, needs_extra

type Command = Callable[..., object]

Shell = Literal["bash", "zsh", "fish"]
_VARIABLE = "_ABEYANCE_COMPLETE"


STANDARD_INPUT = "standard-input"
"""The name of what `-` stands for, before an ending."""

# How tables begin that are no CSV: the ending that says what they are.
_BEGINNINGS = {b"PK": ".xlsx", b"{": ".jsonl", b"PAR1": ".parquet", b"ARROW1": ".arrow"}
# Notes in a context that standard input was read.
_READ = "abeyance.standard_input_read"


class InputFile(click.Path):
    """A click parameter: a file that exists, or `-` for standard input.

    Standard input is first stored as a file, which is deleted after the command, so that a command
    reads it as any other file. A table's name has the ending of what it looks like; other files
    are recognised by their content anyway.
    """

    def __init__(self, *, dir_okay: bool = False, is_table: bool = False) -> None:
        super().__init__(exists=True, dir_okay=dir_okay, path_type=Path)
        self._is_table = is_table

    @override
    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Return the path of the file, or fail if it does not exist or `-` was given before."""
        if ctx is None or ctx.resilient_parsing or str(value) != "-":
            return super().convert(value, param, ctx)
        if ctx.meta.get(_READ):
            self.fail("standard input can be read only once", param, ctx)
        ctx.meta[_READ] = True
        # of the whole command line, which is closed even where another parameter is at fault
        folder = ctx.find_root().with_resource(TemporaryDirectory(prefix="abeyance-"))
        path = Path(folder) / STANDARD_INPUT
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return path.rename(path.with_suffix(_ending_of(path))) if self._is_table else path


def _ending_of(table: Path) -> str:
    """Return the ending for a table by how it begins."""
    with table.open("rb") as file:
        begins = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((end for mark, end in _BEGINNINGS.items() if begins.startswith(mark)), ".csv")


class Day(click.ParamType[date]):
    """A click parameter: a day written as 2026-11-24."""

    name = "day"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a day, or fail with a message that shows the expected form."""
        if isinstance(value, date):
            return value
        printed = str(value)
        try:
            day = date.fromisoformat(printed)
        except ValueError:
            day = None
        if day is None or day.isoformat() != printed:
            self.fail(f"{printed!r} is not a day; write it as 2026-11-24", param, ctx)
        return day


def examples(*lines: str) -> str:
    """Return the end of a command's help: example commands to copy, one a line."""
    return "\b\nFor example:\n" + "\n".join(f"  {line}" for line in lines)


def gathered[T: msgspec.Struct](struct: type[T]) -> Callable[[Callable[[T], None]], Command]:
    """Return a decorator that passes a command its arguments and options as one struct."""

    def wrap(command: Callable[[T], None]) -> Command:
        @functools.wraps(command)
        def run(**given: object) -> None:
            command(struct(**given))

        return run

    return wrap


def data_dir(command: Command) -> Command:
    """Add `--data-dir`, the folder of the embedded database and of indexes."""
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the embedded database and of indexes [ABEYANCE_DATA_DIR]; with "
        "DATABASE_URL, of indexes alone.",
    )(command)


def days(command: Command) -> Command:
    """Add `--as-of` and `--known-at`, the two clocks."""
    command = click.option(
        "--known-at", type=Day(), help="Count only what was public on this day [today]."
    )(command)
    return click.option("--as-of", type=Day(), help="The legal day asked about [today].")(command)


def as_json(command: Command) -> Command:
    """Add `--json`, for output that a program reads."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def remote_url(command: Command) -> Command:
    """Add `--url`, to ask a remote service instead of using this machine's data."""
    return click.option(
        "--url",
        envvar="ABEYANCE_URL",
        metavar="URL",
        help="Ask the service at http://host:port instead of this machine's data [ABEYANCE_URL].",
    )(command)


def list_codes(
    _context: click.Context, _parameter: click.Parameter, beginning: str
) -> list[CompletionItem]:
    """Return the lists whose code has this beginning, for shell completion."""
    return [
        CompletionItem(code, help=known.title)
        for code, known in LIST_BY_CODE.items()
        if code.startswith(beginning)
    ]


def settings_with(folder: Path | None) -> Settings:
    """Read the settings, with the data directory of the command line if one is given."""
    settings = read_settings()
    if folder is None:
        return settings
    return msgspec.structs.replace(settings, data_dir=folder, keep_indexes=True)


@contextmanager
def naming_options(options: Mapping[str, str]) -> Generator[None]:
    """Name in an error what the user wrote instead of the field: `options` has both.

    Raises:
        BadInputError: The error with its new field; a field that is not in `options` stays.
    """
    try:
        yield
    except BadInputError as error:
        raise BadInputError(options.get(error.field, error.field), error.reason) from None


def needing(extra: str, module: str, field: str) -> ModuleType:
    """Return a module that needs libraries of an extra of the package.

    Raises:
        BadInputError: They are not installed; the field is as given.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] == "abeyance_screening":
            raise
        raise BadInputError(field, needs_extra(extra)) from None


@click.command(
    epilog=examples(
        "abeyance completion bash > ~/.local/share/bash-completion/completions/abeyance",
        "abeyance completion zsh > ~/.zfunc/_abeyance",
        "abeyance completion fish > ~/.config/fish/completions/abeyance.fish",
    )
)
@click.argument("shell", type=click.Choice(get_args(Shell)))
@click.pass_context
def completion(context: click.Context, shell: Shell) -> None:
    """Print the script that completes commands, options and list codes in SHELL."""
    made_by = get_completion_class(shell)
    if made_by is None:
        raise BadInputError("SHELL", f"{shell} is not supported")
    root = context.find_root()
    click.echo(made_by(root.command, {}, root.info_name or "abeyance", _VARIABLE).source())
