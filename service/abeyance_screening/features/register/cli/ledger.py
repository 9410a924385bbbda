"""`abeyance register check`, `record` and `schema`: the register's files and their ledger."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.register.read import (
    LEDGER,
    RETRACTED,
    broken_promises,
    ledger_faults,
    read_folder,
    read_ledger,
    register_folder,
    unrecorded,
    write_ledger,
)
from abeyance_screening.platform.cli.options import as_json, examples
from abeyance_screening.platform.cli.output import print_json
from abeyance_screening.primitives.errors import (
    BadInputError,
    RegisterFaultyError,
    RegisterRefusedError,
)


class RegisterFault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of a register, with its file, measure and field."""

    file: str
    measure: str
    field: str
    reason: str


class RegisterCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The result of checking a register: its size and its faults."""

    measures: int
    events: int
    faults: tuple[RegisterFault, ...]


@click.command(epilog=examples("abeyance register check", "abeyance register check FOLDER"))
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@as_json
def check(folder: Path | None, *, as_json: bool) -> None:
    """Check the YAML files of a register and their ledger.

    Without FOLDER it checks the register that comes with the program. Every fault is printed with
    its file, measure and field, and the command then fails. The ledger, which shows whether an
    event was edited, is compared only when the files have no fault.
    """
    where = folder or register_folder()
    measures, in_files = read_folder(where)
    faults = [*in_files, *ledger_faults(where, measures if not in_files else None)]
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
        size = f"{checked.measures} measures and {checked.events} events"
        click.echo(f"{size} are readable, consistent and recorded.")


def _fault(fault: RegisterRefusedError) -> RegisterFault:
    return RegisterFault(
        file=fault.file, measure=fault.measure, field=fault.field, reason=fault.reason
    )


# --- `abeyance register record`: enter new events in the ledger.


@click.command(epilog=examples("abeyance register record"))
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@as_json
def record(folder: Path | None, *, as_json: bool) -> None:
    """Enter events and retractions that the ledger lacks, with the current time.

    Commit the ledger together with the events. Existing lines of the ledger are never changed.
    """
    where = folder or Path(str(register_folder()))
    measures, faults = read_folder(where)
    for fault in faults:
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


# --- `abeyance register schema`: the JSON Schema of a register file, for editors that check it.


class RegisterFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One YAML file of the register."""

    measures: tuple[Measure, ...]


@click.command(epilog=examples("abeyance register schema > register.schema.json"))
def schema() -> None:
    """Print the JSON Schema of a register file."""
    click.echo(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(RegisterFile))))
