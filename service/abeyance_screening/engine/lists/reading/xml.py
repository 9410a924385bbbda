"""XML: reading list files strictly, one record at a time."""

import functools
import io
import re
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ErrorString

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    may_hide_in,
    note_unknown,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

type Path = tuple[str, ...]
"""The tags from the root down to an element, without their namespaces."""

_FIRST_ELEMENT = re.compile(
    r"<(?:(?P<prefix>[\w.-]+):)?(?P<tag>[A-Za-z_][\w.-]*)(?P<attributes>[^>]*)"
)


class ElementRow:
    """One element whose children and attributes are each read once, by name, before `close`.

    `where` is the place that a refusal names: the record's own number, if it has one.
    """

    def __init__(self, where: str, element: Element) -> None:
        children = dict[str, list[Element]]()
        has_text = bool(len(element)) and _is_filled(element.text)
        for child in element:
            children.setdefault(local_name(child.tag), []).append(child)
            has_text = has_text or _is_filled(child.tail)
        self.where = where
        self._element = element
        self._tag = local_name(element.tag)
        if has_text:
            what = f"text between the elements of {self._tag}"
            note_unknown(where, what, _loose_text(element), may_hide=may_hide_in(self._tag))
        self._row = Row(where, children, part="element", owner=self._tag)
        self._attributes = Row(
            f"{where}, attributes of {self._tag}",
            _attributes(element),
            part="attribute",
            owner=self._tag,
        )
        self._text = None if children else _tidy(element.text)

    def take(self, tag: str) -> str:
        """Return the text of a child that must occur exactly once and not be blank."""
        text = self.take_or_blank(tag)
        if text is None:
            raise RowRefusedError(self.where, f"{tag} is blank")
        return text

    def take_or_blank(self, tag: str) -> str | None:
        """Return the text of a child that must occur exactly once, None where it is blank."""
        self._row.peek(tag)
        return self.find(tag)

    def find(self, tag: str) -> str | None:
        """Return the text of a child with single spaces, None where it is missing or blank."""
        return None if (element := self._one(tag)) is None else self._text_of(element)

    def texts(self, tag: str) -> list[str]:
        """Return the texts of all children with a tag, without blank ones."""
        texts = [self._text_of(element) for element in self._row.find(tag) or []]
        return [text for text in texts if text is not None]

    def row(self, tag: str) -> "ElementRow | None":
        """Return the only child with a tag as a row, None where it is missing or empty."""
        element = self._one(tag)
        return None if element is None or not _has_content(element) else self._below(element)

    def rows(self, tag: str) -> "list[ElementRow]":
        """Return the children with a tag as rows, without empty ones."""
        elements = self._row.find(tag) or []
        return [self._below(element) for element in elements if _has_content(element)]

    def take_attribute(self, name: str) -> str:
        """Return an attribute that must be present and not blank."""
        self._attributes.peek(name)
        text = self.attribute(name)
        if text is None:
            raise RowRefusedError(self.where, f"attribute {name} of {self._tag} is blank")
        return text

    def attribute(self, name: str) -> str | None:
        """Return an attribute with single spaces, None where it is missing or blank."""
        return _tidy(self._attributes.find(name))

    def own_text(self) -> str | None:
        """Return the text of an element without children; a second call returns None."""
        text, self._text = self._text, None
        return text

    def close(self, *ignore: str) -> None:
        """End the row; `ignore` are tags and attributes that carry nothing about the party.

        What was not read is noted with its text, as the publisher's format has grown.
        """
        self._row.close(ignore, _texts_of)
        self._attributes.close(ignore)
        if self._text is not None:
            may_hide = may_hide_in(self._tag)
            note_unknown(self.where, f"text in {self._tag}", self._text, may_hide=may_hide)

    def printed(self, tag: str) -> str:
        """Return the text of the first child with a tag, read or not, or "" without one."""
        return _texts_of((self._row.printed(tag) or [])[:1])

    def printed_names(self) -> tuple[str, ...]:
        """Return the texts of all elements and attributes of names, to find the record by.

        Only innermost elements count, so that the parts of a name are found one by one.
        """
        return names_in(self._element)

    def _one(self, tag: str) -> Element | None:
        elements = self._row.find(tag) or []
        if len(elements) > 1:
            what = f"further {tag!r} of {self._tag}"
            note_unknown(self.where, what, _texts_of(elements[1:]), may_hide=may_hide_in(tag))
        return elements[0] if elements else None

    def _below(self, element: Element) -> "ElementRow":
        return ElementRow(f"{self.where}, {local_name(element.tag)}", element)

    def _text_of(self, element: Element) -> str | None:
        if len(element) or _attributes(element):
            tag = local_name(element.tag)
            more = " ".join((*_attributes(element).values(), *map(_all_text, element)))
            note_unknown(self.where, f"part of the text of {tag}", more, may_hide=may_hide_in(tag))
        return _tidy(element.text)


def names_in(element: Element) -> tuple[str, ...]:
    """Return the texts of all innermost elements and attributes of names inside an element."""
    found = list[str | None]()
    for part in element.iter():
        if not len(part) and may_hide_in(local_name(part.tag)) == "name":
            found.append(_tidy(part.text))
        found += [text for name, text in _attributes(part).items() if may_hide_in(name) == "name"]
    return tuple(dict.fromkeys(text for text in found if text))


