"""The command `abeyance screen`: its options, and the choice between names and a table."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

import click
import msgspec

from abeyance_screening.engine.screening.answer import ScreeningAnswer, TextAnswer
from abeyance_screening.engine.screening.question import (
    MAX_LIMIT,
    MAX_TEXT_LENGTH,
    Counterparty,
    QuestionTerms,
    TextQuestion,
)
from abeyance_screening.engine.tables import FIELDS, SUFFIXES, Counts, HowToRead, read_said
from abeyance_screening.features.bulk import BATCH_SUFFIXES
from abeyance_screening.features.jobs.cli import run_job
from abeyance_screening.features.screen.cli_output import (
    EXIT_STATUS,
    print_briefly,
    print_screening,
    print_text,
    status_of,
    status_of_text,
)
from abeyance_screening.features.tables.cli import run_table
from abeyance_screening.platform.cli.client import opened_api
from abeyance_screening.platform.cli.options import (
    Day,
    InputFile,
    as_json,
    data_dir,
    days,
    examples,
    gathered,
    list_codes,
    needing,
    remote_url,
)
from abeyance_screening.platform.cli.output import print_lines
from abeyance_screening.platform.cli.results import BatchJob, ScreeningBody, TableJob, counted
from abeyance_screening.platform.http.bodies import SCREENINGS_PATH
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as

_UNSUPPORTED_SUFFIXES = frozenset({".xls", ".xlsb", ".ods", ".pdf"})


class ScreenOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance screen`."""

    names: tuple[str, ...]
    file: Path | None
    text: Path | None
    out: Path | None
    mapped: tuple[str, ...]
    sheet: str | None
    encoding: str | None
    delimiter: str | None
    restart: bool
    job: bool
    index: Path | None
    dask: str | None
    lists: tuple[str, ...]
    profiles: tuple[str, ...]
    countries: tuple[str, ...]
    threshold: float | None
    limit: int | None
    as_of: date | None
    known_at: date | None
    since: date | None
    no_store: bool
    exit_zero: bool
    in_full: bool
    url: str | None
    as_json: bool
    data_dir: Path | None


# Imported only where it is wanted, since it loads the whole service.
_MEANINGS = "abeyance_screening.app.explain_command:print_meanings"


def _explained(ctx: click.Context, _: click.Parameter, field: str | None) -> None:
    """Print what a field means and end the command, as `--help` does."""
    if field is not None and not ctx.resilient_parsing:
        print_meanings = cast("Callable[[str], None]", resolve_name(_MEANINGS))
        print_meanings(field)
        ctx.exit()


