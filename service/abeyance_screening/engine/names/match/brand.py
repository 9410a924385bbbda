"""Tell a listed brand from an ordinary firm that has its word: Kodiak Bakery is not Kodiak.

A firm that is listed by one word goes by that word and by words of its trade, its country or its
group, but hardly by a word that lists print beside no other brand. This part only lowers a score.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import msgspec
from rapidfuzz.fuzz import ratio

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.people import may_be_person
from abeyance_screening.engine.names.form.token import read_words
from abeyance_screening.engine.names.form.trade_words import everyday_words
from abeyance_screening.engine.names.form.word_types import (
    ComparisonForm,
    Word,
    fold,
    printed_letters,
)
from abeyance_screening.engine.names.match.cut import cut_after
from abeyance_screening.engine.names.match.framed import framing_words, place_words
from abeyance_screening.engine.names.match.name_keys import PARTNERS, join_words
from abeyance_screening.engine.names.match.spelling import is_like_any
from abeyance_screening.engine.names.match_types import Part

# The part of a score for a brand that is all that two names share, beside those that have tables.
BRAND_ALONE = "brand_alone"
# What is left over of the question: a word that lists print beside no other brand, or a trade of
# everyday life, which such a word may be as well; and the log-odds for each.
_ANOTHER, _EVERYDAY = 1.0, 2.0
_WORTH = {_ANOTHER: -1.0, _EVERYDAY: -1.5}
# Shorter words beside a brand are mostly the initials of a group (CVG Minerven), and words that
# ordinary firms share (family, partners) say little.
_SHORTEST, _RARE = 5, 0.6
# No ordinary firm among those counted has a word of this weight (Hikvision): beside anything but a
# trade of everyday life it is still that brand (Hikvision Ezviz Ltd). Where all may be a person's
# name, no other word may be one that firms have either.
_COINED = 1.0
# In what may be a person's name they are names, in any script.
_SHORTEST_NAME, _RARE_NAME = 4, 0.5
# A brand and another word.
_FEWEST = 2
# A brand of two words may be written as one (Media Land). A person's name of two words is compared
# with a firm as well; what no question is told apart from has more words than this.
MOST_NAMED = 2
_VOWELS = frozenset("aeiouy")
_LAST_LATIN = "\u024f"
_PACKAGE = "abeyance_screening.engine.names.match"


# A name of three or four letters is another with any letter changed, though both are folded to the
# same word (BYD and BID), and a name is not another that only means the same (Beifang and Sever).
OTHER_LETTERS, SENSE_ALONE = "other_letters", "sense_alone"
_SHORT, _OTHER_LETTERS = 4, -6.0
# A word of a trade is the same one with another ending (Energetika), but not with another word in
# it (Metallov, Metallmash) or so short that the ending makes another word (Bank, Banka).
# What is written in another script and unlike is a translation, which lists print too (Зірка).
_SENSE_ALONE, _LEAST_LIKE, _TRANSLATED = -3.0, 90.0, 50.0
_BY_SENSE = (Part(name=SENSE_ALONE, value=1.0, log_odds=_SENSE_ALONE),)
# A firm of one word of five letters, or of fewer, with its legal form was written with care, and
# with a letter changed it is another firm (Batik Sdn Bhd is not Baytic).
NEAR_ALONE = "near_alone"
_SHORT_FIRM, _BY_NEAR = 5, (Part(name=NEAR_ALONE, value=1.0, log_odds=-2.0),)
# Letters beside a word of a trade, that or no more of them, are initials.
_LETTERS = 2


class BrandQuestion(msgspec.Struct, frozen=True):
    """What of a question is compared with a brand, read once for all of its hits.

    `left_over` says of each of `words`, its distinct words, what it is where it is left over:
    `_ANOTHER`, `_EVERYDAY`, or 0 if it says nothing.
    """

    form: ComparisonForm
    words: Sequence[Word]
    texts: frozenset[str]
    neighbours: frozenset[str]
    left_over: Sequence[float]
    may_be_person: bool
    alone: Word | None
    is_short_firm: bool

    def has_another_trade(self) -> bool:
        """Return whether it has a word that may tell it from a brand, as few listed names do.

        Where it has none, `compare_brands` adds nothing to any listed name.
        """
        return len(self.form.words) >= _FEWEST and not self.form.initials and any(self.left_over)


def brand_question(asked: ComparisonForm) -> BrandQuestion:
    """Return what of a question is compared with brands."""
    words, may_be = distinct_words(asked), may_be_person(asked)
    return BrandQuestion(
        form=asked,
        words=words,
        texts=frozenset([word.text for word in words]),
        neighbours=frozenset([join_words(one.text, other.text) for one, other in pairwise(words)]),
        left_over=[_kind_of(word, may_be_person=may_be) for word in words],
        may_be_person=may_be,
        alone=_word_alone(words),
        is_short_firm=(
            asked.legal_forms != () and len(words) == 1 and len(words[0].text) <= _SHORT_FIRM
        ),
    )


def compare_brands(
    asked: BrandQuestion, listed: ComparisonForm, entity_type: EntityType | None
) -> tuple[Part, ...]:
    """Return the part to add for a question that shares nothing but a brand; none for most.

    `entity_type` is that of the listing. Identical names are not to be compared.
    """
    # most names that score high have two words in common
    if len(asked.texts.intersection([word.text for word in listed.words])) > 1:
        return ()
    named = [word for word in listed.words if not word.is_trade_word]
    if entity_type == "person" or len(named) > MOST_NAMED or not asked.has_another_trade():
        return ()
    brand = _brand_of(named, listed.words)
    value = _left_beside(asked, listed, brand) if brand.isdisjoint(asked.neighbours) else 0.0
    if not value or cut_after(asked.form, listed):
        return ()
    return (Part(name=BRAND_ALONE, value=value, log_odds=_WORTH[value]),)


def _word_alone(words: Sequence[Word]) -> Word | None:
    """Return the one word that a name goes by, if it is short, or a trade and all of the name.

    A place beside it says nothing (TSMC Nanjing).
    """
    places = place_words()
    named = [word for word in words if not (word.is_trade_word or word.text in places)] or words
    if len(named) != 1:
        return None
    is_short = named[0].printed.isascii() and len(named[0].printed) <= _SHORT
    return named[0] if named[0].is_trade_word or is_short else None


def compare_alone(
    asked: BrandQuestion, listed: ComparisonForm, entity_type: EntityType | None
) -> tuple[Part, ...]:
    """Return the part to add where a word of both names is the same but in its letters.

    That is the one word of both, or a trade in a person's name (carpets, Khali). Names in another
    script than Latin are the same by their sound.
    """
    if entity_type == "person" and _shares_a_sense(asked.words, listed.words):
        return _BY_SENSE
    if asked.is_short_firm and _is_only_near(asked.words[0], listed.words):
        return () if cut_after(asked.form, listed) else _BY_NEAR
    theirs = _word_alone(distinct_words(listed))
    if asked.alone is None or theirs is None or asked.alone.text != theirs.text:
        return ()
    return _compare_letters(asked, asked.alone, listed, theirs)


def _compare_letters(
    asked: BrandQuestion, ours: Word, listed: ComparisonForm, theirs: Word
) -> tuple[Part, ...]:
    """Return the part to add where a word that is all of both names has other letters."""
    one, other = (each.printed.casefold() for each in (ours, theirs))
    is_same = printed_letters(one) == printed_letters(other)
    if not ours.is_trade_word:
        return () if is_same else (Part(name=OTHER_LETTERS, value=1.0, log_odds=_OTHER_LETTERS),)
    if _letters_beside(asked.form) != _letters_beside(listed):
        return _BY_SENSE
    like = ratio(fold("".join(asked.form.spelled)), fold("".join(listed.spelled)))
    is_translated = like < _TRANSLATED and not ours.printed.isascii()
    return () if is_same or like >= _LEAST_LIKE or is_translated else _BY_SENSE


def _is_only_near(word: Word, others: Sequence[Word]) -> bool:
    """Return whether a word is like one of others, and the same as none of them."""
    texts = {text for each in others for text in (each.text, *each.readings)}
    return texts.isdisjoint((word.text, *word.readings)) and is_like_any(word.text, texts)


def _shares_a_sense(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Return whether names have a word of a trade in common that both print quite differently."""
    trades = {word.text: word.printed for word in ours if word.is_trade_word}
    alike = dict[str, float]()
    for word in theirs:
        one = trades.get(word.text)
        if one is not None and one.isascii():
            like = ratio(one.casefold(), word.printed.casefold())
            alike[word.text] = max(like, alike.get(word.text, 0.0))
    return any(like < _TRANSLATED for like in alike.values())


