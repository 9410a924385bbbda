"""Compare a question with a person: initials, syllables, and who is asked for.

These parts of a score are added to what the kernel of `engine.names.match.search` measures. They
only lower a score, except that initials may raise that of a name asked without its given names.
"""

import math
import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz.fuzz import ratio

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.lists.reading.names import is_latin
from abeyance_screening.engine.names.form.east_asia import SYLLABLES
from abeyance_screening.engine.names.form.people import (
    first_letter,
    is_full_name,
    is_han,
    may_be_person,
    syllables_of,
)
from abeyance_screening.engine.names.form.token import read_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, printed_letters
from abeyance_screening.engine.names.match.framed import framing_words
from abeyance_screening.engine.names.match.name_keys import GIVEN_NAMES, telling
from abeyance_screening.engine.names.match.spelling import is_like_any
from abeyance_screening.engine.names.match_types import Part

# A margin for rounding: the search may find too much, and scores are compared once more.
_SLACK = 1e-9
_CRAFT = frozenset[EntityType | None]({"vessel", "aircraft"})

# Log-odds by the number of the question's initials with which listed names begin, in the order of
# both. One in eight persons has a given initial by chance, which is worth 2; less is added, since
# persons of one list share their given names.
_INITIALS = (0.0, 1.2, 2.2, 2.8, 2.8)
# The listed name has other given names: V. Putin is not Sergey Putin.
_OTHER_INITIALS = -3.0
# The most log-odds of the names beside initials, even if a listed name is the same: a surname
# alone scores at most 0.65, several names 0.98.
_MOST_OF_SURNAME, _MOST_OF_NAMES = 0.6, 4.0
# Each name has a syllable that the other lacks; see `syllables_of`.
_OTHER_SYLLABLE = -6.0
# A full name in Han or Hangul and one in other letters meet by readings that are not its
# syllables: characters have several readings, and readings many characters. Two characters are
# rarely a firm (Li Li is not the ship Lily), four often are (Loongson Zhongke).
_READ_LOOSELY, _OF_FIRM_READ_LOOSELY, _OF_FIRM_OF_TWO = -1.0, -1.5, -3.0
_SHORTEST_FULL_NAME = 2
# Both are in Han, and share no character, as the person Li Fang and the firm Lifang.
_OTHER_CHARACTERS = -4.0
# Words are spelled alike but begin with other sounds (Yashchenko and Pashchenko).
_OTHER_BEGINNING = -3.0
_FEW_WORDS = 3
# Letters with which one name begins in different romanisations (Jadran and Zadran).
_SOUNDS = ("aeiouhj", "gjzi", "kghcx", "bpfv", "dt", "szc")
# A given name is all that a firm or ship has in common with what may be a person: Olivia Jones is
# not the Olivia.
_GIVEN_NAME_ALONE = -3.0
# What may be a person's name has a rare word that is not in the name of a ship (Bianca Niggli is
# not the ship Bianca), or not in that of a firm of one or two words (Tamás Molnár, and Tamas
# Company) or of a person who is listed with one: a
# firm may be asked for with a place or a product, a ship or a person with nothing else.
_ANOTHER_WORD_OF_SHIP, _ANOTHER_WORD_OF_ONE = -3.0, -0.8
_RARE, _RARE_BESIDE_SHIP, _RARE_BESIDE_ONE = 0.75, 0.5, 0.5
_A_PERSONS_WORDS = 2
# Abdul Samad is one name, which another name follows as a rule.
_BEFORE_A_NAME = frozenset({"abd", "abdul", "abdel", "abu", "al"})
# Ernesto Medina is not Brandon Ernesto Herrera Medina.
_LATER_NAMES = -0.6
# Names in other scripts than Latin are read in several ways, and so meet more persons by chance:
# of ordinary ones twice as many.
_OWN_SCRIPT = -0.26
# Karina Drobot is not Maria Drobot.
_ONE_NAME_OF_TWO = -1.5
# Names that begin with the same sound are often two spellings of one (Shatrov, Shatrou).
_SHORTEST_OTHER_NAME, _LEAST_ALIKE = 3, {True: 50.0, False: 75.0}
# A person is asked for, and a firm or ship has some of the names.
_OTHER_TYPE = -3.0
# A firm, a ship or a listing of no stated type lacks one of what may be a person's names (Sania
# Mirza is not Mirza and Co.), unless the other is a brand that nobody is called by.
_ONE_OF_THE_NAMES, _COINED = -2.5, 0.95
_MOST_NAMES = 3
_SURNAME = re.compile("[a-z]{2,}(?:[eo]va?|ina?|ski?i?|skaia|enko|vich)")
# Given name and surname are both those of the other sex (Alexandra Ivanova is not Alexander
# Ivanov). It is no more, since in Russian a text about him has his names with the same endings.
_OTHER_SEX, _NAMES_OF_SEX = -0.8, 2
# Many people share two popular names (Ricardo Ortiz), of which lists print more besides.
_POPULAR_NAMES = -1.1


