"""`abeyance explain`, and `--explain` of `abeyance screen`: what the fields of the API mean."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from textwrap import fill, indent

import click
import msgspec

from abeyance_screening.app.openapi_command import document_of_program
from abeyance_screening.platform.cli.options import examples
from abeyance_screening.primitives.choices import meant_by
from abeyance_screening.primitives.errors import BadInputError

_WIDTH = 88
_MOST_PLACES = 6


class _Described(msgspec.Struct, frozen=True):
    """Something that has a description: a field, a parameter, a header."""

    description: str = ""


class _Named(_Described, frozen=True):
    """A parameter, by its name."""

    name: str = ""


class _Object(msgspec.Struct, frozen=True):
    """A schema of the document, by its fields."""

    properties: dict[str, _Described] = {}


class _Operation(msgspec.Struct, frozen=True, rename="camel"):
    """An operation, by its parameters."""

    operation_id: str
    parameters: list[_Named] = []


class _Components(msgspec.Struct, frozen=True):
    """What the document has of schemas and headers."""

    schemas: dict[str, _Object]
    headers: dict[str, _Described]


class _Document(msgspec.Struct, frozen=True):
    """The parts of the OpenAPI document that have fields."""

    paths: dict[str, dict[str, _Operation]]
    components: _Components


@click.command(
    epilog=examples("abeyance explain known_at", "abeyance explain Hit.score RateLimit")
)
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
def explain(fields: tuple[str, ...]) -> None:
    """Say what a field of an answer or of a question means.

    FIELD is the name of a field (`score`), of a field of one object (`Hit.score`), of a parameter
    (`as_of`) or of a header (`RateLimit`), as in JSON and in the OpenAPI document. Where one name
    has several meanings, all are printed, the commonest first.
    """
    print_meanings(*fields)


def print_meanings(*fields: str) -> None:
    """Print what each field means, and where it is.

    Raises:
        BadInputError: Nothing has that name; the message names what is spelled alike.
    """
    known = _meanings()
    for field in fields:
        found = known.get(field.casefold())
        if found is None:
            raise BadInputError("FIELD", f"nothing is called {field!r}{meant_by(field, known)}")
        click.echo(field)
        for meaning, places in sorted(found.items(), key=lambda each: -len(each[1])):
            click.echo(_indented(meaning, 2))
            more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
            click.echo(_indented(f"in {', '.join(places[:_MOST_PLACES])}{more}", 4))


def _meanings() -> Mapping[str, Mapping[str, list[str]]]:
    """Return by name in small letters each meaning, with where it is meant."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, place, meaning in _every(msgspec.json.decode(document_of_program(), type=_Document)):
        names = (name, f"{place}.{name}")
        for each in names:
            found[each.casefold()][meaning].append(place)
    return found


def _every(document: _Document) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the place and the meaning of everything that has one."""
    for schema, each in document.components.schemas.items():
        for field, kind in each.properties.items():
            yield field, schema, kind.description
    for path, methods in document.paths.items():
        for method, operation in methods.items():
            for parameter in operation.parameters:
                yield parameter.name, f"{method.upper()} {path}", parameter.description
    for header, described in document.components.headers.items():
        yield header, "the headers of answers", described.description


def _indented(text: str, depth: int) -> str:
    return indent(fill(text, _WIDTH - depth, break_on_hyphens=False), " " * depth)
