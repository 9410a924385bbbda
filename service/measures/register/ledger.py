"""The ledger: which events the register has recorded, and when; what makes it append-only.

`recorded.csv` beside the YAML files has one line an event, in the order of recording: measure,
event, the moment (empty for what stood there before times were kept) and a digest of its text.
A second line of the same event, with the digest `retracted`, says when it was taken back. Lines
are added by `abeyance register record` and never changed.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib.resources.abc import Traversable

import msgspec

from service.errors import RegisterRefusedError
from service.measures.event import Event, only_said
from service.measures.measure import Measure

LEDGER = "recorded.csv"
RETRACTED = "retracted"
_CHANGED = (
    "was changed after it was recorded; give it a retracted_at and add an event that replaces it"
)
# From writing a retraction to recording it: a review may take as long.
_PATIENCE = timedelta(days=31)
_BACKDATED = "is taken back as of a day long before that; write the moment at which it is done"
_DIGEST = re.compile(r"[0-9a-f]{16}")
_COLUMNS = ["measure", "event", "recorded_at", "digest"]


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: an event recorded, or one taken back (`digest` is then `retracted`)."""

    measure: str
    event: str
    recorded_at: datetime | None
    digest: str

    @property
    def key(self) -> tuple[str, str, bool]:
        """What the line is about; no two lines are about the same."""
        return self.measure, self.event, self.digest == RETRACTED


def read_ledger(folder: Traversable) -> tuple[LedgerLine, ...]:
    """The lines of a folder's ledger, in the order of recording; none where it has no ledger.

    Raises:
        RegisterRefusedError: A line cannot be read, or one event stands twice.
    """
    file = folder.joinpath(LEDGER)
    if not file.is_file():
        return ()
    try:
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
    except (ValueError, csv.Error) as error:
        raise RegisterRefusedError(LEDGER, "-", "-", f"cannot be read: {error}") from error
    if rows[:1] != [_COLUMNS]:
        raise RegisterRefusedError(LEDGER, "-", "-", f"its columns are {', '.join(_COLUMNS)}")
    lines = tuple(_line(number, row) for number, row in enumerate(rows[1:], start=2))
    for (measure, event, _), times in Counter(line.key for line in lines).items():
        if times > 1:
            raise RegisterRefusedError(LEDGER, measure, event, "stands twice")
    return lines


def write_ledger(lines: Sequence[LedgerLine]) -> str:
    """The text of a ledger."""
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
    """The lines that the ledger lacks, for events and retractions not recorded yet."""
    known = {line.key for line in ledger}
    return tuple(line for line in _lines_of(measures, at) if line.key not in known)


def broken_promises(
    measures: Sequence[Measure], ledger: Sequence[LedgerLine]
) -> Iterator[tuple[str, str, str]]:
    """What was done to recorded events that must not be: (measure, event, what)."""
    now = {line.key: line.digest for line in _lines_of(measures, None)}
    yield from _backdated(measures, ledger)
    for line in ledger:
        if line.key not in now and line.digest == RETRACTED:
            yield line.measure, line.event, "was retracted, and no longer says so"
        elif line.key not in now:
            yield line.measure, line.event, "was recorded, and is gone"
        elif now[line.key] != line.digest:
            yield line.measure, line.event, _CHANGED


def _backdated(
    measures: Sequence[Measure], ledger: Sequence[LedgerLine]
) -> Iterator[tuple[str, str, str]]:
    """Retractions of a day long before they were recorded, which would rewrite what was known."""
    moments = {line.key[:2]: line.recorded_at for line in ledger if line.digest == RETRACTED}
    for measure in measures:
        for event in measure.events:
            recorded = moments.get((measure.id, event.id))
            if event.retracted_at is None or recorded is None:
                continue
            if event.retracted_at < recorded - _PATIENCE:
                yield measure.id, event.id, _BACKDATED


def with_times(measures: Sequence[Measure], ledger: Sequence[LedgerLine]) -> tuple[Measure, ...]:
    """The measures, each event with the moment at which the ledger recorded it."""
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
    """A digest of all that an event says, its times of recording and retraction aside."""
    text = msgspec.json.encode(only_said(event), order="sorted")
    return hashlib.sha256(text).hexdigest()[:16]


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
        raise RegisterRefusedError(LEDGER, "-", f"line {number}", "its digest is none")
    if at is not None and at.tzinfo is None:
        raise RegisterRefusedError(LEDGER, "-", f"line {number}", "its moment has no offset")
    return LedgerLine(measure=measure, event=event, recorded_at=at, digest=digest)
