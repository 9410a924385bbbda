"""Read the brands of a question in other ways: what they mean beside how they sound.

A brand goes by its sound (Hanwuji) or by its meaning (Cambrian), and no rule tells by which. So a
question is asked in both ways, and listed names are not: a listed name by sound and the same word
by meaning would be two brands. The senses are an adaptation of CC-CEDICT with a licence of its
own, see `data/cc_cedict`; tools/quality/build_han_senses.py makes them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby

import msgspec

from abeyance_screening.engine.names.form.east_asia import (
    BRANDS,
    HAN,
    HANGUL,
    KANA,
    read_word,
    simplify,
    split_brand,
)
from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.engine.names.form.people import is_full_name, may_be_person
from abeyance_screening.engine.names.form.scripts import ARABIC, spell_latin
from abeyance_screening.engine.names.form.token import MOST_READINGS, Token, read_lines, read_table
from abeyance_screening.engine.names.form.trade_words import (
    merge_trade_words,
    russian_words,
    russian_words_in_latin,
)
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, fold

_FILE = "cc_cedict/han_senses.txt"
_LONGEST_WORD = 6
_SHORTEST_WORD = 2
# A run of three characters or fewer is one brand; one of more than twelve is a text.
_SHORTEST_RUN, _LONGEST_RUN = 4, 12
# What a word of the dictionary costs, and each character of a part that the dictionary lacks: the
# cheapest split counts.
_KNOWN, _UNKNOWN = 1.0, 0.75
_CACHED_RUNS = 1 << 12
# The least weight of a translation's words, without those of trades: Phoenix is the name of many.
# A single word must be a name in English as well, because most pairs of characters mean something.
_LEAST_WEIGHT, _COMMON = 0.8, 0.65
_BRAND = re.compile(f"[{HAN}]{{2,}}")
_LENDING = re.compile(f"[\u0400-\u052f]+|[{KANA}]+|[{HANGUL}]+")
# A surname or an adjective, as in "named after" and "the works of".
_GENITIVE = re.compile(
    "([\u0430-\u0457]{3,})(\u043e\u0433\u043e|[\u043e\u0435\u0451\u0454]\u0432\u0430|[\u0438\u044b]\u043d\u0430|\u0431\u0430\u043d\u043a\u0430)"
)
_ARABIC = re.compile(f"[{ARABIC}]+")
_LAST_LATIN = "\u024f"
# Legal forms at either end, and words and endings that other languages do not write so.
_UKRAINIAN = re.compile(
    r"^\W*(?:TOV|PAT|PRAT|AT|VAT|ZAT|NVO|NVP|DP)\b|\b(?:TOV|PAT|PRAT|AT|VAT|ZAT|NVO|NVP|DP)\W*$"
    r"|(?:tovarystv[oa]|pidpryiemstv[oa]|skyi|nyi|oho|oiu|[tnrhkld]iia|hii|nnia)\b"
    r"|\b(?:hrupa|torhov|derzhavn|viiskov|naukovo|holovn|zahaln|enerhe|hirnych)",
    re.IGNORECASE,
)
# A piece of each of these, by which most names are told to have none.
_MAY_BE_UKRAINIAN = (
    *("at", "tov", "pidp", "yi", "oho", "oiu", "iia", "hii", "nnia", "nv", "dp"),
    *("hrup", "torh", "derzh", "viisk", "nauk", "holov", "zahal", "enerh", "hirn"),
)
# Not the h of zh, kh, sh, ch, th, ph and gh.
_H_FOR_G = re.compile(r"(?<![zkzcstpgZKCSTPG])[hH]")
# How Ukraine writes other letters that Russia has as well: zgh for zg, ie and ye for e.
_AS_RUSSIAN = (
    (re.compile("(?<=z)gh", re.IGNORECASE), "g"),
    (re.compile(r"(?<=[^\W\d_])ie|\bye", re.IGNORECASE), "e"),
)


def read_otherwise(forms: Iterable[ComparisonForm]) -> tuple[ComparisonForm, ...]:
    """Return the other ways in which the forms of a question may be meant, none for most names.

    They are asked for beside these forms; listed names have no such forms.
    """
    return tuple(
        other
        for form in forms
        if max(form.printed, default="") > _LAST_LATIN
        for other in (
            translate(form),
            sound_out(form),
            sound_out_arabic(form),
            read_russian(form),
            read_loan_words(form),
        )
        if other is not None
    )


def read_ukrainian(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name in Latin letters with the letters that Russia has for those of Ukraine.

    PAT Hazprom is Gazprom, and Zirka is Zvezda. None for a name without a Ukrainian legal form,
    word or ending. The spelling stays that of the name, so that it is never the same name.
    """
    lower = form.printed.lower()
    if True not in [part in lower for part in _MAY_BE_UKRAINIAN]:
        return None
    if _UKRAINIAN.search(form.printed) is None:
        return None
    printed = _H_FOR_G.sub(lambda found: "G" if found[0] == "H" else "g", form.printed)
    for letters, russian in _AS_RUSSIAN:
        printed = letters.sub(russian, printed)
    words = normalise(printed).words
    meant = [russian_words_in_latin(word.text) for word in words]
    if any(meant):
        words = _with_lent(words, meant)
    elif printed == form.printed:
        return None
    return msgspec.structs.replace(form, words=words)


