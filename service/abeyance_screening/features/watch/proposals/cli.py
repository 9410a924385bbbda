"""`abeyance register propose`: draft events from documents of the Federal Register."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
import msgspec

from abeyance_screening.engine.measures.places import (
    FEDERAL_REGISTER_FIELDS,
    FederalRegisterDocument,
    write_proposals,
)
from abeyance_screening.engine.measures.register.read import load as load_register
from abeyance_screening.features.watch.proposals.drafts import propose as propose_events
from abeyance_screening.features.watch.proposals.us_fr import is_silent, read_documents, read_page
from abeyance_screening.platform.cli.options import Day, as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.platform.download import PATIENT, Patience
from abeyance_screening.platform.publishers import fetch_through
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.primitives.errors import BadInputError, FetchFailedError

# --- The API of the Federal Register.

HOST = "www.federalregister.gov"
_PATH = "/api/v1/documents"
# The agencies whose documents change measures of the register: BIS and OFAC.
_AGENCIES = ("industry-and-security-bureau", "foreign-assets-control-office")
_PER_PAGE = 500
# The API itself answers one query with at most 2,000 documents.
_MAX_PAGES = 20


async def fetch_documents(
    since: date, mirror: str | None = None, patience: Patience = PATIENT
) -> tuple[FederalRegisterDocument, ...]:
    """Fetch the documents of BIS and OFAC published on `since` or later, oldest first.

    A `mirror` has the answers under the publisher's host, path and query; see `app.mirror`.

    Raises:
        FetchFailedError: A page could not be fetched, links to another host, or is one too many.
        ListRefusedError: An answer is not one of the API.
        RowRefusedError: A document cannot be read.
    """
    url = _first_page(since)
    documents: list[FederalRegisterDocument] = []
    for _ in range(_MAX_PAGES):
        fetched = await fetch_through(mirror, url, patience)
        page = read_page(fetched.content or b"")
        documents.extend(page.documents)
        if page.next_page_url is None:
            return tuple(documents)
        url = _on_same_host(page.next_page_url)
    raise FetchFailedError(url, f"more than {_MAX_PAGES} pages; give a later --since")


def _first_page(since: date) -> str:
    query = [
        *(("conditions[agencies][]", agency) for agency in _AGENCIES),
        ("conditions[publication_date][gte]", since.isoformat()),
        *(("fields[]", field) for field in FEDERAL_REGISTER_FIELDS),
        ("order", "oldest"),
        ("per_page", str(_PER_PAGE)),
    ]
    return f"https://{HOST}{_PATH}.json?{urlencode(query)}"


def _on_same_host(url: str) -> str:
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != ("https", HOST) or not parts.path.startswith(_PATH):
        raise FetchFailedError(url, f"the next page is outside {HOST}, so it was not fetched")
    return url


# --- The command.


class ProposeGiven(msgspec.Struct, frozen=True):
    """The arguments of `register propose`."""

    paths: tuple[Path, ...]
    since: date | None
    fetch: bool
    as_json: bool


@click.command(
    epilog=examples(
        "abeyance register propose documents.json > proposals.yaml",
        "abeyance register propose --fetch --since 2026-10-01 > proposals.yaml",
    )
)
@click.argument(
    "paths",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--since", type=Day(), help="Only documents published on this day or later.")
@click.option(
    "--fetch", is_flag=True, help="Fetch the documents of BIS and OFAC from the Federal Register."
)
@as_json
@gathered(ProposeGiven)
def propose(given: ProposeGiven) -> None:
    """Draft events from documents of the Federal Register.

    FILE is an answer of its documents API, or the printed text of one document, whose amendatory
    instructions the drafts then quote. The output is a file to edit: each draft states which words
    led to it and what is missing. A draft has no effect until a person has read the document, set
    accepted to yes, and given the file to `abeyance register add --file`.
    """
    documents = tuple(_documents(given))
    proposals = propose_events(documents, load_register().measures)
    if given.as_json:
        print_json(proposals)
    else:
        click.echo(write_proposals(proposals), nl=False)
    click.echo(f"{len(documents):,} documents, {len(proposals):,} proposals.", err=True)
    _name_silent(documents)


def _documents(given: ProposeGiven) -> Iterator[FederalRegisterDocument]:
    if not given.paths and not given.fetch:
        raise BadInputError("FILE", "give a file of documents, or fetch them with --fetch")
    for path in given.paths:
        for document in read_documents(path.read_bytes()):
            if given.since is None or document.publication_date >= given.since:
                yield document
    if given.fetch:
        yield from _fetched(given.since)


def _fetched(since: date | None) -> tuple[FederalRegisterDocument, ...]:
    if since is None:
        raise BadInputError("--since", "is needed with --fetch: the first day to fetch")
    return asyncio.run(fetch_documents(since, read_settings().mirror))


def _name_silent(documents: Sequence[FederalRegisterDocument]) -> None:
    silent = [document.html_url for document in documents if is_silent(document)]
    if silent:
        click.echo("These documents state too little to draft from; read them:", err=True)
        for url in silent:
            click.echo(f"  {url}", err=True)
