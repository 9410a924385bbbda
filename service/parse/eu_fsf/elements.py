"""The entries of the EU's financial sanctions file, read strictly and one at a time."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import msgspec

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.elements import ElementRow, read_elements

_ROOT = "export"
_ENTRY = (_ROOT, "sanctionEntity")
_TRUTHS = {"true": True, "false": False}


class Entry(msgspec.Struct, frozen=True):
    """A sanctionEntity element, its lasting id, and the `generationDate` of its file."""

    logical_id: str
    row: ElementRow
    generated: str


def read_entries(list_code: str, content: bytes) -> Iterator[Entry]:
    """The entries in printed order; each is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, not the EU's file, or without `generationDate`.
        RowRefusedError: an element beside the entries, or an entry without `logicalId`.
    """
    generated = ""
    for path, element in read_elements(list_code, content, (_ENTRY,)):
        if path == (_ROOT,):
            generated = _generated(list_code, element)
            continue
        printed = element.get("euReferenceNumber") or element.get("logicalId") or "?"
        row = ElementRow(f"sanctionEntity {printed.strip()}", element)
        yield Entry(row.take_attribute("logicalId"), row, generated)


def truth(row: ElementRow, name: str) -> bool:
    """An attribute that must be there and be `true` or `false`.

    Raises:
        RowRefusedError: it is missing, blank or something else.
    """
    printed = row.take_attribute(name)
    if printed not in _TRUTHS:
        raise RowRefusedError(row.where, f"{name}: {printed!r} is neither true nor false")
    return _TRUTHS[printed]


def _generated(list_code: str, root: Element) -> str:
    row = ElementRow(_ROOT, root)
    generated = row.attribute("generationDate")
    if generated is None:
        raise ListRefusedError(list_code, f"{_ROOT}: 'generationDate' is missing")
    # A running number of the export, which nothing refers to.
    row.close("globalFileId")
    return generated
