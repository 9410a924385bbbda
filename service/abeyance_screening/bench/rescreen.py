"""`abeyance bench rescreen`: what a change costs where counterparties are watched."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import batched, islice
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
from rich.console import Console

from abeyance_screening.bench.party_trials import edition_on
from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.reading import ordinary_in, read_listings
from abeyance_screening.bench.speed import recombined
from abeyance_screening.bench.table import table_with
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Event, Measure
from abeyance_screening.engine.measures.register.read import shipped
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.engine.screening.watched.lookups import ChangedListings
from abeyance_screening.engine.screening.watched.standing import DEFAULT_LEADS
from abeyance_screening.features.counterparties.rescreen import (
    Laws,
    NotedAnswer,
    Screeners,
    UnderOtherLaw,
    View,
    scorer_number,
)
from abeyance_screening.features.counterparties.types import WatchedCounterparty, World
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.days import days_at, utc_now

# One in so many counterparties is a listed name, as in a book that was never screened.
_LISTED_EVERY = 500
_WARM_UP = 200
_AT_ONCE = 2_000


class RescreenGiven(msgspec.Struct, frozen=True):
    """The arguments of `bench rescreen`."""

    listed: tuple[str, ...]
    fill: tuple[Path, ...]
    counterparties: int
    changed: int
    as_json: bool


class RescreenFigures(msgspec.Struct, frozen=True, kw_only=True):
    """CPU seconds for all counterparties, and how many each change had answered again.

    `looked_up_bytes` is what is kept of each for this, on average.
    """

    counterparties: int
    changed: int
    full_s: float
    names_s: float
    names_answered: int
    event_s: float
    event_answered: int
    looked_up_bytes: float


@click.command(
    epilog=examples(
        "abeyance bench rescreen --fill gleif.csv",
        "abeyance bench rescreen --fill gleif.csv --counterparties 1000000 --changed 500",
    )
)
@click.option(
    "--listed",
    type=click.Choice(sorted({each.source for each in bundled_editions()})),
    multiple=True,
    metavar="LIST",
    help="A list that comes with the program, by its source. Repeatable; all if left out.",
)
@click.option(
    "--fill",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Ordinary names to watch: JSON lines with query, or CSV with LegalName.",
)
@click.option(
    "--counterparties",
    type=click.IntRange(1_000),
    default=50_000,
    show_default=True,
    help="Counterparties to watch; they are recombined from the words of ordinary names.",
)
@click.option(
    "--changed",
    type=click.IntRange(1),
    default=500,
    show_default=True,
    help="Listings that change.",
)
@as_json
@gathered(RescreenGiven)
def rescreen(given: RescreenGiven) -> None:
    """Measure the CPU of answering all counterparties, after new names and after an event.

    All are screened against lists that come with the program. Then so many listings change,
    and then the measure is suspended that reaches most hits; of each, what the service does about
    it is measured. One in 500 counterparties is a listed name. Database and HTTP are not measured.
    """
    figures = asyncio.run(_measured(given))
    if given.as_json:
        print_json(figures)
        return
    table = table_with("Change", "CPU s", "µs each", "Answered again", "Share of a full screening")
    for name, spent, answered in (
        ("all are screened", figures.full_s, figures.counterparties),
        (f"{figures.changed:,} listings change", figures.names_s, figures.names_answered),
        ("a measure is suspended", figures.event_s, figures.event_answered),
    ):
        each = f"{spent / figures.counterparties * 1e6:,.1f}"
        share = f"1/{figures.full_s / spent:,.0f}"
        table.add_row(name, f"{spent:,.2f}", each, f"{answered:,}", share)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"{figures.looked_up_bytes:,.0f} bytes are kept of each for this.")


async def _measured(given: RescreenGiven) -> RescreenFigures:
    now = utc_now()
    listings = _bundled(given.listed)
    index = ListingIndex(_lists_of(listings, now), _versions(listings))
    measures = shipped().measures
    view = _view(index, measures, now)
    watched = _watched(ordinary_in("--fill", given.fill), listings, given.counterparties)
    screeners = Screeners(view)
    await _screened(screeners, watched[:_WARM_UP])
    began = time.process_time()
    before = await _screened(screeners, watched)
    full_s = time.process_time() - began
    chosen = sorted(listings, key=lambda each: digest(each.id))[: given.changed]
    names = await _after_names(view, chosen, watched, before)
    event = await _after_event(view, measures, watched, before)
    return RescreenFigures(
        counterparties=len(watched),
        changed=len(chosen),
        full_s=full_s,
        names_s=names.spent_s,
        names_answered=names.answered,
        event_s=event.spent_s,
        event_answered=event.answered,
        looked_up_bytes=sum(len(each.lookups or b"") for each in before) / len(before),
    )


class _Change(NamedTuple):
    spent_s: float
    answered: int


async def _after_names(
    view: View,
    changed: Sequence[Listing],
    watched: Sequence[WatchedCounterparty],
    before: Sequence[NotedAnswer],
) -> _Change:
    """Answer again those that listings which changed may touch."""
    began = time.process_time()
    small = ChangedListings(view.index.lists, _versions(changed), view.index)
    again = list[WatchedCounterparty]()
    for some in batched(zip(watched, before, strict=True), _AT_ONCE, strict=False):
        touched = small.touch([answer.lookups for _, answer in some])
        again += [each for (each, _), is_touched in zip(some, touched, strict=True) if is_touched]
    await _screened(Screeners(view), again)
    return _Change(time.process_time() - began, len(again))


async def _after_event(
    view: View,
    measures: Sequence[Measure],
    watched: Sequence[WatchedCounterparty],
    before: Sequence[NotedAnswer],
) -> _Change:
    """Answer again whoever a suspension of the measure with the most hits concerns."""
    known = Laws(view)
    laws = {each: known.digest(each) for answer in before for each in answer.standing.listings}
    reached = Counter(
        measure.id
        for answer in before
        for hit in answer.standing.hits
        for measure in hit.measures
        if measure.status == "in_force"
    )
    [(suspended, _)] = reached.most_common(1)
    later = _view(view.index, _suspended(measures, suspended, view.days.as_of), view.now)
    began = time.process_time()
    now, answered = Laws(later), 0
    other = {each for each, law in laws.items() if now.digest(each) != law}
    screeners = UnderOtherLaw(later, now)
    for each, answer in zip(watched, before, strict=True):
        if not other.isdisjoint(answer.standing.listings):
            await screeners.again(each, answer)
            answered += 1
    return _Change(time.process_time() - began, answered)


async def _screened(
    screeners: Screeners, watched: Iterable[WatchedCounterparty]
) -> list[NotedAnswer]:
    return [await screeners.screened(each) for each in watched]


# --- What is measured: the bundled lists, counterparties, and the law before and after.


def _bundled(sources: Collection[str]) -> list[Listing]:
    """Return the entries of these lists, or of all bundled ones, in the order of their ids."""
    listings = {
        each.id: each
        for edition in bundled_editions()
        if not sources or edition.source in sources
        for each in read_listings(read_bundled(edition), edition.source)
    }
    return [listings[key] for key in sorted(listings, key=str.encode)]


def _lists_of(listings: Iterable[Listing], now: datetime) -> StoredLists:
    """Return one edition of each list."""
    codes = sorted({each.list_code for each in listings})
    editions = [edition_on(number, code, now) for number, code in enumerate(codes, start=1)]
    return StoredLists(editions=tuple(editions), attempts=())


def _versions(listings: Iterable[Listing]) -> list[ListingVersion]:
    return [
        ListingVersion(
            listing_id=each.id,
            list_code=each.list_code,
            source=each.list_code,
            first_edition=1,
            until_edition=None,
            body=msgspec.json.encode(each),
        )
        for each in sorted(listings, key=lambda each: each.id.encode())
    ]


def _watched(
    ordinary: Sequence[str], listings: Sequence[Listing], count: int
) -> list[WatchedCounterparty]:
    """Return counterparties with recombined names, and a listed name now and then."""
    watched = list[WatchedCounterparty]()
    for number, name in enumerate(islice(recombined(ordinary), count)):
        listed = number % _LISTED_EVERY == 0
        text = listings[number % len(listings)].primary_name if listed else name
        watched.append(WatchedCounterparty(name=text).filled(f"{number}", QuestionDefaults()))
    return watched


def _view(index: ListingIndex, measures: Iterable[Measure], now: datetime) -> View:
    days = days_at(None, None, None, now)
    world = World(edition=1, register=1, days=days, scorer=scorer_number())
    board = MeasureBoard(Register(measures))
    return View(index=index, board=board, world=world, now=now, leads=DEFAULT_LEADS)


def _suspended(measures: Iterable[Measure], measure_id: str, on: date) -> list[Measure]:
    """Return the measures, of which one is suspended for a year from a day on."""
    event = Event(
        id="suspended-by-bench",
        kind="suspend",
        published_on=on,
        effective_on=on,
        until=on + timedelta(days=365),
        until_bound="inclusive",
        until_state="stated",
        lapse_effect="restriction_returns",
        confidence="verified_secondary",
    )
    return [
        msgspec.structs.replace(each, events=(*each.events, event))
        if each.id == measure_id
        else each
        for each in measures
    ]
