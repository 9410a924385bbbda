"""Links: finding, on a publisher's page, the file whose address changes from edition to edition.

A page is somebody else's text. A link is taken only if the list's metadata describes it, and only
to a server that the metadata names; a page without such a link is refused, so that an old file is
never taken for a new one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html.parser import HTMLParser
from types import MappingProxyType
from typing import cast, override
from urllib.parse import urljoin, urlsplit

import msgspec

from abeyance_screening.engine.lists.catalogue_types import FileLink
from abeyance_screening.primitives.addresses import is_named
from abeyance_screening.primitives.errors import ListRefusedError

# The Denied Persons List's page, with the whole list in it, has 750 kB.
MAX_BYTES = 5_000_000
_LONGEST_ADDRESS = 2_000
_FOREIGN = "the link on the publisher's page leads to a server that may not be asked"
_HTTPS_PORTS = frozenset({None, 443})
_ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
_CENTURY = 2000
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_ENCODINGS: Mapping[str, str] = MappingProxyType(
    {"shift_jis": "cp932", "x-sjis": "cp932", "euc-jp": "euc_jp", "iso-8859-1": "cp1252"}
)
_BREAKS = re.compile(r"[\t\r\n]")


class PageLink(msgspec.Struct, frozen=True):
    """A link of a page: its whole address, and the words that it is printed with."""

    address: str
    text: str


class DatedLink(msgspec.Struct, frozen=True):
    """The link that a page was searched for, and the day that its address names, if any."""

    address: str
    day: date | None


def find_link(list_code: str, content: bytes, wanted: FileLink) -> DatedLink:
    """Return the link to the newest file on a page."""
    links = read_links(list_code, content, wanted.base or wanted.page)
    found = [each for each in links if _matches(each, wanted)]
    if not found:
        # its title is not said: the page may be of a private network, and everybody reads this
        reason = (
            f"the publisher's page has no link to the file ({len(links)} other links); "
            "it has changed, or it is another page"
        )
        raise ListRefusedError(list_code, reason, wanted.page)
    chosen = _newest(list_code, found, wanted)
    _check_server(list_code, chosen.address, wanted)
    return chosen


def read_links(list_code: str, content: bytes, base: str) -> tuple[PageLink, ...]:
    """Return the links of a page of HTML or of an answer in JSON, each address once, in order."""
    if len(content) > MAX_BYTES:
        reason = f"the page has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed"
        raise ListRefusedError(list_code, reason)
    if not content.strip():
        raise ListRefusedError(list_code, "the page is empty")
    if content.lstrip().startswith((b"{", b"[")):
        found = _from_json(list_code, content, base)
    else:
        text = decoded_page(content)
        if "</html" not in text[-4_096:].lower():
            reason = "the page is no HTML page, or is cut off (no </html> at its end)"
            raise ListRefusedError(list_code, reason)
        found = _links_of_html(text, base)
    by_address: dict[str, PageLink] = {}
    for each in found:
        before = by_address.setdefault(each.address, each)
        if not before.text:
            by_address[each.address] = each
    return tuple(by_address.values())


def _matches(link: PageLink, wanted: FileLink) -> bool:
    in_address = re.search(wanted.address, link.address) is not None
    return in_address and re.search(wanted.text, link.text) is not None


def _newest(list_code: str, links: Sequence[PageLink], wanted: FileLink) -> DatedLink:
    dated = [DatedLink(each.address, _day_of(each.address, wanted.address)) for each in links]
    days = [each.day for each in dated if each.day is not None]
    if len(days) == len(dated):
        newest = [each for each in dated if each.day == max(days)]
        if len(newest) == 1:
            return newest[0]
    elif not days and wanted.position is not None and wanted.position <= len(dated):
        return dated[wanted.position - 1]
    elif not days and wanted.position is None and len(dated) == 1:
        return dated[0]
    some = ", ".join(each.address for each in dated[:3])
    reason = f"the publisher's page has {len(dated)} such links, not told apart"
    raise ListRefusedError(list_code, reason, f"{wanted.page}: {some}")


def _day_of(address: str, pattern: str) -> date | None:
    """Return the day that an address names, None where it names none or one that is no day."""
    match = re.search(pattern, address)
    named = {} if match is None else match.groupdict()
    parts = [named.get(each) for each in ("year", "month", "day")]
    if any(each is None for each in parts):
        return None
    year, month, day = (int(each or "") for each in parts)
    try:
        return date(year if year >= _CENTURY else _CENTURY + year, month, day)
    except ValueError:
        return None


def _check_server(list_code: str, address: str, wanted: FileLink) -> None:
    """Refuse an address that is not https, or whose server the metadata does not name."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" and parts.port in _HTTPS_PORTS and "@" not in parts.netloc:
        if is_named(host, wanted.hosts):
            return
        named = ", ".join(wanted.hosts)
        detail = f"{wanted.page} leads to {host}, which is not of {named}"
        raise ListRefusedError(list_code, _FOREIGN, detail)
    detail = f"{wanted.page} leads to {parts.scheme}://{host}, not to plain https"
    raise ListRefusedError(list_code, _FOREIGN, detail)


