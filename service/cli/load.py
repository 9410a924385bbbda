"""`abeyance load`: make files the current edition of a list, by hand."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import msgspec

from service.app.lists import load_into
from service.cli.database import prepared_database
from service.cli.options import Day, as_json, data_dir, examples, gathered, settings_with
from service.cli.output import print_json, print_loads
from service.flow.load import ListFiles
from service.flow.wanted import wanted_by_name
from service.model.errors import BadInputError
from service.model.files import GivenFile


class LoadGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    wanted: str
    paths: tuple[Path, ...]
    published_on: date | None
    accept_shrink: bool
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance load un_sc --file consolidated.xml",
        "abeyance load us_csl --file consolidated.json --published-on 2026-07-31",
        "abeyance load us_ofac_sdn --file sdn.csv --file alt.csv --file add.csv",
        "abeyance load us_ofac_sdn --file downloads/ofac",
        "abeyance load my_list --file my_list.jsonl",
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
    help="Take the edition in although it lost many entries or a well-known name.",
)
@as_json
@data_dir
@gathered(LoadGiven)
def load(given: LoadGiven) -> None:
    """Load a list from files.

    LIST is a list (us_bis_el), a source of several lists (us_csl), or a code of your own for a
    list of your own. What the files are is told by their content. An edition that is broken,
    older than the one here, or suddenly smaller is refused, and the good one stays.
    """
    files = tuple(_files(given.paths))
    to_load = ListFiles(
        wanted=wanted_by_name(given.wanted),
        files=files,
        published_on=given.published_on,
        accepted=given.accept_shrink,
    )
    with prepared_database(settings_with(given.data_dir)) as dsn:
        reports = asyncio.run(load_into(dsn, to_load))
    (print_json if given.as_json else print_loads)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


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
