"""`abeyance register review` and `coverage`: what a lawyer should check, and sign-offs."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.measure import MeasureReview
from abeyance_screening.engine.screening.law_evidence import (
    ListEvidence,
    MeasureEvidence,
    RegisterEvidence,
    bound_by_list,
    register_evidence,
)
from abeyance_screening.engine.wording import day_in_words
from abeyance_screening.features.register.local_register import local_operators
from abeyance_screening.features.register.review import ReviewList, ReviewRow, review_list
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    list_codes,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.platform.local_data import local_index
from abeyance_screening.platform.settings import user_name
from abeyance_screening.primitives.days import days_of
from abeyance_screening.primitives.errors import BadInputError

# --- `abeyance register review` and `coverage`: what needs a legal reader, what the law rests on.

# As many measures are printed unless `--all` or `--measures` asks for every one.
_MOST = 20

_HEAD = ("list", "listings", "act's words", "second hand", "general", "unbound", "stale")


class ReviewOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance register review`."""

    as_of: date | None
    list_code: str | None
    every: bool
    sign: str | None
    by: str | None
    note: str | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance register review",
        "abeyance register review --list us_bis_el --json",
        'abeyance register review --sign us-bis-affiliates-rule --by "A. Reader"'
        ' --note "read against 90 FR 47201 and 90 FR 50857"',
    )
)
@click.option("--as-of", type=Day(), help="The day to ask about; today if left out.")
@click.option(
    "--list",
    "list_code",
    shell_complete=list_codes,
    help="Only measures that bind a listing of this list.",
)
@click.option("--all", "every", is_flag=True, help="Print every measure, not only the first 20.")
@click.option("--sign", metavar="MEASURE", help="Sign off the measure with this id instead.")
@click.option("--by", help="Who has read it; needed with --sign.")
@click.option("--note", help="What was read, or what to look at; only with --sign.")
@as_json
@data_dir
@gathered(ReviewOptions)
def review(options: ReviewOptions) -> None:
    """Show the measures that most need a legal reader, or sign one off.

    The need is the number of listings that a measure binds on the day, at least one, times the sum
    of its doubts: status not on record 4, general knowledge only 3, sources that contradict each
    other 3, without the act's words 2, sources not read up to the day 1. It is 0 once somebody has
    signed the measure off, until its record changes.

    A sign-off has today's day and is never changed or deleted; the newest counts.
    """
    if options.sign is not None:
        _sign(options, options.sign)
        return
    for option, value in (("--by", options.by), ("--note", options.note)):
        if value is not None:
            raise BadInputError(option, "is only for --sign")
    found = _review(options)
    if options.as_json:
        print_json(found)
        return
    for line in _lines(found, most=None if options.every else _MOST):
        click.echo(line)


@click.command(
    epilog=examples(
        "abeyance register coverage",
        "abeyance register coverage --as-of 2026-11-24 --json",
    )
)
@click.option("--as-of", type=Day(), help="The day to ask about; today if left out.")
@click.option("--measures", is_flag=True, help="Print every measure, not only the first 20.")
@as_json
@data_dir
def coverage(as_of: date | None, data_dir: Path | None, *, measures: bool, as_json: bool) -> None:
    """Print what the law behind the listings rests on, by list and by measure.

    A listing counts under "act's words" if a measure that binds it on the day has the words of its
    act, under "second hand" if its measures were only read about, under "general" if no source was
    read, and under "unbound" if no measure binds it on the day. It is stale if none of its
    measures was checked up to the day.
    """
    evidence = _evidence(data_dir, as_of)
    if as_json:
        print_json(evidence)
        return
    for line in _coverage_lines(evidence, most=None if measures else _MOST):
        click.echo(line)


def _review(options: ReviewOptions) -> ReviewList:
    days = days_of(options.as_of, None, datetime.now(UTC))
    settings = settings_with(options.data_dir)
    with prepared_database(settings) as dsn:
        index, board = asyncio.run(local_index(settings, dsn, days.as_of))
        return review_list(board, bound_by_list(index, board, days), days, options.list_code)


def _evidence(data_dir: Path | None, as_of: date | None) -> RegisterEvidence:
    days = days_of(as_of, None, datetime.now(UTC))
    settings = settings_with(data_dir)
    with prepared_database(settings) as dsn:
        index, board = asyncio.run(local_index(settings, dsn, days.as_of))
        return register_evidence(index, board, days)


def _sign(options: ReviewOptions, measure_id: str) -> None:
    if options.by is None:
        raise BadInputError("--by", "is missing; a sign-off needs the reader's name")
    with prepared_database(settings_with(options.data_dir)) as dsn:
        signed = asyncio.run(_signed(dsn, measure_id, options.by, options.note))
    if options.as_json:
        print_json(signed)
    else:
        click.echo(
            f"{signed.measure_id}: reviewed by {signed.reviewed_by} "
            f"on {day_in_words(signed.reviewed_on)}"
        )


async def _signed(dsn: str, measure_id: str, by: str, note: str | None) -> MeasureReview:
    async with local_operators(dsn) as operators:
        return await operators.sign(measure_id, by, note, user_name())


def _lines(review: ReviewList, most: int | None) -> Iterator[str]:
    yield f"On {day_in_words(review.as_of)}, the greatest need first:"
    yield f"{'need':>9}{'listings':>10}  measure"
    for row in review.rows[:most]:
        yield f"{row.need:>9,}{row.listings:>10,}  {row.measure_id}"
        yield f"{'':21}{_why(row)}"
    hidden = 0 if most is None else len(review.rows) - most
    if hidden > 0:
        yield f"and {hidden} more; --all prints them"


def _why(row: ReviewRow) -> str:
    doubts = ", ".join(each.replace("_", " ") for each in row.doubts) or "no doubt on record"
    if row.sign_off is None:
        return doubts
    since = "" if row.sign_off.is_current else ", changed since"
    return f"{doubts}; reviewed by {row.sign_off.by} on {day_in_words(row.sign_off.on)}{since}"


def _coverage_lines(evidence: RegisterEvidence, most: int | None) -> Iterator[str]:
    yield f"On {evidence.as_of}, as known on {evidence.known_at}; shares are of the listings."
    yield ""
    yield _columns(_HEAD)
    for row in (*evidence.lists, evidence.total):
        yield _columns(_cells(row))
    yield ""
    yield "Measures by the listings that they bind:"
    for measure in evidence.measures[:most]:
        yield _measure_line(measure)
    hidden = 0 if most is None else len(evidence.measures) - most
    if hidden > 0:
        yield f"and {hidden} more; --measures prints them all"


def _cells(row: ListEvidence) -> tuple[str, ...]:
    counts = (row.with_words, row.second_hand, row.general_knowledge, row.unbound, row.stale)
    return (
        row.list_code,
        f"{row.listings:,}",
        *(f"{100 * count / max(row.listings, 1):.1f} %" for count in counts),
    )


def _columns(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"{first:<22}" + "".join(f"{cell:>13}" for cell in others)


def _measure_line(measure: MeasureEvidence) -> str:
    words = "words" if measure.has_words else "-"
    checked = "unchecked" if measure.checked_until is None else str(measure.checked_until)
    return f"{measure.listings:>8,}  {words:<5}  {checked:<10}  {measure.measure_id}"
