"""Reads the register: the YAML files beside this module, one an authority.

A file is one mapping with the key `measures`, a list of measures in the fields of
`service.model.measure`. Nothing unknown is let through: a misspelt field, a key written twice,
a date that is none refuses the whole register, naming file, measure and field.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

import msgspec
import yaml

from service.model.errors import RegisterRefusedError
from service.model.measure import Measure
from service.model.register import ShippedRegister
from service.register.check import faults
from service.register.ledger import read_ledger, with_times
from service.register.register import Register
from service.register.yaml_text import place_of, read_yaml


def load(folder: Traversable | None = None) -> Register:
    """Read every `*.yaml` file of `folder`, the packaged register unless told otherwise.

    Raises:
        RegisterRefusedError: a file, a measure or a field that cannot be read, or measures that
            do not fit together (an id used twice, a reference to nothing).
    """
    return Register(shipped(folder).measures)


def shipped(folder: Traversable | None = None) -> ShippedRegister:
    """The measures of a folder as `load` reads them, and how far their ledger has come.

    Raises:
        RegisterRefusedError: as `load`.
    """
    where = folder or register_folder()
    measures, found = read_folder(where)
    for fault in found:
        raise fault
    ledger = read_ledger(where)
    return ShippedRegister(revision=len(ledger), measures=with_times(measures, ledger))


def register_folder() -> Traversable:
    """The folder of the register that comes with the program."""
    return files("service.register")


def read_folder(
    where: Traversable,
) -> tuple[tuple[Measure, ...], tuple[RegisterRefusedError, ...]]:
    """The measures of a folder that can be read, in the order of files, and every fault found."""
    names = sorted(entry.name for entry in where.iterdir() if entry.name.endswith(".yaml"))
    read, found = list[tuple[str, Measure]](), list[RegisterRefusedError]()
    if not names:
        found.append(RegisterRefusedError("*.yaml", "-", "-", "the folder holds no register file"))
    for name in names:
        for each in _read_file(name, where.joinpath(name).read_bytes()):
            if isinstance(each, Measure):
                read.append((name, each))
            else:
                found.append(each)
    return tuple(measure for _, measure in read), (*found, *faults(read))


def _read_file(name: str, content: bytes) -> Iterator[Measure | RegisterRefusedError]:
    try:
        document = read_yaml(content)
    except (yaml.YAMLError, RecursionError) as error:
        yield RegisterRefusedError(name, "-", "-", str(error))
        return
    content_of = cast("dict[object, object]", document) if isinstance(document, dict) else {}
    if list(content_of) != ["measures"]:
        yield RegisterRefusedError(name, "-", "measures", "a file is one mapping, of measures")
        return
    entries = content_of["measures"]
    if not isinstance(entries, list):
        yield RegisterRefusedError(name, "-", "measures", "not a list")
        return
    for number, entry in enumerate(cast("list[object]", entries), start=1):
        yield _read_measure(name, number, entry)


def _read_measure(name: str, number: int, entry: object) -> Measure | RegisterRefusedError:
    try:
        return msgspec.convert(entry, Measure)
    except msgspec.ValidationError as error:
        field, reason = place_of(str(error))
        return RegisterRefusedError(name, _name_of(entry, number), field, reason)


def _name_of(entry: object, number: int) -> str:
    given = cast("dict[str, object]", entry).get("id") if isinstance(entry, dict) else None
    return given if isinstance(given, str) else f"number {number}"
