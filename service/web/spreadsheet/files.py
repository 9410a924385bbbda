"""Files of results: written from the rows that the browser sends, or from results kept here.

What is asked for is bytes, and so is the file, because large files are written in a process of
their own, which imports nothing but what this module needs.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, islice
from typing import Annotated, Literal, Protocol

import msgspec

from service.errors import BadInputError
from service.screening.turns import go_on
from service.tables import (
    Counts,
    EvidenceRow,
    PartyRow,
    ResultWriter,
    Summary,
    result_writer,
)
from service.tables.kept import KeptEvidence

FileKind = Literal["xlsx", "csv"]
# The rows of evidence written at a time, so that other threads have their turn.
_AT_ONCE = 200


class ResultsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of a request to write results.

    Each further line is a row of JSON: first as many of `PartyRow` as `parties` says, then those
    of `EvidenceRow`.
    """

    kind: FileKind
    summary: Summary
    parties: Annotated[int, msgspec.Meta(ge=0)] = 0


class KeptFileRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A file wanted of kept results: all of them, or the parties at some places.

    `row_count` is that of the whole table; `parts` are the parties and the evidence of each part,
    as they are kept.
    """

    kind: FileKind
    row_count: int
    places: frozenset[str] | None
    parts: tuple[tuple[bytes, bytes], ...]


class FileWriter(Protocol):
    """A writer of files whose work ends with its client, and is held to a time and a size.

    Each method raises BusyError if too many files wait to be written, and TooMuchWorkError if one
    takes too long.
    """

    async def results(self, lines: bytes) -> bytes:
        """Write a file as `file_of_lines` does."""
        ...

    async def kept_results(self, request: bytes) -> bytes:
        """Write a file as `file_of_parts` does, from a `KeptFileRequest` in msgpack."""
        ...

    async def evidence(self, request: bytes) -> bytes:
        """Write a PDF as `evidence.pdf.pdf_of` does, from a `PdfRequest` in msgpack."""
        ...


def request_in(lines: bytes) -> ResultsRequest:
    """Return the first line of a request to write results.

    Raises:
        BadInputError: It is none.
    """
    return decoded(lines[: lines.find(b"\n") + 1] or lines, ResultsRequest)


def lines_for(
    kind: FileKind, parties: Sequence[PartyRow], rows: Sequence[EvidenceRow], summary: Summary
) -> bytes:
    """Return the lines of a request to write results."""
    head = ResultsRequest(kind=kind, summary=summary, parties=len(parties))
    return msgspec.json.Encoder().encode_lines([head, *parties, *rows])


def file_of_lines(lines: bytes) -> bytes:
    """Write a file with every column of the evidence, from the lines of a `ResultsRequest`.

    Raises:
        BadInputError: A line cannot be read.
    """
    read = io.BytesIO(lines)
    wanted, stream = decoded(read.readline(), ResultsRequest), io.BytesIO()
    writer = result_writer(wanted.kind, stream)
    parties = (decoded(line, PartyRow) for line in islice(read, wanted.parties))
    _write_rows(writer, parties, (decoded(line, EvidenceRow) for line in read if line.strip()))
    writer.finish(wanted.summary)
    return stream.getvalue()


def file_of_parts(wanted: KeptFileRequest) -> bytes:
    """Write a file of kept results, one part after another.

    Raises:
        BadInputError: No row could be screened.
    """
    stream = io.BytesIO()
    writer = result_writer(wanted.kind, stream)
    numbers = [_write_part(writer, *part, wanted.places) for part in wanted.parts]
    writer.finish(_summary(numbers, wanted.row_count))
    return stream.getvalue()


def decoded[T](body: bytes, kind: type[T]) -> T:
    """Read JSON that a browser sent.

    Raises:
        BadInputError: It is not what was expected.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError("body", str(error)[:300]) from error


def _write_rows(
    writer: ResultWriter, parties: Iterable[PartyRow], rows: Iterable[EvidenceRow]
) -> None:
    """Write some rows of a file; `parties` are read to their end first."""
    for others in batched(parties, _AT_ONCE, strict=False):
        go_on()
        writer.add_parties(others)
    for some in batched(rows, _AT_ONCE, strict=False):
        go_on()
        writer.add(some)


def _write_part(
    writer: ResultWriter, parties: bytes, evidence: bytes, places: frozenset[str] | None
) -> tuple[Counts, Summary | None]:
    """Write the rows of one part, and return its counts and summary."""
    rows = msgspec.json.decode(parties, type=list[PartyRow])
    kept = msgspec.json.decode(evidence, type=KeptEvidence)
    chosen = [each for each in rows if places is None or each.place in places]
    numbers = {each.row for each in chosen}
    _write_rows(writer, chosen, _of_rows(kept, numbers))
    return kept.counts, kept.summary


def _of_rows(kept: KeptEvidence, numbers: set[int]) -> Iterator[EvidenceRow]:
    return (each for each in kept.rows if each.row in numbers)


def _summary(numbers: Iterable[tuple[Counts, Summary | None]], row_count: int) -> Summary:
    """Return the summary of all parts, that of an incomplete answer if there is one.

    Raises:
        BadInputError: No row could be screened.
    """
    counts, first = Counts(), None
    for more, summary in numbers:
        counts = counts.with_counts(more)
        if summary is not None and (first is None or _is_complete(first)):
            first = summary
    if first is None:
        raise BadInputError("file", "no row could be screened, so there is nothing to write")
    read = first.read_as
    if counts.rows < row_count:
        left = f"Only {counts.rows:,} of {row_count:,} rows were screened."
        read = (*read, left)
    return msgspec.structs.replace(first, counts=counts, read_as=read)


def _is_complete(summary: Summary) -> bool:
    return summary.coverage is None or summary.coverage.complete
