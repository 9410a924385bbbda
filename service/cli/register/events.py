"""`abeyance register add`, `retract`, `confirm`, `review` and `coverage`: what people do there."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast, get_args

import click
import msgspec

from service.app.lists import local_index, local_operators
from service.app.watching import local_confirmations
from service.cli.answering import prepared_database
from service.cli.options import (
    Day,
    InputFile,
    as_json,
    data_dir,
    examples,
    gathered,
    list_codes,
    settings_with,
)
from service.cli.output import print_json
from service.errors import BadInputError
from service.measures.measure import (
    Confidence,
    Event,
    EventKind,
    LapseEffect,
    MeasureReview,
    Slice,
    Source,
    UntilBound,
    UntilState,
)
from service.measures.operators import Addition, AllConfirmed, ConfirmationDraft, ConfirmedPlace
from service.measures.watch.places import Proposal, places, read_proposals
from service.screening.review import (
    ListEvidence,
    MeasureEvidence,
    RegisterEvidence,
    ReviewList,
    ReviewRow,
    bound_by_list,
    register_evidence,
    review_list,
)
from service.screening.turns import days_of
from service.settings import user_name
from service.wording import day_in_words

# --- `abeyance register add`, `retract` and `confirm`: what an operator adds to the register.


class AddOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register add`."""

    measure: str | None
    file: Path | None
    kind: EventKind | None
    citation: str | None
    confidence: Confidence | None
    announced_on: date | None
    published_on: date | None
    effective_on: date | None
    until: date | None
    until_bound: UntilBound | None
    until_state: UntilState | None
    lapse_effect: LapseEffect | None
    part: str | None
    entities: tuple[str, ...]
    url: str | None
    quote: str | None
    note: str | None
    replaces: str | None
    recorded_by: str
    as_json: bool
    data_dir: Path | None


_ALLOWED_WITH_FILE = frozenset({"file", "recorded_by", "as_json", "data_dir"})
_OPTIONS = {"measure": "MEASURE", "entities": "--entity"}
_NOT_WITH_FILE = "cannot be combined with --file, whose proposals contain it"
_ADD_EXAMPLE = (
    "abeyance register add us-bis-affiliates-rule --kind extend_suspension"
    " --published-on 2026-11-24 --effective-on 2026-11-24 --until 2027-11-09"
    " --until-bound inclusive --lapse-effect restriction_returns"
    ' --citation "91 FR 99999" --confidence verified_secondary'
)


@click.command(epilog=examples(_ADD_EXAMPLE, "abeyance register add --file accepted.yaml"))
@click.argument("measure", required=False)
@click.option(
    "--file",
    type=InputFile(),
    help="A file of proposals, - for standard input; those with `accepted: yes` are added.",
)
@click.option("--kind", type=click.Choice(get_args(EventKind)), help="What happened.")
@click.option("--citation", help="The legal act that is the source.")
@click.option(
    "--confidence",
    type=click.Choice(get_args(Confidence)),
    help="How well the source was verified.",
)
@click.option("--announced-on", type=Day(), help="The day it was announced.")
@click.option("--published-on", type=Day(), help="The day it was published.")
@click.option("--effective-on", type=Day(), help="The first day of its effect.")
@click.option("--until", type=Day(), help="Its end, as the act states it.")
@click.option(
    "--until-bound", type=click.Choice(get_args(UntilBound)), help="Whether that day is included."
)
@click.option(
    "--until-state", type=click.Choice(get_args(UntilState)), help="Why no end is given."
)
@click.option(
    "--lapse-effect", type=click.Choice(get_args(LapseEffect)), help="What follows the end."
)
@click.option("--part", help="Only this part of the measure.")
@click.option(
    "--entity", "entities", multiple=True, help="Only this party; repeat it for several."
)
@click.option("--url", help="Where the act can be read.")
@click.option("--quote", help="The words of the act.")
@click.option("--note", help="A note for readers.")
@click.option("--replaces", help="The id of an earlier event of your own that it replaces.")
@click.option("--by", "recorded_by", default=user_name, help="Who records it [you].")
@as_json
@data_dir
@gathered(AddOptions)
def add(options: AddOptions) -> None:
    """Record an event of your own for MEASURE, or the accepted proposals of a file.

    The event counts from the day on which it became public, as its options state. It is kept apart
    from the events that come with the program, and no upgrade overwrites it. Events are never
    edited: take one back with `abeyance register retract`.

    From a file, either all accepted proposals are added or none. An event that is already recorded
    is refused.
    """
    additions = (
        [_addition_of(options)]
        if options.file is None
        else _additions_of_file(options.file, options)
    )
    with prepared_database(settings_with(options.data_dir)) as dsn:
        recorded = asyncio.run(_add(dsn, additions, options.recorded_by))
    if options.as_json:
        print_json(recorded)
        return
    for addition, event in zip(additions, recorded, strict=True):
        click.echo(f"{addition.measure_id}: {event.id}")


