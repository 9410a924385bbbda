"""Takes a run of Han, kana or Hangul characters apart into known words and the rest, a brand."""

from anyascii import anyascii

from service.normalise.fold import fold
from service.normalise.table import read_table

_FORM_MARK = "="


def split_han(piece: str) -> list[tuple[str, str, str, str | None, str | None]]:
    """Words of `piece` in order, as printed, spelled, folded, canonical and legal-form code.

    The longest known word wins at each place (`han_words.txt`); what stands between known words is
    one word, folded from its reading.
    """
    parts: list[tuple[str, str, str, str | None, str | None]] = []
    brand_from = at = 0
    while at < len(piece):
        known = _longest_known(piece, at)
        if known is None:
            at += 1
            continue
        parts.extend(_brand(piece[brand_from:at]))
        canonical = _KNOWN[known]
        code = canonical.removeprefix(_FORM_MARK) if canonical.startswith(_FORM_MARK) else None
        word = None if code is not None else "".join(map(fold, canonical.split(" ")))
        parts.append((known, known, fold(_reading(known)), word, code))
        at += len(known)
        brand_from = at
    parts.extend(_brand(piece[brand_from:]))
    return parts


def _longest_known(piece: str, at: int) -> str | None:
    for length in range(min(_LONGEST, len(piece) - at), 0, -1):
        if piece[at : at + length] in _KNOWN:
            return piece[at : at + length]
    return None


def _brand(printed: str) -> list[tuple[str, str, str, None, None]]:
    return [(printed, printed.lower(), fold(_reading(printed)), None, None)] if printed else []


def _reading(printed: str) -> str:
    letters = "".join(letter for letter in anyascii(printed).lower() if letter.isalnum())
    return letters or "u" + "".join(f"{ord(letter):x}" for letter in printed)


def _read_known() -> dict[str, str]:
    return {
        spelling: canonical
        for canonical, spellings in read_table("han_words.txt")
        for spelling in spellings
    }


_KNOWN = _read_known()
_LONGEST = max(map(len, _KNOWN))
