"""`abeyance lists`: every list with its edition, age and state."""

import asyncio
import logging.config
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import override

import click
import msgspec
from msgspec import UNSET, UnsetType
from rich.console import Console

from service.app.lists import load_into, local_lists, refresh_lists, sources_to_refresh, watch
from service.cli.answering import CollectionPage, RemoteService, prepared_database
from service.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    remote_url,
    settings_with,
)
from service.cli.output import print_json, print_lists, print_loads
from service.errors import BadInputError
from service.lists.edition import ExpectedEntries, GivenFile, TermsUpdate
from service.lists.kinds import ListSource
from service.lists.load import ListFiles, LoadReport, wanted_by_name
from service.logs import LOG_CONFIG
from service.screening.answer import ListAnswer
from service.settings import Settings


class ListsOptions(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance lists",
        "abeyance lists --json",
        "abeyance lists --url http://127.0.0.1:8080",
    )
)
@remote_url
@as_json
@data_dir
@gathered(ListsOptions)
def lists(given: ListsOptions) -> None:
    """Show every list with its edition, age and state."""
    covered = _local(given.data_dir) if given.url is None else _remote(given.url)
    (print_json if given.as_json else print_lists)(covered)


def _local(folder: Path | None) -> tuple[ListAnswer, ...]:
    with prepared_database(settings_with(folder)) as dsn:
        found = asyncio.run(local_lists(dsn))
        return tuple(sorted(found, key=lambda each: each.coverage.code))


def _remote(url: str) -> tuple[ListAnswer, ...]:
    with RemoteService(url) as service:
        return tuple(service.pages("/v1/lists", {}, CollectionPage[ListAnswer]))


# --- `abeyance load`: make files the current edition of a list, by hand.

_NONE = "none"
# More digits than these are no number of days or entries, nor one that the database can hold.
_DAYS = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_RANGE = re.compile(r"(\d{0,9})\.\.(\d{0,9})", re.ASCII)


class _MaxAge(click.ParamType[int | UnsetType | None]):
    """A number of days, or `none`."""

    name = "days"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | UnsetType | None:
        """Reads how old an edition may get; None for `none`, UNSET where nothing is given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        if _DAYS.fullmatch(printed) is None:
            reason = f"{printed!r} is no number of days from 1 on, such as 30; or “{_NONE}”"
            self.fail(reason, param, ctx)
        return int(printed)


class _EntryRange(click.ParamType[ExpectedEntries | UnsetType | None]):
    """How many entries a list should have: `1900..2100`, `1900..`, `..2100`, or `none`."""

    name = "number..number"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ExpectedEntries | UnsetType | None:
        """Reads the two limits; None for `none`, UNSET where nothing is given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        found = _RANGE.fullmatch(printed)
        if found is None or not any(found.groups()):
            reason = f"{printed!r} is no range such as 1900..2100, 1900.. or ..2100; or “{_NONE}”"
            self.fail(reason, param, ctx)
        limits = ExpectedEntries(*(int(each) if each else None for each in found.groups()))
        if not limits.holds(max(limits.least or 0, 1)):
            self.fail(f"{printed!r}: no number of entries is in that range", param, ctx)
        return limits


class LoadOptions(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    wanted: str
    paths: tuple[Path, ...]
    published_on: date | None
    accept_shrink: bool
    max_age_days: int | UnsetType | None
    expect_entries: ExpectedEntries | UnsetType | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance load un_sc --file consolidated.xml",
        "abeyance load us_csl --file consolidated.json --published-on 2026-07-31",
        "abeyance load us_ofac_sdn --file sdn.csv --file alt.csv --file add.csv "
        "--file sdn_comments.csv",
        "abeyance load us_ofac_sdn --file downloads/ofac",
        "abeyance load my_list --file my_list.jsonl",
        "abeyance load my_list --file my_list.csv --max-age-days 30 --expect-entries 1900..2100",
    )
)
@click.argument("wanted", metavar="LIST")
@click.option(
    "--file",
    "paths",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    required=True,
    help="The file to load. Repeat it, or give a folder, where an edition is a set of files.",
)
@click.option(
    "--published-on",
    type=Day(),
    help="The day the file was published, where it does not say so itself.",
)
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="Take the edition in although it lost many entries or names, or a well-known name.",
)
@click.option(
    "--max-age-days",
    type=_MaxAge(),
    default=UNSET,
    help="Of a list of your own: when it is too old to rest on; kept until told otherwise.",
)
@click.option(
    "--expect-entries",
    type=_EntryRange(),
    default=UNSET,
    help="Of a list of your own: how many entries it has, 1900..2100; kept as well.",
)
@as_json
@data_dir
@gathered(LoadOptions)
def load(given: LoadOptions) -> None:
    """Load a list from files.

    LIST is a list (us_bis_el), a source of several lists (us_csl), or a code of your own for a
    list of your own. What the files are is told by their content. An edition that is broken,
    older than the one here, or suddenly smaller or poorer in names is refused, and the good one
    stays.
    """
    wanted, terms = wanted_by_name(given.wanted), _terms(given)
    if not wanted.is_own and terms != TermsUpdate():
        option = "--expect-entries" if terms.max_age_days is UNSET else "--max-age-days"
        raise BadInputError(
            option, f"is for a list of your own, and {wanted.name} is a public one"
        )
    to_load = ListFiles(
        wanted=wanted,
        files=tuple(_files(given.paths)),
        published_on=given.published_on,
        accepted=given.accept_shrink,
        terms=terms,
    )
    settings = settings_with(given.data_dir)
    with prepared_database(settings) as dsn:
        reports = asyncio.run(load_into(settings, dsn, to_load))
    (print_json if given.as_json else print_loads)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


def _terms(given: LoadOptions) -> TermsUpdate:
    return TermsUpdate(max_age_days=given.max_age_days, expected=given.expect_entries)


def _files(paths: tuple[Path, ...]) -> Iterator[GivenFile]:
    """The files, and of a folder those that stand right in it, by name, hidden ones left out."""
    for path in paths:
        if not path.is_dir():
            yield GivenFile(path.name, path.read_bytes())
            continue
        inside = sorted(
            each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")
        )
        if not inside:
            raise BadInputError("--file", f"there is no file in {path}")
        yield from (GivenFile(each.name, each.read_bytes()) for each in inside)


# --- `abeyance refresh`: ask the publishers for newer editions.

WATCHED = "ABEYANCE_WATCHED"
"""Set for a process that is to end when its standard input does."""


class RefreshOptions(msgspec.Struct, frozen=True):
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
@gathered(RefreshOptions)
def refresh(given: RefreshOptions) -> None:
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
    settings: Settings, dsn: str, sources: tuple[ListSource, ...], given: RefreshOptions
) -> list[LoadReport]:
    """Refreshes, and says on a terminal who is being asked and how much has come."""
    reports: list[LoadReport] = []
    with Console(stderr=True).status("Looking …") as status:
        asked = ""

        def begin(source: ListSource) -> None:
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


def _watch(settings: Settings, dsn: str, sources: tuple[ListSource, ...]) -> None:
    logging.config.dictConfig(LOG_CONFIG)
    if WATCHED in os.environ:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    asyncio.run(watch(settings, dsn, sources))


def _leave_with_parent() -> None:
    """Ends this process once nobody holds the other end of its standard input."""
    while sys.stdin.buffer.read(4096):
        pass
    signal.raise_signal(signal.SIGTERM)
