"""The command `abeyance` and its groups, out of the commands that features register."""

import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Never, TextIO, cast, override

import click

from abeyance_screening.app.features import commands_of
from abeyance_screening.platform.cli.commands import Commands
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError
from abeyance_screening.primitives.visible import visible

STOPPED = 130
"""The exit status of a command that Ctrl-C ended: 128 plus the number of the signal."""


LOCAL_API = "abeyance_screening.app.local_api:local_api"
"""What answers a command that asks no service: imported by those that ask."""


class _VisibleStream:
    """A text stream in which nothing acts; bytes pass by it, and so does what rich has made."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        """Write a text, made visible."""
        return self.rich_proxied_file.write(visible(text))

    def __getattr__(self, name: str) -> object:
        """Return what else the stream has."""
        return cast("object", getattr(self.rich_proxied_file, name))


@contextmanager
def making_visible() -> Generator[None]:
    """Make all visible that a command says while this lasts, by whatever way it says it."""
    out, err = (
        cast("TextIO", cast("object", _VisibleStream(each))) for each in (sys.stdout, sys.stderr)
    )
    with redirect_stdout(out), redirect_stderr(err):
        yield


class AllCommands(Commands):
    """The commands of `abeyance`."""

    entries = commands_of()

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run a command; nothing that it prints acts on a terminal."""
        with making_visible():
            return cast("object", super().invoke(ctx))


@click.group(
    cls=AllCommands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "obj": LOCAL_API,
    },
)
@click.version_option(package_name="abeyance-screening", prog_name="abeyance")
def abeyance() -> None:
    """Screen counterparties against sanctions and export-control lists.

    Every answer names the legal measures that reach a hit and says whether they are in force on
    the day that matters.
    """


def run() -> None:
    """Run one command; print an expected error as one line and exit with status 1."""
    try:
        abeyance(prog_name="abeyance", standalone_mode=False)
    except BadInputError as error:
        _refuse(str(error))
    except AbeyanceError as error:
        _refuse(f"{error.title}: {error}" if str(error) else error.title)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        _refuse(error.format_message())
    except click.Abort:
        click.echo("abeyance: stopped", err=True)
        sys.exit(STOPPED)


def _refuse(reason: str) -> Never:
    click.echo(f"abeyance: {visible(' '.join(reason.split()))}", err=True)
    sys.exit(1)


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    entries = commands_of("register")


@click.group(cls=RegisterCommands)
def register() -> None:
    """Check the register of measures, add events to it, and pass it on."""
