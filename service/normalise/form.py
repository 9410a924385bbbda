"""The comparison form of a printed name."""

import re
from functools import lru_cache

from service.model.matching import ComparisonForm
from service.normalise.legal_forms import find_legal_forms
from service.normalise.token import Token
from service.normalise.tokens import split_tokens
from service.normalise.trade_words import merge_trade_words
from service.normalise.words import make_form_word

# What lists print behind some names, of whom else an entry means ("…, including all units").
_TAIL = re.compile(
    r"(?<=[\w.)\]]{4}),? (?:including (?:the|all|its|any)|and any successor|to include) .*",
    re.IGNORECASE | re.DOTALL,
)


# A question's name is looked at several times in a row.
_LAST_NAMES = 16


@lru_cache(_LAST_NAMES)
def normalise(printed: str) -> ComparisonForm:
    """Make a printed name comparable. Takes any string, in time proportional to its length.

    Legal forms are set apart, unless the name is nothing else ("Corp"): then they are its words.
    A name of blanks alone has no words. What is said of subsidiaries behind a name is left out.
    """
    tokens = split_tokens(_TAIL.sub("", printed))
    forms = find_legal_forms(tokens)
    kept = [token for place, token in enumerate(tokens) if place not in forms] if forms else tokens
    if not kept:
        words = [make_form_word(each.folded, each.printed, each.readings) for each in tokens]
        spelled = _spell(tokens)
        return ComparisonForm(printed, tuple(words), (), spelled, "".join(spelled))
    words = tuple(merge_trade_words(kept))
    codes = tuple(sorted(set(forms.values()) - {""}))
    spelled = _spell(kept)
    return ComparisonForm(printed, words, codes, spelled, "".join(spelled))


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """The words in the name's own spelling; "&", "and" and nothing are one."""
    spelled = [token.spelled for token in tokens]
    return tuple([word for word in spelled if word != "and"] or spelled)
