"""What speaks against two names by the letters of a single word, written out for the reference."""

import unicodedata

from rapidfuzz.distance import OSA, Indel

from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, fold


def of_word_alone(
    asked: ComparisonForm,
    listed: ComparisonForm,
    places: set[str],
    *,
    is_person: bool,
    is_cut: bool,
) -> float:
    """Return what speaks against one word that is another in its letters, or but a sense."""
    if is_person and is_met_by_sense(asked, listed):
        return -3.0
    if is_short_firm_near(asked, listed):
        return 0.0 if is_cut else -2.0
    ours, theirs = word_alone(asked, places), word_alone(listed, places)
    if ours is None or theirs is None or ours.text != theirs.text:
        return 0.0
    is_same = printed_letters(ours) == printed_letters(theirs)
    mine, others = (sorted(each for each in f.spelled if len(each) < 3) for f in (asked, listed))
    if not ours.is_trade_word:
        return 0.0 if is_same else -6.0
    one, other = (fold("".join(form.spelled)) for form in (asked, listed))
    like, is_latin_word = Indel.normalized_similarity(one, other), ours.printed.isascii()
    is_like = is_same or like >= 0.9 or (like < 0.5 and not is_latin_word)
    return 0.0 if mine == others and is_like else -3.0


def is_met_by_sense(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether names have a word of a trade in common that both print quite differently."""
    for one in distinct_words(asked):
        printed = [other.printed for other in listed.words if other.text == one.text]
        if printed and one.is_trade_word and one.printed.isascii():
            alike = (
                Indel.normalized_similarity(one.printed.casefold(), each.casefold())
                for each in printed
            )
            if max(alike) < 0.5:
                return True
    return False


def is_short_firm_near(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a firm of one short word has no word of a listed name, but one like it."""
    (word, *more), others = asked.words, {t for w in listed.words for t in (w.text, *w.readings)}
    if more or not asked.legal_forms or len(word.text) > 5 or {word.text, *word.readings} & others:
        return False
    return any(OSA.normalized_similarity(word.text, other) >= 0.72 for other in others)


def word_alone(form: ComparisonForm, places: set[str]) -> Word | None:
    """Return the only word of a name but for places, if it is short, or a trade and all of it."""
    words = distinct_words(form)
    named = [w for w in words if not (w.is_trade_word or w.text in places)] or words
    if len(named) != 1:
        return None
    is_short = named[0].printed.isascii() and len(named[0].printed) <= 4
    return named[0] if named[0].is_trade_word or is_short else None


def are_other_letters(one: Word, other: Word) -> bool:
    """Return whether like words are so short that folding made them so (TSMC, CMK)."""
    is_short = (
        max(len(one.printed), len(other.printed)) < 5 and (one.printed + other.printed).isascii()
    )
    return is_short and printed_letters(one) != printed_letters(other)


def printed_letters(form: ComparisonForm | Word) -> str:
    """Return the letters, digits and non-Latin vowel signs of a printed name or word."""
    signs = unicodedata.normalize("NFKD", form.printed.lower())
    vowels = {sign for sign in signs if unicodedata.category(sign)[0] == "M" and sign > "\u036f"}
    return "".join(sign for sign in signs if sign.isalnum() or sign in vowels)
