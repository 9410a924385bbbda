"""Spell one word of any script in Latin letters and digits.

Cyrillic, Greek and Arabic have their own tables; every other script goes through `anyascii`. A
word that mixes Cyrillic or Greek letters with Latin look-alikes is first converted to one script.
"""

import re
import unicodedata
from collections.abc import Mapping

from anyascii import anyascii

from abeyance_screening.engine.names.form.token import MOST_READINGS, Token, read_table
from abeyance_screening.engine.names.form.word_types import fold

# --- Greek.

_AT_START = "^"


def spell_greek(word: str) -> str:
    """Spell the Greek letters of a word in Latin by ELOT 743; other letters stay."""
    plain = unicodedata.normalize("NFD", word.lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    start = _START.match(bare)
    if start is not None:
        bare = _GREEK_LATIN[_AT_START + start[0]] + bare[start.end() :]
    return _GREEK_LETTERS.sub(lambda found: _GREEK_LATIN[found[0]], bare)


_GREEK_LATIN = {letters: latin for latin, all_ in read_table("greek.txt") for letters in all_}
_START = re.compile(
    "|".join(each.removeprefix(_AT_START) for each in _GREEK_LATIN if each.startswith(_AT_START))
)
_GREEK_LETTERS = re.compile(
    "|".join(
        sorted((each for each in _GREEK_LATIN if each[0] != _AT_START), key=len, reverse=True)
    )
)


# --- Hebrew, which writes most vowels of foreign names: with alef, he, vav, yod and ayin.


def spell_hebrew(word: str) -> str:
    """Spell the Hebrew letters of a word in Latin; other letters stay."""
    return _HEBREW.sub(_spell_hebrew_run, word)


def _spell_hebrew_run(found: re.Match[str]) -> str:
    """Spell a run: a doubled vav or yod is a consonant, and so is one between vowels."""
    run = _HEBREW_DOUBLED.sub(lambda pair: "v" if pair[0][0] == "\u05d5" else "y", found[0])
    run = _HEBREW_LAST_BET.sub("v", run)
    spelled = "".join(_HEBREW_LATIN.get(letter, letter) for letter in run)
    spelled = _HEBREW_LAST_HE.sub("ah", spelled)
    return _HEBREW_GLIDE.sub(lambda glide: "v" if glide[0] == "o" else "y", spelled)


def _guess_hebrew(word: str) -> list[str]:
    """Return spellings with the vowels that Hebrew leaves out and other sounds of its letters."""
    soft = word.translate(_HEBREW_SOFT)
    return [
        "".join(_fill(list(spell_hebrew(each)), vowel)) for each in (word, soft) for vowel in "ea"
    ]


_HEBREW = re.compile("[\u05d0-\u05ea]+")
_HEBREW_DOUBLED = re.compile("\u05d5\u05d5|\u05d9\u05d9")
_HEBREW_LAST_BET = re.compile("(?<=[\u05d5\u05d9])\u05d1$")
_HEBREW_LAST_HE = re.compile("a?h$")
_HEBREW_LATIN = {letter: latin for latin, all_ in read_table("hebrew.txt") for letter in all_}
# A vav or yod before another vowel, or at the front of the word, is a consonant.
_HEBREW_GLIDE = re.compile("(?:^|(?<=[aeiou]))[oi](?=[aeiou])|^[oi]")
# Inside foreign names a pe is likelier an `f`.
_HEBREW_SOFT = str.maketrans({"\u05e4": "f"})


# --- Any script.

_NOTHING = "-"
_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile("[A-Za-z]")
_NOT_SPELLED = re.compile("[^a-z0-9]+")
# Thai and Lao write these vowels before the consonant after which they are spoken.
_VOWEL_FIRST = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])|([\u0ec0-\u0ec4])([\u0e81-\u0eae])")
# The ending of an adjective made of a town: Omskiy of Omsk, Smolenskaya of Smolensk.
_OF_TOWN = re.compile("(?<=[^aeiouy])sk(?:i?y|yy|aya|oe|ie|ogo|oy|ikh|omu|om|im)$")
# What Ukrainian names have where Russian ones have another vowel (Oleksiy, Olena, Serhiy).
_TO_RUSSIAN = re.compile("^оле(?=кс)|^оле(?=н)|(?<=[нргс])ій$")
_RUSSIAN = {"олек": "але", "олен": "еле"}
# Parts of which Ukrainian brands are made, and those of the Russian brands that they translate.
_PARTS = {part: russian for russian, some in read_table("ukrainian_parts.txt") for part in some}
_PART = re.compile("|".join(_PARTS))
_AFTER_VOWEL = re.compile("(?<=[аеёиоуыэюяії])\u0435")
_EURO = "евро"
_LAST_IA = re.compile("iya$")
_GHE, _CHI = "\u0433", "\u03c7"
_UKRAINIAN = re.compile("[ґєіїў]")


