"""Replay whole histories of lists: which share loads, and whether anything is lost.

`python -m tools.quality.corpus LIST=PATH …` loads every edition in a folder as history, into a
database of its own that is thrown away. Each file is an edition, and each folder in the folder.
For each list it prints how many editions load, why the others do not, the largest loss of entries
from one edition to the next, and the editions that do not come out of the database as they were
read. There must be none of those, else the exit status is 1.
"""

import asyncio
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.lists.edition import GivenFile, ParsedDelta, ReadFiles
from abeyance_screening.engine.lists.history import EditionPrinter, HistoryLoad, Timeline
from abeyance_screening.engine.lists.load import (
    LoadReport,
    listing_record,
    parsed_lists,
    read_wanted,
    wanted_by_name,
)
from abeyance_screening.features.lists.load import past_files
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import AbeyanceError

type Series = tuple[str, str]


class Loss(msgspec.Struct, frozen=True, order=True):
    """What an edition lost of the one before it, as a share in 0 to 1, and its day."""

    share: float
    day: date


class Replay:
    """What was read of each edition, and how it ended."""

    def __init__(self) -> None:
        self.reports: list[LoadReport] = []
        self.read: dict[Series, dict[date, str]] = {}
        self.entries: dict[Series, dict[date, frozenset[str]]] = {}

    def note(self, wanted: str, read: ReadFiles, reports: tuple[LoadReport, ...]) -> None:
        """Note what was read of the lists that were loaded."""
        loaded = {each.list_code: each for each in reports if each.outcome == "loaded"}
        for parsed in parsed_lists(wanted_by_name(wanted), read):
            report = loaded.get(parsed.list_code)
            if report is None or report.published_on is None or isinstance(parsed, ParsedDelta):
                continue
            series = parsed.list_code, read.source
            records = [listing_record(each) for each in parsed.listings]
            digests = {each.listing_id: each.digest for each in records}
            self.read.setdefault(series, {})[report.published_on] = digest_of(digests)
            self.entries.setdefault(series, {})[report.published_on] = frozenset(digests)

    def losses(self, series: Series) -> Iterator[Loss]:
        """Yield the share of entries that each edition lost."""
        before = frozenset[str]()
        for day, entries in sorted(self.entries[series].items()):
            if before:
                yield Loss(len(before - entries) / len(before), day)
            before = entries


def digest_of(digests: Mapping[str, str]) -> str:
    """Return one digest of all listings of an edition."""
    lines = (f"{key} {digests[key]}\n" for key in sorted(digests))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


async def replay(dsn: str, wanted: str, folder: Path) -> bool:
    """Load the editions of a folder, print how it went, and return whether nothing was lost."""
    begun, replayed = time.process_time(), Replay()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        history = HistoryLoad(store, wanted_by_name(wanted), utc_now())
        printer = EditionPrinter(wanted_by_name(wanted))
        for past in past_files([folder]):
            files = tuple(GivenFile(each.name, each.read_bytes()) for each in past.paths)
            try:
                read = await read_wanted(wanted_by_name(wanted), files, ReaderHere())
                printed = printer.printed(files, read)
            except AbeyanceError as refused:
                replayed.reports += await history.add(past.edition(), refused)
                continue
            reports = await history.add(past.edition(), printed)
            replayed.reports += reports
            replayed.note(wanted, read, reports)
        await history.finish()
        seconds = time.process_time() - begun
        stored = {each: await store.read_series(*each) for each in replayed.read}
    _print(wanted, replayed, seconds)
    timelines = {series: Timeline(each) for series, each in stored.items()}
    changed = [
        f"{series[0]} of {edition.published_on}"
        for series, each in stored.items()
        for edition in each.editions
        if (day := edition.published_on) is not None and day in replayed.read[series]
        if digest_of(timelines[series].digests(edition.id)) != replayed.read[series][day]
    ]
    versions = sum(len(each.versions) for each in stored.values())
    click.echo(f"  stored: {versions:,} versions; not as read: {len(changed)} {changed[:5] or ''}")
    return not changed


def _print(wanted: str, replayed: Replay, seconds: float) -> None:
    reports = replayed.reports
    loaded = [each for each in reports if each.outcome == "loaded"]
    same = sum(each.outcome == "unchanged" for each in reports)
    refused = [each for each in reports if each.outcome == "refused"]
    share = 1.0 if not reports else (len(loaded) + same) / len(reports)
    click.echo(
        f"{wanted}: {len(loaded)} of {len(reports)} editions load, {same} are there already "
        f"({share:.1%}); {seconds:.1f} s of CPU"
    )
    for series in replayed.entries:
        worst = max(replayed.losses(series), default=None)
        if worst is not None:
            click.echo(f"  {series[0]}: at most {worst.share:.1%} of entries left, {worst.day}")
    for each in refused:
        click.echo(f"  refused: {each.reason}")


@click.command()
@click.argument("histories", metavar="LIST=PATH...", nargs=-1, required=True)
def main(histories: tuple[str, ...]) -> None:
    """Replay the editions of a list in a folder; repeatable."""
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder)) as dsn:
        asyncio.run(_migrated(dsn))
        whole = [asyncio.run(replay(dsn, *_split(each))) for each in histories]
    sys.exit(0 if all(whole) else 1)


def _split(history: str) -> tuple[str, Path]:
    wanted, _, path = history.partition("=")
    return wanted, Path(path)


async def _migrated(dsn: str) -> None:
    async with connected(dsn) as connection:
        await migrate(connection)


if __name__ == "__main__":
    main()
