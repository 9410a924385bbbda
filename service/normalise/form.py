"""The comparison form of a printed name."""

from service.model.matching import ComparisonForm, Word
from service.normalise.legal_forms import find_legal_forms
from service.normalise.token import Token
from service.normalise.tokens import split_tokens
from service.normalise.trade_words import merge_trade_words
from service.normalise.weights import weigh

# A legal form that has to serve as the name says less than the most common trade word.
_FORM_WEIGHT = 0.1


def normalise(printed: str) -> ComparisonForm:
    """Make a printed name comparable. Takes any string, in time proportional to its length.

    Legal forms are set apart, unless the name is nothing else ("Corp"): then they are its words.
    A name of blanks alone has no words.
    """
    tokens = split_tokens(printed)
    forms = find_legal_forms(tokens)
    kept = [token for place, token in enumerate(tokens) if place not in forms]
    if not kept:
        words = tuple(
            Word(token.folded, token.printed, _FORM_WEIGHT, token.readings) for token in tokens
        )
        spelled = _spell(tokens)
        return ComparisonForm(printed, words, (), spelled, "".join(spelled))
    words = tuple(
        Word(text, piece, weigh(text), readings)
        for text, piece, readings in merge_trade_words(kept)
    )
    codes = tuple(sorted(set(forms.values()) - {""}))
    spelled = _spell(kept)
    return ComparisonForm(printed, words, codes, spelled, "".join(spelled))


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """The words in the name's own spelling; "&", "and" and nothing are one."""
    return tuple(token.spelled for token in tokens if token.spelled != "and" or len(tokens) == 1)
