"""`abeyance lists`, `load`, `refresh`, `doctor` and `index`: show, load, examine, write lists."""

import asyncio
import logging.config
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import override

import click
import msgspec
from msgspec import UNSET, UnsetType
from rich.console import Console

from service.app.basis import basis_at, write_basis
from service.app.doctor import Diagnosis, SourceHealth, diagnose
from service.app.lists import (
    load_history_into,
    load_into,
    load_own_into,
    local_lists,
    past_files,
    refresh_lists,
    sources_to_refresh,
)
from service.app.watching import refresh_register, register_state, watch
from service.cli.answering import ApiClient, CollectionPage, prepared_database
from service.cli.beside import leave_with_parent
from service.cli.options import (
    Day,
    InputFile,
    as_json,
    data_dir,
    examples,
    gathered,
    remote_url,
    settings_with,
)
from service.cli.output import (
    bundle_line,
    print_history,
    print_json,
    print_lists,
    print_loads,
    print_table,
    register_line,
    table_of_lists,
)
from service.errors import BadInputError
from service.lists.edition import ExpectedEntries, GivenFile, TermsUpdate
from service.lists.kinds import ListSource
from service.lists.load import ListFiles, LoadReport, LoadRequest, wanted_by_name
from service.logs import LOG_CONFIG
from service.measures.arrival import BundleReport, RegisterState
from service.screening.answer import ListAnswer
from service.settings import Settings, read_settings


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


# --- `abeyance index`: write the lists, the register and the index to one file.


@click.command(epilog=examples("abeyance index --out lists.index"))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; one of this name is replaced.",
)
@data_dir
def index(out: Path, data_dir: Path | None) -> None:
    """Write all lists and the register to one file, from which screening needs no database.

    Every process that screens with the file gives the same answers. It is for the same version of
    this program and of Python. Lists grow old in it as anywhere: write a new one each day.
    """
    settings = settings_with(data_dir)
    with prepared_database(settings) as dsn:
        basis, built = asyncio.run(basis_at(settings, dsn))
        try:
            write_basis(out, basis, built)
        except OSError as error:
            raise BadInputError("--out", f"cannot be written: {error.strerror}") from None
    click.echo(f"Written: {out} ({built.listing_count:,} listings, {basis.digest[:16]})", err=True)


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
        "abeyance load us_ofac_sdn --file sdn.csv --file alt.csv --file add.csv "
        "--file sdn_comments.csv",
        "abeyance load us_ofac_sdn --file downloads/ofac",
        "abeyance load un_sc --as-history --file consolidated-2024-05-01.xml",
        "abeyance load us_ofac_sdn --as-history --file downloads/ofac-by-day",
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
        files=() if wanted.is_own else tuple(map(_given, paths)),
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
    with prepared_database(settings) as dsn, Console(stderr=True).status("Looking …") as status:
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


def _given(path: Path) -> GivenFile:
    return GivenFile(path.name, path.read_bytes())


# --- `abeyance refresh`: ask the publishers for newer editions.


class RefreshOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance refresh`."""

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
@click.option("--due", is_flag=True, help="Only lists that are due by their schedule.")
@click.option("--watch", is_flag=True, help="Keep running, and refresh each list by its schedule.")
@as_json
@data_dir
@gathered(RefreshOptions)
def refresh(options: RefreshOptions) -> None:
    """Ask publishers for newer editions of the lists named, or of all.

    A publisher that has nothing new sends nothing. A broken file is refused and the current
    edition stays. Without a LIST the register bundle of ABEYANCE_REGISTER_URL is fetched first, if
    that is set. Only one process refreshes at a time.
    """
    sources = sources_to_refresh(options.wanted)
    settings = settings_with(options.data_dir)
    with prepared_database(settings) as dsn:
        if options.watch:
            _watch(settings, dsn, sources)
            return
        bundle = None
        if not options.wanted:
            bundle = asyncio.run(refresh_register(settings, dsn, only_due=options.due))
        reports = asyncio.run(_refresh(settings, dsn, sources, options))
    if bundle is not None:
        click.echo(bundle_line(bundle), err=True)
        reports = [*bundle.editions, *reports]
    (print_json if options.as_json else print_loads)(reports)
    if _has_failed(bundle, reports):
        raise SystemExit(1)


def _has_failed(bundle: BundleReport | None, reports: list[LoadReport]) -> bool:
    if bundle is not None and bundle.is_failure:
        return True
    return any(report.outcome in {"refused", "unreachable"} for report in reports)


async def _refresh(
    settings: Settings, dsn: str, sources: tuple[ListSource, ...], options: RefreshOptions
) -> list[LoadReport]:
    """Refresh the sources, and show on a terminal the publisher asked and the bytes received."""
    reports: list[LoadReport] = []
    with Console(stderr=True).status("Looking …") as status:
        line = ""

        def begin(source: ListSource) -> None:
            nonlocal line
            line = f"{source.code}: {source.publisher} …"
            status.update(line)

        def arrived(received: int, total: int | None) -> None:
            of_total = "" if total is None else f" of {total / 1e6:.1f}"
            status.update(f"{line} {received / 1e6:.1f}{of_total} MB")

        refreshed = refresh_lists(
            settings, dsn, sources, only_due=options.due, begin=begin, arrived=arrived
        )
        async for _, of_source in refreshed:
            reports.extend(of_source)
    return reports


def _watch(settings: Settings, dsn: str, sources: tuple[ListSource, ...]) -> None:
    logging.config.dictConfig(LOG_CONFIG)
    leave_with_parent()
    asyncio.run(watch(settings, dsn, sources))


# --- `abeyance doctor`: ask every source once, and store nothing.


class DoctorOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance doctor`."""

    wanted: tuple[str, ...]
    mirror: str | None
    as_json: bool


@click.command(
    epilog=examples(
        "abeyance doctor",
        "abeyance doctor us_bis_dpl jp_meti_ru",
        "abeyance doctor --mirror https://mirror.example/lists",
        "abeyance doctor --json",
    )
)
@click.argument("wanted", metavar="[LIST]...", nargs=-1)
@click.option(
    "--mirror",
    metavar="URL",
    help="Ask this copy of the publishers' files instead [ABEYANCE_MIRROR].",
)
@as_json
@gathered(DoctorOptions)
def doctor(options: DoctorOptions) -> None:
    """Ask the publisher of every list once, and say what a refresh would load.

    Each file is downloaded and read as by a refresh, and nothing is stored; no database is needed.
    A list that needs a person is fine if the program or the register bundle of
    ABEYANCE_REGISTER_URL brings it fresh. The exit status is 0 only if all required lists are
    fine: without a LIST those with a download address, or what ABEYANCE_REQUIRED_LISTS names.
    """
    settings = read_settings()
    if options.mirror is not None:
        settings = msgspec.structs.replace(settings, mirror=_mirror(options.mirror))
    with Console(stderr=True).status("Asking …") as status:
        diagnosis = asyncio.run(
            diagnose(
                settings,
                options.wanted,
                finished=lambda source: status.update(f"{source.code}: {source.publisher} …"),
            )
        )
    (print_json if options.as_json else _print_diagnosis)(diagnosis)
    if not diagnosis.is_fine:
        raise SystemExit(1)


def _print_diagnosis(diagnosis: Diagnosis) -> None:
    """Print a table of the sources, and below it what is wrong and what an operator should do."""
    console = Console(soft_wrap=True)
    table = table_of_lists("Source", "Health", "Format", "Published", "Entries", "kB")
    for each in diagnosis.sources:
        table.add_row(
            each.source,
            each.health,
            _format_known(each),
            str(each.published_on or ""),
            "" if each.entries is None else f"{each.entries:,}",
            "" if each.size is None else f"{each.size / 1_000:,.0f}",
        )
    print_table(table, console)
    for each in diagnosis.sources:
        read = None if each.format is None else f"read as {each.format}"
        advice = None if each.advice is None else f"→ {each.advice}"
        lines = (*each.addresses, *filter(None, (read, each.reason, advice)))
        if lines:
            text = "\n  ".join((each.source, *lines))
            console.print(text, highlight=False, markup=False)
    console.print(_verdict(diagnosis), highlight=False, markup=False)


def _format_known(health: SourceHealth) -> str:
    """Write whether a file came whose format can be read; nothing where no file came."""
    if health.format is not None:
        return "known"
    return "not known" if health.health == "refused" else ""


def _verdict(diagnosis: Diagnosis) -> str:
    """Write the register bundle, and the required lists that are not fine, as lines."""
    lines: list[str] = []
    bundle = diagnosis.bundle
    if bundle is not None and bundle.reason is not None:
        lines.append(f"Register bundle: {bundle.reason}")
    elif bundle is not None:
        carried = ", ".join(bundle.sources) or "no list"
        lines.append(f"Register bundle: fine, revision {bundle.revision:,}, with {carried}")
    if diagnosis.lacking:
        lines.append(f"Required lists that are not fine: {', '.join(diagnosis.lacking)}")
    else:
        lines.append("All required lists are fine.")
    return "\n".join(lines)


def _mirror(given: str) -> str | None:
    try:
        return read_settings({"ABEYANCE_MIRROR": given}).mirror
    except BadInputError as error:
        raise BadInputError("--mirror", error.reason) from None
