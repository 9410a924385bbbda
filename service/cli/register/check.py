"""`abeyance register check`: whether the register is readable, fits and was only added to."""

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import click
import msgspec

from service.cli.options import as_json, examples
from service.cli.output import print_json
from service.model.errors import RegisterFaultyError, RegisterRefusedError
from service.model.measure import Measure
from service.register.ledger import LEDGER, broken_promises, read_ledger, unrecorded
from service.register.read import read_folder, register_folder


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, and where."""

    file: str
    measure: str
    field: str
    reason: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """How a register is."""

    measures: int
    events: int
    faults: tuple[Fault, ...]


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
    checked = Checked(
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


def _fault(fault: RegisterRefusedError) -> Fault:
    return Fault(file=fault.file, measure=fault.measure, field=fault.field, reason=fault.reason)


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
