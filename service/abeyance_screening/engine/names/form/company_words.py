"""Part the words for a company and its trade from its name, in scripts whose names are heard."""

import re
import unicodedata
from functools import cache

from abeyance_screening.engine.names.form.token import read_table

_SILENT = "="
# Marks of Greek and of Arabic; in the other scripts marks are letters.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u0652]")
# Scripts that part words with spaces: no word of them begins or ends within another.
_SPACED = re.compile("[\u0370-\u03ff\u0590-\u06ff\u0900-\u097f\u10a0-\u10ff]")
# Letters of the scripts whose names are heard, but for Han: a name has one at least.
_HEARD = re.compile(
    "[\u0370-\u03ff\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u10a0-\u10ff\u3040-\u30ff\uac00-\ud7af]"
)


def without_company_words(written: str) -> tuple[str, str] | None:
    """Return the rest of a name and what lists print for the words for companies around it.

    `קבוצת גזפרום` → `גזפרום`, `group`. None where it has no such word or nothing else.
    """
    if _HEARD.search(written) is None:
        return None
    rest, latin = _plain(written), list[str]()
    while parted := _part(rest):
        rest, word = parted
        latin += [word] if word != _SILENT else []
    return (rest, " ".join(dict.fromkeys(latin))) if rest != _plain(written) else None


def _part(written: str) -> tuple[str, str] | None:
    """Part the longest of these words from an end of a name."""
    for word, latin in _company_words().items():
        for rest, beside in (
            (written.removeprefix(word), written[len(word) : len(word) + 1]),
            (written.removesuffix(word), written[: -len(word)][-1:]),
        ):
            is_whole = beside == " " or _SPACED.match(word) is None
            if rest != written and rest.strip() and is_whole:
                return rest.strip(), latin
    return None


@cache
def _company_words() -> dict[str, str]:
    """Return what lists print for each of the words, the longest first."""
    table = read_table("company_words.txt")
    words = {_plain(word): latin for latin, spellings in table for word in spellings}
    return dict(sorted(words.items(), key=lambda each: -len(each[0])))


def _plain(written: str) -> str:
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", written).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", apart)).strip()
