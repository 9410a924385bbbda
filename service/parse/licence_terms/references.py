"""Sections of 15 CFR that a printed text refers to."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.model.licence import REMEMBERED_TEXTS

# A reference as it may stand behind `See`: signs, sections, paragraphs, footnote marks and the
# words between them, and nothing else. One letter behind a number is a slip: `744.2l(b)`.
SECTIONS = (
    r"(?:[\s§?,]|and\b|of the EAR(?!9)|of this part\b|part\b"
    r"|7\d\d\.\d{1,2}[a-z]?|\((?:[a-z]|\d|[ivx]{2,4})\)|\d(?!\d))+"
)
_REFERENCE = re.compile(
    r"(?<![\d.])(?P<section>7[3-7]\d\.\d{1,2})(?P<paragraph>(?: ?\((?:[a-z]|\d|[ivx]{2,4})\))*)"
    r"(?:,? and (?:\((?P<also>[a-z])\)|(?P<also_bare>[a-z])\.?$))?"
    r"|supplement no\. (?P<supplement>\d+) to part (?P<part>7\d\d)\b",
    re.IGNORECASE,
)
_L_FOR_ONE = re.compile(r"(?<=\d)l(?=\()")
_BARE_PARAGRAPH = re.compile(r"(?<=\d\.\d\d)([a-z])\b")


@lru_cache(maxsize=REMEMBERED_TEXTS)
def references_in(text: str) -> tuple[str, ...]:
    """The sections and supplements named, each once, in order of appearance.

    `15 CFR 744.21(e)`, `Supplement No. 7 to 15 CFR 746`; the second of `§ 740.11(b)(2) and (e)`
    is written out.
    """
    line = _L_FOR_ONE.sub("1", " ".join(text.split()))
    return tuple(dict.fromkeys(_references(_BARE_PARAGRAPH.sub(r"(\1)", line))))


def _references(line: str) -> Iterator[str]:
    for found in _REFERENCE.finditer(line):
        if found["section"] is None:
            yield f"Supplement No. {found['supplement']} to 15 CFR {found['part']}"
            continue
        yield f"15 CFR {found['section']}{found['paragraph'].replace(' ', '')}"
        if also := found["also"] or found["also_bare"]:
            yield f"15 CFR {found['section']}({also})"
