"""`abeyance register record`: enter new events of the YAML files in their ledger."""

from datetime import UTC, datetime
from pathlib import Path

import click

from service.cli.options import as_json, examples
from service.cli.output import print_json
from service.model.errors import BadInputError, RegisterRefusedError
from service.register.ledger import (
    LEDGER,
    RETRACTED,
    broken_promises,
    read_ledger,
    unrecorded,
    write_ledger,
)
from service.register.read import read_folder, register_folder


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
