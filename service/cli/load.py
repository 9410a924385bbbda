"""`abeyance load`: make a file, or what a publisher offers now, the current edition of a list."""

import asyncio
from datetime import date
from pathlib import Path

import click
import msgspec

from service.app import download, load_into, note_refusal
from service.cli.database import prepared_database
from service.cli.options import Day, as_json, data_dir, examples, gathered, settings_with
from service.cli.output import print_json, print_loads
from service.flow.load import ListFile, LoadReport, source_of
from service.model.catalogue import SOURCE_BY_CODE
from service.model.errors import AbeyanceError, BadInputError, FetchFailedError


class LoadGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    wanted: tuple[str, ...]
    path: Path | None
    published_on: date | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance load un_sc --file consolidated.xml",
        "abeyance load us_csl --file consolidated.json --published-on 2026-07-31",
        "abeyance load my_list --file my_list.jsonl",
        "abeyance load",
    )
)
@click.argument("wanted", metavar="[LIST]...", nargs=-1)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Load this file instead of downloading.",
)
@click.option(
    "--published-on",
    type=Day(),
    help="The day the file was published, where it does not say so itself.",
)
@as_json
@data_dir
@gathered(LoadGiven)
def load(given: LoadGiven) -> None:
    """Load lists: those named, or all that have a publisher.

    LIST is a source (us_csl, un_sc), one of its lists (us_bis_el), or a code of your own for a
    list of your own.
    """
    _check(given)
    with prepared_database(settings_with(given.data_dir)) as dsn:
        if given.path is not None:
            reports = asyncio.run(load_into(dsn, _file(given, given.path)))
        else:
            wanted = given.wanted or tuple(SOURCE_BY_CODE)
            reports = asyncio.run(_download_all(dsn, wanted))
    (print_json if given.as_json else print_loads)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


def _check(given: LoadGiven) -> None:
    own = [code for code in given.wanted if source_of(code) == "own"]
    if given.path is not None and len(given.wanted) != 1:
        raise BadInputError("--file", "needs exactly one LIST")
    if given.path is None and given.published_on is not None:
        raise BadInputError("--published-on", "goes with --file")
    if given.path is None and own:
        raise BadInputError("list", f"{own[0]!r} has no publisher, so it needs --file")


def _file(given: LoadGiven, path: Path) -> ListFile:
    return ListFile(
        wanted=given.wanted[0], content=path.read_bytes(), published_on=given.published_on
    )


async def _download_all(dsn: str, wanted: tuple[str, ...]) -> tuple[LoadReport, ...]:
    """Loads each from its publisher; one that fails does not keep the others from loading."""
    reports: list[LoadReport] = []
    for code in wanted:
        try:
            reports.extend(await load_into(dsn, await download(code)))
        except FetchFailedError as error:
            await note_refusal(dsn, code, str(error))
            reports.append(_refused(code, error))
        except AbeyanceError as error:
            reports.append(_refused(code, error))
    return tuple(reports)


def _refused(code: str, error: AbeyanceError) -> LoadReport:
    return LoadReport(
        list_code=code, outcome="refused", reason=str(error), published_on=None, entry_count=0
    )
