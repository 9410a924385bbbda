"""`abeyance register check`: whether the register is readable, fits and was only added to."""

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from service.cli.options import examples
from service.model.errors import RegisterFaultyError, RegisterRefusedError
from service.model.measure import Measure
from service.register.ledger import LEDGER, broken_promises, read_ledger, unrecorded
from service.register.read import read_folder, register_folder


@click.command(epilog=examples("abeyance register check", "abeyance register check FOLDER"))
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def check(folder: Path | None) -> None:
    """Check a register: its YAML files, and the ledger of what was recorded.

    Without FOLDER it is the register that comes with the program. Every fault is printed with its
    file, measure and field, and the command then fails. The ledger is compared once the files
    have no fault.
    """
    where = folder or register_folder()
    measures, found = read_folder(where)
    faults = [*found, *_of_ledger(where, measures if not found else None)]
    for fault in faults:
        click.echo(" ".join(str(fault).split()), err=True)
    if faults:
        raise RegisterFaultyError(len(faults))
    events = sum(len(measure.events) for measure in measures)
    click.echo(f"{len(measures)} measures and {events} events can be read, fit and are recorded.")


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