async def _add(dsn: str, additions: Sequence[Addition], recorded_by: str) -> tuple[Event, ...]:
    async with local_operators(dsn) as operators:
        return await operators.add_all(additions, recorded_by)


def _additions_of_file(file: Path, options: AddOptions) -> list[Addition]:
    values = cast("dict[str, object]", msgspec.structs.asdict(options))
    for field, value in values.items():
        if field not in _ALLOWED_WITH_FILE and value not in {None, ()}:
            option = _OPTIONS.get(field, f"--{field.replace('_', '-')}")
            raise BadInputError(option, _NOT_WITH_FILE)
    accepted = [
        _accepted(f"proposals[{place}]", proposal)
        for place, proposal in enumerate(read_proposals(_text_of(file)))
        if proposal.accepted
    ]
    if not accepted:
        reason = "has no accepted proposal; write `accepted: yes` in each one to add"
        raise BadInputError("--file", reason)
    return accepted


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError("--file", "is not text in UTF-8") from error


def _accepted(entry: str, proposal: Proposal) -> Addition:
    if proposal.measure is None:
        raise BadInputError(f"{entry}.measure", "is missing, and the proposal is accepted")
    if proposal.missing:
        reason = (
            f"{proposal.missing[0]!r} is still to be found out; remove from this list what you "
            "have found"
        )
        raise BadInputError(f"{entry}.missing", reason)
    return Addition(measure_id=proposal.measure, event=proposal.event, entry=entry)


def _addition_of(options: AddOptions) -> Addition:
    if options.measure is None:
        raise BadInputError("MEASURE", "is missing; name one, or give a file of proposals")
    for option, value in (
        ("--kind", options.kind),
        ("--citation", options.citation),
        ("--confidence", options.confidence),
    ):
        if not value:
            raise BadInputError(
                option, "is missing; an event needs --kind, --citation and --confidence"
            )
    part = Slice(part=options.part, entities=options.entities)
    values = msgspec.structs.asdict(options) | {
        "id": "",
        "slice": None if part == Slice() else part,
        "source": None if options.url is None else Source(url=options.url),
    }
    fields = {name: value for name, value in values.items() if name in Event.__struct_fields__}
    return Addition(measure_id=options.measure, event=msgspec.convert(fields, Event))


# --- `abeyance register retract`: take back an event of your own.


class RetractOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register retract`."""

    measure: str
    event: str
    because: str
    recorded_by: str
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance register retract us-bis-affiliates-rule"
        ' own-extend-suspension-2026-11-24-0f3a9c21 --because "read from a draft"'
    )
)
@click.argument("measure")
@click.argument("event")
@click.option("--because", required=True, help="Why it was a mistake.")
@click.option("--by", "recorded_by", default=user_name, help="Who takes it back [you].")
@as_json
@data_dir
@gathered(RetractOptions)
def retract(options: RetractOptions) -> None:
    """Take back EVENT of MEASURE, one of your own.

    A question with an earlier `--known-at` still counts the event.
    """
    with prepared_database(settings_with(options.data_dir)) as dsn:
        asyncio.run(_retract(dsn, options))
    if options.as_json:
        print_json({"measure": options.measure, "event": options.event, "retracted": True})
    else:
        click.echo(f"{options.measure}: {options.event} retracted")


async def _retract(dsn: str, options: RetractOptions) -> None:
    async with local_operators(dsn) as operators:
        await operators.retract(
            options.measure, options.event, options.recorded_by, options.because
        )


# --- `abeyance register confirm`: a word of a person that a place where acts appear was read.

# Not 1, which is an error, and not 2, which shells use for a wrong call.
EXIT_LEFT = 4


class ConfirmOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register confirm`."""

    place: str | None
    every: bool
    recorded_by: str
    until: date | None
    read_up_to: int | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance register confirm us-fr-bis",
        "abeyance register confirm cn-mfa-countermeasures --until 2026-11-24",
        "abeyance register confirm us-fr-ofac --read 812 --by anna",
        "abeyance register confirm --all",
    )
    + "\n\nExit status: 0 confirmed, 1 an error, 4 with --all: places are left to a person."
)
@click.argument("place", required=False)
@click.option("--all", "every", is_flag=True, help="All places that brought nothing new.")
@click.option("--by", "recorded_by", default=user_name, help="Who has read it [you].")
@click.option(
    "--until", type=Day(), help="The day until which you have read it [that of the last watch]."
)
@click.option(
    "--read",
    "read_up_to",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="You have read its new documents up to this number.",
)
@as_json
@data_dir
@gathered(ConfirmOptions)
def confirm(options: ConfirmOptions) -> None:
    """Confirm that PLACE was read, and that whatever it brought is in the register.

    The measures that the place decides count as checked until that day, once every place that
    decides them is confirmed until then. A place with new documents is confirmed only with --read.
    A later confirmation of the same place replaces the earlier one; none is ever edited.
    """
    if (options.place is None) is not options.every:
        raise BadInputError("PLACE", "name one place, or give --all")
    if options.every and options.read_up_to is not None:
        raise BadInputError("--read", "cannot be combined with --all; name the place")
    with prepared_database(settings_with(options.data_dir)) as dsn:
        done = asyncio.run(_confirm(dsn, options))
    if options.as_json:
        print_json(done)
    else:
        _print(done)
    if done.left:
        raise SystemExit(EXIT_LEFT)


async def _confirm(dsn: str, options: ConfirmOptions) -> AllConfirmed:
    async with local_confirmations(dsn) as confirmations:
        if options.place is None:
            return await confirmations.confirm_all(options.recorded_by, options.until)
        draft = ConfirmationDraft(
            place=options.place, until=options.until, read_up_to=options.read_up_to
        )
        confirmed = await confirmations.confirm(draft, options.recorded_by)
        return AllConfirmed(confirmed=(confirmed,), left=())


def _print(done: AllConfirmed) -> None:
    for each in done.confirmed:
        click.echo(_line(each))
    for left in done.left:
        click.echo(f"{left.place} is left: {left.reason}.", err=True)
    if done.left:
        click.echo(f"{len(done.confirmed)} of {len(places())} places confirmed.", err=True)


def _line(confirmed: ConfirmedPlace) -> str:
    count = len(confirmed.moved)
    moved = f"{count} {'measure' if count == 1 else 'measures'} checked until a later day"
    waiting = ", ".join(confirmed.waiting_for)
    more = f"; others wait for {waiting}" if waiting else ""
    return f"{confirmed.place}: read until {confirmed.until}, {moved}{more}."


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


def _lines(found: ReviewList, most: int | None) -> Iterator[str]:
    yield f"On {day_in_words(found.as_of)}, the greatest need first:"
    yield f"{'need':>9}{'listings':>10}  measure"
    for row in found.rows[:most]:
        yield f"{row.need:>9,}{row.listings:>10,}  {row.measure_id}"
        yield f"{'':21}{_why(row)}"
    hidden = 0 if most is None else len(found.rows) - most
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
