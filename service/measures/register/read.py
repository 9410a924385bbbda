"""Reads the register: the YAML files beside this module, one an authority.

A file is one mapping with the key `measures`, a list of measures in the fields of
`service.measures.measure`. Nothing unknown is let through: a misspelt field, a key written twice,
a date that is none refuses the whole register, naming file, measure and field.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast, override

import msgspec
import yaml

from service.errors import RegisterRefusedError
from service.measures.measure import Measure, ShippedRegister
from service.measures.register.check import faults
from service.measures.register.ledger import read_ledger, with_times
from service.measures.register.register import Register

# --- YAML as people write it for the register, read strictly.

_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What the library lets through of a value that is none (`!!bool maybe`, `!!timestamp abc`).
_NO_VALUE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
_SHOWN = 80
_OWN_FIELD = re.compile(r"field `(?P<field>[^`]+)`$")


class _Loader(_SafeLoader):
    """The safe loader, refusing a key that a mapping holds twice, and each value with its line."""

    @override
    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            return cast("object", super().construct_object(node, deep=deep))  # pyright: ignore[reportUnknownMemberType] - bare node in its stub
        except _NO_VALUE as error:
            kind = node.tag.rpartition(":")[2]
            said = repr(cast("object", node.value))[:_SHOWN]
            raise yaml.constructor.ConstructorError(
                problem=f"{said} is no {kind}", problem_mark=node.start_mark
            ) from error

    @override
    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,
    ) -> dict[Hashable, object]:
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        keys = Counter(
            cast("str", key.value) for key, _ in pairs if isinstance(key, yaml.ScalarNode)
        )
        twice, times = next(iter(keys.most_common(1)), ("", 0))
        if times > 1:
            raise yaml.constructor.ConstructorError(
                problem=f"the key {twice!r} stands twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def read_yaml(content: bytes | str) -> object:
    """The one document of a text.

    Raises:
        yaml.YAMLError: It is no YAML, holds a key twice, or a value that is none, such as a day
            that does not exist; the line is named.
        RecursionError: It is nested too deeply.
    """
    loader = _Loader(content)
    try:
        return cast("object", loader.get_single_data())
    finally:
        loader.dispose()


def place_of(message: str) -> tuple[str, str]:
    """Field and reason out of msgspec's own words, `… field `until` - at `$.events[2]``.

    The field is `-` where the words name none.
    """
    reason, _, path = message.partition(" - at `$")
    own = _OWN_FIELD.search(reason)
    parts = [path.strip("`."), *([own["field"]] if own else [])]
    return ".".join(part for part in parts if part) or "-", reason


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
    return files("service.measures.register")


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
