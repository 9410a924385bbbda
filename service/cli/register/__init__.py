"""`abeyance register`: the commands that check and extend the register of measures."""

from types import MappingProxyType

import click

from service.cli import CommandEntry, Commands

_EVENTS, _KEEP, _BUNDLE = (f"{__name__}.{module}" for module in ("events", "keep", "bundle"))


class RegisterCommands(Commands):
    """The commands of `abeyance register`."""

    entries = MappingProxyType(
        {
            "add": CommandEntry(
                _EVENTS,
                "Record an event of your own for MEASURE, or the accepted proposals of a file.",
            ),
            "bundle": CommandEntry(_BUNDLE, "Write a register and its ledger as one signed file."),
            "check": CommandEntry(_KEEP, "Check the YAML files of a register and their ledger."),
            "coverage": CommandEntry(
                _EVENTS,
                "Print what the law behind the listings rests on, by list and by measure.",
            ),
            "confirm": CommandEntry(
                _EVENTS,
                "Confirm that PLACE was read, and that whatever it brought is in the register.",
            ),
            "propose": CommandEntry(
                "tools.propose.command", "Draft events from documents of the Federal Register."
            ),
            "record": CommandEntry(
                _KEEP, "Enter events and retractions that the ledger lacks, with the current time."
            ),
            "retract": CommandEntry(_EVENTS, "Take back EVENT of MEASURE, one of your own."),
            "review": CommandEntry(
                _EVENTS, "Show the measures that most need a legal reader, or sign one off."
            ),
            "schema": CommandEntry(_KEEP, "Print the JSON Schema of a register file."),
            "state": CommandEntry(
                _BUNDLE,
                "Show which register is in force, how the last bundle ended, and what waits to be "
                "read.",
            ),
            "verify": CommandEntry(
                _BUNDLE, "Verify the signature of a bundle, and check everything in it."
            ),
            "watch": CommandEntry(
                "tools.propose.watch",
                "Look at the places where acts appear, and draft proposals from what is new.",
            ),
        }
    )


@click.group(cls=RegisterCommands)
def register() -> None:
    """Check the register of measures, add events to it, and pass it on."""
