"""Write the pages of the reference that are generated: commands, API, its fields and problems.

    python -m tools.quality.write_reference

Run in the repository's folder after a command or the API has changed; a test compares the pages.
"""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.platform.http.problem_kinds import KINDS

CLI_PAGE = Path("docs/reference/cli.md")
API_PAGE = Path("docs/reference/api.md")
FIELDS_PAGE = Path("docs/reference/fields.md")
PROBLEMS_PAGE = Path("docs/reference/problems.md")
OPENAPI = Path("openapi/openapi.json")
_FORMATS = {"date": "date", "date-time": "moment", "uuid": "UUID", "decimal": "decimal"}
# A page shows this width without a scroll bar; it must not depend on the terminal.
_WIDTH = 88
_CLI_HEAD = """# Command line

Every command as its `--help` prints it. How to use them:
[use the command line](../how-to/use-the-command-line.md).
"""
_API_HEAD = """# HTTP API

Made from `openapi/openapi.json`, which a running service answers at `/openapi.json` and shows, to
try out, at `/docs`. Examples: [ask over HTTP](../how-to/ask-over-http.md).

Each path that answers GET answers HEAD too. Errors are `application/problem+json`, and
[their `type`](problems.md) is an address that explains them. [What each field means](fields.md).
"""
_FIELDS_HEAD = """# Fields of the API

What each field of a question and of an answer means, object by object, ordered by name.
Made from `openapi/openapi.json`; `abeyance explain known_at` prints the same in a terminal.

A field marked with `*` is always there. A day is written `2026-11-24`, a moment
`2026-11-24T09:00:00Z`, in UTC.
"""
_PROBLEMS_HEAD = """# Problems

Every error of the API is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
Its `type` never changes and is an address of the service that shows what stands here: when it
comes, and what to do. A program goes by `type`; `title` and `detail` are for people. `request_id`
is in the service's log too. A problem that says no more than its HTTP status has the type
`about:blank`.
"""


class Parameter(msgspec.Struct, frozen=True, rename={"place": "in"}):
    """One parameter of an operation."""

    name: str
    place: str
    required: bool = False
    description: str = ""


class Response(msgspec.Struct, frozen=True):
    """One answer of an operation, or where it is described."""

    description: str = ""
    ref: str | None = msgspec.field(default=None, name="$ref")


class Operation(msgspec.Struct, frozen=True):
    """One method of one path."""

    summary: str
    description: str
    responses: dict[str, Response]
    parameters: list[Parameter] = []


class Kind(msgspec.Struct, frozen=True):
    """The type of a field, as JSON Schema says it."""

    ref: str | None = msgspec.field(default=None, name="$ref")
    type: str | list[str] | None = None
    format: str | None = None
    description: str = ""
    items: "Kind | None" = None
    one_of: list["Kind"] = msgspec.field(default_factory=list, name="oneOf")
    any_of: list["Kind"] = msgspec.field(default_factory=list, name="anyOf")
    enum: list[str | None] = []


class Schema(
    msgspec.Struct, frozen=True, rename={"words": "x-extensible-enum", "one_of": "oneOf"}
):
    """One object of questions or answers, the words that some choose from, or alternatives."""

    description: str
    properties: dict[str, Kind] = {}
    required: list[str] = []
    words: list[str] = []
    one_of: list[Kind] = []


class Components(msgspec.Struct, frozen=True):
    """The objects, and the headers and the answers that operations share."""

    schemas: dict[str, Schema]
    headers: dict[str, Response]
    responses: dict[str, Response]

    def told(self, response: Response) -> str:
        """Return the description of an answer, wherever it is."""
        if response.ref is None:
            return response.description
        return self.responses[response.ref.rpartition("/")[2]].description


class Document(msgspec.Struct, frozen=True):
    """The parts of an OpenAPI document that these pages need."""

    paths: dict[str, dict[str, Operation]]
    components: Components


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
        parts.extend(
            _section(f"{method.upper()} {path}", each, document.components)
            for method, each in methods.items()
        )
    return "\n".join(parts)


def fields_page(openapi: bytes) -> str:
    """Return every object of an OpenAPI document with its fields, and the headers of answers."""
    components = msgspec.json.decode(openapi, type=Document).components
    parts = [_FIELDS_HEAD]
    for name, schema in components.schemas.items():
        parts.append(f"## {name}\n\n{schema.description}\n\n{_inside(schema)}\n")
    headers = [("header", "meaning"), ("---", "---")]
    headers += [(f"`{name}`", each.description) for name, each in components.headers.items()]
    parts.append(f"## Headers of answers\n\n{_table(headers)}\n")
    return "\n".join(parts)


def _inside(schema: Schema) -> str:
    """Return the fields of an object as a table, or what else a schema consists of."""
    if schema.words:
        return ", ".join(f"`{each}`" for each in schema.words)
    if schema.one_of:
        return " or ".join(map(_type, schema.one_of))
    rows = [("field", "type", "meaning"), ("---", "---", "---")]
    rows += [
        (f"`{field}`{'*' * (field in schema.required)}", _type(kind), kind.description)
        for field, kind in schema.properties.items()
    ]
    return _table(rows)


def _type(kind: Kind) -> str:
    """Return a type in words: `date or null`, `list of Hit`."""
    if kind.ref is not None:
        name = kind.ref.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if kind.one_of or kind.any_of:
        return " or ".join(map(_type, (*kind.one_of, *kind.any_of)))
    if kind.items is not None:
        return f"list of {_type(kind.items)}"
    if kind.enum:
        return " or ".join(["word", *(["null"] if None in kind.enum else [])])
    names = [kind.type] if isinstance(kind.type, str) else kind.type or ["word"]
    shown = (_FORMATS.get(kind.format or "", each) if each == "string" else each for each in names)
    return " or ".join(shown)


def problems_page() -> str:
    """Return every kind of problem, by status and then by name."""
    rows = [("type", "status", "title", "when it comes", "what to do")]
    rows.append(("---", "---", "---", "---", "---"))
    rows += [
        (f"`{each.address}`", str(each.status.value), each.title, each.cause, each.cure)
        for each in KINDS.values()
    ]
    return f"{_PROBLEMS_HEAD}\n{_table(rows)}\n"


def _section(heading: str, operation: Operation, components: Components) -> str:
    answers = [("status", "answer"), ("---", "---")]
    answers += [(code, components.told(each)) for code, each in operation.responses.items()]
    parameters = [("parameter", "in", "meaning"), ("---", "---", "---")]
    parameters += [
        (f"`{each.name}`", f"{each.place}{', required' * each.required}", each.description)
        for each in operation.parameters
    ]
    parts = [
        f"## `{heading}`",
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
    FIELDS_PAGE.write_text(fields_page(OPENAPI.read_bytes()), "utf-8")
    PROBLEMS_PAGE.write_text(problems_page(), "utf-8")


if __name__ == "__main__":
    main()
