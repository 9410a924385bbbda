"""The elements of the Swiss list, read strictly and one record at a time."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.elements import ElementRow, read_elements

_ROOT = "swiss-sanctions-list"
_RECORDS = ((_ROOT, "sanctions-program"), (_ROOT, "target"), (_ROOT, "place"))
_WHOLE = "whole-list"


def read_records(list_code: str, content: bytes) -> Iterator[tuple[str, ElementRow]]:
    """The root first, then programmes, targets and places, in printed order, each with its tag.

    The root has its attribute `date` left; each record is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, not the Swiss list, or not the whole of it.
        RowRefusedError: an element that the list does not have.
    """
    for path, element in read_elements(list_code, content, _RECORDS):
        if path == (_ROOT,):
            yield _ROOT, _root(list_code, element)
            continue
        printed = element.get("ssid") or "?"
        yield path[-1], ElementRow(f"{path[-1]} {printed.strip()}", element)


def english(row: ElementRow, tag: str) -> str | None:
    """The text of the child that is in English, None where there is none.

    The other languages say the same.
    """
    texts = [(part.attribute("lang"), part.own_text(), part) for part in row.rows(tag)]
    for _, _, part in texts:
        part.close("ssid")
    return next((text for language, text, _ in texts if language == "eng"), None)


def category[T](row: ElementRow, name: str, words: dict[str, T]) -> T:
    """What an attribute's word stands for.

    Raises:
        RowRefusedError: the attribute is missing, blank, or a word not seen before.
    """
    printed = row.take_attribute(name)
    if printed not in words:
        raise RowRefusedError(row.where, f"{name}: unknown {printed!r}")
    return words[printed]


def _root(list_code: str, element: Element) -> ElementRow:
    row = ElementRow(_ROOT, element)
    kind = row.attribute("list-type")
    if kind != _WHOLE:
        raise ListRefusedError(list_code, f"list-type is {kind!r}; the {_WHOLE!r} is expected")
    return row
