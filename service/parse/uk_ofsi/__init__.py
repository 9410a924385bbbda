"""OFSI's Consolidated List of Asset Freeze Targets, closed on 28 January 2026.

Source: https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets
"""

from collections.abc import Iterable
from datetime import date

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.uk_ofsi.entries import Entry, entry_of
from service.parse.uk_ofsi.layouts import FIRST_WORDS, Record, read_csv, read_workbook
from service.parse.uk_ofsi.listings import LIST_CODE, listing_of
from service.parse.workbooks import is_workbook_with

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_workbook"]

_TELLING = ("Group ID", "Alias Type", "Group Type")


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of `ConList.csv`, in the layout of 2020 or since 2022.

    Published on the day in the first row; ids are made of the Group ID. A file cut
    between two records cannot be told from a whole one; every other cut is refused.

    Raises:
        ListRefusedError: the file as a whole is not what OFSI published.
        RowRefusedError: a row cannot be read; its place is `line 12, group 6897`.
    """
    return _edition(*read_csv(LIST_CODE, content))


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of `ConList.xlsx`, in the layout since 2022; otherwise as `parse_csv`.

    Raises:
        ListRefusedError: not readable as a workbook, or not what OFSI published.
        RowRefusedError: a row cannot be read; its place is `row 12, group 6897`.
    """
    return _edition(*read_workbook(LIST_CODE, content))


def _edition(published_on: date, records: Iterable[Record]) -> tuple[ParsedEdition, ...]:
    groups = dict[str, list[Entry]]()
    for record in records:
        entry = entry_of(record)
        groups.setdefault(entry.group_id, []).append(entry)
    if not groups:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    keyed = [(key_of_number(group_id), listing_of(rows)) for group_id, rows in groups.items()]
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=published_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _is_csv(file: GivenFile) -> bool:
    first, second, *_ = [*file.head.replace('"', "").splitlines(), "", ""]
    return first.startswith(f"{FIRST_WORDS},") or any(word in first + second for word in _TELLING)


def _is_workbook(file: GivenFile) -> bool:
    return is_workbook_with(file, _TELLING)


FORMATS = (
    Format(
        word="ofsi_csv",
        source=LIST_CODE,
        title="ConList.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
    Format(
        word="ofsi_xlsx",
        source=LIST_CODE,
        title="ConList.xlsx",
        tells=_is_workbook,
        read=one_file(parse_workbook),
    ),
)
"""What the Office of Financial Sanctions Implementation published."""
