"""Write the pages of the reference that are generated: the commands and the HTTP API.

    python -m tools.quality.write_reference

Run in the repository's folder after a command or the API has changed; a test compares the pages.
"""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from abeyance_screening.app.command_line import abeyance

CLI_PAGE = Path("docs/reference/cli.md")
API_PAGE = Path("docs/reference/api.md")
OPENAPI = Path("openapi/openapi.json")
# A page shows this width without a scroll bar; it must not depend on the terminal.
_WIDTH = 88
_CLI_HEAD = """# Command line

Every command as its `--help` prints it. How to use them:
[use the command line](../how-to/use-the-command-line.md).
"""
_API_HEAD = """# HTTP API

Made from `openapi/openapi.json`, which a running service answers at `/openapi.json` and shows, to
try out, at `/docs`. Examples: [ask over HTTP](../how-to/ask-over-http.md).

Each path that answers GET answers HEAD too. Errors are `application/problem+json`.
"""


class Parameter(msgspec.Struct, frozen=True, rename={"place": "in"}):
    """One parameter of an operation."""

    name: str
    place: str
    required: bool = False
    description: str = ""


class Response(msgspec.Struct, frozen=True):
    """One answer of an operation."""

    description: str


class Operation(msgspec.Struct, frozen=True):
    """One method of one path."""

    summary: str
    description: str
    responses: dict[str, Response]
    parameters: list[Parameter] = []


class Document(msgspec.Struct, frozen=True):
    """The parts of an OpenAPI document that these pages need."""

    paths: dict[str, dict[str, Operation]]


def cli_page() -> str:
    """Return every command with its help, in the order of `abeyance --help`."""
    parts = [_CLI_HEAD]
    for context in _commands(_context(abeyance, "abeyance", None)):
        text = context.command.get_help(context).rstrip()
        parts.append(f"## `{context.command_path}`\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )


def _commands(context: click.Context) -> Iterator[click.Context]:
    yield context
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None:
                yield from _commands(_context(command, name, context))


def api_page(openapi: bytes) -> str:
    """Return every operation of an OpenAPI document with its parameters and answers."""
    document = msgspec.json.decode(openapi, type=Document)
    parts = [_API_HEAD]
    for path, methods in document.paths.items():
        parts.extend(_section(method, path, each) for method, each in methods.items())
    return "\n".join(parts)


def _section(method: str, path: str, operation: Operation) -> str:
    answers = [("status", "answer"), ("---", "---")]
    answers += [(code, each.description) for code, each in operation.responses.items()]
    parameters = [("parameter", "in", "meaning"), ("---", "---", "---")]
    parameters += [
        (f"`{each.name}`", f"{each.place}{', required' * each.required}", each.description)
        for each in operation.parameters
    ]
    parts = [
        f"## `{method.upper()} {path}`",
        f"**{operation.summary}.** {operation.description.strip()}",
        *([_table(parameters)] if operation.parameters else []),
        _table(answers),
    ]
    return "\n\n".join(parts) + "\n"


def _table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    CLI_PAGE.write_text(cli_page(), "utf-8")
    API_PAGE.write_text(api_page(OPENAPI.read_bytes()), "utf-8")


if __name__ == "__main__":
    main()
