"""Read documents of the Federal Register, strictly from the JSON of its API or as printed.

Source: https://www.federalregister.gov/developers/documentation/api/v1
"""

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import NoReturn, cast

import msgspec

from abeyance_screening.engine.lists.reading.days import read_citations
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.measures.places import FederalRegisterDocument
from abeyance_screening.features.watch.proposals.us_fr.printed import read_printed, where_printed
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

CODE = "us_fr"
# An answer of the API has at most 1,000 documents of some 3 kB; the limits are over ten times
# that.
MAX_BYTES = 50_000_000
MAX_DOCUMENTS = 10_000
# The longest abstract known has 3,000 characters; a `dates` paragraph is shorter.
MAX_TEXT = 50_000
_NUMBER = re.compile(r"[A-Z0-9]{1,4}(?:-[A-Z0-9]{1,6}){1,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_FIELD = re.compile(r"(?:field `(?P<missing>[^`]+)`)|(?:at `\$\.?(?P<wrong>[^`]+)`)")
_CORRECTION = re.compile(r"C\d+-(.+)")
_NO_SUMMARY = "no summary provided."


class DocumentPage(msgspec.Struct, frozen=True):
    """One answer of the API: its documents in order, and the address of the next page, if any."""

    documents: tuple[FederalRegisterDocument, ...]
    next_page_url: str | None


class _Agency(msgspec.Struct, frozen=True):
    slug: str | None = None
    name: str | None = None
    raw_name: str | None = None


class _PrintedText(msgspec.Struct, frozen=True):
    """The fields of a document by the API's names; a query chooses which are answered."""

    document_number: str
    title: str
    publication_date: date
    html_url: str
    type: str | None = None
    abstract: str | None = None
    action: str | None = None
    dates: str | None = None
    effective_on: date | None = None
    citation: str | None = None
    regulation_id_numbers: tuple[str, ...] = ()
    agencies: tuple[_Agency, ...] = ()
    correction_of: str | None = None


def read_documents(content: bytes) -> tuple[FederalRegisterDocument, ...]:
    """Read the documents of an answer of the API, of a single document, or of a list of them.

    A document may come as its printed text too, which has its instructions.

    They are in printed order. Unknown fields are ignored, since a query chooses the fields.

    Raises:
        ListRefusedError: The content is no such JSON, or over the limits.
        RowRefusedError: A document lacks its number, title, day or address, or a value is
            invalid; names the document and the field.
    """
    return read_page(content).documents


def read_page(content: bytes) -> DocumentPage:
    """Read one answer of the API with the address of the next page; see `read_documents`."""
    if len(content) > MAX_BYTES:
        _refuse(f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are read")
    begins = where_printed(content)
    if begins is not None:
        return DocumentPage((read_printed(read_text(CODE, content[begins:])),), None)
    try:
        found = cast("object", msgspec.json.decode(read_text(CODE, content)))
    except (msgspec.DecodeError, RecursionError) as error:
        _refuse(f"the file is not JSON: {error}")
    entries = _entries(found)
    if len(entries) > MAX_DOCUMENTS:
        _refuse(f"the file has {len(entries):,} documents; at most {MAX_DOCUMENTS:,} are read")
    documents = tuple(_document(place, entry) for place, entry in enumerate(entries, start=1))
    return DocumentPage(documents, _next_of(found))


def _entries(found: object) -> list[object]:
    if isinstance(found, list):
        return cast("list[object]", found)
    fields = _fields(found)
    if "document_number" in fields:
        return [found]
    results = fields.get("results")
    if isinstance(results, list):
        return cast("list[object]", results)
    # without results the API leaves the field out
    if results is not None or fields.get("count") != 0:
        _refuse("the file is not an answer of the Federal Register's documents API")
    return []


def _next_of(found: object) -> str | None:
    url = _fields(found).get("next_page_url")
    if url is not None and not isinstance(url, str):
        _refuse("next_page_url: is no address")
    return url


def _fields(found: object) -> dict[str, object]:
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _document(place: int, entry: object) -> FederalRegisterDocument:
    given = _fields(entry).get("document_number")
    where = f"document {given}" if isinstance(given, str) and given else f"document no. {place}"
    try:
        printed = msgspec.convert(entry, _PrintedText)
    except msgspec.ValidationError as error:
        named = _FIELD.search(str(error))
        field = (named["missing"] or named["wrong"]) if named else "-"
        raise RowRefusedError(where, f"{field}: {error}") from error
    _refuse_odd_values(where, printed)
    return FederalRegisterDocument(
        number=printed.document_number,
        title=_stripped(printed.title) or "",
        publication_date=printed.publication_date,
        html_url=printed.html_url,
        type=printed.type,
        abstract=_abstract(printed.abstract),
        action=_stripped(printed.action),
        dates=_stripped(printed.dates),
        effective_on=printed.effective_on,
        citation=_stripped(printed.citation),
        rins=printed.regulation_id_numbers,
        agencies=tuple(_agencies(printed.agencies)),
        corrects=_corrects(printed),
    )


def _refuse_odd_values(where: str, printed: _PrintedText) -> None:
    if _NUMBER.fullmatch(printed.document_number) is None:
        raise RowRefusedError(
            where, f"document_number: {printed.document_number!r} is not a document number"
        )
    if not _stripped(printed.title):
        raise RowRefusedError(where, "title: is blank")
    if not printed.html_url.startswith("https://"):
        raise RowRefusedError(where, f"html_url: {printed.html_url!r} is not an https address")
    for field in ("title", "abstract", "action", "dates", "citation"):
        text = cast("str | None", getattr(printed, field)) or ""
        if len(text) > MAX_TEXT:
            raise RowRefusedError(
                where, f"{field}: has {len(text):,} characters; at most {MAX_TEXT:,} are read"
            )


def _abstract(printed: str | None) -> str | None:
    text = _stripped(printed)
    return None if text is None or text.lower() == _NO_SUMMARY else text


def _stripped(printed: str | None) -> str | None:
    """Return a text on one line without markup and control characters; None if it is blank."""
    without = _TAG.sub("", _BREAK.sub(" ", printed or ""))
    return " ".join(_CONTROL.sub(" ", html.unescape(without)).split()) or None


def _agencies(printed: Iterable[_Agency]) -> Iterable[str]:
    named = (each.slug or each.name or each.raw_name for each in printed)
    return filter(None, named)


def _corrects(printed: _PrintedText) -> str | None:
    """Return the number of the corrected document, from its address or from the own number."""
    if printed.correction_of is not None:
        return printed.correction_of.rstrip("/").rpartition("/")[2].removesuffix(".json")
    correction = _CORRECTION.fullmatch(printed.document_number)
    return None if correction is None else correction[1]


def _refuse(reason: str) -> NoReturn:
    raise ListRefusedError(CODE, reason)


# --- The acts that a text names: by page, by document number, by rulemaking number.

_PAGE = re.compile(r"\d{2,3} FR \d{2,6}")
_DOCUMENT = re.compile(r"(?<![\w-])(?:[CR]\d-)?(?:19|20)\d{2}-\d{5}(?![\w-])")
_RULEMAKING = re.compile(r"(?<![\w-])\d{4}-[A-Z]{2}\d{2}(?![\w-])")


def acts_in(text: str) -> tuple[str, ...]:
    """Return the acts that a text names, each once: pages, then documents, then rulemakings.

    For example `90 FR 50857`, `2025-19846` and `0694-AK11`. Pages are spelled as `read_citations`
    does, documents and rulemakings as printed.
    """
    pages = (act for act in read_citations(text) if _PAGE.fullmatch(act))
    numbers = (*_DOCUMENT.findall(text), *_RULEMAKING.findall(text))
    return tuple(dict.fromkeys((*pages, *numbers)))
