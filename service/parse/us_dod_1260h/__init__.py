"""Chinese military companies under section 1260H, as the Defense Department publishes them.

The list comes as a PDF file with a press release and, the same day or the next, as a notice in the
Federal Register. Source: https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H
"""

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.model.listing import Fact, Listing
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.pdf_text import is_pdf, pdf_layout
from service.parse.texts import read_text
from service.parse.us_dod_1260h.entries import Entry, entries_of
from service.parse.us_dod_1260h.names import printed_names
from service.parse.us_dod_1260h.notices import is_list, read_document
from service.parse.us_dod_1260h.sections import Note

__all__ = ["FORMATS", "LIST_CODE", "parse"]

LIST_CODE = "us_dod_1260h"
_URL = "https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H"


def parse(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of a PDF file, of its text, or of a notice's text from the Federal Register.

    `published_on` is the day of the issue of the Federal Register; the PDF file prints none. A
    listing is one name; companies that stand under another have it as the fact `listed_under`.
    What the department says of why a company is listed is the remark. A company that only a
    footnote says is still on the list is the last one. Those that a section says were taken off
    it are no listings. Ids are made of names.

    Raises:
        ListRefusedError: not the list, cut off, out of order, or without a single entry, or a
            text that has lost which companies stand under others.
        RowRefusedError: a line that is neither a name nor words about the company before it; its
            place is how it begins.
    """
    document = read_document(LIST_CODE, _text_of(content))
    entries = tuple(entries_of(document.lines))
    if not entries:
        raise ListRefusedError(LIST_CODE, "the text has no entries")
    if document.has_subsidiaries and all(entry.parent is None for entry in entries):
        reason = "the text has lost which companies stand under others; give the PDF file"
        raise ListRefusedError(LIST_CODE, reason)
    listings = (
        *(_listing(entry, document.citation) for entry in entries),
        *(_listing_of_note(note) for note in document.notes),
    )
    keyed = [(key_of_name(listing.primary_name), listing) for listing in listings]
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=document.published_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _text_of(content: bytes) -> str:
    if not is_pdf(content):
        return read_text(LIST_CODE, content)
    try:
        return pdf_layout(content)
    except RowRefusedError as error:
        raise ListRefusedError(LIST_CODE, f"{error.where}: {error.reason}") from None


def _listing_of_note(note: Note) -> Listing:
    entry = Entry(name=note.name, parent=None, reasons=(note.sentence,))
    return _listing(entry, note.citation)


def _listing(entry: Entry, citation: str | None) -> Listing:
    names, marks = printed_names(entry.name)
    printed = (*marks, *(() if entry.parent is None else (("listed_under", entry.parent),)))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names,
        entity_type="organisation",
        citations=() if citation is None else (citation,),
        remarks=" ".join(entry.reasons) or None,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in printed),
        source_url=_URL,
    )


def _may_be_list(file: GivenFile) -> bool:
    return is_pdf(file.content) or is_list(file.head)


FORMATS = (
    Format(
        word="dod_1260h",
        source=LIST_CODE,
        title="the section 1260H list as PDF, or the text of its Federal Register notice",
        tells=_may_be_list,
        read=one_file(parse),
    ),
)
"""What the Defense Department publishes."""
