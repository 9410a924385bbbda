"""A row of OFSI's list, whole: one name, date of birth and address of a group."""

from collections.abc import Callable

import msgspec

from service.model.errors import RowRefusedError
from service.parse.uk_ofsi.layouts import LINES, PARTS, Record


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one row, trimmed; "" where a cell is blank or its layout lacks the column.

    `passport` and `national_id` are the number and what is said of it; the layout of 2020 says
    both in one text, which stands second.
    """

    where: str
    group_id: str
    group_type: str
    parts: tuple[str, ...]
    alias_type: str
    alias_quality: str
    non_latin: tuple[str, str, str]
    title: str
    date_of_birth: str
    birthplace: tuple[str, str]
    nationality: str
    passport: tuple[str, str]
    national_id: tuple[str, str]
    position: str
    lines: tuple[str, ...]
    postal_code: str
    country: str
    other_information: str
    regime: str
    listed_on: str
    designated_on: str
    last_updated: str


def entry_of(record: Record) -> Entry:
    """The row taken apart.

    Raises:
        RowRefusedError: it has no Group ID.
    """
    cell = record.cell
    group_id = cell("Group ID")
    if not group_id:
        raise RowRefusedError(record.where, "Group ID is blank")
    entry = _entry(f"{record.where}, group {group_id}", group_id, cell)
    record.close()
    return entry


def _entry(where: str, group_id: str, cell: Callable[[str], str]) -> Entry:
    return Entry(
        where=where,
        group_id=group_id,
        group_type=cell("Group Type"),
        parts=tuple(cell(part) for part in PARTS),
        alias_type=cell("Alias Type"),
        alias_quality=cell("Alias Quality"),
        non_latin=(
            cell("Name Non-Latin Script"),
            cell("Non-Latin Script Type"),
            cell("Non-Latin Script Language"),
        ),
        title=cell("Title"),
        date_of_birth=cell("DOB"),
        birthplace=(cell("Town of Birth"), cell("Country of Birth")),
        nationality=cell("Nationality"),
        passport=(cell("Passport Number"), cell("Passport Details")),
        national_id=(
            cell("National Identification Number"),
            cell("NI Number") or cell("National Identification Details"),
        ),
        position=cell("Position"),
        lines=tuple(cell(line) for line in LINES),
        postal_code=cell("Post/Zip Code"),
        country=cell("Country"),
        other_information=cell("Other Information"),
        regime=cell("Regime"),
        listed_on=cell("Listed On"),
        designated_on=cell("UK Sanctions List Date Designated"),
        last_updated=cell("Last Updated"),
    )
