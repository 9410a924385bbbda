"""`abeyance index` and `abeyance refresh`: lists in one file, and lists brought up to date."""

import asyncio
import logging.config
import os
import signal
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from abeyance_screening.app.background import watch
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.measures.register_state import BundleReport
from abeyance_screening.engine.screening.coverage import lists_on
from abeyance_screening.engine.screening.index.basis import write_basis
from abeyance_screening.engine.wording.list_states import reading_stored
from abeyance_screening.features.lists.cli_output import print_loads
from abeyance_screening.features.lists.refresh import refresh_lists, sources_to_refresh
from abeyance_screening.features.register.bundles import refresh_register
from abeyance_screening.platform.child_process import ChildProcess
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.measures import bundle_line
from abeyance_screening.platform.cli.options import (
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
)
from abeyance_screening.platform.local_data import basis_at, check_site
from abeyance_screening.platform.logs import LOG_CONFIG
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.processes import seen_as
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import BadInputError

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


# --- `abeyance refresh`: ask the publishers for newer editions.


class RefreshOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance refresh`."""

    wanted: tuple[str, ...]
    bundle: Path | None
    due: bool
    watch: bool
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance refresh",
        "abeyance refresh un_sc us_ofac_sdn",
        "abeyance refresh --due",
        "abeyance refresh --bundle register.bundle",
        "abeyance refresh --watch",
    )
)
@click.argument("wanted", metavar="[LIST]...", nargs=-1)
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take up this register bundle, and ask nobody [ABEYANCE_REGISTER_KEY has its key].",
)
@click.option("--due", is_flag=True, help="Only lists that are due by their schedule.")
@click.option("--watch", is_flag=True, help="Keep running, and refresh each list by its schedule.")
@as_json
@data_dir
@gathered(RefreshOptions)
def refresh(options: RefreshOptions) -> None:
    """Ask publishers for newer editions of the lists named, or of all.

    A publisher that has nothing new sends nothing. A broken file is refused and the current
    edition stays. The register bundle of ABEYANCE_REGISTER_URL is fetched first, if that is set: a
    LIST that no program can download may come with it. Without internet it comes as a file, by
    --bundle. Only one process refreshes at a time.
    """
    settings = settings_with(options.data_dir)
    if options.bundle is not None and (options.wanted or options.watch):
        raise BadInputError("--bundle", "asks nobody, so that it takes no LIST and no --watch")
    has_bundle = settings.register_url is not None
    sources = sources_to_refresh(options.wanted, has_bundle=has_bundle)
    if options.bundle is not None:
        sources = ()
    with prepared_database(settings) as dsn:
        if options.watch:
            logging.config.dictConfig(LOG_CONFIG)
            asyncio.run(_watch(settings, dsn, sources))
            return
        bundle = asyncio.run(
            refresh_register(settings, dsn, only_due=options.due, file=options.bundle)
        )
        reports = asyncio.run(_refresh(settings, dsn, sources, options))
        reading = asyncio.run(_reading(settings, dsn))
    if bundle is not None:
        click.echo(bundle_line(bundle), err=True)
        reports = [*bundle.editions, *reports]
    (print_json if options.as_json else print_loads)(reports)
    click.echo(reading, err=True)
    if _has_failed(bundle, reports):
        raise SystemExit(1)


async def _reading(settings: Settings, dsn: str) -> str:
    """Return how many lists are read now, and which need somebody, in a sentence."""
    stored = await check_site(settings, dsn)
    today = utc_now().date()
    return reading_stored(tuple(lists_on(stored, today)), stored, today).sentence


async def _watch(settings: Settings, dsn: str, sources: tuple[ListSource, ...]) -> None:
    """Refresh lists by schedule until SIGTERM comes."""
    watching = asyncio.ensure_future(watch(settings, dsn, sources))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, watching.cancel)
    async with seen_as(dsn, "refresher", ChildProcess.of(os.environ)):
        with suppress(asyncio.CancelledError):
            await watching


def _has_failed(bundle: BundleReport | None, reports: list[LoadReport]) -> bool:
    if bundle is not None and bundle.is_failure:
        return True
    return any(report.outcome in {"refused", "unreachable"} for report in reports)


async def _refresh(
    settings: Settings, dsn: str, sources: tuple[ListSource, ...], options: RefreshOptions
) -> list[LoadReport]:
    """Refresh the sources, and show on a terminal the publisher asked and the bytes received."""
    reports: list[LoadReport] = []
    with Terminal(stderr=True).status("Looking …") as status:
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
