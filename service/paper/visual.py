"""From text as it is written to text as it is drawn: Arabic letters joined, right-to-left turned.

What names and addresses need of the Unicode bidirectional algorithm, in a line that runs from left
to right: a stretch of right-to-left letters, with the spaces, marks and numbers inside it, is
turned, and numbers in it keep their own order. Embeddings and overrides are not read.

Source: Unicode Standard Annex #9; Unicode Standard, chapter 9.2 (Arabic joining).
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_NUMBERS = frozenset({"EN", "AN"})
_MARKS = frozenset({"Mn", "Me"})
_TATWEEL = "\u0640"
_LAM = "\u0644"
_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_PRESENTATION = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
_PAIRS = MappingProxyType(
    {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<"}
    | {"«": "»", "»": "«"}
)


def is_right_to_left(text: str) -> bool:
    """Whether any letter of a text runs from right to left."""
    return any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)


def visual(text: str) -> str:
    """A line as it is drawn from left to right."""
    if not is_right_to_left(text):
        return text
    clusters = _clusters(_joined(text))
    kinds = [_kind(each) for each in clusters]
    drawn: list[str] = []
    at = 0
    while at < len(clusters):
        if kinds[at] not in _RIGHT_TO_LEFT:
            drawn.append(clusters[at])
            at += 1
            continue
        end = _stretch(clusters, kinds, at)
        drawn += _turned(clusters[at:end], kinds[at:end])
        at = end
    return "".join(drawn)


def _kind(cluster: str) -> str:
    return unicodedata.bidirectional(cluster[0])


def _stretch(clusters: Sequence[str], kinds: Sequence[str], start: int) -> int:
    """Where the stretch of right-to-left that begins at `start` ends."""
    end = start + 1
    for at in range(start + 1, len(clusters)):
        if kinds[at] == "L":
            break
        if kinds[at] in _RIGHT_TO_LEFT | _NUMBERS:
            end = at + 1
    while end < len(clusters) and clusters[end] in _PAIRS and _closes(clusters, start, end):
        end += 1
    return end


def _closes(clusters: Sequence[str], start: int, at: int) -> bool:
    """Whether a bracket closes one that was opened inside the stretch."""
    return clusters[at] in ")]}»" and _PAIRS[clusters[at]] in clusters[start:at]


def _turned(clusters: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    """The stretch from its end to its start; a number in it stays as it is read."""
    at = len(clusters) - 1
    while at >= 0:
        start = at
        while kinds[at] in _NUMBERS and start > 0 and _goes_on(clusters, kinds, start):
            start -= 1
        if start < at:
            yield from clusters[start : at + 1]
        else:
            yield _PAIRS.get(clusters[at], clusters[at])
        at = start - 1


def _goes_on(clusters: Sequence[str], kinds: Sequence[str], start: int) -> bool:
    """Whether a number goes on before `start`, itself or with a sign between its digits."""
    if kinds[start - 1] in _NUMBERS:
        return True
    is_sign = clusters[start - 1] in ".,/:-" and kinds[start] in _NUMBERS
    return is_sign and start > 1 and kinds[start - 2] in _NUMBERS


def _clusters(text: str) -> list[str]:
    """Letters with the marks that stand on them."""
    clusters: list[str] = []
    for each in text:
        if clusters and unicodedata.category(each) in _MARKS:
            clusters[-1] += each
        else:
            clusters.append(each)
    return clusters


@cache
def _forms() -> Mapping[tuple[str, str], str]:
    """The drawn form of a letter, or of lam with an alef, by what it is joined to."""
    forms: dict[tuple[str, str], str] = {}
    for first, last in _PRESENTATION:
        for point in range(first, last + 1):
            kind, *of = unicodedata.decomposition(chr(point)).split() or ["", ""]
            letters = "".join(chr(int(each, 16)) for each in of if each)
            is_lam_alef = letters[:1] == _LAM and letters[1:] in _ALEFS
            if kind.startswith("<") and (len(letters) == 1 or is_lam_alef):
                forms.setdefault((letters, kind.strip("<>")), chr(point))
    return MappingProxyType(forms)


def _joins_on(letter: str) -> bool:
    """Whether a letter is joined to the one after it."""
    return letter == _TATWEEL or (letter, "initial") in _forms()


def _joins_back(letter: str) -> bool:
    """Whether a letter is joined to the one before it."""
    return letter == _TATWEEL or (letter, "final") in _forms()


def _joined(text: str) -> str:
    """Each Arabic letter in the form its neighbours give it, in the order of reading."""
    clusters = _clusters(text)
    letters = [each[0] for each in clusters]
    drawn: list[str] = []
    at = 0
    while at < len(clusters):
        before = at > 0 and _joins_on(letters[at - 1]) and _joins_back(letters[at])
        pair = "".join(letters[at : at + 2])
        joined_pair = _forms().get((pair, "final" if before else "isolated"))
        if letters[at] == _LAM and joined_pair is not None:
            drawn.append(joined_pair + clusters[at][1:] + clusters[at + 1][1:])
            at += 2
            continue
        after = at + 1 < len(letters) and _joins_on(letters[at]) and _joins_back(letters[at + 1])
        kind = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}
        form = _forms().get((letters[at], kind[before, after]), letters[at])
        drawn.append(form + clusters[at][1:])
        at += 1
    return "".join(drawn)
