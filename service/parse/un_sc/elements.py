"""The elements of the UN list, read strictly and one party at a time."""

import io
from collections import defaultdict
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ErrorString

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.rows import Row

# A party stands in a section, a section in the root.
_PARTY_DEPTH = 2
_ROOT = "CONSOLIDATED_LIST"
_SECTIONS = {"INDIVIDUALS": "INDIVIDUAL", "ENTITIES": "ENTITY"}
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"


class Party(msgspec.Struct, frozen=True):
    """An INDIVIDUAL or ENTITY element, and the `dateGenerated` of the file it stands in."""

    tag: str
    row: "ElementRow"
    generated: str


class ElementRow:
    """The children of one element by their tag; each tag is taken once and the row then closed."""

    def __init__(self, where: str, element: Element) -> None:
        children = defaultdict[str, list[Element]](list)
        stray = [element.text]
        for child in element:
            children[child.tag].append(child)
            stray.append(child.tail)
        if any(text and text.strip() for text in stray):
            raise RowRefusedError(where, f"text between the elements of {element.tag}")
        if element.attrib:
            raise RowRefusedError(where, f"{element.tag} has unknown attributes")
        self.where = where
        self._row = Row(where, children)

    def take(self, tag: str) -> str:
        """The text of a child that must stand there once and say something.

        Raises:
            RowRefusedError: it is missing, blank, there twice, or holds elements.
        """
        self._row.peek(tag)
        text = self.find(tag)
        if text is None:
            raise RowRefusedError(self.where, f"{tag} is blank")
        return text

    def find(self, tag: str) -> str | None:
        """The text of a child that may be missing or blank, with single spaces.

        The UN breaks its lines anew in every edition, so a line break says nothing.
        """
        elements = self._row.find(tag) or []
        if len(elements) > 1:
            raise RowRefusedError(self.where, f"{tag} stands {len(elements)} times")
        return self._text(elements[0]) if elements else None

    def values(self, tag: str) -> list[str]:
        """The texts of the VALUE children of a child, blank ones left out."""
        values = (row.texts("VALUE") for row in self.rows(tag))
        return [text for texts in values for text in texts]

    def texts(self, tag: str) -> list[str]:
        """The texts of all children of that tag, blank ones left out; the row is then closed."""
        texts = [self._text(element) for element in self._row.find(tag) or []]
        self.close()
        return [text for text in texts if text is not None]

    def rows(self, tag: str) -> "list[ElementRow]":
        """The children of that tag as rows, the empty ones left out."""
        elements = self._row.find(tag) or []
        where = f"{self.where}, {tag}"
        return [ElementRow(where, element) for element in elements if _says_something(element)]

    def close(self, *ignore: str) -> None:
        """End the row; `ignore` are tags that say nothing of the party.

        Raises:
            RowRefusedError: a child was not taken, so the publisher's format has grown.
        """
        self._row.close(ignore)

    def _text(self, element: Element) -> str | None:
        if len(element) or element.attrib:
            raise RowRefusedError(self.where, f"{element.tag} holds more than text")
        return " ".join((element.text or "").split()) or None


def read_parties(list_code: str, content: bytes) -> Iterator[Party]:
    """The parties of the file in printed order; each is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, or not the UN list.
        RowRefusedError: an element the UN list does not have.
    """
    try:
        yield from _parties(list_code, content)
    except ParseError as error:
        line, column = error.position
        reason = f"not well-formed XML at line {line}, column {column}: {ErrorString(error.code)}"
        raise ListRefusedError(list_code, reason) from None
    except DefusedXmlException as error:
        reason = f"the XML declares a document type or entities: {type(error).__name__}"
        raise ListRefusedError(list_code, reason) from None
    except (ValueError, LookupError) as error:
        # expat's own words for an encoding it cannot read
        raise ListRefusedError(list_code, f"not readable as XML: {error}") from None


def _parties(list_code: str, content: bytes) -> Iterator[Party]:
    path, generated = list[Element](), ""
    for event, element in _events(content):
        if event == "start":
            if not path:
                generated = _generated(list_code, element)
            path.append(element)
            continue
        path.pop()
        if len(path) == 1 and (element.tag not in _SECTIONS or element.attrib):
            raise RowRefusedError(_ROOT, f"unknown element {element.tag!r}")
        if len(path) == _PARTY_DEPTH:
            yield _party(path[1].tag, element, generated)
            path[1].clear()


def _events(content: bytes) -> Iterator[tuple[str, Element]]:
    return iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)


def _generated(list_code: str, root: Element) -> str:
    if root.tag != _ROOT:
        raise ListRefusedError(list_code, f"the XML is a {root.tag!r}, not a {_ROOT!r}")
    unknown = [name for name in root.attrib if name not in {_SCHEMA, "dateGenerated"}]
    if unknown or "dateGenerated" not in root.attrib:
        reason = f"unknown attribute {unknown[0]!r}" if unknown else "'dateGenerated' is missing"
        raise ListRefusedError(list_code, f"{_ROOT}: {reason}")
    return root.attrib["dateGenerated"]


def _party(section: str, element: Element, generated: str) -> Party:
    if element.tag != _SECTIONS.get(section):
        raise RowRefusedError(section, f"unknown element {element.tag!r}")
    printed = element.findtext("REFERENCE_NUMBER") or element.findtext("DATAID") or "?"
    return Party(element.tag, ElementRow(f"{element.tag} {printed.strip()}", element), generated)


def _says_something(element: Element) -> bool:
    return any((part.text or "").strip() or part.attrib for part in element.iter())
