"""`abeyance register watch`: what is new in the places where acts appear, as proposals."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

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
from abeyance_screening.features.watch.proposals.from_places import drafts_of
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

EXIT_UNREAD = 4


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
    proposals = drafts_of(documents, measures)
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
