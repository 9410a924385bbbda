"""`abeyance register add` and `retract`: events of a user's own."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast, get_args

import click
import msgspec

from abeyance_screening.engine.measures.measure import (
    Confidence,
    Event,
    EventKind,
    LapseEffect,
    Slice,
    Source,
    UntilBound,
    UntilState,
)
from abeyance_screening.engine.measures.places import Proposal, read_proposals
from abeyance_screening.features.register.events import Addition
from abeyance_screening.features.register.local_register import local_operators
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import (
    Day,
    InputFile,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.platform.settings import user_name
from abeyance_screening.primitives.errors import BadInputError

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
