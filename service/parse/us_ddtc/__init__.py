"""Parties debarred under the Arms Export Control Act, in DDTC's own two files, XLSX or csv.

Source: https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0
"""

from collections.abc import Callable, Collection
from functools import partial

import msgspec

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.model.listing import Listing
from service.parse.csv_rows import read_rows
from service.parse.files import Format, GivenFile
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.rows import Row
from service.parse.texts import read_text
from service.parse.us_ddtc.debarments import (
    ADMINISTRATIVE_COLUMNS,
    LIST_CODE,
    STATUTORY_COLUMNS,
    Debarment,
    administrative_of,
    listing_of,
    statutory_of,
)
from service.parse.us_ddtc.workbook import read_workbook
from service.parse.workbooks import is_workbook_with

__all__ = ["FORMATS", "LIST_CODE", "parse_files", "parse_workbooks"]

_SET_LENGTH = 2
_STATUTORY_SIGN, _ADMINISTRATIVE_SIGN = "Party Name", "Debarment Order"


class _Form(msgspec.Struct, frozen=True):
    """How files are read: the rows with these columns, and whether one prints a word."""

    rows: Callable[[GivenFile, Collection[str]], list[Row[str]]]
    has: Callable[[GivenFile, str], bool]


def parse_files(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """The statutory and the administrative file, in either order, as the one edition they make.

    A listing is one row; `programmes` say `statutory` or `administrative`. Neither file prints
    its day. Ids are made of the name as the screening list of trade.gov prints it. One file
    alone is refused: the parties of the other would stand as taken off the list.

    Raises:
        ListRefusedError: not exactly one file of each kind, or a file as a whole is not what
            DDTC publishes.
        RowRefusedError: a row cannot be read; its place is `statutory, line 12`.
    """
    return _parse(_CSV, files)


def parse_workbooks(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """The two workbooks as the one edition they make; otherwise as `parse_files`.

    Raises:
        ListRefusedError: not exactly one workbook of each kind, or one is not what DDTC publishes.
        RowRefusedError: a row cannot be read; its place is `statutory, row 12`.
    """
    return _parse(_XLSX, files)


def _parse(form: _Form, files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    kinds = [form.has(file, _STATUTORY_SIGN) for file in files]
    if len(files) != _SET_LENGTH or sum(kinds) != 1:
        given = " and ".join(file.name for file in files)
        reason = f"the statutory and the administrative file are one edition; given: {given}"
        raise ListRefusedError(LIST_CODE, reason)
    statutory, administrative = files if kinds[0] else files[::-1]
    debarments = (
        *map(statutory_of, _rows(form, "statutory", statutory)),
        *map(administrative_of, _rows(form, "administrative", administrative)),
    )
    listings = give_ids(LIST_CODE, [_keyed(debarment) for debarment in debarments])
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _keyed(debarment: Debarment) -> tuple[str, Listing]:
    return key_of_name(debarment.turned_name), listing_of(debarment)


def _rows(form: _Form, kind: str, file: GivenFile) -> list[Row[str]]:
    rows = form.rows(file, _COLUMNS[kind])
    if not rows:
        raise ListRefusedError(LIST_CODE, f"{file.name} has no entries")
    for row in rows:
        row.where = f"{kind}, {row.where}"
    return rows


def _csv_rows(file: GivenFile, columns: Collection[str]) -> list[Row[str]]:
    return list(read_rows(LIST_CODE, read_text(LIST_CODE, file.content), columns))


def _header_has(file: GivenFile, word: str) -> bool:
    return word in file.head.partition("\n")[0]


def _workbook_has(file: GivenFile, word: str) -> bool:
    return is_workbook_with(file, (word,))


def _is_either(form: _Form, file: GivenFile) -> bool:
    return form.has(file, _STATUTORY_SIGN) or form.has(file, _ADMINISTRATIVE_SIGN)


_COLUMNS = {"statutory": STATUTORY_COLUMNS, "administrative": ADMINISTRATIVE_COLUMNS}
_CSV, _XLSX = _Form(_csv_rows, _header_has), _Form(read_workbook, _workbook_has)
FORMATS = (
    Format(
        word="ddtc_xlsx",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two XLSX workbooks",
        tells=partial(_is_either, _XLSX),
        read=parse_workbooks,
        several=True,
    ),
    Format(
        word="ddtc_csv",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two csv files",
        tells=partial(_is_either, _CSV),
        read=parse_files,
        several=True,
    ),
)
"""What DDTC publishes, and the same as csv."""
