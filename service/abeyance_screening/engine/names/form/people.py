"""Read a printed name as a person's: initials and honorifics apart, and syllables of East Asia."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form.east_asia import (
    KANA,
    PINYIN,
    SYLLABLES,
    romanise_hangul,
    romanise_kana,
)
from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.token import read_table, read_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm

# --- Initials and honorifics of a question.
#
# "A. R. Rotenberg" is asked as "Rotenberg" with the initials a and r, which are compared with the
# listed given names (`match.person_score`); "Dr. Mohamed Ali" is asked without "Dr." too.

# One capital letter, or several with full stops; a Latin digraph of Cyrillic needs the stop.
_LETTER = re.compile("Yu|Ya|Zh|Kh|Ch|Sh|Ts|Ph|Th|[^\\W\\d_]")
_INITIALS = re.compile(rf"(?:(?:{_LETTER.pattern})\.-?)+(?:[^\W\d_])?|[^\W\d_]")
# Two capitals without a vowel, in a name that is not all in capitals (JC Juncker).
_TWO_CAPITALS = re.compile("[BCDFGHJKLMNPQRSTVWXZ]{2}")
_MOST_INITIALS = 4
# Initials without a full stop have at most so many letters.
_SHORT = 2
# How many names may be left beside the initials, where the question does not say "person".
_MOST_NAMES, _MOST_WORDS = 2, 5
_SHORTEST_NAME = 3
# A title and a name.
_FEWEST_WORDS = 2
# In the table before a title that follows the name (MBA).
_AFTER = "-"
_EDGES = ".,()"
_TITLES = frozenset(read_words("honorifics.txt"))
_TITLES_AFTER = frozenset(title[1:] for title in _TITLES if title.startswith(_AFTER))
# A question is compared with some tens of persons, and persons share their names.
_REMEMBERED = 1 << 14


def person_forms(
    printed: str, entity_type: EntityType | None = None
) -> tuple[ComparisonForm, ...]:
    """Return further forms of a printed name, if it may be a person's; none for most names.

    They are the name without honorifics, and without initials, which the form has apart.
    """
    if entity_type not in {None, "person"}:
        return ()
    plain = _without_honorifics(printed)
    form = normalise(plain)
    if not may_be_person(form) or (plain == printed and not _may_have_initials(plain)):
        return ()
    apart = tuple(_with_initials_apart(printed, plain, is_person=entity_type == "person"))
    return (form, *apart) if plain != printed else apart


def _with_initials_apart(printed: str, plain: str, *, is_person: bool) -> Iterator[ComparisonForm]:
    initials, name = split_initials(plain)
    if not initials:
        return
    rest = normalise(name)
    long = [word for word in rest.spelled if len(word) >= _SHORTEST_NAME]
    few = len(rest.spelled) <= _MOST_NAMES or is_person
    if long and few and may_be_person(rest):
        yield msgspec.structs.replace(rest, printed=printed, initials=initials)


def may_be_person(form: ComparisonForm) -> bool:
    """Return whether a form may be a person's name: no legal form, trade word or digit, few words.

    `initials` of its own say nothing about it.
    """
    if form.entity_type is not None:
        return form.entity_type == "person"
    return (
        not form.legal_forms
        and 0 < len(form.words) <= _MOST_WORDS
        and True not in [word.is_trade_word or not word.text.isalpha() for word in form.words]
    )


def split_initials(printed: str) -> tuple[tuple[str, ...], str]:
    """Return the initials of a name, in order and folded to one letter, and the name without them.

    `Rotenberg A.R.` → `a`, `r`, and `Rotenberg`.
    """
    words = printed.split()
    initials = [word for word in words if _are_initials(word.strip(","))]
    if not initials and not printed.isupper():
        initials = [word for word in words if _TWO_CAPITALS.fullmatch(word.strip(","))]
    letters: list[str] = _LETTER.findall(" ".join(initials))
    if not 0 < len(letters) <= _MOST_INITIALS:
        return (), printed
    rest = " ".join(word for word in words if word not in initials)
    return tuple(map(first_letter, letters)), rest.strip(" ,")


def _may_have_initials(printed: str) -> bool:
    return "." in printed or min(map(len, printed.replace(",", " ").split()), default=0) <= _SHORT


def _are_initials(word: str) -> bool:
    may_be = len(word) == 1 or "." in word
    return may_be and word[:1] != word[:1].lower() and _INITIALS.fullmatch(word) is not None


# Letters with which the same name begins in different romanisations, and the letter for all.
_SAME_LETTER = str.maketrans("yiewqcx", "jjjvkkk")


def first_letter(name: str) -> str:
    """Return the letter that stands for the beginning of a name, in any script (Ю., Yu., J.)."""
    spelled = spell_latin(name)
    return spelled[:1].translate(_SAME_LETTER)


def _without_honorifics(printed: str) -> str:
    """Return a name without the titles before and after it (Dr., Frau, Sheikh, 先生)."""
    words = printed.split()
    if len(words) < _FEWEST_WORDS or (
        words[0].casefold().strip(_EDGES) not in _TITLES
        and words[-1].casefold().strip(_EDGES) not in _TITLES_AFTER
    ):
        return printed
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words.pop(0)
    while len(words) > 1 and _bare(words[-1]) in _TITLES_AFTER:
        words.pop()
    return " ".join(words).rstrip(",")


def _bare(word: str) -> str:
    return word.casefold().strip(_EDGES)


# --- Names made of Chinese or Korean syllables.
#
# Any two such names are a letter or two apart, and another syllable makes another person: Wang
# Zhiqiang is not Wang Zhiqing. Of Korean syllables there are several spellings (Woo and U).

_FEWEST_SYLLABLES, _MOST_SYLLABLES = 2, 5
_KOREAN = re.compile(
    "(kk|tt|pp|ss|jj|ch|[gkndtrlmbpsjh]|)"
    "(yeo|yae|wae|yoo|woo|eui|you|[yw]?(?:ae|eo|oe|oo|ee|eu|ou|ui|[aeiou]))"
    "(ng|[kgntdlrmpbs]|)"
)
_INITIAL_SOUND = {"g": "k", "d": "t", "b": "p", "j": "ch", "l": "r"}
_VOWEL_SOUND = {
    spelled: sound
    for sound, spellings in (
        ("o", ("eo",)),
        ("u", ("eu", "oo", "ou", "woo")),
        ("i", ("ee", "ui", "eui")),
        ("e", ("ae",)),
        ("yo", ("yeo",)),
        ("yu", ("yoo", "you")),
        ("ye", ("yae",)),
        ("we", ("wae", "oe")),
    )
    for spelled in spellings
}
_FINAL_SOUND = {"g": "k", "d": "t", "b": "p", "s": "t", "r": "l"}
# Spellings of surnames that no system of romanisation gives.
_ABROAD = {
    spelled: sound
    for sound, spellings in (
        ("i", ("lee", "ri", "li", "yi", "rhee", "rhie")),
        ("pak", ("park",)),
        ("chwe", ("choe", "choi")),
        ("no", ("noh", "roh")),
        ("im", ("rim", "lim")),
        ("yu", ("ryu", "yoo")),
        ("yang", ("ryang",)),
        ("chong", ("jung", "jeong")),
    )
    for spelled in spellings
}
_VIETNAMESE = re.compile("[bcdghklmnpqrstvx]*[aeiouy]+(?:ng|nh|ch|[cmnptuy])?")
_REPEATED = re.compile(r"(.)\1+")
_IS_KANA = re.compile(f"[{KANA}]+")
_IS_HANGUL = re.compile("[\uac00-\ud7a3]+")


class Syllables(msgspec.Struct, frozen=True):
    """A name's syllables and whether it has a surname, by language: Chinese, Korean, Vietnamese.

    Both are empty where it is not made of syllables of the language. `letters` are those of the
    name in Latin, without spaces and repeats.
    """

    by_language: tuple[tuple[str, ...], ...] = ((), (), ())
    has_surname: tuple[bool, ...] = (False, False, False)
    letters: str = ""


@lru_cache(_REMEMBERED)
def syllables_of(spelled: tuple[str, ...]) -> Syllables:
    """Return the syllables of a spelled name, see `Syllables`."""
    words = [part for word in spelled for part in _latin(word)]
    if not all(map(str.isascii, words)):
        return Syllables()
    korean = _sequence([_split(word, _is_korean) for word in words])
    vietnamese = [(word,) if _VIETNAMESE.fullmatch(word) else () for word in words]
    return Syllables(
        by_language=(
            _sequence([_split(word, _SYLLABLES.__contains__) for word in words]),
            tuple(map(_korean_sound, korean)),
            _sequence(vietnamese),
        ),
        has_surname=tuple(not known.isdisjoint(words) for known in _SURNAMES_BY_LANGUAGE),
        letters=_REPEATED.sub(r"\1", "".join(words)),
    )


def is_full_name(form: ComparisonForm) -> bool:
    """Return whether a form is a Chinese or Korean full name in its own script."""
    letters = form.joined
    return (
        _FEWEST_SYLLABLES <= len(letters) < _MOST_SYLLABLES
        and letters[0] in _SURNAME_LETTERS
        and not any(map(str.isascii, letters))
    )


def is_han(letters: str) -> bool:
    """Return whether letters are all Chinese characters that have a reading."""
    return all(letter in PINYIN for letter in letters)


def _latin(word: str) -> Sequence[str]:
    """Return a word as Latin words; one that is not read by syllables stays as it is."""
    if _IS_HANGUL.fullmatch(word) is not None:
        return [romanise_hangul(letter)[0] for letter in word]
    if _IS_KANA.fullmatch(word) is not None:
        return [romanise_kana(word)]
    pinyin = [PINYIN.get(letter, "") for letter in word]
    return [word] if word.isascii() or "" in pinyin else pinyin


def _split(word: str, is_one: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the one or two syllables of a word, or none where it is another word."""
    if is_one(word):
        return (word,)
    for at in range(len(word) - 1, 0, -1):
        if is_one(word[:at]) and is_one(word[at:]):
            return word[:at], word[at:]
    return ()


