"""CSV: taking a text apart into records, of which a bad one takes no other with it."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

import msgspec

from service.lists.reading.notes import notes_are_taken

# A cell may hold the whole history of a denial order; 1 MB is far beyond any of them.
LONGEST_CELL = 1_000_000
# Each costs reading a cell again; a list of 20,000 entries with 3 in a hundred has fewer.
_MOST_STRAY_QUOTES = 1_000


class CsvRecord(msgspec.Struct, frozen=True):
    """One record of a CSV file; `fault` says why its cells cannot be told apart with certainty."""

    where: str
    cells: list[str]
    fault: str | None = None


def csv_records(text: str, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records, each with the line on which it begins.

    Where notes are taken, the first line of a record with a stray quote is taken apart as well as
    it can be, and the next record begins on the next line: a quote that is not closed takes no
    further record with it.
    """
    csv.field_size_limit(LONGEST_CELL)
    count = 0
    try:
        for record in _sound_records(text, delimiter, first_line):
            yield record
            count += 1
    except csv.Error:
        yield from islice(_mended_records(text, delimiter, first_line), count, None)


def _sound_records(text: str, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records up to one with a stray quote, which is an error."""
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    for cells in reader:
        if cells:
            yield CsvRecord(f"line {first_line + line}", cells)
        line = reader.line_num


def _mended_records(text: str, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records, those with a stray quote as well as they can be taken apart."""
    lines, faults = _Lines(text, first_line), 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line, fault = lines.begin_record(), None
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults += 1
            if lines.at_end or faults > _MOST_STRAY_QUOTES or not notes_are_taken():
                raise
            fault = f"not readable as CSV: {error}"
            first = lines.return_to_second()
            cells = next(csv.reader([first], delimiter=delimiter), None) or [first]
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        if cells is None:
            return
        if cells:
            yield CsvRecord(f"line {line}", cells, fault)


class _Lines:
    """The lines of a text, of which those of the record being read can be read again."""

    def __init__(self, text: str, first_line: int) -> None:
        self._stream = io.StringIO(text, newline="")
        self._number = first_line
        self._of_record = list[str]()
        self._again = list[str]()
        self.at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._stream.readline()
        if not line:
            self.at_end = True
            raise StopIteration
        self._of_record.append(line)
        return line

    def begin_record(self) -> int:
        """Return the number of the line with which a record begins."""
        self._number += len(self._of_record)
        self._of_record.clear()
        return self._number

    def return_to_second(self) -> str:
        """Return the first line of the record, with which it now ends."""
        first, *others = self._of_record
        self._of_record = [first]
        self._again += reversed(others)
        return first