def read_russian(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name with the Russian words for the Ukrainian ones that decrees translate.

    AT Zirka is Zvezda. None for a name without such a word; a word keeps its own sound as a
    reading.
    """
    meant = [russian_words(word.printed) for word in form.words]
    if not may_be_person(form):
        meant = [some or _nominative(word) for some, word in zip(meant, form.words, strict=True)]
    if not any(meant):
        return None
    return msgspec.structs.replace(form, words=_with_lent(form.words, meant))


def sounds_of(printed: str) -> tuple[str, ...]:
    """Return how a word may sound, in Latin letters, folded; a translation sounds otherwise."""
    if _BRAND.fullmatch(printed) is None:
        return (fold(spell_latin(printed)),)
    run = simplify(printed)
    return tuple(read_word(run, language)[0] for language in ("chinese", "korean", "japanese"))


def translate(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name with its brands in Han characters in English; None where it has none.

    Only brands read in Mandarin are translated. A word keeps its sound and its other senses as
    readings. The spelling stays that of the name, so that a translation is never the same name.
    """
    if _is_person(form):
        return None
    tokens = [list(_translated(word)) for word in form.words]
    if not any(tokens):
        return None
    both = zip(form.words, tokens, strict=True)
    words = merge_trade_words([each for word, some in both for each in some or [_kept(word)]])
    telling = [word.weight for word in words if not word.is_trade_word and word.weight > _COMMON]
    if sum(telling) < _LEAST_WEIGHT or (len(telling) == 1 and not _has_name(form)):
        return None
    return msgspec.structs.replace(form, words=tuple(words))


def sound_out(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name with its brands as they sound, which may be listed so; None where it has none.

    Those are the brands that print another name in Latin letters, as ACM Research does (Shengmei).
    """
    runs = [simplify(word.printed) for word in form.words]
    if BRANDS.isdisjoint(run for run in runs if runs.count(run) == 1):
        return None
    both = zip(form.words, runs, strict=True)
    words = merge_trade_words([each for word, run in both for each in _sounding(word, run)])
    return msgspec.structs.replace(form, words=tuple(words))


def sound_out_arabic(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name in Arabic letters that has words of trades only, as these sound.

    One of them is the brand then: Bank Tejarat is not any bank of trade. None for other names.
    """
    if len(form.words) == 1 or not all(
        word.is_trade_word and _ARABIC.fullmatch(word.printed) for word in form.words
    ):
        return None
    words = [_sounding_arabic(word) for word in form.words]
    return msgspec.structs.replace(form, words=tuple(words)) if words != [*form.words] else None


def _sounding_arabic(word: Word) -> Word:
    """Return a word as the table says that it sounds, which may be a known word (Tejarat)."""
    tokens = [Token(word.printed, each, each, readings=(word.text,)) for each in word.readings]
    return merge_trade_words(tokens[:1])[0] if tokens else word


def _nominative(word: Word) -> tuple[str, ...]:
    """Return the name of which a Cyrillic word is the genitive (Makeeva), or none."""
    printed = word.printed.lower()
    found = None if word.is_trade_word else _GENITIVE.fullmatch(printed)
    if found is None:
        return ()
    endings = (
        ("\u043e\u0439", "\u0438\u0439") if found[2] == "\u043e\u0433\u043e" else (found[2][:-1],)
    )
    return tuple(fold(spell_latin(found[1] + each)) for each in endings)


def read_loan_words(form: ComparisonForm) -> ComparisonForm | None:
    """Return a name in Cyrillic, kana or Hangul with English words for those that sound so.

    Draiv Treid is Drive Trade. None where no word sounds like one of the table `loan_words.txt`,
    which tools/quality/build_loan_words.py makes.
    """
    loans = [_loans(word) for word in form.words]
    if not any(loans):
        return None
    return msgspec.structs.replace(form, words=_with_lent(form.words, loans))


@cache
def ordinary_words() -> frozenset[str]:
    """Return English words, in small letters, that alone name nobody in a text."""
    return frozenset(word for words in _loan_words().values() for word in words)


def _loans(word: Word) -> tuple[str, ...]:
    """Return the English words that a word may be, likeliest first."""
    if word.is_trade_word or _LENDING.fullmatch(word.printed) is None:
        return ()
    sounds = (word.text, *word.readings)
    soft = (each.replace("b", "v") for each in sounds[1:])
    known = _loan_words()
    return next((known[each] for each in (*sounds, *soft) if each in known), ())


def _with_lent(words: Sequence[Word], lent: Sequence[tuple[str, ...]]) -> tuple[Word, ...]:
    """Return words with the ones that each of them is lent, likeliest first, in its place."""
    both = zip(words, lent, strict=True)
    return tuple(
        merge_trade_words([_lent(word, some) if some else _kept(word) for word, some in both])
    )


def _lent(word: Word, loans: tuple[str, ...]) -> Token:
    english, *others = dict.fromkeys(map(fold, loans))
    readings = dict.fromkeys((*others, word.text, *word.readings))
    readings.pop(english, None)
    return Token(word.printed, english, english, readings=(*readings,)[:MOST_READINGS])


def _sounding(word: Word, run: str) -> list[Token]:
    if run not in BRANDS:
        return [_kept(word)]
    brand, trade_words = split_brand(word.printed)
    sound, others = read_word(brand, "chinese")
    readings = (*others[: MOST_READINGS - 1], word.text)
    printed = word.printed[: len(brand)]
    return [Token(printed, sound, sound, canonical=sound, readings=readings), *trade_words]


def _translated(word: Word) -> Iterator[Token]:
    """Yield the English words of a brand, or nothing where none of its words has a sense."""
    if _BRAND.fullmatch(word.printed) is None or word.is_trade_word:
        return
    run = simplify(word.printed)
    parts = split_words(run)
    is_mandarin = run in BRANDS or word.text == read_word(run, "chinese")[0]
    if not is_mandarin or not any(map(senses_of, parts)):
        return
    start = 0
    for part in parts:
        printed = word.printed[start : start + len(part)]
        start += len(part)
        yield from _meant(printed, part)


def _is_person(form: ComparisonForm) -> bool:
    """Return whether a name is a Chinese surname and a given name, whose words mean nothing."""
    lengths = [len(word.printed) for word in form.words]
    return len(lengths) > 1 and lengths[0] == 1 and is_full_name(form)


def _has_name(form: ComparisonForm) -> bool:
    """Return whether a brand of a name has a proper name as its sense, which has a capital."""
    return any(
        any(map(str.isupper, sense))
        for word in form.words
        if not word.is_trade_word
        for part in split_words(simplify(word.printed))
        for sense in senses_of(part)
    )


def _meant(printed: str, part: str) -> Iterator[Token]:
    sound, others = read_word(part, "chinese")
    first, *senses = [*sorted(senses_of(part), key=lambda each: " " in each), sound]
    readings = [*(fold(each.lower()) for each in senses if each.isalpha()), *others]
    for english in first.lower().split(" "):
        folded = fold(english)
        others = tuple(dict.fromkeys(each for each in readings if each != folded))
        yield Token(printed, folded, folded, readings=others[:MOST_READINGS])


def _kept(word: Word) -> Token:
    return Token(word.printed, word.text, word.text, canonical=word.text, readings=word.readings)


def senses_of(word: str) -> tuple[str, ...]:
    """Return the English senses of a simplified word, at most three; none for most brands.

    Each has one or two words, with capitals in a proper name.
    """
    lines = _senses().get(word[:1], "")
    start = lines.find(f"\n{word}: ")
    if start < 0:
        return ()
    start += len(word) + len("\n: ")
    return tuple(lines[start : lines.index("\n", start)].split(" | "))


@lru_cache(_CACHED_RUNS)
def split_words(run: str) -> tuple[str, ...]:
    """Split a simplified run that is no known word into the words that it consists of.

    Each has two characters or more; what is between words of the dictionary is one. A run without
    such words stays whole, as does one that the dictionary has.
    """
    if not _SHORTEST_RUN <= len(run) <= _LONGEST_RUN or senses_of(run):
        return (run,)
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(run) + 1):
        ways: list[tuple[float, tuple[str, ...]]] = [(_UNKNOWN * end, (run[:end],))]
        for start in range(max(0, end - _LONGEST_WORD), end - _SHORTEST_WORD + 1):
            cost, parts = best[start]
            word = run[start:end]
            if all(len(part) >= _SHORTEST_WORD for part in parts):
                cost += _KNOWN if senses_of(word) else _UNKNOWN * len(word)
                ways.append((cost, (*parts, word)))
        best.append(min(ways))
    parts = best[-1][1]
    return parts if any(map(senses_of, parts)) else (run,)


@cache
def _loan_words() -> dict[str, tuple[str, ...]]:
    return dict(read_table("loan_words.txt"))


@cache
def _senses() -> dict[str, str]:
    """Return the lines of the table by the first character of the word.

    Lines need a tenth of the memory that a dictionary of the words would, some 4 MB.
    """
    first = groupby(read_lines(_FILE), key=lambda line: line[0])
    return {letter: "\n".join(("", *lines, "")) for letter, lines in first}