def most_added(asked: ComparisonForm) -> float:
    """Return the most log-odds that `compare` adds for a question."""
    return _INITIALS[-1] if asked.initials else 0.0


def least_log_odds(form: ComparisonForm, threshold: float) -> float:
    """Return the log-odds that a search must find for a form to reach a threshold, or less."""
    if threshold >= 1.0:
        return math.inf
    if threshold <= 0.0:
        return -math.inf
    return math.log(threshold / (1.0 - threshold)) - _SLACK - most_added(form)


def is_plain(asked: ComparisonForm) -> bool:
    """Return whether a question is neither for a type nor in another script nor with initials."""
    return (
        asked.entity_type is None
        and not asked.initials
        and asked.reading is None
        and asked.printed.isascii()
    )


def concerns_people(asked: ComparisonForm) -> bool:
    """Return whether a question may be for a person; if not, only listed persons are compared."""
    return bool(asked.initials) or may_be_person(asked)


def compare(
    asked: ComparisonForm,
    listed: ComparisonForm,
    entity_type: EntityType | None,
    log_odds: float,
) -> tuple[Part, ...]:
    """Return the parts to add to the `log_odds` of two names; none for most.

    `entity_type` is that of the listing. Identical names are not to be compared, unless the
    question has initials, beside which they are not the whole name.
    """
    is_person = entity_type == "person"
    if not is_person and (
        _is_plain_firm(asked, listed, entity_type) or not concerns_people(asked)
    ):
        return ()
    parts: list[Part] = []
    if asked.initials:
        parts.append(_initials(asked, listed, log_odds, is_person=entity_type in {None, "person"}))
    if is_person:
        part = _of_person(asked, listed) or _of_own_script(asked)
    elif is_other_type(asked, listed, entity_type):
        part = Part(name="other_type", value=1.0, log_odds=_OTHER_TYPE)
    else:
        part = _of_no_person(asked, listed, entity_type)
    if part is not None:
        parts.append(part)
    return tuple(parts)


def _is_plain_firm(
    asked: ComparisonForm, listed: ComparisonForm, entity_type: EntityType | None
) -> bool:
    """Return whether it is told at a glance that `compare` adds nothing to a firm, as for most.

    The question is plain, and the listed name begins with two words of its own, so that it is no
    given name alone. A name of up to three words whose type is not stated may be a person's.
    """
    words = listed.words
    return (
        entity_type not in _CRAFT
        and len(words) > (_MOST_NAMES if entity_type is None else 1)
        and words[0].text != words[1].text
        and not (words[0].is_trade_word or words[1].is_trade_word)
        and is_plain(asked)
    )


def _of_person(asked: ComparisonForm, listed: ComparisonForm) -> Part | None:
    """Return the first of what speaks against a person, in the order in which it counts."""
    for speaks_against, name, log_odds in (
        (have_other_syllables, "other_syllables", _OTHER_SYLLABLE),
        (have_other_characters, "other_characters", _OTHER_CHARACTERS),
        (is_read_loosely, "read_loosely", _READ_LOOSELY),
        (begin_otherwise, "other_beginning", _OTHER_BEGINNING),
        (have_other_sex, "other_sex", _OTHER_SEX),
        (has_another_name_alone, "one_word_alone", _ANOTHER_WORD_OF_ONE),
        (has_later_names, "later_names", _LATER_NAMES),
        (has_one_name_of_two, "one_name_of_two", _ONE_NAME_OF_TWO),
        (share_popular_names, "popular_names", _POPULAR_NAMES),
    ):
        if speaks_against(asked, listed):
            return _part(name, log_odds)
    return None


