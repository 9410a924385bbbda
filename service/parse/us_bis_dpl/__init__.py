"""The Denied Persons List of the US Bureau of Industry and Security, in BIS's own files.

Source: https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl
"""

from collections.abc import Iterable

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.csv_rows import read_rows
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.texts import read_text
from service.parse.us_bis_dpl.denials import (
    COLUMNS,
    LIST_CODE,
    TXT_COLUMNS,
    Denial,
    denial_of,
    denial_of_txt,
    listing_of,
)

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_txt"]


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """`dpl.csv` as the one edition it is, of one listing a row; no day is printed in the file.

    Ids are made of the printed name, as they are for the same list in the screening list of
    trade.gov. A file cut between two records, or before the word for the type of denial, cannot
    be told from a whole one; every other cut is refused.

    Raises:
        ListRefusedError: the file as a whole is not what BIS publishes.
        RowRefusedError: a row cannot be read; its place is `line 12`.
    """
    rows = read_rows(LIST_CODE, read_text(LIST_CODE, content), COLUMNS)
    return _edition(map(denial_of, rows))


def parse_txt(content: bytes) -> tuple[ParsedEdition, ...]:
    """`dpl.txt`, the file parted by tabs that BIS published until 2025, likewise.

    Raises:
        ListRefusedError: the file as a whole is not what BIS published.
        RowRefusedError: a row cannot be read; its place is `line 12`.
    """
    text = read_text(LIST_CODE, content)
    rows = read_rows(LIST_CODE, text, TXT_COLUMNS, delimiter="\t")
    return _edition(map(denial_of_txt, rows))


def _edition(denials: Iterable[Denial]) -> tuple[ParsedEdition, ...]:
    keyed = [(key_of_name(denial.name), listing_of(denial)) for denial in denials]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    listings = give_ids(LIST_CODE, keyed)
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _header(file: GivenFile) -> str:
    return file.head.partition("\n")[0]


def _is_csv(file: GivenFile) -> bool:
    return "Name_and_Address" in _header(file) or "Type of Denial" in _header(file)


def _is_txt(file: GivenFile) -> bool:
    return "\t" in _header(file) and "Standard_Order" in _header(file)


FORMATS = (
    Format(
        word="dpl_csv",
        source=LIST_CODE,
        title="dpl.csv, with name and address in one column",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
    Format(
        word="dpl_txt",
        source=LIST_CODE,
        title="dpl.txt, parted by tabs",
        tells=_is_txt,
        read=one_file(parse_txt),
    ),
)
"""What BIS publishes, and what it published before."""
