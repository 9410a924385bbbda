"""Reading the register: the YAML files in this folder, one for each authority.

A file is one mapping with the key `measures`, a list of measures in the fields of
`service.measures.measure`. A misspelt field, a duplicate key or an invalid date refuses the whole
register, with an error that names file, measure and field.
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

_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What the library raises for an invalid value (`!!bool maybe`, `!!timestamp abc`).
_INVALID_VALUE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
# How many characters of an invalid value an error shows.
_SHOWN = 80
_OWN_FIELD = re.compile(r"field `(?P<field>[^`]+)`$")


class _Loader(_SafeLoader):
    """The safe loader, which also refuses duplicate keys and names the line of a bad value."""

    @override
    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            return cast("object", super().construct_object(node, deep=deep))  # pyright: ignore[reportUnknownMemberType] - bare node in its stub
        except _INVALID_VALUE as error:
            kind = node.tag.rpartition(":")[2]
            value = repr(cast("object", node.value))[:_SHOWN]
            raise yaml.constructor.ConstructorError(
                problem=f"{value} is no {kind}", problem_mark=node.start_mark
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
                problem=f"the key {twice!r} is used twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def load(folder: Traversable | None = None) -> Register:
    """Read every `*.yaml` file of `folder`, by default the register that comes with the program.

    Raises:
        RegisterRefusedError: A file, a measure or a field cannot be read, or measures do not fit
            together (an id used twice, a reference to nothing).
    """
    return Register(shipped(folder).measures)


def shipped(folder: Traversable | None = None) -> ShippedRegister:
    """Read the measures of a folder, and the revision of its ledger.

    `folder` is by default the register that comes with the program.

    Raises:
        RegisterRefusedError: A file, a measure, a field or the ledger cannot be read, or measures
            do not fit together (an id used twice, a reference to nothing).
    """
    where = folder or register_folder()
    measures, found_faults = read_folder(where)
    for fault in found_faults:
        raise fault
    ledger = read_ledger(where)
    return ShippedRegister(revision=len(ledger), measures=with_times(measures, ledger))


def read_folder(
    where: Traversable,
) -> tuple[tuple[Measure, ...], tuple[RegisterRefusedError, ...]]:
    """Return the readable measures of a folder, in the order of its files, and every fault."""
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


def register_folder() -> Traversable:
    """Return the folder of the register that comes with the program."""
    return files("service.measures.register")


def read_yaml(content: bytes | str) -> object:
    """Return the content of a text that is one YAML document.

    Raises:
        yaml.YAMLError: The text is no YAML, or has a duplicate key or an invalid value, such as a
            day that does not exist; the line is named.
        RecursionError: The text is nested too deeply.
    """
    loader = _Loader(content)
    try:
        return cast("object", loader.get_single_data())
    finally:
        loader.dispose()


def field_and_reason(message: str) -> tuple[str, str]:
    """Split an error message of msgspec, `… field `until` - at `$.events[2]``.

    Returns:
        The path of the field (`events[2].until`), or `-` where the message names none, and the
        reason.
    """
    reason, _, path = message.partition(" - at `$")
    own = _OWN_FIELD.search(reason)
    parts = [path.strip("`."), *([own["field"]] if own else [])]
    return ".".join(part for part in parts if part) or "-", reason


def _read_file(name: str, content: bytes) -> Iterator[Measure | RegisterRefusedError]:
    try:
        document = read_yaml(content)
    except (yaml.YAMLError, RecursionError) as error:
        yield RegisterRefusedError(name, "-", "-", str(error))
        return
    content_of = cast("dict[object, object]", document) if isinstance(document, dict) else {}
    if list(content_of) != ["measures"]:
        reason = "the file must be a mapping with this one key"
        yield RegisterRefusedError(name, "-", "measures", reason)
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
        field, reason = field_and_reason(str(error))
        return RegisterRefusedError(name, _name_of(entry, number), field, reason)


def _name_of(entry: object, number: int) -> str:
    given = cast("dict[str, object]", entry).get("id") if isinstance(entry, dict) else None
    return given if isinstance(given, str) else f"number {number}"