def spell_latin(word: str) -> str:
    """Spell one word in `a-z0-9`; a word that no table can spell becomes its characters' codes."""
    one_script = _unmix(word)
    if _CYRILLIC.search(one_script) is not None:
        one_script = one_script.lower().translate(_CYRILLIC_LATIN)
    if _GREEK.search(one_script) is not None:
        one_script = spell_greek(one_script)
    if _HEBREW.search(one_script) is not None:
        one_script = spell_hebrew(one_script)
    one_script = _VOWEL_FIRST.sub(r"\2\1\4\3", one_script)
    spelled = _NOT_SPELLED.sub("", anyascii(one_script).lower())
    return spelled or "u" + "".join(f"{ord(letter):x}" for letter in word)


def other_spellings(word: str) -> list[str]:
    """Return other Latin spellings of a word in Cyrillic or Greek; none for most words."""
    lower = word.lower()
    others: list[str] = []
    if _CYRILLIC.search(lower) is not None:
        others.append(_OF_TOWN.sub("sk", spell_latin(lower)))
        if _UKRAINIAN.search(lower) is not None:
            others.append(spell_latin(lower.replace(_GHE, "h")))
        if (russian := _spell_parts(lower)) != lower:
            others.append(spell_latin(russian))
        if (russian := _TO_RUSSIAN.sub(_to_russian, lower)) != lower:
            others.append(spell_latin(russian))
        others += _spell_sounds(lower)
    elif _HEBREW.fullmatch(lower) is not None:
        others += _guess_hebrew(lower)
    elif _CHI in lower:
        others.append(spell_latin(lower.replace(_CHI, "h")))
    return others


def _spell_sounds(lower: str) -> list[str]:
    """Return how lists print letters that have a vowel before them, and a Greek beginning.

    Makeev is Makeyev as well, and Evroindustriya Euroindustry.
    """
    others: list[str] = []
    if (soft := _AFTER_VOWEL.sub("йе", lower)) != lower:
        others.append(spell_latin(soft))
    if lower.startswith(_EURO):
        rest = spell_latin(lower.removeprefix(_EURO))
        others.append("euro" + _LAST_IA.sub("y", rest))
    return others


def _spell_parts(ukrainian: str) -> str:
    """Return a word with the Russian parts of compounds for the Ukrainian ones (Rosnafta)."""
    return _PART.sub(lambda found: _PARTS[found[0]], ukrainian)


def _to_russian(found: re.Match[str]) -> str:
    return _RUSSIAN.get(found.string[:4], "ей") if found.start() == 0 else "ей"


def _unmix(word: str) -> str:
    """Replace the look-alike letters of the rarer script in a word by those of the other one.

    Where that leaves two scripts and the opposite direction leaves one, that direction is used.
    """
    latin = len(_LATIN.findall(word))
    if latin == 0 or word.isascii():
        return word
    script, table = (_CYRILLIC, _TO_CYRILLIC) if _CYRILLIC.search(word) else (_GREEK, _TO_GREEK)
    others = len(script.findall(word))
    if others == 0:
        return word
    as_other, as_latin = word.translate(table), word.translate(_TO_LATIN)
    if others >= latin:
        mixed = _LATIN.search(as_other) is not None and script.search(as_latin) is None
        return as_latin if mixed else as_other
    mixed = script.search(as_latin) is not None and _LATIN.search(as_other) is None
    return as_other if mixed else as_latin