# --- The links of HTML, and of JSON.


def decoded_page(content: bytes) -> str:
    """Decode a page by the encoding that it names; what cannot be read matches no description."""
    named = _CHARSET.search(content[:4_096])
    charset = named[1].decode().lower() if named else "utf-8"
    return content.decode(_ENCODINGS.get(charset, "utf-8-sig"), "replace")


def _links_of_html(text: str, base: str) -> Iterator[PageLink]:
    reader = _AnchorReader(base)
    reader.feed(text)
    reader.close()
    yield from reader.links()


class _AnchorReader(HTMLParser):
    """A parser that collects the anchors of a page."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = base
        self._anchors: list[tuple[str, list[str]]] = []
        self._is_open = False

    def links(self) -> Iterator[PageLink]:
        """Yield the links in order; an address that is none is left out."""
        for printed, words in self._anchors:
            address = _whole(self._base, printed)
            if address is not None:
                yield PageLink(address, " ".join("".join(words).split()))

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "base" and href:
            self._base = _whole(self._base, href) or self._base
        elif tag == "a":
            self._is_open = bool(href)
            if href:
                self._anchors.append((href, []))

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._is_open = False

    @override
    def handle_data(self, data: str) -> None:
        if self._is_open:
            self._anchors[-1][1].append(data)


def _from_json(list_code: str, content: bytes, base: str) -> tuple[PageLink, ...]:
    try:
        return tuple(_links_of_json(cast("object", msgspec.json.decode(content)), base))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ListRefusedError(list_code, "the page is not JSON, or is cut off") from None


def _links_of_json(value: object, base: str, title: str = "") -> Iterator[PageLink]:
    """Yield the addresses in an answer, each with the `title` beside it, and the links in HTML."""
    match value:
        case dict():
            fields = cast("dict[str, object]", value)
            own = fields.get("title")
            for each in fields.values():
                yield from _links_of_json(each, base, own if isinstance(own, str) else "")
        case list():
            for each in cast("list[object]", value):
                yield from _links_of_json(each, base, title)
        case str() if _ANCHOR.search(value):
            yield from _links_of_html(value, base)
        case str() if value.startswith("https://") and (address := _whole(base, value)):
            yield PageLink(address, title)
        case _:
            pass


def _whole(base: str, printed: str) -> str | None:
    """Return the whole address of a link, without its fragment; None where it is no address."""
    try:
        given = _BREAKS.sub("", printed).strip().replace(" ", "%20")
        address = urljoin(base, given.partition("#")[0])
        # reading the port is what finds it invalid
        is_address = urlsplit(address).port != 0
    except ValueError:
        return None
    has_size = 0 < len(address) <= _LONGEST_ADDRESS
    return address if is_address and has_size and address.isprintable() else None
