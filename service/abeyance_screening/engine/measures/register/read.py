"""Reading the register: the YAML files in this folder, one for each authority, and their ledger.

A file is one mapping with the key `measures`, a list of measures in the fields of
`engine.measures.measure`. A misspelt field, a duplicate key or an invalid date refuses the whole
register, with an error that names file, measure and field.

The ledger says which events the register has recorded, and when; it makes the register
append-only. `recorded.csv`, in the folder of the YAML files, has one line for each event, in the
order of recording: measure, event, the moment (empty for events older than the record of times)
and a digest of the event's text. A second line for the same event, with the digest `retracted`,
says when the event was retracted. Lines are added by `abeyance register record` and never changed.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast, override

import msgspec
import yaml

from abeyance_screening.engine.measures.measure import (
    Confidence,
    Event,
    Measure,
    ShippedRegister,
    without_record,
)
from abeyance_screening.engine.measures.register.check import faults
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.primitives.choices import explained
from abeyance_screening.primitives.errors import RegisterRefusedError

# --- The ledger.

LEDGER = "recorded.csv"
RETRACTED = "retracted"
_CHANGED = (
    "was changed after it was recorded; give it a retracted_at and add an event that replaces it"
)
# The longest time from writing a retraction to recording it: a review may take as long.
_REVIEW_TIME = timedelta(days=31)
_BACKDATED = (
    "has a retracted_at long before the retraction was recorded; set it to the moment of the "
    "retraction"
)
_DIGEST = re.compile(r"[0-9a-f]{16}")
_DEGREES: tuple[Confidence, ...] = ("verified_primary", "verified_secondary", "general_knowledge")
_COLUMNS = ["measure", "event", "recorded_at", "digest"]


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: an event recorded, or one retracted (`digest` is then `retracted`)."""

    measure: str
    event: str
    recorded_at: datetime | None
    digest: str

    @property
    def key(self) -> tuple[str, str, bool]:
        """The measure, the event, and whether it was retracted; unique within a ledger."""
        return self.measure, self.event, self.digest == RETRACTED


def read_ledger(folder: Traversable) -> tuple[LedgerLine, ...]:
    """Read the ledger of a folder: its lines in the order of recording, none without a ledger.

    Raises:
        RegisterRefusedError: A line cannot be read, or an event is recorded twice.
    """
    file = folder.joinpath(LEDGER)
    if not file.is_file():
        return ()
    try:
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
    except (ValueError, csv.Error) as error:
        raise RegisterRefusedError(LEDGER, "-", "-", f"cannot be read: {error}") from error
    if rows[:1] != [_COLUMNS]:
        reason = f"the header row must be {','.join(_COLUMNS)}"
        raise RegisterRefusedError(LEDGER, "-", "-", reason)
    lines = tuple(_line(number, row) for number, row in enumerate(rows[1:], start=2))
    for (measure, event, _), times in Counter(line.key for line in lines).items():
        if times > 1:
            raise RegisterRefusedError(LEDGER, measure, event, "is recorded twice")
    return lines


def write_ledger(lines: Sequence[LedgerLine]) -> str:
    """Return the lines as the CSV text of a ledger."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        moment = "" if line.recorded_at is None else line.recorded_at.isoformat()
        writer.writerow([line.measure, line.event, moment, line.digest])
    return out.getvalue()


def unrecorded(
    measures: Sequence[Measure], ledger: Sequence[LedgerLine], at: datetime | None
) -> tuple[LedgerLine, ...]:
    """Return the lines that the ledger lacks, for events and retractions not recorded yet."""
    known = {line.key for line in ledger}
    return tuple(line for line in _lines_of(measures, at) if line.key not in known)


def broken_promises(
    measures: Sequence[Measure], ledger: Sequence[LedgerLine]
) -> Iterator[tuple[str, str, str]]:
    """Yield the forbidden changes to recorded events: (measure, event, what is wrong)."""
    now = {
        (measure.id, event.id, is_retraction): {RETRACTED} if is_retraction else digests_of(event)
        for measure in measures
        for event in measure.events
        for is_retraction in ((False, True) if event.retracted_at is not None else (False,))
    }
    yield from _backdated(measures, ledger)
    for line in ledger:
        if line.key not in now and line.digest == RETRACTED:
            yield line.measure, line.event, "was retracted, and no longer says so"
        elif line.key not in now:
            yield line.measure, line.event, "was recorded, and is gone"
        elif line.digest not in now[line.key]:
            yield line.measure, line.event, _CHANGED


def ledger_faults(
    where: Traversable, measures: Sequence[Measure] | None
) -> Iterator[RegisterRefusedError]:
    """Yield the faults of a folder's ledger; without the measures, only whether it is readable."""
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
        reason = "is not recorded yet; run `abeyance register record`"
        yield RegisterRefusedError(LEDGER, line.measure, line.event, reason)


def _backdated(
    measures: Sequence[Measure], ledger: Sequence[LedgerLine]
) -> Iterator[tuple[str, str, str]]:
    """Yield retractions dated long before their recording, which would rewrite what was known."""
    moments = {line.key[:2]: line.recorded_at for line in ledger if line.digest == RETRACTED}
    for measure in measures:
        for event in measure.events:
            recorded = moments.get((measure.id, event.id))
            if event.retracted_at is None or recorded is None:
                continue
            if event.retracted_at < recorded - _REVIEW_TIME:
                yield measure.id, event.id, _BACKDATED


