"""Read the consolidated list of sanctions targets of Switzerland in its XML format.

Source: https://www.sesam.search.admin.ch/sesam-search-web/pages/search.xhtml
"""

from datetime import date

from service.errors import ListRefusedError, RowRefusedError
from service.lists.ch_seco.identities import Reference, read_records
from service.lists.ch_seco.listings import LIST_CODE, Target, listing_of, target_of
from service.lists.edition import ParsedEdition
from service.lists.reading.days import read_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_number
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
        RowRefusedError: a part is missing, unknown or unreadable, a place or set that a target
            refers to is not in the file, or a number is used twice; its place is the target's
            number.
    """
    refuse_other_files(LIST_CODE, content)
    reference, targets, published_on = Reference(), dict[str, Target](), None
    for tag, row in read_records(LIST_CODE, content):
        if tag == "sanctions-program":
            reference.add_programme(row)
        elif tag == "place":
            reference.add_place(row)
        elif tag == "target":
            target = target_of(row)
            if target.number in targets:
                raise RowRefusedError(row.where, "is in the file twice")
            targets[target.number] = target
            reference.add_name(target.number, target.names[0].text)
        else:
            published_on = _day(row)
    if not targets:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    keyed = [
        (key_of_number(number), listing_of(target, reference))
        for number, target in targets.items()
    ]
    listings = give_ids(LIST_CODE, keyed)
    return (ParsedEdition(list_code=LIST_CODE, published_on=published_on, listings=listings),)


def _day(root: ElementRow) -> date | None:
    day = read_day(root.where, "date", root.take_attribute("date"))
    root.close()
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
