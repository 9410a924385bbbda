"""`abeyance register check`: whether the register is readable, fits and was only added to."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

import click
import msgspec

from service.cli.options import as_json, examples
from service.cli.output import print_json
from service.errors import BadInputError, RegisterFaultyError, RegisterRefusedError
from service.measures.measure import Measure
from service.measures.register.ledger import (
    LEDGER,
    RETRACTED,
    broken_promises,
    read_ledger,
    unrecorded,
    write_ledger,
)
from service.measures.register.read import read_folder, register_folder


class RegisterFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and where."""

    file: str
    measure: str
    field: str
    reason: str


class RegisterCheck(msgspec.Struct, frozen=True, kw_only=True):
    """How a register is."""

    measures: int
    events: int
    faults: tuple[RegisterFault, ...]


@click.command(epilog=examples("abeyance register check", "abeyance register check FOLDER"))
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@as_json
def check(folder: Path | None, *, as_json: bool) -> None:
    """Check a register: its YAML files, and the ledger of what was recorded.

    Without FOLDER it is the register that comes with the program. Every fault is printed with its
    file, measure and field, and the command then fails. The ledger is compared once the files
    have no fault.
    """
    where = folder or register_folder()
    measures, found = read_folder(where)
    faults = [*found, *_of_ledger(where, measures if not found else None)]
    checked = RegisterCheck(
        measures=len(measures),
        events=sum(len(measure.events) for measure in measures),
        faults=tuple(map(_fault, faults)),
    )
    if as_json:
        print_json(checked)
    for fault in () if as_json else faults:
        click.echo(" ".join(str(fault).split()), err=True)
    if faults:
        raise RegisterFaultyError(len(faults))
    if not as_json:
        told = f"{checked.measures} measures and {checked.events} events"
        click.echo(f"{told} can be read, fit and are recorded.")


def _fault(fault: RegisterRefusedError) -> RegisterFault:
    return RegisterFault(
        file=fault.file, measure=fault.measure, field=fault.field, reason=fault.reason
    )


def _of_ledger(
    where: Traversable, measures: Sequence[Measure] | None
) -> Iterator[RegisterRefusedError]:
    """What is wrong with the ledger; without the measures, only whether it can be read."""
    try:
        ledger = read_ledger(where)
    except RegisterRefusedError as fault:
        yield fault
        return
    if measures is None:
        return
    for promise in broken_promises(measures, ledger):
        yield RegisterRefusedError(LEDGER, *promise)
    for line in unrecorded(measures, ledger, None):
        yield RegisterRefusedError(LEDGER, line.measure, line.event, _MISSING)


_MISSING = "is not recorded yet; run `abeyance register record`"


# --- `abeyance register record`: enter new events of the YAML files in their ledger.


@click.command(epilog=examples("abeyance register record"))
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@as_json
def record(folder: Path | None, *, as_json: bool) -> None:
    """Enter events and retractions that the ledger lacks, with this moment.

    It belongs into the same commit as the events. What the ledger holds is never changed.
    """
    where = folder or Path(str(register_folder()))
    measures, found = read_folder(where)
    for fault in found:
        raise fault
    ledger = read_ledger(where)
    new = unrecorded(measures, ledger, datetime.now(UTC).replace(microsecond=0))
    for measure, event, what in broken_promises(measures, [*ledger, *new]):
        raise RegisterRefusedError(LEDGER, measure, event, what)
    try:
        (where / LEDGER).write_text(write_ledger([*ledger, *new]), "utf-8")
    except OSError as error:
        raise BadInputError("FOLDER", f"cannot be written: {error.strerror}") from error
    if as_json:
        print_json(new)
        return
    for line in new:
        click.echo(f"{line.measure}: {line.event}{' retracted' * (line.digest == RETRACTED)}")
    click.echo(f"{len(new)} recorded.")


# --- `abeyance register schema`: the shape of a register file, for editors that check it.


class RegisterFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One YAML file of the register."""

    measures: tuple[Measure, ...]


@click.command(epilog=examples("abeyance register schema > register.schema.json"))
def schema() -> None:
    """Print the JSON Schema of a register file."""
    click.echo(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(RegisterFile))))
