"""`abeyance register propose`: drafts of events out of documents of the Federal Register."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from service.app.federal_register import fetch_documents
from service.cli.options import Day, as_json, examples, gathered
from service.cli.output import print_json
from service.flow.propose import propose as propose_events
from service.flow.propose.entries import write_proposals
from service.model.errors import BadInputError
from service.model.proposal import Document
from service.parse.us_fr import is_silent, read_documents
from service.register.read import load as load_register
from service.settings import read_settings


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


def _documents(given: ProposeGiven) -> Iterator[Document]:
    if not given.paths and not given.fetch:
        raise BadInputError("FILE", "name a file of documents, or ask for them with --fetch")
    for path in given.paths:
        for document in read_documents(path.read_bytes()):
            if given.since is None or document.publication_date >= given.since:
                yield document
    if given.fetch:
        yield from _fetched(given.since)


def _fetched(since: date | None) -> tuple[Document, ...]:
    if since is None:
        raise BadInputError("--since", "says from which day on to ask the Federal Register")
    return asyncio.run(fetch_documents(since, read_settings().mirror))


def _name_silent(documents: Sequence[Document]) -> None:
    silent = [document.html_url for document in documents if is_silent(document)]
    if silent:
        click.echo("These say too little of themselves; read them:", err=True)
        for url in silent:
            click.echo(f"  {url}", err=True)
