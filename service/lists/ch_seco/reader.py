"""Read the consolidated list of sanctions targets of Switzerland in its XML format.

Source: https://www.sesam.search.admin.ch/sesam-search-web/pages/search.xhtml
"""

from collections.abc import Container
from datetime import date
from functools import partial
from itertools import count

from service.errors import ListRefusedError
from service.lists.ch_seco.identities import Reference, noting_faults, read_parts
from service.lists.ch_seco.listings import LIST_CODE, TargetRecord
from service.lists.edition import ParsedEdition
from service.lists.reading.days import read_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_number
from service.lists.reading.notes import read_records
from service.lists.reading.texts import refuse_other_files
from service.lists.reading.xml import ElementRow, root_of

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file; `published_on` is the `date` of the root element.

    Targets that were taken off the list stay in the file and are returned with their
    `delisted_on`. Ids are made from the `ssid`, which the file does not change, because other
    targets refer to it.

    Raises:
        ListRefusedError: not the whole Swiss list, not well-formed (with line and column), with
            entity declarations, or without a single target.
        RowRefusedError: the day of the file cannot be read; where nobody takes notes, also if a
            part is missing, unknown or unreadable, a place or set that a target refers to is not
            in the file, or a number is used twice; its place is the target's number.
    """
    refuse_other_files(LIST_CODE, content)
    reference, targets, published_on = Reference(), dict[str, TargetRecord](), None
    for part in read_parts(LIST_CODE, content):
        what = f"{part.tag} that cannot be read"
        if part.tag == "sanctions-program":
            noting_faults(what, partial(reference.add_programme, part.row()))
        elif part.tag == "place":
            noting_faults(what, partial(reference.add_place, part.row()))
        elif part.tag == "target":
            record = TargetRecord(part, is_again=part.number in targets)
            targets[_free_key(part.number or "".join(record.names[:1]), targets)] = record
            reference.add_name(part.number, "".join(record.names[:1]))
        else:
            published_on = _day(part.row())
    keyed = [
        (key_of_number(key), listing)
        for (key, _), listing in read_records(
            targets.items(),
            lambda item: item[1].listing(reference),
            lambda item: item[1].rescue(),
        )
    ]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    listings = give_ids(LIST_CODE, keyed)
    return (ParsedEdition(list_code=LIST_CODE, published_on=published_on, listings=listings),)


def _free_key(key: str, taken: Container[str]) -> str:
    """Return the key, with a number behind it where a target before has it already."""
    others = (f"{key}.{number}" for number in count(2))
    return key if key not in taken else next(each for each in others if each not in taken)


def _day(root: ElementRow) -> date | None:
    day = read_day(root.where, "date", root.take_attribute("date"))
    root.close("list-type")
    return day


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head)[1] == "swiss-sanctions-list"


FORMATS = (
    Format(
        word="ch_xml",
        source=LIST_CODE,
        title="swiss-sanctions-list.xml, the whole list",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""The formats that SECO publishes."""
