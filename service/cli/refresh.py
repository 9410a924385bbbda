"""`abeyance refresh`: ask the publishers for newer editions."""

import asyncio
import logging.config
import os
import signal
import sys
import threading
from pathlib import Path

import click
import msgspec
from rich.console import Console

from service.app.lists import refresh_lists, sources_to_refresh, watch
from service.cli.database import prepared_database
from service.cli.options import as_json, data_dir, examples, gathered, settings_with
from service.cli.output import print_json, print_loads
from service.flow.reports import LoadReport
from service.logs import LOG_CONFIG
from service.model.catalogue import Source
from service.settings import Settings

WATCHED = "ABEYANCE_WATCHED"
"""Set for a process that is to end when its standard input does."""


class RefreshGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    wanted: tuple[str, ...]
    due: bool
    watch: bool
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance refresh",
        "abeyance refresh un_sc us_ofac_sdn",
        "abeyance refresh --due",
        "abeyance refresh --watch",
    )
)
@click.argument("wanted", metavar="[LIST]...", nargs=-1)
@click.option("--due", is_flag=True, help="Only those whose time has come by their schedule.")
@click.option("--watch", is_flag=True, help="Go on for ever, each list by its schedule.")
@as_json
@data_dir
@gathered(RefreshGiven)
def refresh(given: RefreshGiven) -> None:
    """Ask publishers for newer editions: those of the lists named, or of all.

    A publisher that has nothing new sends nothing. What is broken is refused and the good edition
    stays. Of several processes that refresh at once, one does and the others leave it at that.
    """
    sources = sources_to_refresh(given.wanted)
    settings = settings_with(given.data_dir)
    with prepared_database(settings) as dsn:
        if given.watch:
            _watch(settings, dsn, sources)
            return
        reports = asyncio.run(_refresh(settings, dsn, sources, given))
    (print_json if given.as_json else print_loads)(reports)
    if any(report.outcome in {"refused", "unreachable"} for report in reports):
        raise SystemExit(1)


async def _refresh(
    settings: Settings, dsn: str, sources: tuple[Source, ...], given: RefreshGiven
) -> list[LoadReport]:
    """Refreshes, and says on a terminal who is being asked and how much has come."""
    reports: list[LoadReport] = []
    with Console(stderr=True).status("Looking …") as status:
        asked = ""

        def begin(source: Source) -> None:
            nonlocal asked
            asked = f"{source.code}: {source.publisher} …"
            status.update(asked)

        def arrived(come: int, whole: int | None) -> None:
            of_it = "" if whole is None else f" of {whole / 1e6:.1f}"
            status.update(f"{asked} {come / 1e6:.1f}{of_it} MB")

        rounds = refresh_lists(
            settings, dsn, sources, only_due=given.due, begin=begin, arrived=arrived
        )
        async for _, of_source in rounds:
            reports.extend(of_source)
    return reports


def _watch(settings: Settings, dsn: str, sources: tuple[Source, ...]) -> None:
    logging.config.dictConfig(LOG_CONFIG)
    if WATCHED in os.environ:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    asyncio.run(watch(settings, dsn, sources))


def _leave_with_parent() -> None:
    """Ends this process once nobody holds the other end of its standard input."""
    while sys.stdin.buffer.read(4096):
        pass
    signal.raise_signal(signal.SIGTERM)
