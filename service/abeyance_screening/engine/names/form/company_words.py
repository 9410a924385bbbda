"""Part the words for a company and its trade from its name, in scripts whose names are heard."""

import re
import unicodedata
from functools import cache

from abeyance_screening.engine.names.form.token import read_table

_SILENT = "="
# Marks of Greek and of Arabic; in the other scripts marks are letters.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u0652]")
# Letters of scripts that part words with spaces, where no word begins or ends within another, and
# of those that need not: Thai, kana and Hangul. Names in these scripts are heard.
_WITH_SPACES = "\u0370-\u03ff\u0590-\u06ff\u0900-\u097f\u10a0-\u10ff"
_SPACED = re.compile(f"[{_WITH_SPACES}]")
_HEARD = re.compile(f"[{_WITH_SPACES}\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]")


def without_company_words(written: str) -> tuple[str, str] | None:
    """Return the rest of a name and what lists print for the words for companies around it.

    `קבוצת גזפרום` → `גזפרום`, `group`. None where it has no such word or nothing else.
    """
    if _HEARD.search(written) is None:
        return None
    whole = rest = _plain(written)
    latin = dict[str, None]()
    while parted := _part(rest):
        rest, word = parted
        latin[word] = None
    return None if rest == whole else (rest, " ".join(filter(_SILENT.__ne__, latin)))


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
