"""Parties debarred under the Arms Export Control Act, in DDTC's own two files.

Source: https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0
"""

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

__all__ = ["FORMATS", "LIST_CODE", "parse_files"]

_SET_LENGTH = 2


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
    kinds = [_is_statutory(file) for file in files]
    if len(files) != _SET_LENGTH or sum(kinds) != 1:
        given = " and ".join(file.name for file in files)
        reason = f"the statutory and the administrative file are one edition; given: {given}"
        raise ListRefusedError(LIST_CODE, reason)
    statutory, administrative = files if kinds[0] else files[::-1]
    debarments = (
        *map(statutory_of, _rows("statutory", statutory, STATUTORY_COLUMNS)),
        *map(administrative_of, _rows("administrative", administrative, ADMINISTRATIVE_COLUMNS)),
    )
    listings = give_ids(LIST_CODE, [_keyed(debarment) for debarment in debarments])
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _keyed(debarment: Debarment) -> tuple[str, Listing]:
    return key_of_name(debarment.turned_name), listing_of(debarment)


def _rows(kind: str, file: GivenFile, columns: tuple[str, ...]) -> list[Row[str]]:
    rows = list(read_rows(LIST_CODE, read_text(LIST_CODE, file.content), columns))
    if not rows:
        raise ListRefusedError(LIST_CODE, f"{file.name} has no entries")
    for row in rows:
        row.where = f"{kind}, {row.where}"
    return rows


def _header(file: GivenFile) -> str:
    return file.head.partition("\n")[0]


def _is_statutory(file: GivenFile) -> bool:
    return "Party Name" in _header(file)


def _is_either(file: GivenFile) -> bool:
    return _is_statutory(file) or "Debarment Order" in _header(file)


FORMATS = (
    Format(
        word="ddtc_csv",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two csv files",
        tells=_is_either,
        read=parse_files,
        several=True,
    ),
)
"""What DDTC publishes."""
