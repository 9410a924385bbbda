"""Reading a place, and what is new there since the last look.

A place answers with JSON, a feed, an index of links or a sitemap, and each lists documents.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from types import MappingProxyType
from typing import NoReturn, cast, override
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.place_state import PlaceDocument, PlaceState
from abeyance_screening.engine.measures.places import JsonFields, Parser, Place
from abeyance_screening.primitives.errors import AbeyanceError

# A year of the Federal Register's answers for one agency has some 600 documents and 2 MB, and the
# largest index page known has 400 kB; anything larger is no list of documents.
MAX_BYTES = 20_000_000
MAX_DOCUMENTS = 5_000
_TITLE, _ADDRESS, _KEY = 500, 2_000, 300


class PlaceUnreadableError(AbeyanceError):
    """What a place answered is not what it used to be."""

    slug = "place-unreadable"
    title = "The place cannot be read"

    def __init__(self, place_id: str, reason: str) -> None:
        super().__init__(f"{place_id}: {reason}")
        self.reason = reason


class PlacePage(msgspec.Struct, frozen=True, kw_only=True):
    """The documents of one page that may concern what the place decides.

    `listed` counts all; `oldest` and `newest` are the earliest and the latest day among all, None
    where none has a day.
    """

    documents: tuple[PlaceDocument, ...]
    listed: int
    oldest: date | None
    newest: date | None
    next_url: str | None = None


def read_place(place: Place, content: bytes) -> PlacePage:
    """Read one page of a place; documents in printed order, each key once.

    Raises:
        PlaceUnreadableError: The content is not of the place's format, is cut off, is over the
            limits, or lists no document where there always is one.
    """
    if len(content) > MAX_BYTES:
        _refuse(place, f"{len(content):,} bytes; at most {MAX_BYTES:,} are read")
    if not content.strip():
        _refuse(place, "the answer is empty")
    found, next_url = _READERS[place.parser](place, content)
    if len(found) > MAX_DOCUMENTS:
        _refuse(place, f"{len(found):,} documents; at most {MAX_DOCUMENTS:,} are read")
    if not found and next_url is None and not place.may_be_empty:
        _refuse(place, "no document was found in it; the page has changed, or blocks programs")
    days = [each.dated_on for each in found if each.dated_on is not None]
    concerning = {each.key: each for each in found if place.concerns(each.title)}
    return PlacePage(
        documents=tuple(concerning.values()),
        listed=len(found),
        oldest=min(days, default=None),
        newest=max(days, default=None),
        next_url=next_url,
    )


def first_day(place: Place, measures: Sequence[Measure]) -> date | None:
    """Return the day from which a place is read the first time: where the register's reading ends.

    That is the newest `checked_until` of the measures that the place decides, or of all measures
    where those have none.
    """
    own = [each for each in measures if each.authority in place.decides]
    for group in (own, measures):
        days = [each.checked_until for each in group if each.checked_until is not None]
        if days:
            return max(days)
    return None


def standstill(place: Place, newest: date | None, today: date) -> str | None:
    """Return why a place that could be read has stopped listing; None where it goes on.

    Publishers leave a feed where it is when they stop writing to it: that of METI ended on
    2026-06-19. Nothing new in it is then no news.
    """
    within = place.newest_within
    if within is None or (newest is not None and (today - newest).days <= within):
        return None
    last = "none of its documents has a day" if newest is None else f"its newest is of {newest}"
    return f"{last}, but it lists one at least every {within} days; it may have ended or moved"


def due_places(
    chosen: Sequence[Place], states: Mapping[str, PlaceState], now: datetime, every: timedelta
) -> tuple[Place, ...]:
    """Return the places that were not looked at for as long as `every`, in the order given."""
    looked_at = {each.place: each.looked_at for each in states.values()}
    last = [(each, looked_at.get(each.id)) for each in chosen]
    return tuple(place for place, at in last if at is None or now - at >= every)


def _refuse(place: Place, reason: str) -> NoReturn:
    raise PlaceUnreadableError(place.id, reason)


_Found = tuple[Sequence[PlaceDocument], str | None]


def _document(
    place: Place, key: str, title: str, url: str, day: date | None, body: str | None = None
) -> PlaceDocument:
    address = _address(place.home, url)
    if address is None:
        _refuse(place, f"{url[:80]!r} is not the address of a document")
    text = _line(title)[:_TITLE] or address
    short = _line(key)
    if len(short) > _KEY:
        short = hashlib.sha256(short.encode()).hexdigest()
    return PlaceDocument(key=short, title=text, url=address, dated_on=day, body=body)


def _address(page: str, printed: str) -> str | None:
    """Return the whole address of a link on a page; None where it is no http or https address."""
    try:
        address = urljoin(page, _line(printed))
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if scheme in {"http", "https"} and len(address) <= _ADDRESS else None


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", _TAG.sub(" ", text)).split())


# --- An API that answers JSON.

# Source: https://www.federalregister.gov/developers/documentation/api/v1
_FEDERAL_REGISTER = JsonFields(
    documents="results",
    key="document_number",
    title="title",
    day="publication_date",
    url="html_url",
    next="next_page_url",
)


def _read_json(place: Place, content: bytes) -> _Found:
    fields = _FEDERAL_REGISTER if place.parser == "federal_register" else place.fields
    answer = _json(place, content)
    if fields is None:
        _refuse(place, "its fields are not described")
    entries = answer if fields.documents is None else _at(answer, fields.documents)
    # The Federal Register leaves its list out where there are no documents.
    if entries is None and _at(answer, "count") == 0:
        entries = []
    if not isinstance(entries, list):
        _refuse(place, f"the answer has no list {fields.documents or ''!r}")
    next_url = None if fields.next is None else _at(answer, fields.next)
    if next_url is not None and not isinstance(next_url, str):
        _refuse(place, f"{fields.next} is not an address")
    listed = cast("list[object]", entries)
    return [_json_document(place, fields, each) for each in listed], next_url


def _json(place: Place, content: bytes) -> object:
    try:
        return cast("object", msgspec.json.decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _refuse(place, "the answer is not JSON, or is cut off")


def _json_document(place: Place, fields: JsonFields, entry: object) -> PlaceDocument:
    key = _text_at(place, entry, fields.key)
    title = _text_at(place, entry, fields.title)
    if fields.url is not None:
        url = _text_at(place, entry, fields.url)
    else:
        url = (fields.address or place.home).replace("{key}", key)
    day = _at(entry, fields.day)
    printed = day if isinstance(day, str) else ""
    own_key = f"{key} {printed}" if fields.changes else key
    body = msgspec.json.encode(entry).decode()
    return _document(place, own_key, title, url, _day_in(printed), body)


def _text_at(place: Place, entry: object, path: str) -> str:
    value = _at(entry, path)
    if not isinstance(value, str):
        _refuse(place, f"a document has no text as {path}")
    return value


def _at(value: object, path: str) -> object:
    for name in path.split("."):
        fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
        value = fields.get(name)
    return value


# --- A feed: RSS 2.0, RSS 1.0 (RDF) or Atom, told apart by their elements.


def _xml(place: Place, content: bytes) -> Element:
    try:
        # Some servers send an empty line before the declaration.
        root = fromstring(content.lstrip())
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        _refuse(place, f"the answer is not XML, or is cut off ({type(error).__name__})")
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _read_feed(place: Place, content: bytes) -> _Found:
    root = _xml(place, content)
    if _name(root) not in {"rss", "rdf", "feed"}:
        _refuse(place, f"the answer is no feed but <{_name(root)}>")
    entries = [each for each in root.iter() if _name(each) in {"item", "entry"}]
    return [_feed_document(place, each) for each in entries], None


def _feed_document(place: Place, entry: Element) -> PlaceDocument:
    texts: dict[str, str] = {}
    link: str | None = None
    for child in entry:
        text = " ".join("".join(child.itertext()).split())
        if text:
            texts.setdefault(_name(child), text)
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            link = link or child.get("href") or text
    if entry.get("deleted") and "id" in texts:
        # The courts of the Netherlands keep a ruling that was withdrawn as an empty entry.
        return _withdrawn(place, texts["id"], texts.get("updated", ""))
    url = link or texts.get("guid") or texts.get("id")
    if url is None:
        _refuse(place, "an entry of the feed has no link")
    printed = next((texts[each] for each in _FEED_DAYS if each in texts), "")
    key = texts.get("guid") or texts.get("id") or url
    if "updated" in texts and not texts.keys() & {"published", "pubdate", "date"}:
        # A feed of pages that change, as gov.uk's are: each change is a document of its own.
        key = f"{key} {texts['updated']}"
    return _document(place, key, texts.get("title", ""), url, _feed_day(printed))


def _withdrawn(place: Place, key: str, updated: str) -> PlaceDocument:
    title = f"{key} was withdrawn"
    return _document(place, f"{key} {updated} withdrawn", title, place.home, _day_in(updated))


_FEED_DAYS = ("pubdate", "published", "date", "updated")


def _feed_day(printed: str) -> date | None:
    try:
        return parsedate_to_datetime(printed).date()
    except (ValueError, OverflowError):
        return _day_in(printed)


# --- A sitemap: addresses with the day of their last change, each change a document of its own.


def _read_sitemap(place: Place, content: bytes) -> _Found:
    root = _xml(place, content)
    if _name(root) != "urlset":
        _refuse(place, f"the answer is no sitemap but <{_name(root)}>")
    found: list[PlaceDocument] = []
    for entry in root:
        texts = {_name(child): " ".join((child.text or "").split()) for child in entry}
        url = texts.get("loc", "")
        if _is_document(place, url):
            path = urlsplit(_address(place.url, url) or "").path
            changed = texts.get("lastmod", "")
            title = path.rstrip("/").rpartition("/")[2].replace("-", " ")
            found.append(_document(place, f"{url} {changed}", title, url, _day_in(changed)))
    return found, None


def _is_document(place: Place, url: str) -> bool:
    return place.link is not None and re.search(place.link, url) is not None


# --- An index page: its links, with the days printed beside them.

_END = re.compile(r"</html\s*>", re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
# Where the system that Chinese ministries share prints the list that a page asks it for.
_WRAPPED_IN = "data.html"
_MOST_LISTED = 100
_ENCODINGS: Mapping[str, str] = MappingProxyType(
    {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "shift_jis": "cp932"}
    | {"x-sjis": "cp932", "euc-kr": "cp949", "big5": "cp950", "iso-8859-1": "cp1252"}
)


def _read_links(place: Place, content: bytes) -> _Found:
    text = _html_text(place, content)
    # A page that ends anywhere else was cut off; some servers add a line of their own after it.
    if _END.search(text) is None:
        _refuse(place, "the answer is no HTML page, or is cut off (no </html>)")
    reader = _LinkReader(place)
    reader.feed(text)
    reader.close()
    documents = tuple(reader.documents())
    return documents, None if documents or _is_wrapped(content) else reader.elsewhere


def _is_wrapped(content: bytes) -> bool:
    return content.lstrip()[:1] == b"{"


def _html_text(place: Place, content: bytes) -> str:
    html_in = _WRAPPED_IN if _is_wrapped(content) else place.html_in
    if html_in is not None:
        found = _at(_json(place, content), html_in)
        if not isinstance(found, str):
            _refuse(place, f"the answer has no text as {html_in}")
        return f"{found}</html>"
    named = _CHARSET.search(content[:4_000])
    charset = named[1].decode().lower() if named else "utf-8"
    try:
        return content.decode(_ENCODINGS.get(charset, "utf-8-sig"))
    except UnicodeDecodeError as error:
        _refuse(place, f"the page is not {charset} (byte {error.start})")


class _LinkReader(HTMLParser):
    """A parser that collects the links to documents, and the text between them."""

    def __init__(self, place: Place) -> None:
        super().__init__(convert_charrefs=True)
        self._place = place
        self._links: list[tuple[str, str]] = []
        # The text before each link, and after the last one: one entry more than links.
        self._between: list[list[str]] = [[]]
        self._inside: list[str] = []
        self._open: tuple[str, str] | None = None
        self._unseen = 0
        self.elsewhere: str | None = None
        """The address from which a script of the page fetches its list, None without one."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._unseen += 1
        self.elsewhere = self.elsewhere or _list_elsewhere(self._place, dict(attrs))
        if tag == "a":
            self._end_link()
            given = dict(attrs)
            url = _address(self._place.url, given.get("href") or "")
            if url is not None and _is_document(self._place, url):
                self._open = url, given.get("title") or ""

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._unseen = max(0, self._unseen - 1)
        if tag == "a":
            self._end_link()

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            (self._between[-1] if self._open is None else self._inside).append(data)

    def _end_link(self) -> None:
        if self._open is None:
            return
        url, title = self._open
        self._links.append((url, _line(title) or _line(" ".join(self._inside))))
        self._between.append([])
        self._inside, self._open = [], None

    def documents(self) -> Iterator[PlaceDocument]:
        """Yield the documents; of several links to one address, the first with a text."""
        self._end_link()
        titles: dict[str, str] = {}
        days: dict[str, date | None] = {}
        heading: date | None = None
        for number, (url, title) in enumerate(self._links):
            heading = _day_in(" ".join(self._between[number]), last=True) or heading
            titles[url] = titles.get(url) or title
            own = heading if self._place.dated == "heading" else self._day(number, url, title)
            days[url] = days.get(url) or own
        for url, title in titles.items():
            yield _document(self._place, url, title, url, days[url])

    def _day(self, number: int, url: str, title: str) -> date | None:
        before, after = (" ".join(self._between[each]) for each in (number, number + 1))
        match self._place.dated:
            case "before":
                return _day_in(before, last=True)
            case "after":
                return _day_in(after)
            case "link":
                return _day_in(title)
            case "address":
                return _day_in(url)
            case "heading" | "nowhere":
                return None