def _read_letters() -> dict[int, str]:
    return {
        ord(letter): "" if latin == _NOTHING else latin
        for latin, letters in read_table("cyrillic.txt")
        for letter in letters
    }


_CYRILLIC_LATIN = _read_letters()
_PAIRS = [(latin, same) for latin, (same,) in read_table("lookalikes.txt")]
_TO_CYRILLIC = {ord(latin): same for latin, same in _PAIRS if _CYRILLIC.match(same)}
_TO_GREEK = {ord(latin): same for latin, same in _PAIRS if _GREEK.match(same)}
_TO_LATIN = {ord(same): latin for latin, same in _PAIRS}


# --- Arabic, Persian and Urdu, which write few of their vowels.
#
# Trade words have a table (`arabic_words.txt`); frequent names are spelled as the UN and the UK
# print them next to the original (`arabic_names.txt`, built by
# tools/quality/build_arabic_names.py); every other word gets vowels by the shape of its
# syllables.

ARABIC = "\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff"

_RUN = re.compile(f"([{ARABIC}]+)|[^{ARABIC}]+")
_SILENT = re.compile("[\u0640\u064b-\u065f\u0670\u0621\u200c\u200d]")
_ARTICLE = "ال"
_ABD = "عبد"
_ABDUL = ("abdul", "abdul", None, None, ("abd", "abdel"))
_ABD_APART = re.compile("عبد +(?=\u0627ل)")
_GOD = "\u0627\u0644\u0644\u0647"
_AND = "و"
# An article is removed if at least this many letters of the word remain.
_LEAST_STEM = 3
_FORM_MARK = "="
_VOWELS = frozenset("aeiou")
_ARABIC_VOWELS = ("a", "i", "u")
_LAST_H = "\u0647"
_OR = "~"
# Letters that Persian has and Arabic has not.
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc]")
_PERSIAN_VOWELS = ("a", "e")


def join_abd(kept: str) -> str:
    """Join `abd`, and words of the tables, with the divine name after them (Hezbollah)."""
    words = list[str]()
    for word in _ABD_APART.sub(_ABD, kept).split(" "):
        joined = simplify_arabic(words[-1] + word) if word == _GOD and words else ""
        if joined in _WORDS or joined in _NAMES:
            words[-1] = joined
        else:
            words.append(word)
    return " ".join(words)


def split_arabic(piece: str) -> list[Token]:
    """Return the words of a piece without spaces; an article and `abd` are separate words."""
    tokens: list[Token] = []
    for run in _RUN.finditer(piece):
        if run[1] is None:
            spelled = spell_latin(run[0])
            tokens.append(Token(run[0], spelled, fold(spelled)))
        else:
            tokens.extend(_split_word(run[0]))
    return tokens


def _split_word(printed: str) -> list[Token]:
    word = simplify_arabic(printed)
    known = _WORDS.get(word)
    if known is None and word.startswith(_ABD) and len(word) > len(_ABD) + _LEAST_STEM:
        rest = printed[printed.index(_ABD[-1]) + 1 :]
        return [Token(_ABD, *_ABDUL), _token(rest, word.removeprefix(_ABD).removeprefix(_ARTICLE))]
    stem = word.removeprefix(_AND if word.startswith(_AND + _ARTICLE) else "").removeprefix(
        _ARTICLE
    )
    article: list[Token] = []
    if known is None and stem != word and len(stem) >= _LEAST_STEM:
        word, known = stem, _WORDS.get(stem)
        printed = printed.removeprefix(_ARTICLE)
        article = [] if known else [Token(_ARTICLE, "al", "al")]
    if known is not None:
        return _known_tokens(printed, word, known)
    return [*article, _token(printed, word)] if word else []


