"""Read a document of the Federal Register from its text, as the Publishing Office prints it.

The API has the title and the summary; the text has the docket, and the amendatory instructions,
which alone say what of the regulations changes.

Source: https://www.govinfo.gov/app/collection/FR (the link `raw_text_url` of the API)
"""

import html
import re
from collections.abc import Iterator
from datetime import datetime

from abeyance_screening.engine.measures.places import FederalRegisterDocument
from abeyance_screening.primitives.errors import RowRefusedError

_HEAD = re.compile(
    r"\[Federal Register Volume (?P<volume>\d{1,3}), Number \d+ \(\w+, (?P<day>.+?)\)\]"
)
_NUMBER = re.compile(r"\[FR Doc No: (?P<number>[\w-]+)\]")
_PAGE = re.compile(r"\[Pages? (?P<page>\d+)")
_TYPES = {
    "[Rules and Regulations]": "Rule",
    "[Proposed Rules]": "Proposed Rule",
    "[Notices]": "Notice",
    "[Presidential Documents]": "Presidential Document",
}
_AGENCIES = {
    "Bureau of Industry and Security": "industry-and-security-bureau",
    "Office of Foreign Assets Control": "foreign-assets-control-office",
}
_DOCKET = re.compile(r"\[Docket (?:No\.|ID|Number)[: ]+(?P<docket>[^\]]+)\]")
_RIN = re.compile(r"\bRIN (\d{4}-[A-Z]{2}\d{2})\b")
_CAPTION = re.compile(
    r"^(?P<name>AGENCY|ACTION|SUMMARY|DATES|ADDRESSES|FOR FURTHER INFORMATION CONTACT"
    r"|SUPPLEMENTARY INFORMATION):\s",
    re.MULTILINE,
)
# What stands between paragraphs: the turn of a page, a rule, and the square before an instruction.
_TURN = re.compile(r"^(?:\[\[Page \d+\]\]|[-=]{20,})$", re.MULTILINE)
AMENDS = re.compile(
    r"\b(?:is|are) (?:further )?(?:amended|revised|added|removed|stayed|delayed)\b"
)
"""What an amendatory instruction does."""
_INSTRUCTION = re.compile(r"^(?:0 )?(?P<number>\d{1,3})\. (?P<words>.+)")
_PARAGRAPH = re.compile(r"\n\s*\n|\n0\n|\n {4}(?=\S)")
_BEGIN = b"[Federal Register Volume "
_PAGE_BEGIN = b"<html"
_PAGE_END = "</pre>"
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


def where_printed(content: bytes) -> int | None:
    """Return where the printed text of a document begins in a file; None where there is none.

    The Register serves it in a page of HTML.
    """
    begins = content[:2_000].find(_BEGIN)
    above = content[: max(begins, 0)].strip().lower()
    is_whole = begins >= 0 and (not above or above.startswith(_PAGE_BEGIN))
    return begins if is_whole else None


def read_printed(text: str) -> FederalRegisterDocument:
    """Read one document from its printed text, which begins with the volume.

    Raises:
        RowRefusedError: The text has no day, number or title where such texts have them.
    """
    text = _TURN.sub("", _without_markup(text))
    head, number = _HEAD.search(text), _NUMBER.search(text)
    if head is None or number is None:
        where = "the printed text"
        raise RowRefusedError(where, "has no day or number in its first lines")
    where, page = f"document {number['number']}", _PAGE.search(text)
    captions = dict(_captions(text))
    above = text[: text.find("AGENCY:")] if "AGENCY" in captions else text[:2_000]
    title = _title(above[number.end() :])
    if not title:
        raise RowRefusedError(where, "title: is not above the captions")
    try:
        day = datetime.strptime(head["day"], "%B %d, %Y").date()  # noqa: DTZ007 - a day alone
    except ValueError:
        raise RowRefusedError(where, f"{head['day']!r} is no day") from None
    docket = _DOCKET.search(above)
    return FederalRegisterDocument(
        number=number["number"],
        title=title,
        publication_date=day,
        html_url=f"https://www.federalregister.gov/d/{number['number']}",
        type=next((kind for mark, kind in _TYPES.items() if mark in text[:600]), None),
        abstract=captions.get("SUMMARY"),
        action=captions.get("ACTION"),
        dates=captions.get("DATES"),
        citation=None if page is None else f"{head['volume']} FR {page['page']}",
        rins=tuple(dict.fromkeys(_RIN.findall(above))),
        agencies=tuple(slug for name, slug in _AGENCIES.items() if name in above),
        docket=None if docket is None else docket["docket"].strip(),
        instructions=tuple(_instructions(text)),
    )


def _without_markup(text: str) -> str:
    body, end, _ = text.replace("\r\n", "\n").partition(_PAGE_END)
    return html.unescape(_TAG.sub("", body)) if end else body


def _captions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs that have a caption, up to the next one."""
    found = list(_CAPTION.finditer(text))
    for place, each in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else each.end() + 5_000
        yield each["name"], _line(text[each.end() : end])


def _title(above: str) -> str:
    """Return the last paragraph above the captions that is no docket and no number."""
    paragraphs = [_line(each) for each in re.split(r"\n\s*\n", above)]
    own = [each for each in paragraphs if each and not each.startswith(("[", "RIN ", "Billing"))]
    return own[-1] if own else ""


def _instructions(text: str) -> Iterator[str]:
    """Yield the instructions that amend, each with its number: `2. Section 744.11 is amended`."""
    for paragraph in _PARAGRAPH.split(text):
        match = _INSTRUCTION.match(_line(paragraph))
        if match is not None and AMENDS.search(match["words"]):
            yield match[0].removeprefix("0 ")


def _line(text: str) -> str:
    return " ".join(text.replace("``", "“").replace("''", "”").split())
