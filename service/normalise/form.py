"""The comparison form of a printed name."""

import re
from functools import lru_cache

from service.model.matching import ComparisonForm, Word
from service.normalise.legal_forms import find_legal_forms
from service.normalise.token import Token
from service.normalise.tokens import split_tokens
from service.normalise.trade_words import Piece, merge_trade_words
from service.normalise.weights import weigh

# A legal form that has to serve as the name says less than the most common trade word.
_FORM_WEIGHT = 0.1
# What lists print behind some names, of whom else an entry means ("…, including all units").
_TAIL = re.compile(
    r"(?<=[\w.)\]]{4}),? (?:including (?:the|all|its|any)|and any successor|to include) .*",
    re.IGNORECASE | re.DOTALL,
)
# Names share their words.
_CACHED_WORDS = 1 << 15


def normalise(printed: str) -> ComparisonForm:
    """Make a printed name comparable. Takes any string, in time proportional to its length.

    Legal forms are set apart, unless the name is nothing else ("Corp"): then they are its words.
    A name of blanks alone has no words. What is said of subsidiaries behind a name is left out.
    """
    tokens = split_tokens(_TAIL.sub("", printed))
    forms = find_legal_forms(tokens)
    kept = [token for place, token in enumerate(tokens) if place not in forms]
    if not kept:
        words = tuple(
            Word(token.folded, token.printed, _FORM_WEIGHT, token.readings) for token in tokens
        )
        spelled = _spell(tokens)
        return ComparisonForm(printed, words, (), spelled, "".join(spelled))
    words = tuple(map(_word, merge_trade_words(kept)))
    codes = tuple(sorted(set(forms.values()) - {""}))
    spelled = _spell(kept)
    return ComparisonForm(printed, words, codes, spelled, "".join(spelled))


@lru_cache(_CACHED_WORDS)
def _word(piece: Piece) -> Word:
    """One object for all names with the same word, which spares memory and time."""
    return Word(piece.text, piece.printed, weigh(piece.text), piece.readings, piece.is_trade_word)


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """The words in the name's own spelling; "&", "and" and nothing are one."""
    spelled = tuple(token.spelled for token in tokens if token.spelled != "and")
    return spelled or tuple(token.spelled for token in tokens)
