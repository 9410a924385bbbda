"""The columns of the End User List, under whichever spelling the file has them."""

from collections.abc import Sequence
from itertools import product

import msgspec

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.full_width import narrow
from service.parse.rows import Row
from service.parse.workbooks import Cell, text_of

LIST_CODE = "jp_meti_eul"
_BREAKS = ("\n", "\r\n", " ", "\u3000", "")


class Column(msgspec.Struct, frozen=True):
    """A column with its name in both languages; a header prints one or the other, or both."""

    japanese: str
    english: str
    may_lack: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """All that a header may print; the comma is full-width or half-width."""
        commas = dict.fromkeys((self.japanese, self.japanese.replace("、", "､")))
        both = (f"{ja}{gap}{self.english}" for ja, gap in product(commas, _BREAKS))
        broken = self.english.replace(" ", "\n")
        more = (f"{ja}\n{broken}" for ja in commas)
        return tuple(dict.fromkeys((*commas, self.english, *both, *more)))


NUMBER = Column("No.", "No")
COUNTRY = Column("国名、地域名", "Country or Region")
NAME = Column("企業名、組織名", "Company or Organization")
ALSO = Column("別名", "Also Known As")
CONCERN = Column("懸念区分", "Type of WMD")
# Since the list of 2025-09-29.
CONVENTIONAL = Column("通常兵器", "Conventional Weapons", may_lack=True)
COLUMNS = (NUMBER, COUNTRY, NAME, ALSO, CONCERN, CONVENTIONAL)
SPELLINGS = tuple(spelling for column in COLUMNS for spelling in column.spellings)


class Record(msgspec.Struct, frozen=True):
    """One row as printed, each text with its full-width letters narrowed."""

    where: str
    number: int
    country: str
    name: str
    also: str
    concern: str
    conventional: str


def records_of(rows: Sequence[Row[str]] | Sequence[Row[Cell]]) -> list[Record]:
    """The rows as records.

    Raises:
        ListRefusedError: there are none, or the numbers do not run from 1 without a gap; that is
            how a file cut between two rows, or one that lost some, shows.
        RowRefusedError: a column is missing, or a number is none.
    """
    records = [_record(row) for row in rows]
    if not records:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    for expected, record in enumerate(records, start=1):
        if record.number != expected:
            reason = f"{record.where} has No. {record.number}; No. {expected} is missing"
            raise ListRefusedError(LIST_CODE, reason)
    return records


def _record(row: Row[str] | Row[Cell]) -> Record:
    printed = _taken(row, NUMBER)
    if not printed.isascii() or not printed.isdigit():
        raise RowRefusedError(row.where, f"No.: {printed!r} is no number")
    record = Record(
        where=f"No. {printed}",
        number=int(printed[:9]),
        country=_taken(row, COUNTRY),
        name=_taken(row, NAME),
        also=_taken(row, ALSO),
        concern=_taken(row, CONCERN),
        conventional=_taken(row, CONVENTIONAL),
    )
    row.close()
    for column, text in ((COUNTRY, record.country), (NAME, record.name)):
        if not text:
            raise RowRefusedError(record.where, f"{column.english} is blank")
    return record


def _taken(row: Row[str] | Row[Cell], column: Column) -> str:
    """The text of a column, under the one spelling that the file has; "" where it is blank."""
    for spelling in column.spellings:
        try:
            return narrow(text_of(row.take(spelling))).strip()
        except RowRefusedError:
            continue
    if column.may_lack:
        return ""
    raise RowRefusedError(row.where, f"column {column.english} is missing")