def has_another_name_alone(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a person of one name lacks a rare word of the question."""
    return has_one_name(listed) and has_another_word(asked, listed, _RARE_BESIDE_ONE)


def _part(name: str, log_odds: float) -> Part:
    return Part(name=name, value=1.0, log_odds=log_odds)


def _of_own_script(asked: ComparisonForm) -> Part | None:
    if is_latin(asked.printed) or not may_be_person(asked):
        return None
    return Part(name="own_script", value=1.0, log_odds=_OWN_SCRIPT)


def _of_no_person(
    asked: ComparisonForm, listed: ComparisonForm, entity_type: EntityType | None
) -> Part | None:
    is_craft = entity_type in _CRAFT
    if is_given_name_alone(asked, listed):
        name, worth = "given_name_alone", _GIVEN_NAME_ALONE
    elif have_other_characters(asked, listed):
        name, worth = "other_characters", _OTHER_CHARACTERS
    elif is_another_reading(asked, listed):
        is_short = len(asked.joined) == _SHORTEST_FULL_NAME
        name, worth = "read_loosely", _OF_FIRM_OF_TWO if is_short else _OF_FIRM_READ_LOOSELY
    elif is_craft and has_another_word(asked, listed, _RARE_BESIDE_SHIP):
        name, worth = "one_word_alone", _ANOTHER_WORD_OF_SHIP
    elif not is_craft and is_one_of_two(asked, listed) and has_another_word(asked, listed):
        name, worth = "one_word_alone", _ANOTHER_WORD_OF_ONE
    elif entity_type is None and may_be_person(listed) and (part := _of_person(asked, listed)):
        name, worth = part.name, part.log_odds
    elif lacks_a_name(asked, listed, entity_type):
        name, worth = "one_of_the_names", _ONE_OF_THE_NAMES
    else:
        return None
    same = printed_letters(asked.printed) == printed_letters(listed.printed)
    return None if same else Part(name=name, value=1.0, log_odds=worth)


def is_other_type(
    asked: ComparisonForm, listed: ComparisonForm, entity_type: EntityType | None
) -> bool:
    """Return whether a person is asked for, and what is listed is none and has not all the names.

    A firm that has all of them stays a hit: it may be the person's, or the question mistaken.
    """
    if asked.entity_type != "person" or entity_type in {None, "person"}:
        return False
    theirs = [word.text for word in listed.words]
    return any(not is_like_any(word.text, theirs) for word in asked.words)


def have_other_syllables(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether two names of East Asian syllables have different ones.

    It is False where one is of another language, where both have the same syllables in one of the
    languages, and where only letters are doubled (CHOOE SONG IL).
    """
    if not any(syllables_of(asked.spelled).by_language):
        return False
    same = _same_syllables(asked, listed)
    return bool(same) and not any(same)


def _same_syllables(asked: ComparisonForm, listed: ComparisonForm) -> list[bool]:
    """Return for each language that both names may be of whether they have the same syllables."""
    ours, theirs = syllables_of(asked.spelled), syllables_of(listed.spelled)
    if ours.letters and ours.letters == theirs.letters:
        return [True]
    surnames = map(max, ours.has_surname, theirs.has_surname)
    return [
        sorted(one) == sorted(other)
        for one, other, has in zip(ours.by_language, theirs.by_language, surnames, strict=True)
        if one and other and has
    ]


def _have_same_syllables(asked: tuple[str, ...], listed: tuple[str, ...]) -> bool:
    """Return whether two spelled names have the same syllables in a language."""
    ours, theirs = syllables_of(asked).by_language, syllables_of(listed).by_language
    return any(
        one and sorted(one) == sorted(other) for one, other in zip(ours, theirs, strict=True)
    )


def have_other_characters(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether what may be a full name in Han has no character of a name in Han."""
    return (
        not asked.printed.isascii()
        and is_full_name(asked)
        and is_han(asked.joined)
        and is_han(listed.joined)
        and may_be_person(asked)
        and set(listed.joined).isdisjoint(asked.joined)
    )


def is_read_loosely(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a Chinese or Korean name in its own script meets one in another script.

    It is False where both have the same syllables.
    """
    if asked.printed.isascii() or not is_full_name(asked):
        return False
    is_other = listed.joined.isascii() or not set(listed.joined) & set(asked.joined)
    return is_other and not any(_same_syllables(asked, listed))


def is_another_reading(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a firm in another script has not the syllables of a full name, or others too.

    Trade words do not count: Zhang Yang is not the Zhangjiang Laboratory, nor Lifei Yuntian.
    """
    if (
        asked.printed.isascii()
        or not (is_full_name(asked) and may_be_person(asked))
        or set(listed.joined) & set(asked.joined)
    ):
        return False
    pairs = zip(listed.spelled, listed.spelled[1:], strict=False)
    runs = ((listed.spelled,), zip(listed.spelled, strict=True), pairs)
    named = sum([not word.is_trade_word for word in listed.words])
    whole = [run for some in runs for run in some if len(run) >= named]
    return not any(_have_same_syllables(asked.spelled, run) for run in whole)


def is_one_of_two(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a name is one of the question's two words, with words of trades at most.

    The question must be in another script or have accents: Tamas may be the firm in any case.
    """
    if len(asked.words) != _A_PERSONS_WORDS or asked.printed.isascii():
        return False
    words = {word.text for word in listed.words if not word.is_trade_word}
    return 0 < len(words) <= _A_PERSONS_WORDS and any(
        is_like_any(text, tuple(words))
        for word in asked.words
        for text in (word.text, *word.readings)
    )


def has_another_word(asked: ComparisonForm, listed: ComparisonForm, rare: float = _RARE) -> bool:
    """Return whether what may be a person's name has a rare word that a listed name lacks.

    `rare` is the least weight of such a word.
    """
    theirs = [word.text for word in listed.words]
    return may_be_person(asked) and any(
        word.weight >= rare
        and not any(is_like_any(text, theirs) for text in (word.text, *word.readings))
        for word in asked.words
    )


def has_later_names(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether two names are the later surname and the later given name of a person of four.

    Nobody goes by these alone, in whichever order the list prints them.
    """
    if len(asked.words) != _A_PERSONS_WORDS or len(listed.words) != 2 * _A_PERSONS_WORDS:
        return False
    ours = [word.text for word in asked.words]
    return [is_like_any(word.text, ours) for word in listed.words] == [False, True, False, True]


def has_one_name_of_two(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether of a person's two names one is in a listed name of two, the other unlike."""
    if len(asked.words) != _A_PERSONS_WORDS or len(listed.words) != _A_PERSONS_WORDS:
        return False
    theirs = [word.text for word in listed.words]
    if asked.words[0].text in theirs and asked.words[1].text in theirs:
        return False
    met = [
        [at for at, text in enumerate(theirs) if _is_same_name(word, text)] for word in asked.words
    ]
    if sorted(map(len, met)) != [0, 1] or not may_be_person(asked):
        return False
    ours = asked.words[met.index([])]
    other = theirs[1 - max(met)[0]]
    texts = (ours.text, *ours.readings)
    return min(map(len, (*texts, other))) >= _SHORTEST_OTHER_NAME and not any(
        ratio(text, other) >= _LEAST_ALIKE[_sound_alike(text[0], other[0])] for text in texts
    )


def _is_same_name(word: Word, text: str) -> bool:
    others = [partner.text for partner in GIVEN_NAMES.get(word.text, ())]
    return any(is_like_any(each, (text,)) for each in (word.text, *word.readings, *others))


def lacks_a_name(
    asked: ComparisonForm, listed: ComparisonForm, entity_type: EntityType | None
) -> bool:
    """Return whether a name that is no person's lacks one of what may be a person's two or three.

    The listed name has one word beside those of trades, or, where its type is not stated, up to
    three words. It is False beside a word that no ordinary company has and that is no name of
    persons: that is a brand, whatever stands beside it. A place is no name either.
    """
    own = sum([not word.is_trade_word for word in listed.words])
    is_short = entity_type is None and len(listed.words) <= _MOST_NAMES
    if not (own == 1 or is_short) or not 1 < len(asked.words) <= _MOST_NAMES:
        return False
    theirs = [word.text for word in listed.words]
    met = [word for word in asked.words if _is_met(word, theirs)]
    missed = [word.text for word in asked.words if word not in met]
    is_brand = any(word.weight >= _COINED and not _is_name(word) for word in met)
    return not framing_words().issuperset(missed) and not is_brand and may_be_person(asked)


def share_popular_names(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether all of a person's two names that met are popular, and each name has others.

    That is one that the listed person lacks, or has besides.
    """
    ours, theirs = [word.text for word in asked.words], [word.text for word in listed.words]
    if len(ours) != _A_PERSONS_WORDS or not (is_latin(asked.printed) and may_be_person(asked)):
        return False
    met = [word for word in asked.words if _is_met(word, theirs)]
    has_another = (not is_like_any(text, ours) for text in theirs if text not in _BEFORE_A_NAME)
    are_popular = bool(met) and all(map(_is_popular, met))
    return are_popular and (len(met) < len(ours) or any(has_another))


def _is_met(word: Word, others: Sequence[str]) -> bool:
    return any(_is_same_name(word, text) for text in others)


def _is_name(word: Word) -> bool:
    """Return whether a word is a name of persons: a popular one, a syllable, a Slavic surname."""
    return _is_popular(word) or word.text in SYLLABLES or _SURNAME.fullmatch(word.text) is not None


def _is_popular(word: Word) -> bool:
    return word.text in _popular_names() or word.text in GIVEN_NAMES


@cache
def _popular_names() -> frozenset[str]:
    return frozenset(read_words("popular_names.txt", "abeyance_screening.engine.names.match"))


def has_one_name(listed: ComparisonForm) -> bool:
    """Return whether a person is listed with one word, or with one beside Abdul or Abu."""
    return sum([word.text not in _BEFORE_A_NAME for word in listed.words]) == 1


def have_other_sex(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether two words of one name are those of the other with an `a` at the end."""
    ours, theirs = ({word.text for word in each.words} for each in (asked, listed))
    return any(
        sum(f"{word}a" in women or f"{word}ia" in women for word in men - women) >= _NAMES_OF_SEX
        for women, men in ((ours, theirs), (theirs, ours))
    )


def begin_otherwise(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a word of the question is met only by words that begin with another sound.

    Patronymics and long names, in which one word says little, do not count.
    """
    if len(asked.words) > _FEW_WORDS:
        return False
    theirs = [word.text for word in listed.words]
    strange = [word.text for word in asked.words if word.text not in theirs]
    return any(not _begins_like_one(word, theirs) and not telling(word) for word in strange)


def _begins_like_one(word: str, others: Sequence[str]) -> bool:
    """Return whether a word begins like one that it is like, or is like none."""
    alike = [other for other in others if is_like_any(word, (other,))]
    if not alike or any(_sound_alike(word[0], other[0]) for other in alike):
        return True
    known = {partner.text for partner in GIVEN_NAMES.get(word, ())}
    return any(word[:2] == other[1::-1] or other in known for other in alike)


def _sound_alike(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _SOUNDS)


def is_given_name_alone(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether given names are all that a listed name has, and the question has others."""
    words = {word.text for word in listed.words if not word.is_trade_word}
    if len(words) != 1:
        return False
    ours = {word.text for word in asked.words}
    return (
        len(ours) > 1
        and (words <= GIVEN_NAMES.keys() or is_full_name(asked))
        and not any(is_like_any(word, tuple(words)) for word in ours - words)
        and may_be_person(asked)
    )


def _initials(
    asked: ComparisonForm, listed: ComparisonForm, log_odds: float, *, is_person: bool
) -> Part:
    met, is_other = meet_initials(asked, listed) if is_person else (0, True)
    worth = _OTHER_INITIALS if is_other else _INITIALS[met]
    most = _MOST_OF_SURNAME if len(asked.words) == 1 else _MOST_OF_NAMES
    return Part(name="initials", value=float(met), log_odds=worth + min(0.0, most - log_odds))


def meet_initials(asked: ComparisonForm, listed: ComparisonForm) -> tuple[int, bool]:
    """Return how many initials of the question are met, and whether one is not although it could.

    An initial is met by a listed word that none of the question's words meets.
    """
    words = [word.text for word in asked.words]
    left = [word for word in listed.words if not is_like_any(word.text, words)]
    begins = [_beginnings(word) for word in left]
    met = 0
    for initial in asked.initials:
        place = next((at for at, letters in enumerate(begins) if initial in letters), None)
        if place is not None:
            begins.pop(place)
            met += 1
    return met, met < len(asked.initials) and bool(begins)


def _beginnings(word: Word) -> frozenset[str]:
    """Return the letters with which a listed name may begin, in any language."""
    others = [partner.text for partner in GIVEN_NAMES.get(word.text, ())]
    return frozenset(map(first_letter, (word.text, *others)))