def _sequence(words: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the syllables of all words, or none where a word is not made of them."""
    syllables = tuple(syllable for word in words for syllable in word)
    is_name = all(words) and _FEWEST_SYLLABLES <= len(syllables) <= _MOST_SYLLABLES
    return syllables if is_name else ()


def _is_korean(syllable: str) -> bool:
    return _KOREAN.fullmatch(syllable) is not None or syllable in _ABROAD


def _korean_sound(syllable: str) -> str:
    """Return one spelling for all spellings of a Korean syllable."""
    found = _KOREAN.fullmatch(_ABROAD.get(syllable, syllable))
    if found is None:
        return syllable
    initial, vowel, final = found.groups()
    vowel = _VOWEL_SOUND.get(vowel, vowel)
    if final:
        # Chul and Chol, Young and Yong, Hoon and Hun: abroad both vowels are written as either
        vowel = vowel.replace("u", "o")
    return _INITIAL_SOUND.get(initial, initial) + vowel + _FINAL_SOUND.get(final, final)


_SYLLABLES = SYLLABLES | {"lu", "nu"}
_SURNAMES = dict(read_table("surnames_han.txt"))
_SURNAMES_BY_LANGUAGE = (
    frozenset(PINYIN.get(each, each) for each in _SURNAMES["chinese"]),
    frozenset({*_ABROAD, *(r for each in _SURNAMES["korean"] for r in romanise_hangul(each))}),
    frozenset(_SURNAMES["vietnamese"]),
)
_SURNAME_LETTERS = frozenset({*_SURNAMES["chinese"], *_SURNAMES["korean"]})
