"""The elements of the UN list, read strictly and one party at a time."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import msgspec

from service.model.errors import ListRefusedError
from service.parse.elements import ElementRow, read_elements

_ROOT = "CONSOLIDATED_LIST"
_PARTIES = (
    (_ROOT, "INDIVIDUALS", "INDIVIDUAL"),
    (_ROOT, "ENTITIES", "ENTITY"),
)


class Party(msgspec.Struct, frozen=True):
    """An INDIVIDUAL or ENTITY element, and the `dateGenerated` of the file it stands in."""

    tag: str
    row: ElementRow
    generated: str


def read_parties(list_code: str, content: bytes) -> Iterator[Party]:
    """The parties of the file in printed order; each is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, or not the UN list.
        RowRefusedError: an element the UN list does not have.
    """
    generated = ""
    for path, element in read_elements(list_code, content, _PARTIES):
        if path == (_ROOT,):
            generated = _generated(list_code, element)
            continue
        printed = element.findtext("REFERENCE_NUMBER") or element.findtext("DATAID") or "?"
        row = ElementRow(f"{path[-1]} {printed.strip()}", element)
        yield Party(path[-1], row, generated)


def values(row: ElementRow, tag: str) -> list[str]:
    """The texts of the VALUE children of a child, blank ones left out."""
    found = list[str]()
    for each in row.rows(tag):
        found += each.texts("VALUE")
        each.close()
    return found


def _generated(list_code: str, root: Element) -> str:
    row = ElementRow(_ROOT, root)
    generated = row.attribute("dateGenerated")
    if generated is None:
        raise ListRefusedError(list_code, f"{_ROOT}: 'dateGenerated' is missing")
    row.close()
    return generated
