"""`abeyance register add`, `retract` and `confirm`: what an operator adds to the register."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast, get_args

import click
import msgspec

from service.app.lists import local_operators
from service.app.watching import local_confirmations
from service.cli.answering import prepared_database
from service.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from service.cli.output import print_json
from service.errors import BadInputError
from service.measures.measure import (
    Confidence,
    Event,
    EventKind,
    LapseEffect,
    Slice,
    Source,
    UntilBound,
    UntilState,
)
from service.measures.operators import Addition, AllConfirmed, ConfirmationDraft, ConfirmedPlace
from service.measures.watch.places import Proposal, places, read_proposals
from service.settings import user_name


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
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of proposals; those with `accepted: yes` are added.",
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
