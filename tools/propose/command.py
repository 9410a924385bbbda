"""`abeyance register propose`: drafts of events out of documents of the Federal Register."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
import msgspec

from service.app.lists import fetch_through
from service.cli.options import Day, as_json, examples, gathered
from service.cli.output import print_json
from service.errors import BadInputError, FetchFailedError
from service.lists.download import PATIENT, Patience
from service.measures.proposal import FederalRegisterDocument, write_proposals
from service.measures.register.read import load as load_register
from service.settings import read_settings
from tools.propose.drafts import propose as propose_events
from tools.propose.us_fr import is_silent, read_documents, read_page

# --- Documents of the Federal Register, asked of its API.

HOST = "www.federalregister.gov"
_PATH = "/api/v1/documents"
# Whose documents change the measures of the register: BIS and OFAC.
_AGENCIES = ("industry-and-security-bureau", "foreign-assets-control-office")
_FIELDS = (
    "document_number",
    "title",
    "type",
    "abstract",
    "action",
    "dates",
    "publication_date",
    "effective_on",
    "citation",
    "html_url",
    "agencies",
    "regulation_id_numbers",
    "correction_of",
)
_PER_PAGE = 500
# The API itself answers no more than 2,000 documents to one question.
_MAX_PAGES = 20


async def fetch_documents(
    since: date, mirror: str | None = None, patience: Patience = PATIENT
) -> tuple[FederalRegisterDocument, ...]:
    """The documents of BIS and OFAC published on that day or later, oldest first.

    A `mirror` has the answers under the publisher's host, path and query; see `app.mirror`.

    Raises:
        FetchFailedError: They could not be had whole, or the answers lead to another host or on
            without end.
        ListRefusedError: An answer is none of the API's.
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
    raise FetchFailedError(url, f"more than {_MAX_PAGES} pages; ask for a later day")


def _first_page(since: date) -> str:
    asked = [
        *(("conditions[agencies][]", agency) for agency in _AGENCIES),
        ("conditions[publication_date][gte]", since.isoformat()),
        *(("fields[]", field) for field in _FIELDS),
        ("order", "oldest"),
        ("per_page", str(_PER_PAGE)),
    ]
    return f"https://{HOST}{_PATH}.json?{urlencode(asked)}"


def _on_same_host(url: str) -> str:
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != ("https", HOST) or not parts.path.startswith(_PATH):
        raise FetchFailedError(url, f"goes on outside {HOST}, not followed")
    return url


class ProposeGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

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
@click.option("--fetch", is_flag=True, help="Ask the Federal Register for those of BIS and OFAC.")
@as_json
@gathered(ProposeGiven)
def propose(given: ProposeGiven) -> None:
    """Draft events out of documents of the Federal Register.

    FILE is an answer of its documents API. What comes out is a file to edit: each draft says which
    words led to it and what is missing. None counts until a person has read the document, set
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
        raise BadInputError("FILE", "name a file of documents, or ask for them with --fetch")
    for path in given.paths:
        for document in read_documents(path.read_bytes()):
            if given.since is None or document.publication_date >= given.since:
                yield document
    if given.fetch:
        yield from _fetched(given.since)


def _fetched(since: date | None) -> tuple[FederalRegisterDocument, ...]:
    if since is None:
        raise BadInputError("--since", "says from which day on to ask the Federal Register")
    return asyncio.run(fetch_documents(since, read_settings().mirror))


def _name_silent(documents: Sequence[FederalRegisterDocument]) -> None:
    silent = [document.html_url for document in documents if is_silent(document)]
    if silent:
        click.echo("These say too little of themselves; read them:", err=True)
        for url in silent:
            click.echo(f"  {url}", err=True)
