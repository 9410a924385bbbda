"""`abeyance lists` and `abeyance load`: show the lists, and load one from files."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import override

import click
import msgspec
from msgspec import UNSET, UnsetType

from abeyance_screening.engine.lists.edition import ExpectedEntries, GivenFile, TermsUpdate
from abeyance_screening.engine.lists.load import ListFiles, LoadRequest, wanted_by_name
from abeyance_screening.engine.measures.register_state import RegisterState
from abeyance_screening.engine.screening.answer import ListAnswer
from abeyance_screening.features.lists.cli_output import print_history, print_lists, print_loads
from abeyance_screening.features.lists.load import (
    load_history_into,
    load_into,
    load_own_into,
    past_files,
)
from abeyance_screening.platform.cli.client import ApiClient, CollectionPage
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.measures import register_line
from abeyance_screening.platform.cli.options import (
    Day,
    InputFile,
    as_json,
    data_dir,
    examples,
    gathered,
    remote_url,
    settings_with,
)
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
)
from abeyance_screening.platform.local_data import local_lists, register_state
from abeyance_screening.primitives.errors import BadInputError


class ListsOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance lists`."""

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
def lists(options: ListsOptions) -> None:
    """Show every list with its edition, age and state, and which register is in force."""
    covered, register = (
        _local(options.data_dir) if options.url is None else (_remote(options.url), None)
    )
    (print_json if options.as_json else print_lists)(covered)
    if register is not None and not options.as_json:
        click.echo(register_line(register))


def _local(folder: Path | None) -> tuple[tuple[ListAnswer, ...], RegisterState]:
    settings = settings_with(folder)
    with prepared_database(settings) as dsn:
        found = asyncio.run(local_lists(settings, dsn))
        register = asyncio.run(register_state(dsn))
        return tuple(sorted(found, key=lambda each: each.coverage.code)), register


def _remote(url: str) -> tuple[ListAnswer, ...]:
    with ApiClient(url) as service:
        return tuple(service.pages("/v1/lists", {}, CollectionPage[ListAnswer]))


# --- `abeyance load`: load files by hand as the current edition of a list.

_NONE = "none"
# At most nine digits: the database cannot hold larger numbers.
_DAYS = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_RANGE = re.compile(r"(\d{0,9})\.\.(\d{0,9})", re.ASCII)


class _MaxAge(click.ParamType[int | UnsetType | None]):
    """A click parameter: a number of days, or `none`."""

    name = "days"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | UnsetType | None:
        """Read the limit of an edition's age in days: None for `none`, UNSET if not given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        if _DAYS.fullmatch(printed) is None:
            reason = f"{printed!r} is not a number of days such as 30, or “{_NONE}”"
            self.fail(reason, param, ctx)
        return int(printed)


class _EntryRange(click.ParamType[ExpectedEntries | UnsetType | None]):
    """A click parameter: a range of entry counts, `1900..2100`, `1900..`, `..2100`, or `none`."""

    name = "number..number"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ExpectedEntries | UnsetType | None:
        """Read the two limits, both included: None for `none`, UNSET if not given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        found = _RANGE.fullmatch(printed)
        if found is None or not any(found.groups()):
            reason = (
                f"{printed!r} is not a range such as 1900..2100, 1900.. or ..2100, or “{_NONE}”"
            )
            self.fail(reason, param, ctx)
        limits = ExpectedEntries(*(int(each) if each else None for each in found.groups()))
        if not limits.holds(max(limits.least or 0, 1)):
            self.fail(f"{printed!r} contains no possible number of entries", param, ctx)
        return limits


class LoadOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance load`."""

    wanted: str
    paths: tuple[Path, ...]
    published_on: date | None
    accept_shrink: bool
    as_history: bool
    max_age_days: int | UnsetType | None
    expect_entries: ExpectedEntries | UnsetType | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance load un_sc --file consolidated.xml",
        "abeyance load us_csl --file consolidated.json --published-on 2026-07-31",
        "abeyance load us_ofac_sdn --file SDN_ENHANCED.ZIP",
        "abeyance load us_ddtc --file downloads/ddtc",
        "abeyance load un_sc --as-history --file consolidated-2024-05-01.xml",
        "abeyance load us_ddtc --as-history --file downloads/ddtc-by-day",
        "abeyance load my_list --file my_list.jsonl",
        "abeyance load my_list --file my_list.csv --max-age-days 30 --expect-entries 1900..2100",
    )
)
@click.argument("wanted", metavar="LIST")
@click.option(
    "--file",
    "paths",
    type=InputFile(dir_okay=True),
    multiple=True,
    required=True,
    help="The file to load; - is standard input. For an edition of several files, repeat the "
    "option or give a folder.",
)
@click.option(
    "--published-on",
    type=Day(),
    help="The day the file was published, if the file does not state it.",
)
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="Load the edition even if it has lost many entries or names, its end, or a well-known "
    "name.",
)
@click.option(
    "--as-history",
    is_flag=True,
    help="The files are editions older than the current one, in any order: each file is one, and "
    "in a folder each file and each folder. A day in its name counts where the file does not "
    "state one: sdn-2024-05-01.csv.",
)
@click.option(
    "--max-age-days",
    type=_MaxAge(),
    default=UNSET,
    help="For a list of your own: the age at which it is too old. Kept for later editions.",
)
@click.option(
    "--expect-entries",
    type=_EntryRange(),
    default=UNSET,
    help="For a list of your own: how many entries to expect, 1900..2100. Kept as well.",
)
@as_json
@data_dir
@gathered(LoadOptions)
def load(options: LoadOptions) -> None:
    """Load a list from files.

    LIST is a list (us_bis_el), a source of several lists (us_csl), or a new code for a list of
    your own. Files are recognised by their content. An edition is refused if it is broken, older
    than the current one, suddenly smaller or poorer in names, or ends early; the current edition
    then stays.
    """
    wanted, terms = wanted_by_name(options.wanted), _terms(options)
    if not wanted.is_own and terms != TermsUpdate():
        option = "--expect-entries" if terms.max_age_days is UNSET else "--max-age-days"
        raise BadInputError(
            option, f"is only for a list of your own, and {wanted.name} is a public list"
        )
    if options.as_history:
        _load_history(options, wanted)
        return
    paths = tuple(_inside(options.paths))
    to_load = ListFiles(
        wanted=wanted,
        # a file of a user's own list may be of any size, and is read piece by piece
        files=()
        if wanted.is_own
        else tuple(GivenFile(each.name, each.read_bytes()) for each in paths),
        published_on=options.published_on,
        accepted=options.accept_shrink,
        terms=terms,
    )
    settings = settings_with(options.data_dir)
    with prepared_database(settings) as dsn:
        if wanted.is_own:
            reports = (asyncio.run(load_own_into(settings, dsn, to_load, paths)),)
        else:
            reports = asyncio.run(load_into(settings, dsn, to_load))
    (print_json if options.as_json else print_loads)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


def _load_history(options: LoadOptions, wanted: LoadRequest) -> None:
    if _terms(options) != TermsUpdate():
        option = "--expect-entries" if options.max_age_days is UNSET else "--max-age-days"
        raise BadInputError(option, "is for the current edition, and not for --as-history")
    editions = past_files(options.paths, options.published_on)
    if not editions:
        raise BadInputError("--file", f"there is no file in {options.paths[0]}")
    if options.published_on is not None and len(editions) > 1:
        reason = f"is the day of one edition, and {len(editions)} are given"
        raise BadInputError("--published-on", reason)
    settings = settings_with(options.data_dir)
    with prepared_database(settings) as dsn, Terminal(stderr=True).status("Looking …") as status:
        reports = asyncio.run(
            load_history_into(
                settings,
                dsn,
                wanted,
                editions,
                accepted=options.accept_shrink,
                begin=lambda name: status.update(f"{name} …"),
            )
        )
    (print_json if options.as_json else print_history)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


def _terms(options: LoadOptions) -> TermsUpdate:
    return TermsUpdate(max_age_days=options.max_age_days, expected=options.expect_entries)


def _inside(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the files, and for a folder its files by name, without hidden files and subfolders."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(
            each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")
        )
        if not inside:
            raise BadInputError("--file", f"there is no file in {path}")
        yield from inside