def _letters_beside(form: ComparisonForm) -> list[str]:
    """Return the letters of a name that are no words (S-Group is not Group A, nor is NA Group)."""
    return sorted(each for each in form.spelled if len(each) <= _LETTERS)


def _left_beside(asked: BrandQuestion, listed: ComparisonForm, brand: frozenset[str]) -> float:
    """Return what is left over of a question that shares nothing but this brand, 0 if nothing."""
    theirs = (*brand, *[word.text for word in listed.words if word.is_trade_word])
    are_met = [_is_met(word, theirs) for word in asked.words]
    met = [word for word, is_met in zip(asked.words, are_met, strict=True) if is_met]
    if len(met) != 1 or met[0].is_trade_word or not _is_met(met[0], (*brand,)):
        return 0.0
    left = [kind for kind, is_met in zip(asked.left_over, are_met, strict=True) if not is_met]
    value = max(left, default=0.0)
    coined = asked.words if asked.may_be_person else met
    is_that_brand = value == _ANOTHER and min([word.weight for word in coined]) >= _COINED
    return 0.0 if is_that_brand else value


def _brand_of(named: Sequence[Word], words: Sequence[Word]) -> frozenset[str]:
    """Return the ways to write a brand: its one word, and neighbours written together."""
    joined = [pair for pair in pairwise(words) if all(word in pair for word in named)]
    alone = (named[0].text, *named[0].readings) if len(named) == 1 else ()
    return frozenset((*alone, *(join_words(one.text, other.text) for one, other in joined)))


