"""SDN_ENHANCED.XML and CONS_ENHANCED.XML of OFAC's Sanctions List Service."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NoReturn

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.days import find_day
from service.parse.elements import ElementRow, read_elements, root_of
from service.parse.files import GivenFile
from service.parse.texts import refuse_other_files
from service.parse.us_ofac.entities import below, entity_row, party_of
from service.parse.us_ofac.lists import NON_SDN, SDN, UMBRELLA
from service.parse.us_ofac.parties import Party, editions_of

ROOT = "sanctionsData"
INFORMATION = (ROOT, "publicationInfo")
ENTITY = (ROOT, "entities", "entity")
# Words with their numbers; an entity prints the words itself.
DICTIONARIES = (
    (ROOT, "referenceValues", "referenceValue"),
    (ROOT, "featureTypes", "featureType"),
)
_NAMESPACE = re.compile(r"/ENHANCED_XML$")
_FILTERS = {SDN: "SDN List", NON_SDN: UMBRELLA}
_FIRST_FILTER = re.compile(
    rb"<sanctionsList\b[^<>]*+>\s*+((?:[^<\s]++|\s++(?!<))*+)\s*+</sanctionsList>"
)


def is_enhanced(file: GivenFile, *, source: str) -> bool:
    """Whether a file is the enhanced XML of this source, told by the filter it names.

    A file cut off before its filter may be either.
    """
    namespace, tag = root_of(file.head)
    if tag != ROOT or not _NAMESPACE.search(namespace):
        return False
    first = _FIRST_FILTER.search(file.content)
    return first is None or first[1].decode("utf-8", "replace") == _FILTERS[source]


def read_enhanced(source: str, content: bytes) -> tuple[ParsedEdition, ...]:
    """One edition for each list of the source with entries; `dataAsOf` is its day.

    A party of the other source's lists is on those too, and only its own are read here.

    Raises:
        ListRefusedError: not well-formed, cut off, without `dataAsOf`, or a file of other lists.
        RowRefusedError: an entity cannot be read; its place is its number.
    """
    refuse_other_files(source, content)
    parties, published_on = list[Party](), None
    for path, element in read_elements(source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            published_on = _published_on(source, ElementRow(INFORMATION[-1], element))
        elif path == ENTITY:
            parties.append(party_of(entity_row(element)))
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()
    if published_on is None:
        raise ListRefusedError(source, f"{INFORMATION[-1]} is missing")
    return editions_of(source, parties, published_on)


def day_of(source: str, tag: str, printed: str) -> date:
    """The publisher's local day of a moment printed as `2025-01-13T00:00:00-05:00`.

    Raises:
        ListRefusedError: it is none.
    """
    day = find_day(printed.partition("T")[0])
    if day is None:
        raise ListRefusedError(source, f"{tag}: {printed!r} is not a time (2025-01-13T00:00:00)")
    return day


def _published_on(source: str, row: ElementRow) -> date:
    printed = row.take("dataAsOf")
    for filters in row.rows("filters"):
        for name in _filter_names(filters):
            if name != _FILTERS[source]:
                _refuse_other_list(source, name)
        filters.close()
    row.close()
    return day_of(source, "dataAsOf", printed)


def _filter_names(filters: ElementRow) -> Iterator[str | None]:
    for each in below(filters, "sanctionsLists", "sanctionsList"):
        yield each.own_text()
        each.close("refId")


def _refuse_other_list(source: str, name: str | None) -> NoReturn:
    raise ListRefusedError(source, f"the file holds the {name!r}, not the {_FILTERS[source]!r}")