@click.command(
    epilog=examples(
        'abeyance screen "Huawei Technologies"',
        'abeyance screen "SMIC" "Hikvison" --as-of 2025-10-15',
        'abeyance screen "Hikvision" --since 2025-10-15',
        'abeyance screen "Bank Melli" --list un_sc --json',
        'abeyance screen "Rosneft" --long',
        "abeyance screen --text contract.txt",
        "abeyance screen counterparties.csv --out results.xlsx",
        'abeyance screen parties.xlsx --map name="Trade name" --map country= --out hits.csv',
        "abeyance screen parties.jsonl --json --url http://127.0.0.1:8080",
        "abeyance screen suppliers.csv --job --out results.parquet",
        "abeyance screen parties.parquet --out results.parquet",
        "abeyance screen parties.parquet --out results/ --index lists.index --dask tcp://host:8786",
    )
    + f"\n\n{EXIT_STATUS}"
)
@click.argument("names", metavar="NAME... | TABLE", nargs=-1)
@click.option(
    "--file",
    type=InputFile(is_table=True),
    help="A table, even if its name could be that of a party; - is standard input.",
)
@click.option(
    "--text",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A text in UTF-8, such as a payment message: listed names in it; - is standard input.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File for the results of a table: .xlsx, .csv or .jsonl; those of a Parquet file go to "
    ".parquet, .arrow or a folder.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help=f"The column of a field: {', '.join(FIELDS)}. FIELD= means no column.",
)
@click.option("--sheet", help="The sheet of a workbook [the first].")
@click.option("--encoding", help="Encoding of a text file, if it is not detected: cp1252 …")
@click.option("--delimiter", help="Delimiter of a CSV file, if it is not detected correctly.")
@click.option("--restart", is_flag=True, help="Start again instead of resuming an earlier run.")
@click.option(
    "--job",
    is_flag=True,
    help="Have the service of --url screen the table apart: up to 10,000,000 rows, Parquet too.",
)
@click.option(
    "--index",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For Parquet: answer from this file of `abeyance index`, without a database.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="For Parquet: have the workers of the Dask scheduler at tcp://host:8786 do it.",
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    shell_complete=list_codes,
    help="Only this list; repeat it for several.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    help="Whose lists must be fresh: us, eu …; repeat it for several [the installation's].",
)
@click.option("--country", "countries", multiple=True, help="Country code; orders the hits.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The lowest score that is a hit.")
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), help="The most hits for one name.")
@days
@click.option("--since", type=Day(), help="Show what changed in each hit since this day.")
@click.option(
    "--no-store", is_flag=True, help="Have the service of --url keep nothing; here nothing is."
)
@click.option("--exit-zero", is_flag=True, help="Exit status 0 whatever is found.")
@click.option(
    "--long", "in_full", is_flag=True, help="Every hit and measure, not one line a party."
)
@remote_url
@as_json
@click.option(
    "--explain",
    metavar="FIELD",
    expose_value=False,
    is_eager=True,
    callback=_explained,
    help="Say what a field of --json means, and do no more.",
)
@data_dir
@gathered(ScreenOptions)
def screen(options: ScreenOptions) -> None:
    """Screen names, or a table of counterparties.

    Printed is one line for each party that a name may be, the worst of its measures first; --long
    prints every hit and measure.

    An argument that is a file is a table: CSV, XLSX, JSON lines or Parquet, by its ending. Its
    columns are recognised by the header row and shown; --map corrects them. Rows that cannot be
    read are listed with their reasons. With --out, the results are written when all rows are
    done, with every hit, measure, status and source; an interrupted run is resumed if the table,
    question, day and lists are the same. Without --out, the results are printed.

    A Parquet or Arrow file becomes one with a row of results for each of its rows. A folder gets a
    file for each 10,000 rows, and an interrupted run is resumed.

    With --job the table is sent to the service of --url, by default http://127.0.0.1:8080, and
    screened there by its workers. A command that is interrupted says how to go on: the job does.
    --out then also takes .parquet; .ndjson and .jsonl get the lines of a stream.

    In a CSV, text that a spreadsheet would read as a formula has a ' before it.
    """
    if options.in_full and (options.out is not None or options.as_json):
        reason = "is only for results that are printed; files and --json have everything"
        raise BadInputError("--long", reason)
    if options.text is not None:
        status = _screen_text(options, options.text)
    else:
        status = status_of(_screened(options))
    if status and not options.exit_zero:
        raise SystemExit(status)


def _screened(options: ScreenOptions) -> Counts:
    """Screen names or a table, and return the counts."""
    table = _table_of(options)
    if table is not None and table.suffix.lower() in BATCH_SUFFIXES and not options.job:
        return _screen_batches(table, options)
    for option, value in (("--index", options.index), ("--dask", options.dask)):
        if value is not None:
            raise BadInputError(option, "is only for a Parquet or Arrow file without --job")
    return _screen_names(options) if table is None else _screen_table(options, table)


def _screen_batches(table: Path, options: ScreenOptions) -> Counts:
    """Screen a Parquet or Arrow file."""
    for option, value in (
        ("--sheet", options.sheet),
        ("--encoding", options.encoding),
        ("--delimiter", options.delimiter),
        ("--country", options.countries),
        ("--url", options.url),
        ("--json", options.as_json),
        ("--long", options.in_full),
    ):
        if value:
            raise BadInputError(option, f"is not for a {table.suffix} file")
    if options.out is None:
        raise BadInputError("--out", "is missing: a .parquet or .arrow file, or a folder")
    suffix = options.out.suffix.lower()
    to_folder = suffix not in BATCH_SUFFIXES and (not suffix or options.out.is_dir())
    if not to_folder and (options.dask is not None or options.restart):
        raise BadInputError("--out", "is a file; --dask and --restart are for a folder")
    job = copy_as(
        BatchJob,
        options,
        table=table,
        choices=tuple(map(read_said, options.mapped)),
        body=_body(options),
        to_folder=to_folder,
    )
    module = needing("arrow", "abeyance_screening.features.bulk.cli", table.name)
    return cast("Callable[[BatchJob], Counts]", module.run_batches)(job)