def _is_met(word: Word, others: Sequence[str]) -> bool:
    """Return whether a word is like one of others, in any reading, or may be printed for it."""
    texts = (word.text, *word.readings, *(each.text for each in PARTNERS.get(word.text, ())))
    return any(is_like_any(text, others) for text in texts)


def _kind_of(word: Word, *, may_be_person: bool) -> float:
    """Return what a left-over word is: `_ANOTHER`, `_EVERYDAY`, or 0 if it says nothing."""
    if word.text in _everyday_words():
        return _EVERYDAY
    shortest, rare = (_SHORTEST_NAME, _RARE_NAME) if may_be_person else (_SHORTEST, _RARE)
    says_nothing = (
        word.is_trade_word
        or word.weight < rare
        or max(len(word.text), len(word.printed)) < shortest
        or not word.printed.isalpha()
        or not (may_be_person or max(word.printed) <= _LAST_LATIN)
        or _VOWELS.isdisjoint(word.text)
        or word.text in _words_of_lists()
        or word.text in framing_words()
    )
    return 0.0 if says_nothing else _ANOTHER


@cache
def _everyday_words() -> frozenset[str]:
    return frozenset(normalise(word).words[0].text for word in everyday_words())


@cache
def _words_of_lists() -> frozenset[str]:
    return frozenset(read_words("words_of_lists.txt", _PACKAGE))
