"""Mutations of real list files: what publishers do to their files without notice."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from openpyxl import load_workbook

Kind = Literal["unknown", "blank", "code", "torn"]
type Files = tuple[bytes, ...]
type Mutation = Callable[[Files], Files]

UNKNOWN = "Zzunknown"
"""The tag, attribute, column or field that no publisher has."""
VALUE = "zzvalue"
"""What it holds in one record."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Real files of one format, and what may happen to one record of them.

    `files` are places under tests/fixtures. `unknown` adds a part that the reader does not know,
    `blank` empties a field that it needs, `code` prints a code that it does not know; None with
    the reason in `not_applicable`, where the format has no such thing. `torn` spoils the form of
    one record, where that is possible without spoiling the file. `header` is the row of the
    header of a CSV file. `cut_is_seen` is False where a cut between two records leaves no trace.
    """

    word: str
    source: str
    files: tuple[str, ...]
    unknown: Mutation | None
    blank: Mutation | None
    code: Mutation | None
    torn: Mutation | None = None
    not_applicable: str = ""
    list_code: str | None = None
    header: int | None = None
    cut_is_seen: bool = True


def replaced(found: str, put: str, *, file: int = 0, encoding: str = "utf-8") -> Mutation:
    """Replace the first occurrence of a text in one of the files."""

    def mutate(files: Files) -> Files:
        before = files[file]
        assert found.encode(encoding) in before, f"{found!r} is not in the file"
        after = before.replace(found.encode(encoding), put.encode(encoding), 1)
        return (*files[:file], after, *files[file + 1 :])

    return mutate


def element_added(tag: str) -> Mutation:
    """Add an unknown element with a text at the end of the first element with a tag."""
    return _once(rf"(?=</(?P<ns>[\w.-]+:)?{tag}>)", rf"<\g<ns>{UNKNOWN}>{VALUE}</\g<ns>{UNKNOWN}>")


def attribute_added(tag: str) -> Mutation:
    """Add an unknown attribute to the first element with a tag."""
    return _once(rf"(<(?:[\w.-]+:)?{tag})(?=[\s/>])", rf'\1 {UNKNOWN}="{VALUE}"')


def text_emptied(tag: str) -> Mutation:
    """Empty the text of the first element with a tag that has one."""
    return _once(rf"(<(?:[\w.-]+:)?{tag}(?:\s[^>]*)?>)[^<]*[^<\s][^<]*(?=</)", r"\1")


def column_added(*, header: int = 0, delimiter: str = ",", encoding: str = "utf-8") -> Mutation:
    """Add a column to a CSV file, filled in its first record; `header` is the header's row."""

    def mutate(files: Files) -> Files:
        rows = _rows(files[0], delimiter, encoding)
        for number, row in enumerate(rows):
            if number >= header and row:
                row.append(UNKNOWN if number == header else VALUE if number == header + 1 else "")
        return (_csv(rows, delimiter, encoding), *files[1:])

    return mutate


def cell_put(
    column: str, value: str, *, header: int = 0, delimiter: str = ",", encoding: str = "utf-8"
) -> Mutation:
    """Put a value into a column of a CSV file's first record."""

    def mutate(files: Files) -> Files:
        rows = _rows(files[0], delimiter, encoding)
        place = [each.strip(' "\ufeff') for each in rows[header]].index(column)
        rows[header + 1][place] = value
        return (_csv(rows, delimiter, encoding), *files[1:])

    return mutate


def workbook_changed(change: Callable[[Any], None]) -> Mutation:
    """Change an XLSX workbook; `change` gets openpyxl's first sheet."""

    def mutate(files: Files) -> Files:
        book = load_workbook(io.BytesIO(files[0]))
        change(book.worksheets[0])
        book.save(changed := io.BytesIO())
        return (changed.getvalue(), *files[1:])

    return mutate


def json_changed(change: Callable[[Any], None]) -> Mutation:
    """Change a JSON document; `change` gets it decoded."""

    def mutate(files: Files) -> Files:
        document = json.loads(files[0])
        change(document)
        return (json.dumps(document, ensure_ascii=False).encode(), *files[1:])

    return mutate


def header_repeated(content: bytes, header: int = 0) -> bytes:
    """Return a CSV file with its header row once more after the first record."""
    lines = content.splitlines(keepends=True)
    return b"".join((*lines[: header + 2], lines[header], *lines[header + 2 :]))


def _rows(content: bytes, delimiter: str, encoding: str) -> list[list[str]]:
    text = content.decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _csv(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def _once(pattern: str, put: str) -> Mutation:
    def mutate(files: Files) -> Files:
        text, count = re.subn(pattern, put, files[0].decode(), count=1)
        assert count, f"{pattern} is not in the file"
        return (text.encode(), *files[1:])

    return mutate