def _screen_text(options: ScreenOptions, path: Path) -> int:
    """Print the listed names in a text and return the exit status."""
    for option, value in (
        ("NAME", options.names),
        ("--file", options.file),
        ("--country", options.countries),
        *_only_for_tables(options),
    ):
        if value:
            raise BadInputError(option, "cannot be combined with --text")
    if options.in_full:
        raise BadInputError("--long", "cannot be combined with --text; --json has everything")
    text = _text_at(path)
    body = _with_options(TextQuestion(text=text), options)
    with opened_api(options.url, options.data_dir, "lists") as api:
        content = api.post("/v1/texts", msgspec.json.encode(body))
    answer = api.read(content, TextAnswer)
    if options.as_json:
        print_lines(content + b"\n")
    else:
        print_text(answer, text)
    return status_of_text(answer)


def _text_at(path: Path) -> str:
    """Return the text in a file, or of standard input."""
    try:
        with click.open_file(str(path), encoding="utf-8-sig", errors="strict") as file:
            text = str(cast("object", file.read(MAX_TEXT_LENGTH + 1)))
    except UnicodeDecodeError:
        raise BadInputError("--text", "is not a text in UTF-8") from None
    if len(text) > MAX_TEXT_LENGTH:
        reason = f"has more than {MAX_TEXT_LENGTH:,} characters; cut it between two paragraphs"
        raise BadInputError("--text", reason)
    return text


def _only_for_tables(options: ScreenOptions) -> tuple[tuple[str, object], ...]:
    return (
        ("--out", options.out),
        ("--map", options.mapped),
        ("--sheet", options.sheet),
        ("--encoding", options.encoding),
        ("--delimiter", options.delimiter),
        ("--restart", options.restart),
        ("--job", options.job),
    )


def _table_of(options: ScreenOptions) -> Path | None:
    """Return the table to screen; None if names are given."""
    if options.file is not None and options.names:
        reason = "cannot be combined with names; screen them in two commands"
        raise BadInputError("--file", reason)
    files = [Path(name) for name in options.names if _looks_like_table(name)]
    if options.file is None and not options.names:
        raise BadInputError("NAME", "is missing; give names, or a table")
    if not files:
        return options.file
    if len(options.names) > 1:
        raise BadInputError(str(files[0]), "is a table; give it alone")
    if not files[0].is_file():
        raise BadInputError(str(files[0]), "there is no such file")
    return files[0]


def _looks_like_table(name: str) -> bool:
    """Return whether an argument is the path of a table, or of a file that is meant as one."""
    suffix = Path(name).suffix.lower()
    is_suffix = suffix in SUFFIXES or suffix in BATCH_SUFFIXES or suffix in _UNSUPPORTED_SUFFIXES
    return is_suffix or (bool(suffix) and Path(name).is_file())


def _screen_names(options: ScreenOptions) -> Counts:
    for option, value in _only_for_tables(options):
        if value:
            raise BadInputError(option, "is only for a table, and names are given")
    parties = tuple(Counterparty(name=name, countries=options.countries) for name in options.names)
    body = msgspec.structs.replace(_body(options), counterparties=parties)
    with opened_api(options.url, options.data_dir, "lists") as api:
        content = api.post(SCREENINGS_PATH, msgspec.json.encode(body))
    answer = api.read(content, ScreeningAnswer)
    if options.as_json:
        print_lines(content + b"\n")
    elif options.in_full:
        print_screening(answer)
    else:
        print_briefly(answer)
    return counted(answer.results)


def _screen_table(options: ScreenOptions, table: Path) -> Counts:
    if options.countries:
        reason = "is only for names; a table has its countries in a column"
        raise BadInputError("--country", reason)
    if options.out is not None and options.as_json:
        reason = "cannot be combined with --out, whose ending gives the format"
        raise BadInputError("--json", reason)
    for option, value in (("--no-store", options.no_store), ("--restart", options.restart)):
        if options.job and value:
            raise BadInputError(option, "cannot be combined with --job, which the service keeps")
    asked = copy_as(
        TableJob,
        options,
        table=table,
        how=HowToRead(encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet),
        choices=tuple(map(read_said, options.mapped)),
        body=_body(options),
    )
    return run_job(asked) if options.job else run_table(asked)


def _body(options: ScreenOptions) -> ScreeningBody:
    return _with_options(ScreeningBody(store=False if options.no_store else None), options)


def _with_options[T: QuestionTerms](body: T, options: ScreenOptions) -> T:
    return msgspec.structs.replace(
        body,
        lists=options.lists or None,
        profile=options.profiles or None,
        as_of=options.as_of,
        known_at=options.known_at,
        since=options.since,
        threshold=options.threshold,
        limit=options.limit,
    )