def with_times(measures: Sequence[Measure], ledger: Sequence[LedgerLine]) -> tuple[Measure, ...]:
    """Return the measures, each event with the moment at which the ledger recorded it."""
    moments = {line.key[:2]: line.recorded_at for line in ledger if line.digest != RETRACTED}
    return tuple(
        msgspec.structs.replace(
            measure,
            events=tuple(
                _at(event, moments.get((measure.id, event.id))) for event in measure.events
            ),
        )
        for measure in measures
    )


def digest_of(event: Event) -> str:
    """Return a digest of an event's statement.

    Its times of recording and retraction are left out, and so are the act's words and where they
    were read: a reading may be added to an event that was recorded.
    """
    statement = msgspec.structs.replace(without_record(event), words=None)
    return hashlib.sha256(msgspec.json.encode(statement, order="sorted")).hexdigest()[:16]


def digests_of(event: Event) -> frozenset[str]:
    """Return the digests under which an event may be recorded.

    How surely it was read may become better or worse, so all degrees of confidence are one event;
    only from or to `disputed` it is another, because a disputed event does not count.
    """
    degrees = (event.confidence,) if event.confidence == "disputed" else _DEGREES
    return frozenset(
        digest_of(msgspec.structs.replace(event, confidence=degree)) for degree in degrees
    )


def _at(event: Event, moment: datetime | None) -> Event:
    return event if moment is None else msgspec.structs.replace(event, recorded_at=moment)


def _lines_of(measures: Sequence[Measure], at: datetime | None) -> Iterator[LedgerLine]:
    for measure in measures:
        for event in measure.events:
            yield LedgerLine(
                measure=measure.id, event=event.id, recorded_at=at, digest=digest_of(event)
            )
            if event.retracted_at is not None:
                yield LedgerLine(
                    measure=measure.id, event=event.id, recorded_at=at, digest=RETRACTED
                )


def _line(number: int, row: Sequence[str]) -> LedgerLine:
    try:
        measure, event, moment, digest = row
        at = datetime.fromisoformat(moment) if moment else None
    except ValueError as error:
        raise RegisterRefusedError(LEDGER, "-", f"line {number}", "cannot be read") from error
    if digest != RETRACTED and _DIGEST.fullmatch(digest) is None:
        raise RegisterRefusedError(LEDGER, "-", f"line {number}", "the digest is invalid")
    if at is not None and at.tzinfo is None:
        raise RegisterRefusedError(
            LEDGER, "-", f"line {number}", "recorded_at has no offset from UTC"
        )
    return LedgerLine(measure=measure, event=event, recorded_at=at, digest=digest)


# --- The YAML files.

_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{each}" for each in ("str", "seq", "map"))
# What the library raises for an invalid value (`!!bool maybe`, `!!timestamp abc`).
_INVALID_VALUE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
# How many characters of an invalid value an error shows.
_SHOWN = 80
_OWN_FIELD = re.compile(r"field `(?P<field>[^`]+)` is (?:missing|unknown)$")


class _Loader(_SafeLoader):
    """The safe loader, which also refuses duplicate keys and names the line of a bad value.

    Texts, and lists and mappings of them, are nearly all that there is; they go the shortest way,
    in a third of the time of the library's own.
    """

    @override
    def construct_document(self, node: yaml.Node) -> object:
        return self._value(node)

    def _value(self, node: yaml.Node) -> object:
        if _is_text(node):
            return cast("object", node.value)
        known = cast("dict[yaml.Node, object]", self.constructed_objects)
        if node not in known:
            known[node] = self._made(node)
        return known[node]

    def _made(self, node: yaml.Node) -> object:
        """Return what a node says that is no text, and of which an alias may say it again."""
        if node.tag == _LIST and isinstance(node, yaml.SequenceNode):
            return [self._value(each) for each in cast("list[yaml.Node]", node.value)]
        if node.tag == _MAPPING and isinstance(node, yaml.MappingNode):
            pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
            if all(_is_text(key) for key, _ in pairs):
                _check_keys(node)
                return {cast("str", key.value): self._value(value) for key, value in pairs}
        return self.construct_object(node, deep=True)

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
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        _check_keys(node)
        return super().construct_mapping(node, deep=deep)


def _is_text(node: yaml.Node) -> bool:
    return node.tag == _TEXT and isinstance(node, yaml.ScalarNode)


def _check_keys(node: yaml.MappingNode) -> None:
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    keys = [cast("str", key.value) for key, _ in pairs if isinstance(key, yaml.ScalarNode)]
    if len(set(keys)) < len(keys):
        twice = Counter(keys).most_common(1)[0][0]
        raise yaml.constructor.ConstructorError(
            problem=f"the key {twice!r} is used twice", problem_mark=node.start_mark
        )


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


def is_register_file(name: str) -> bool:
    """Return whether a file of this name, in the folder of a register, is a part of it."""
    return name.endswith(".yaml") or name == LEDGER


def register_folder() -> Traversable:
    """Return the folder of the register that comes with the program."""
    return files("abeyance_screening.engine.measures.register")


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
        field, reason = field_and_reason(explained(error, Measure))
        return RegisterRefusedError(name, _name_of(entry, number), field, reason)


def _name_of(entry: object, number: int) -> str:
    given = cast("dict[str, object]", entry).get("id") if isinstance(entry, dict) else None
    return given if isinstance(given, str) else f"number {number}"
