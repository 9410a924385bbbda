"""`abeyance counterparties`: what a service watches, put from a file, looked at and deleted."""

from collections.abc import Iterator
from datetime import UTC
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import click
import msgspec

from abeyance_screening.engine.tables import HowToRead, ReadRow
from abeyance_screening.engine.tables.counterparties import as_one
from abeyance_screening.engine.tables.stream import StreamKind, streamed_counterparties
from abeyance_screening.features.counterparties.api import COUNTERPARTIES_PATH
from abeyance_screening.features.counterparties.bulk_api import BulkAnswer
from abeyance_screening.features.counterparties.desk import CounterpartyAnswer
from abeyance_screening.features.counterparties.types import ListedCounterparty
from abeyance_screening.platform.cli.client import HERE, ApiClient, CollectionPage
from abeyance_screening.platform.cli.options import as_json, examples, gathered, remote_url
from abeyance_screening.platform.cli.output import print_json, print_table, table_of
from abeyance_screening.primitives.errors import BadInputError

_TABLES: dict[str, StreamKind] = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
_LINES = frozenset({".ndjson", ".jsonl"})
# So many bytes of lines are sent at once.
_SENT_AT_ONCE = 8_000_000
_SHOWN = 20
_encode = msgspec.json.Encoder().encode


class CounterpartyListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance counterparties list`."""

    name: str | None
    outcome: str | None
    url: str | None
    as_json: bool


class CounterpartyPutOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance counterparties put`."""

    file: Path
    url: str | None
    as_json: bool


class CounterpartyOptions(msgspec.Struct, frozen=True):
    """The id of a counterparty, and the service that watches it."""

    key: str
    url: str | None
    as_json: bool


class CounterpartyDeleteOptions(msgspec.Struct, frozen=True):
    """The id of a counterparty that is to be deleted, and the service that watches it."""

    key: str
    url: str | None


_ID = click.argument("key", metavar="ID")


@click.group()
def counterparties() -> None:
    """Put counterparties on watch, look at them, and delete them.

    Without --url the service on this machine is asked, at http://127.0.0.1:8080.
    """


@counterparties.command(
    "put",
    epilog=examples(
        "abeyance counterparties put suppliers.csv",
        "abeyance counterparties put suppliers.ndjson --url https://abeyance.example",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@remote_url
@as_json
@gathered(CounterpartyPutOptions)
def put_file(options: CounterpartyPutOptions) -> None:
    """Watch the counterparties of FILE: .csv, .xlsx, .parquet or .ndjson, each with an id.

    The same file again changes nothing. What is new or changed is screened within seconds, and
    each hit is an alert.
    """
    answers = list[BulkAnswer]()
    with ApiClient(options.url or HERE) as service:
        for body in _batches(options.file):
            sent = service.upload(COUNTERPARTIES_PATH, {}, iter((body,)), len(body), _NDJSON)
            answers.append(service.read(sent, BulkAnswer))
    whole = _together(answers)
    if options.as_json:
        print_json(whole)
        return
    click.echo(
        f"{whole.received:,} read: {whole.changed:,} new or changed, {whole.unchanged:,} the "
        f"same, {whole.refused:,} refused."
    )
    for each in whole.faults[:_SHOWN]:
        click.echo(f"line {each.line}: {each.field} {each.reason}".rstrip(), err=True)


@counterparties.command(
    "list",
    epilog=examples(
        "abeyance counterparties list --outcome hits", "abeyance counterparties list --json"
    ),
)
@click.option("--name", help="Only with this in the name or the id.")
@click.option(
    "--outcome",
    type=click.Choice(["hits", "owner_hits", "no_hits", "incomplete"]),
    help="Only with this outcome.",
)
@remote_url
@as_json
@gathered(CounterpartyListOptions)
def list_all(options: CounterpartyListOptions) -> None:
    """List the counterparties on watch, in the order of their ids."""
    asked = {"name": options.name, "outcome": options.outcome}
    with ApiClient(options.url or HERE) as service:
        page = CollectionPage[ListedCounterparty]
        found = list(service.pages(COUNTERPARTIES_PATH, asked, page))
    if options.as_json:
        print_json(found)
        return
    table = table_of("Id", "Name", "Outcome", "Hits", "Screened", whole="Id")
    for each in found:
        at = each.screened_at
        screened = "pending" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        outcome = "pending" if each.pending else each.outcome or ""
        table.add_row(each.id, each.name, outcome, f"{each.hits:,}", screened)
    print_table(table)


@counterparties.command(epilog=examples("abeyance counterparties show supplier-17"))
@_ID
@remote_url
@as_json
@gathered(CounterpartyOptions)
def show(options: CounterpartyOptions) -> None:
    """Show the counterparty ID with its answer as it is now."""
    with ApiClient(options.url or HERE) as service:
        found = service.get(_path(options.key), {}, CounterpartyAnswer)
    if options.as_json:
        print_json(found)
        return
    (result,) = found.answer.results
    click.echo(f"{found.id}: {result.name}, {result.outcome}, revision {found.revision}")
    judged = {each.listing: each for each in found.judgements}
    for hit in result.hits:
        decided = judged.get(hit.listing.id)
        words = "" if decided is None else f", judged {decided.decision} ({decided.state})"
        listing = hit.listing
        click.echo(f"{hit.score:.2f} {listing.primary_name}, {listing.id}{words}")


@counterparties.command(epilog=examples("abeyance counterparties delete supplier-17"))
@_ID
@remote_url
@gathered(CounterpartyDeleteOptions)
def delete(options: CounterpartyDeleteOptions) -> None:
    """Delete the counterparty ID for good; its judgements remain, without names."""
    with ApiClient(options.url or HERE) as service:
        service.delete(_path(options.key))
    click.echo(f"Counterparty {options.key}: deleted.")


_NDJSON = {"content-type": "application/x-ndjson"}


def _path(key: str) -> str:
    # `.` and `..` are steps of a path, where they are not encoded
    encoded = (
        quote(key, safe="").replace(".", "%2E") if key in {".", ".."} else quote(key, safe="")
    )
    return f"{COUNTERPARTIES_PATH}/{encoded}"


def _batches(file: Path) -> Iterator[bytes]:
    """Yield the counterparties of a file as NDJSON, some megabytes at a time."""
    begun = bytearray()
    for line in _lines(file):
        begun += line.rstrip(b"\n") + b"\n"
        if len(begun) >= _SENT_AT_ONCE:
            yield bytes(begun)
            begun.clear()
    if begun:
        yield bytes(begun)


def _lines(file: Path) -> Iterator[bytes]:
    """Yield a line of JSON for each counterparty of a file."""
    ending = file.suffix.lower()
    with file.open("rb") as stream:
        if ending in _LINES:
            yield from stream
            return
        kind = _TABLES.get(ending)
        if kind is None:
            known = ", ".join((*_TABLES, *sorted(_LINES)))
            raise BadInputError(str(file), f"ends in none of {known}")
        rows = streamed_counterparties(kind, stream, HowToRead(), ())
        for _, parties in groupby(rows, key=lambda each: each.number):
            row = as_one(parties)
            # a row that cannot be read is a line that is refused, so that lines are numbered alike
            yield _encode(row.counterparty) if isinstance(row, ReadRow) else b"{}"


def _together(answers: list[BulkAnswer]) -> BulkAnswer:
    """Return several answers as one, the lines counted through."""
    whole = BulkAnswer(received=0, changed=0, unchanged=0, refused=0, faults=())
    for each in answers:
        before = whole.received
        faults = (
            msgspec.structs.replace(fault, line=fault.line + before) for fault in each.faults
        )
        whole = BulkAnswer(
            received=before + each.received,
            changed=whole.changed + each.changed,
            unchanged=whole.unchanged + each.unchanged,
            refused=whole.refused + each.refused,
            faults=(*whole.faults, *faults),
        )
    return whole