def read_elements(
    list_code: str, content: bytes, wanted: Collection[Path]
) -> Iterator[tuple[Path, Element]]:
    """Yield the root with only its attributes, then each wanted element whole, with its path.

    `wanted` are the paths of the records, the root's tag first. Elements between the root and a
    record may have neither text nor attributes. Each element is released when the next one is
    requested, so that memory is bounded by the file and one record.

    An element that is neither at one of the paths nor on the way to one is noted and skipped.
    """
    with xml_refused(list_code):
        yield from _elements(list_code, content, frozenset(wanted))


@contextmanager
def xml_refused(list_code: str) -> Generator[None]:
    """Turn the errors of the XML parser inside the block into refusals."""
    try:
        yield
    except ParseError as error:
        line, column = error.position
        reason = f"not well-formed XML at line {line}, column {column}: {ErrorString(error.code)}"
        raise ListRefusedError(list_code, reason) from None
    except DefusedXmlException as error:
        reason = f"the XML declares a document type or entities: {type(error).__name__}"
        raise ListRefusedError(list_code, reason) from None
    except (ValueError, LookupError) as error:
        # expat's own message for an encoding that it cannot read
        raise ListRefusedError(list_code, f"not readable as XML: {error}") from None


def root_of(head: str) -> tuple[str, str]:
    """Return the namespace and tag of the first element in a file's head, or ("", "").

    It serves only to recognise formats: the rest of the file may still be malformed.
    """
    element = _FIRST_ELEMENT.search(head) if head.startswith("<") else None
    if element is None:
        return "", ""
    prefix = f":{element['prefix']}" if element["prefix"] else ""
    namespace = re.search(rf"""\sxmlns{prefix}=["']([^"']*)["']""", element["attributes"])
    return "" if namespace is None else namespace[1], element["tag"]


@functools.lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """Return a tag or attribute name without its namespace."""
    return tag.rpartition("}")[2]


def _elements(
    list_code: str, content: bytes, wanted: frozenset[Path]
) -> Iterator[tuple[Path, Element]]:
    for path, element in _complete(list_code, content, wanted):
        if len(path) == 1 or path in wanted:
            yield path, element
        else:
            _note_element(path, element)


def _complete(
    list_code: str, content: bytes, wanted: frozenset[Path]
) -> Iterator[tuple[Path, Element]]:
    """Yield the root, then each element that is no way to a record, whole."""
    containers = {path[:depth] for path in wanted for depth in range(1, len(path))}
    stack: list[Element] = []
    path: Path = ()
    inside = 0
    for event, element in events_in(content):
        if inside:
            # Nothing inside a record is looked at before the record is complete.
            inside += 1 if event == "start" else -1
            if inside:
                continue
            yield path, element
            del stack[-1][:]
            path = path[:-1]
        elif event == "start":
            path = (*path, local_name(element.tag))
            if not stack:
                _check_root(list_code, path, containers)
                # A copy, because the parser adds children to the root itself.
                yield path, Element(element.tag, element.attrib)
            if path in wanted or path not in containers:
                inside = 1
            else:
                stack.append(element)
        else:
            stack.pop()
            _note_container(element, is_root=not stack)
            path = path[:-1]


def events_in(content: bytes) -> Iterator[tuple[str, Element]]:
    """Yield `start` and `end` with each element of an XML file that declares no document type."""
    return iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)


def _check_root(list_code: str, path: Path, containers: set[Path]) -> None:
    if path not in containers:
        expected = " or ".join(sorted({repr(each[0]) for each in containers}))
        raise ListRefusedError(list_code, f"the XML is a {path[0]!r}, not a {expected}")


def _note_element(path: Path, element: Element) -> None:
    """Note an element outside of all records; one with parts may be a new kind of record."""
    if sum(1 for child in element if len(child)) > MOST_UNREAD:
        raise RowRefusedError("/".join(path[:-1]), f"unknown element {path[-1]!r}, with records")
    may_hide = "kind" if len(element) else may_hide_in(path[-1])
    what = f"element {path[-1]!r} of {'/'.join(path[:-1])}"
    note_unknown("/".join(path[:-1]), what, _all_text(element), may_hide=may_hide)


def _note_container(element: Element, *, is_root: bool) -> None:
    tag = local_name(element.tag)
    if (element.text or "").strip():
        note_unknown(tag, f"text between the elements of {tag}", element.text or "")
    if not is_root:
        for name, value in _attributes(element).items():
            note_unknown(tag, f"attribute {name!r} of {tag}", value, may_hide=may_hide_in(name))


def _all_text(element: Element) -> str:
    """Return every text and attribute inside an element, on one line."""
    texts = (text for part in element.iter() for text in (*_attributes(part).values(), part.text))
    return " ".join(filter(None, map(_tidy, texts)))


def _texts_of(elements: Iterable[Element]) -> str:
    return "; ".join(filter(None, map(_all_text, elements)))


def _loose_text(element: Element) -> str:
    """Return the text that stands between an element's children, on one line."""
    return " ".join(filter(None, map(_tidy, (element.text, *(each.tail for each in element)))))


def _attributes(element: Element) -> dict[str, str]:
    """Return the attributes by local name, without those that only point to a schema."""
    named = ((local_name(name), value) for name, value in element.attrib.items())
    return {
        name: value
        for name, value in named
        if name not in {"schemaLocation", "noNamespaceSchemaLocation"}
    }


def _is_filled(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""


def _has_content(element: Element) -> bool:
    return any((part.text or "").strip() or part.attrib for part in element.iter())


def _tidy(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