def simplify_arabic(word: str) -> str:
    """Remove the vowel signs of a word, and replace Persian letters by their Arabic forms."""
    return _SILENT.sub("", word).translate(_SAME)


def _known_tokens(printed: str, word: str, known: str) -> list[Token]:
    if known.startswith(_FORM_MARK):
        return [Token(printed, word, _codes(word), code=known.removeprefix(_FORM_MARK))]
    tokens: list[Token] = []
    for each in known.split(" "):
        folded, *others = map(fold, each.split(_OR))
        tokens.append(Token(printed, each.partition(_OR)[0], folded, readings=tuple(others)))
    return tokens


def _token(printed: str, word: str) -> Token:
    spellings = _NAMES.get(word) or guess_vowels(
        word, persian=_PERSIAN.search(printed) is not None
    )
    folded, *others = dict.fromkeys(map(fold, spellings))
    letters = "".join(_read(word, _LETTERS)) or folded
    return Token(printed, letters, folded, readings=tuple(others[:MOST_READINGS]))


def guess_vowels(word: str, *, persian: bool = False) -> list[str]:
    """Return spellings of a simplified word with guessed vowels, at least one, likeliest first.

    A vowel is put in where a syllable needs one; Persian reads some letters differently.
    """
    letters = _read(word, _PERSIAN_LETTERS if persian else _LETTERS)
    if persian and letters[-1:] == ["a"] and word.endswith(_LAST_H):
        letters[-1:] = ["e", "h"]
    vowels = _PERSIAN_VOWELS if persian else _ARABIC_VOWELS
    spelled = ("".join(_fill(letters, vowel)) for vowel in vowels)
    return list(dict.fromkeys(each for each in spelled if each)) or [_codes(word)]


def _codes(word: str) -> str:
    return "u" + "".join(f"{ord(letter):x}" for letter in word)


def _read(word: str, spelled: Mapping[str, str]) -> list[str]:
    """Return the Latin letters of a word; w and y after a consonant are vowels, but before `a`."""
    letters = [spelled[letter] for letter in word if letter in spelled]
    for place, letter in enumerate(letters):
        after_vowel = place > 0 and letters[place - 1] in _VOWELS
        before_vowel = place + 1 < len(letters) and letters[place + 1] == "a"
        if letter in _GLIDES and place > 0 and not after_vowel and not before_vowel:
            letters[place] = _GLIDES[letter]
    if len(letters) > 1 and word.endswith(_LAST_H):
        letters[-1] = "a"
    return letters


def _fill(letters: list[str], vowel: str) -> list[str]:
    """Put a vowel into every run of consonants that no syllable can hold."""
    filled: list[str] = []
    run: list[str] = []
    for letter in letters:
        if letter in _VOWELS:
            filled += _spread(run, vowel, at_start=not filled, at_end=False)
            filled.append(letter)
            run = []
        else:
            run.append(letter)
    return filled + _spread(run, vowel, at_start=not filled, at_end=True)


def _spread(run: list[str], vowel: str, *, at_start: bool, at_end: bool) -> list[str]:
    """Put a vowel after the first consonant of a word, and before the last one of its end."""
    spread = list(run)
    if at_end and len(spread) > 1:
        spread.insert(-1, vowel)
    if at_start and len(run) > (2 if at_end else 1):
        spread.insert(1, vowel)
    return spread


_SAME = str.maketrans("أإآٱىیېےئؤةۀەہھکګڪ", "اااايييييوهههههككك")
_LETTERS = {letter: latin for latin, letters in read_table("arabic.txt") for letter in letters}
_PERSIAN_LETTERS = _LETTERS | {"و": "v", "ض": "z", "ذ": "z", "ث": "s", "ق": "gh"}
_GLIDES = {"w": "u", "v": "u", "y": "i"}
_WORDS = {
    simplify_arabic(spelling): latin
    for latin, spellings in read_table("arabic_words.txt")
    for spelling in spellings
}
_NAMES = dict(read_table("arabic_names.txt")) | {"الله": ("ullah", "allah")}
