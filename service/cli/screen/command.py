"""The command: what may be given, and whether it is names or a table."""

from datetime import date
from pathlib import Path

import click
import msgspec

from service.cli.answering import ScreeningBody, answering, read_screening
from service.cli.options import (
    Day,
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    list_codes,
    remote_url,
)
from service.cli.screen.printing import EXIT_STATUS, counted, print_screening, status_of
from service.cli.screen.table import TableJob, run_table
from service.errors import BadInputError
from service.screening.question import MAX_LIMIT, Counterparty
from service.tables import FIELDS, SUFFIXES, Counts, HowToRead, read_said


class ScreenOptions(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    names: tuple[str, ...]
    file: Path | None
    out: Path | None
    mapped: tuple[str, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    restart: bool
    lists: tuple[str, ...]
    countries: tuple[str, ...]
    threshold: float | None
    limit: int | None
    as_of: date | None
    known_at: date | None
    since: date | None
    exit_zero: bool
    url: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        'abeyance screen "Huawei Technologies"',
        'abeyance screen "SMIC" "Hikvison" --as-of 2025-10-15',
        'abeyance screen "Hikvision" --since 2025-10-15',
        'abeyance screen "Bank Melli" --list un_sc --json',
        "abeyance screen counterparties.csv --out results.xlsx",
        'abeyance screen parties.xlsx --map name="Trade name" --map country= --out hits.csv',
        "abeyance screen parties.jsonl --json --url http://127.0.0.1:8080",
    )
    + f"\n\n{EXIT_STATUS}"
)
@click.argument("names", metavar="NAME... | TABLE", nargs=-1)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table, whatever its name looks like beside a party's.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where the results of a table go: .xlsx, .csv or .jsonl.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help=f"What a column of the table is: {', '.join(FIELDS)}. FIELD= means no column.",
)
@click.option("--sheet", help="The sheet of a workbook [the first].")
@click.option("--encoding", help="How a text is encoded, where that cannot be told: cp1252 …")
@click.option("--delimiter", help="What parts the cells of a CSV, where that is not told right.")
@click.option("--restart", is_flag=True, help="Begin anew though an earlier run could go on.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    shell_complete=list_codes,
    help="Only this list; repeat it for several.",
)
@click.option("--country", "countries", multiple=True, help="Country code; orders the hits.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The lowest score that is a hit.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), help="The most hits for one name.")
@days
@click.option("--since", type=Day(), help="Tell what changed in each hit since this day.")
@click.option("--exit-zero", is_flag=True, help="Exit status 0 whatever is found.")
@remote_url
@as_json
@data_dir
@gathered(ScreenOptions)
def screen(given: ScreenOptions) -> None:
    """Screen names, or a table of counterparties.

    An argument that is a file is a table: CSV, XLSX or JSON lines, told by its ending. Its columns
    are told by their headers, and shown; --map says what is not told right. Rows that cannot be
    read are listed with their reasons. With --out the results are written when all is done, with
    every hit, measure, status and source; a run that was interrupted goes on where it was, if
    table, question, day and lists are the same. Without --out they are printed.

    In a CSV a text that a spreadsheet would take for a formula stands behind a '.
    """
    table = _table(given)
    counts = _names(given) if table is None else run_table(_table_given(table, given))
    status = status_of(counts)
    if status and not given.exit_zero:
        raise SystemExit(status)


def _table(given: ScreenOptions) -> Path | None:
    """The table, if one is given and no names.

    Raises:
        BadInputError: Both are given, or neither; or an argument looks like a file and is none.
    """
    if given.file is not None and given.names:
        raise BadInputError("--file", "stands beside names; ask about them one after the other")
    files = [Path(name) for name in given.names if _looks_like_table(name)]
    if given.file is None and not given.names:
        raise BadInputError("NAME", "is missing; give names, or a table")
    if not files:
        return given.file
    if len(given.names) > 1:
        raise BadInputError(str(files[0]), "is a table, which stands alone")
    if not files[0].is_file():
        raise BadInputError(str(files[0]), "there is no such file")
    return files[0]


def _looks_like_table(name: str) -> bool:
    """Whether an argument is the name of a table, or of a file that could be meant for one."""
    suffix = Path(name).suffix.lower()
    return suffix in SUFFIXES or suffix in _NO_TABLES or (bool(suffix) and Path(name).is_file())


_NO_TABLES = frozenset({".xls", ".xlsb", ".ods", ".pdf", ".parquet"})


def _names(given: ScreenOptions) -> Counts:
    for option, value in (
        ("--out", given.out),
        ("--map", given.mapped),
        ("--sheet", given.sheet),
        ("--encoding", given.encoding),
        ("--delimiter", given.delimiter),
        ("--restart", given.restart),
    ):
        if value:
            raise BadInputError(option, "goes with a table, and names are given")
    parties = tuple(Counterparty(name=name, countries=given.countries) for name in given.names)
    with answering(given.url, given.data_dir) as answers:
        content = answers.screen(msgspec.structs.replace(_body(given), counterparties=parties))
    answer = read_screening(content)
    if given.as_json:
        click.echo(content)
    else:
        print_screening(answer)
    return counted(answer.results)


def _table_given(table: Path, given: ScreenOptions) -> TableJob:
    if given.countries:
        raise BadInputError("--country", "goes with names; a table has a column of countries")
    if given.out is not None and given.as_json:
        raise BadInputError("--json", "stands beside --out, whose ending says what is written")
    return TableJob(
        table=table,
        how=HowToRead(encoding=given.encoding, delimiter=given.delimiter, sheet=given.sheet),
        said=tuple(map(read_said, given.mapped)),
        body=_body(given),
        out=given.out,
        restart=given.restart,
        url=given.url,
        as_json=given.as_json,
        data_dir=given.data_dir,
    )


def _body(given: ScreenOptions) -> ScreeningBody:
    return ScreeningBody(
        counterparties=(),
        lists=given.lists or None,
        as_of=given.as_of,
        known_at=given.known_at,
        since=given.since,
        threshold=given.threshold,
        limit=given.limit,
    )
