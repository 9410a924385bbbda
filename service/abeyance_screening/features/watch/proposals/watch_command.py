"""`abeyance register watch`: what is new in the places where acts appear, as proposals."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.measure import Event, EventKind, Measure, Source
from abeyance_screening.engine.measures.place_state import OpenDocument
from abeyance_screening.engine.measures.places import (
    Place,
    Proposal,
    place_of,
    places,
    write_proposals,
)
from abeyance_screening.engine.measures.register.read import load as load_register
from abeyance_screening.features.watch.confirmations import unread_documents
from abeyance_screening.features.watch.look import PlaceReport, Watch, look_at
from abeyance_screening.features.watch.proposals.drafts import propose as propose_events
from abeyance_screening.features.watch.proposals.titles import TitleReading, read_title
from abeyance_screening.features.watch.proposals.us_fr import read_documents
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import AbeyanceError

EXIT_UNREAD = 4
_NEED_END: frozenset[EventKind] = frozenset(
    {"suspend", "extend_suspension", "authorise", "replace_authorisation", "renew"}
)
_TO_FIND = (
    "event.kind: this draft only says that a document appeared; read it and state what it does",
    "event.published_on, event.effective_on and event.until, as the act states them",
    "event.words: the act's own words",
    "measure: which one it is about, or none",
)


class WatchOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register watch`."""

    place_ids: tuple[str, ...]
    since: date | None
    only_open: bool
    only_list: bool
    as_json: bool
    data_dir: Path | None


class WatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a watch: a report of each place, and the proposals."""

    places: tuple[PlaceReport, ...]
    proposals: tuple[Proposal, ...]


@click.command(
    epilog=examples(
        "abeyance register watch > proposals.yaml",
        "abeyance register watch us-fr-bis us-ofac-recent-actions --since 2026-11-01",
        "abeyance register watch --open > unread.yaml",
    )
    + "\n\nExit status: 0 every place could be read, 1 an error, 4 some could not."
)
@click.argument("place_ids", metavar="[PLACE]...", nargs=-1)
@click.option("--since", type=Day(), help="What counts as new where a place is read first.")
@click.option("--open", "only_open", is_flag=True, help="Ask nobody; show what is still unread.")
@click.option("--list", "only_list", is_flag=True, help="Ask nobody; show the places.")
@as_json
@data_dir
@gathered(WatchOptions)
def watch(options: WatchOptions) -> None:
    """Look at the places where acts appear, and draft proposals from what is new.

    Without PLACE, at all of them. Nothing becomes an event: the output is a file to edit, as of
    `abeyance register propose`. What a place brought stays open until a person confirms the place
    with `abeyance register confirm`. A place that cannot be read is named, and the others go on.
    """
    chosen = tuple(map(place_of, options.place_ids)) or places()
    if options.only_list:
        _list(chosen, as_json=options.as_json)
        return
    settings = settings_with(options.data_dir)
    measures = load_register().measures
    reports: tuple[PlaceReport, ...] = ()
    with prepared_database(settings) as dsn:
        if options.only_open:
            documents = asyncio.run(unread_documents(dsn, chosen))
        else:
            plan = Watch(mirror=settings.mirror, measures=measures, since=options.since)
            reports = asyncio.run(_look(dsn, chosen, plan))
            documents = tuple(each for report in reports for each in report.new)
    proposals = tuple(_proposals(documents, measures))
    _print(WatchResult(places=reports, proposals=proposals), documents, as_json=options.as_json)
    if any(each.reason is not None for each in reports):
        raise SystemExit(EXIT_UNREAD)


async def _look(dsn: str, chosen: Sequence[Place], plan: Watch) -> tuple[PlaceReport, ...]:
    found: list[PlaceReport] = []
    async for report in look_at(dsn, chosen, plan):
        click.echo(_line(report), err=True)
        found.append(report)
    return tuple(found)


def _line(report: PlaceReport) -> str:
    if report.reason is not None:
        return f"{report.place}: NOT READ: {report.reason}"
    unread = f", {report.open} unread" if report.open else ""
    is_tried = place_of(report.place).trial.how != "description"
    doubt = "" if is_tried else " (never tried on a real page)"
    return f"{report.place}: {report.listed} listed, {len(report.new)} new{unread}{doubt}"


def _list(chosen: Sequence[Place], *, as_json: bool) -> None:
    if as_json:
        print_json(chosen)
        return
    for each in chosen:
        decides = ", ".join(each.decides)
        click.echo(f"{each.id}: {each.title} ({decides}); {each.home}; {each.trial.in_words}")
    click.echo(trials_in_words(chosen))


def trials_in_words(chosen: Sequence[Place]) -> str:
    """Write how many places there are, and how many were never tried: `45 places, 29 of …`."""
    untried = sum(each.trial.how == "description" for each in chosen)
    return (
        f"{plural(len(chosen), 'place')}, {untried} of them never tried on a real page; "
        "`abeyance doctor --keep FOLDER` brings samples."
    )


def _print(result: WatchResult, documents: Sequence[OpenDocument], *, as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        click.echo(write_proposals(result.proposals), nl=False)
    unread = [each.place for each in result.places if each.reason is not None]
    click.echo(f"{len(documents):,} documents, {len(result.proposals):,} proposals.", err=True)
    for each in documents:
        day = f" of {each.dated_on}" if each.dated_on else ""
        click.echo(f"  {each.id}  {each.place}{day}: {each.title} {each.url}", err=True)
    if unread:
        click.echo(f"{len(unread)} places could not be read: {', '.join(unread)}.", err=True)


# --- Proposals: drafts of events where the Federal Register says enough, else only the document.


def _proposals(
    documents: Sequence[OpenDocument], measures: Sequence[Measure]
) -> Iterator[Proposal]:
    for each in documents:
        if each.is_gap:
            continue
        place = place_of(each.place)
        drafts = _drafts(place, each, measures)
        yield from drafts or (_bare(place, each, measures),)


def _drafts(
    place: Place, document: OpenDocument, measures: Sequence[Measure]
) -> tuple[Proposal, ...]:
    """Return the drafts from a document of the Federal Register; none for other documents."""
    if place.parser != "federal_register" or document.body is None:
        return ()
    try:
        read = read_documents(document.body.encode())
    except AbeyanceError as error:
        click.echo(f"{document.url}: no draft, {error}", err=True)
        return ()
    return tuple(propose_events(read, measures))


def _bare(place: Place, document: OpenDocument, measures: Sequence[Measure]) -> Proposal:
    """Return the draft from a document of which only the title is known.

    What the title says by itself is in it: what the act does, on which day it was dated, and the
    measure, or those of which it may be one. An announcement stays one until the act was read.
    """
    read = read_title(place, document.title, measures)
    one = read.measures[0] if len(read.measures) == 1 else None
    why = [f"new at {place.title}"]
    if read.measures:
        why.append(read.named_by)
    if read.words is not None:
        why.append(f"the title says “{read.words}”")
    missing = [each for each in _TO_FIND if one is None or not each.startswith("measure:")]
    if read.kind is not None:
        missing[0] = f"event.kind: {read.kind} by the title alone; read the act"
    return Proposal(
        document=f"{document.place} {document.id}",
        title=document.title,
        measure=one,
        candidates=read.measures if len(read.measures) > 1 else (),
        event=_event_of(document, read),
        why="; ".join(why),
        quote=document.title,
        sure="medium" if one is not None and read.kind is not None else "low",
        missing=tuple(missing),
    )


def _event_of(document: OpenDocument, read: TitleReading) -> Event:
    dated = document.dated_on
    is_said = read.kind is None
    return Event(
        id="",
        kind=read.kind or "announce",
        announced_on=dated if is_said else None,
        published_on=None if is_said else dated,
        day_state=None if dated else "not_recorded",
        until_state=None if read.kind not in _NEED_END else "not_recorded",
        citation=document.title[:200],
        source=Source(url=document.url),
        confidence="general_knowledge",
    )
