"""The CSV file of the UK Sanctions List: one row for each name, address, document and birth."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.csv_rows import read_rows
from service.parse.days import find_day
from service.parse.rows import Row
from service.parse.texts import read_text
from service.parse.uk_sl.subjects import (
    BUSINESS_REGISTRATION,
    HULL_NUMBER,
    IMO_NUMBER,
    NATIONAL_IDENTIFIER,
    PASSPORT,
    TEXTS,
    Birthplace,
    Document,
    NonLatinName,
    Subject,
    SubjectAddress,
    SubjectName,
)

_REPORT_DATE = re.compile(r"Report Date:\s*(\d{1,2}-[A-Za-z]{3}-\d{4})")
_PARTS = tuple(f"Name {number}" for number in range(1, 7))
_LINES = tuple(f"Address Line {number}" for number in range(1, 7))
_ID, _TYPE, _DESIGNATED = "Unique ID", "Designation Type", "Date Designated"
_NON_LATIN = ("Name non-latin script", "Non-latin script type", "Non-latin script language")
# Kind, column of the number, column of what is said of it.
_DOCUMENTS = (
    (
        NATIONAL_IDENTIFIER,
        "National Identifier number",
        "National Identifier additional information",
    ),
    (PASSPORT, "Passport number", "Passport additional information"),
    (BUSINESS_REGISTRATION, "Business registration number (s)", None),
    (IMO_NUMBER, "IMO number", None),
    (HULL_NUMBER, "Hull identification number (HIN)", None),
)
_BIRTHPLACE = ("Town of birth", "Country of birth")
# The header before 28 January 2026, and spellings seen since.
_EARLIER = {
    "Individual, Entity, Ship": _TYPE,
    "Parent Company": "Parent company",
    "Business registration number(s)": "Business registration number (s)",
    "Current owner/operator(s)": "Current owner/operator (s)",
    "Previous owner/operator(s)": "Previous owner/operator (s)",
}
COLUMNS = tuple(
    sorted(
        {_ID, _TYPE, _DESIGNATED, "Name type", "Alias strength", "Address Postal Code"}
        | {"Address Country", *_PARTS, *_LINES, *_NON_LATIN, *_BIRTHPLACE}
        | {text.column for text in TEXTS}
        | {column for _, *columns in _DOCUMENTS for column in columns if column is not None}
    )
)


def read_csv(list_code: str, content: bytes) -> tuple[date | None, list[Subject]]:
    """The report date, and the subjects in the order in which they first appear.

    A file cut between two records cannot be told from a whole one, nor can some cuts within the
    last cell of a record (`read_rows`); every other cut is refused.

    Raises:
        ListRefusedError: not UTF-8 text, a report date that is none, a column missing, new or
            twice, a record cut off.
        RowRefusedError: a record without Unique ID, or rows of one subject that contradict each
            other.
    """
    text = read_text(list_code, content)
    first, _, rest = text.partition("\n")
    dated = first.lstrip(' "').startswith("Report Date")
    published_on = _report_date(list_code, first) if dated else None
    body, first_line = (rest, 2) if dated else (text, 1)
    rows = read_rows(
        list_code, _with_todays_header(list_code, body), COLUMNS, first_line=first_line
    )
    gathered = dict[str, _Gathered]()
    # each row is let go once it is read: a subject may have 400 of them
    for row in rows:
        unique_id = row.take(_ID).strip()
        if not unique_id:
            raise RowRefusedError(row.where, f"{_ID} is blank")
        gathered.setdefault(unique_id, _Gathered(row.where, unique_id)).add(row)
    return published_on, [each.subject() for each in gathered.values()]


def _report_date(list_code: str, line: str) -> date:
    printed = _REPORT_DATE.fullmatch(line.replace('"', "").strip(" ,\r"))
    day = None if printed is None else find_day(printed[1].replace("-", " "))
    if day is None:
        reason = f"the first line, {line.strip()[:60]!r}, is not a Report Date: DD-Mon-YYYY"
        raise ListRefusedError(list_code, reason)
    return day


def _with_todays_header(list_code: str, body: str) -> str:
    """The file with the columns of an earlier header under their names of today."""
    line, separator, rest = body.partition("\n")
    try:
        header = next(csv.reader([line]), list[str]())
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None
    if not any(name in _EARLIER for name in header):
        return body
    names = io.StringIO()
    csv.writer(names, lineterminator="").writerow(_EARLIER.get(name, name) for name in header)
    return names.getvalue() + separator + rest


class _Gathered:
    """What the rows of one subject say, without repeats."""

    def __init__(self, where: str, unique_id: str) -> None:
        self._where = f"{where}, {unique_id}"
        self._unique_id = unique_id
        # The keys of dicts, because a set does not keep the printed order.
        self._types = dict[str, None]()
        self._designated = dict[str, None]()
        self._names = dict[SubjectName, None]()
        self._non_latin = dict[NonLatinName, None]()
        self._addresses = dict[SubjectAddress, None]()
        self._documents = dict[Document, None]()
        self._birthplaces = dict[Birthplace, None]()
        self._texts: dict[str, dict[str, None]] = {text.kind: {} for text in TEXTS}
        # Rows repeat most of what the row before them said.
        self._seen = dict[str, tuple[str, ...]]()

    def add(self, row: Row[str]) -> None:
        """Take one row apart."""
        self._types.update(_said(row, _TYPE))
        self._designated.update(_said(row, _DESIGNATED))
        if cells := self._new(row, "name", (*_PARTS, "Name type", "Alias strength")):
            name = SubjectName(parts=cells[:-2], type=cells[-2], strength=cells[-1])
            self._names[name] = None
        if cells := self._new(row, "script", _NON_LATIN):
            text, script, language = cells
            self._non_latin[NonLatinName(text=text, script=script, language=language)] = None
        if cells := self._new(row, "place", (*_LINES, "Address Postal Code", "Address Country")):
            address = SubjectAddress(lines=cells[:-2], postal_code=cells[-2], country=cells[-1])
            self._addresses[address] = None
        if cells := self._new(row, "birth", _BIRTHPLACE):
            town, country = cells
            self._birthplaces[Birthplace(town=town, country=country)] = None
        self._add_documents(row)
        for text in TEXTS:
            if cell := row.take(text.column).strip():
                self._texts[text.kind][cell] = None
        row.close()

    def subject(self) -> Subject:
        """All rows together."""
        texts = ((kind, value) for kind, values in self._texts.items() for value in values)
        return Subject(
            where=self._where,
            unique_id=self._unique_id,
            type=self._only(_TYPE, self._types),
            date_designated=self._only(_DESIGNATED, self._designated),
            names=tuple(self._names),
            non_latin_names=tuple(self._non_latin),
            addresses=tuple(self._addresses),
            documents=tuple(self._documents),
            birthplaces=tuple(self._birthplaces),
            texts=tuple(texts),
        )

    def _add_documents(self, row: Row[str]) -> None:
        for kind, number, note in _DOCUMENTS:
            if cells := self._new(row, kind, tuple(filter(None, (number, note)))):
                document = Document(kind=kind, number=cells[0], note="".join(cells[1:]))
                self._documents[document] = None

    def _only(self, column: str, values: Iterable[str]) -> str:
        first, *others = values or [""]
        if others:
            reason = f"{column}: rows of one subject say {first!r} and {others[0]!r}"
            raise RowRefusedError(self._where, reason)
        return first

    def _new(self, row: Row[str], what: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The cells trimmed; nothing if all are blank, or as in the row before."""
        cells = tuple(row.take(column).strip() for column in columns)
        if cells == self._seen.get(what) or not any(cells):
            return ()
        self._seen[what] = cells
        return cells


def _said(row: Row[str], column: str) -> Iterator[tuple[str, None]]:
    if cell := row.take(column).strip():
        yield cell, None