def _list_elsewhere(place: Place, given: Mapping[str, str | None]) -> str | None:
    """Return the address of the list that an element of a page stands for, None without one.

    The pages of Chinese ministries have `url` and `querydata`, a list of names and values, where
    a script puts the list; that address answers JSON.
    """
    query, url = given.get("querydata"), given.get("url")
    address = _address(place.url, url) if url else None
    if address is None or not query:
        return None
    try:
        asked = msgspec.json.decode(query.replace("'", '"'), type=dict[str, str])
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    wanted = msgspec.json.encode({"pageNo": 1, "pageSize": _MOST_LISTED}).decode()
    return f"{address}?{urlencode({**asked, 'paramJson': wanted})}"


# --- Days as places print them.

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = "(?P<{}>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_DAY = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>20\d\d)[-/._年]\s?(?P<m1>\d{1,2})[-/._月]\s?(?P<d1>\d{1,2})(?!\d)"
    r"|(?P<y2>20\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?!\d)"
    rf"|(?P<d3>\d{{1,2}})\s+{_NAMED.format('n3')},?\s+(?P<y3>20\d\d)"
    r"|(?P<d5>\d{1,2})\.(?P<m5>\d{1,2})\.(?P<y5>20\d\d)"
    rf")|\b{_NAMED.format('n4')}\s+(?P<d4>\d{{1,2}}),?\s+(?P<y4>20\d\d)",
    re.IGNORECASE,
)


def _day_in(text: str, *, last: bool = False) -> date | None:
    """Return the first day printed in a text, or the last; None where none is printed."""
    days = [day for each in _DAY.finditer(text) if (day := _day_of(each)) is not None]
    return None if not days else days[-1 if last else 0]


def _day_of(match: re.Match[str]) -> date | None:
    form = next(each for each in "12345" if match[f"y{each}"] is not None)
    named = match[f"n{form}"].lower() if form in "34" else None
    month = int(match[f"m{form}"]) if named is None else _MONTHS.index(named) + 1
    try:
        return datetime(int(match[f"y{form}"]), month, int(match[f"d{form}"]), tzinfo=UTC).date()
    except ValueError:
        return None


_READERS: Mapping[Parser, Callable[[Place, bytes], _Found]] = MappingProxyType(
    {
        "federal_register": _read_json,
        "json": _read_json,
        "feed": _read_feed,
        "links": _read_links,
        "sitemap": _read_sitemap,
    }
)
