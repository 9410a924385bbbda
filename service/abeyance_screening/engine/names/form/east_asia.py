"""Split Han, kana and Hangul into known words and brands, and read them in Latin letters."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from anyascii import anyascii

from abeyance_screening.engine.names.form.scripts import spell_latin
from abeyance_screening.engine.names.form.token import MOST_READINGS, Token, read_lines, read_table
from abeyance_screening.engine.names.form.word_types import fold

# --- Hangul in Latin letters, as the North and as the South spell it.
#
# North: McCune-Reischauer without its marks, with `j` and `r` as Pyongyang prints them
# ("Ryonbong"). South: the Revised Romanisation, with the initial sound law ("Yeonbong").

_FIRST, _LAST = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28
_RIEUL, _NIEUN, _SILENT = 5, 2, 11
# i, ya, yae, yeo, ye, yo, yu: before them r and n are silent at the front of a Southern word.
_BRIGHT = frozenset({2, 3, 6, 7, 12, 17, 20})

_VOICED = {"k": "g", "t": "d", "p": "b"}
# What a final becomes before a syllable that begins with a vowel.
_LINKED = {"k": "g", "t": "s", "p": "b", "l": "r"}
_NASAL_FINALS = {"k": "ng", "t": "n", "p": "m"}
_SOUNDING = frozenset("aeiounmlg")
_NO_SOUND = "-"

type Syllable = tuple[int, int, int]


def romanise_hangul(hangul: str) -> tuple[str, str]:
    """Return the Northern and the Southern spelling of the Hangul letters of a word."""
    syllables = [_take_apart(ord(letter)) for letter in hangul if _FIRST <= ord(letter) <= _LAST]
    southern = [_drop_initial(syllables[0]), *syllables[1:]] if syllables else []
    return (
        _join(syllables, *_NORTHERN),
        _join(southern, *_SOUTHERN),
    )


def customary(hangul: str) -> str:
    """Spell a surname or a given name as Koreans abroad write it."""
    southern = romanise_hangul(hangul)[1].replace("eo", "u").replace("eu", "u")
    return _KOREAN_SURNAMES.get(hangul, southern)


def _take_apart(code: int) -> Syllable:
    rest, final = divmod(code - _FIRST, _FINALS)
    return (*divmod(rest, _VOWELS), final)


def _drop_initial(syllable: Syllable) -> Syllable:
    initial, vowel, final = syllable
    if initial in {_RIEUL, _NIEUN} and vowel in _BRIGHT:
        return (_SILENT, vowel, final)
    return (_NIEUN, vowel, final) if initial == _RIEUL else syllable


def _join(syllables: Sequence[Syllable], initials: Sequence[str], vowels: Sequence[str]) -> str:
    spelled = ""
    for place, (initial, vowel, final) in enumerate(syllables):
        onset = initials[initial]
        if spelled and spelled[-1] in _SOUNDING:
            onset = "l" if spelled[-1] == "l" and onset == "r" else _VOICED.get(onset, onset)
        following = syllables[place + 1][0] if place + 1 < len(syllables) else None
        spelled += onset + vowels[vowel] + _close_syllable(_FINAL[final], following)
    return spelled


def _close_syllable(final: str, following: int | None) -> str:
    """Spell a final consonant before the initial of the next syllable; None ends the word."""
    if following == _SILENT:
        return _LINKED.get(final, final)
    if following in {_NIEUN, _RIEUL, 6}:
        return _NASAL_FINALS.get(final, final)
    return final


_KOREAN_SURNAMES = {
    hangul: latin for latin, known in read_table("korean_surnames.txt") for hangul in known
}
_LETTERS = {
    part: tuple(letter.strip(_NO_SOUND) for letter in letters)
    for part, letters in read_table("hangul.txt")
}
_NORTHERN = (_LETTERS["northern initials"], _LETTERS["northern vowels"])
_SOUTHERN = (_LETTERS["southern initials"], _LETTERS["southern vowels"])
_FINAL = _LETTERS["finals"]


# --- Kana in Latin letters: Hepburn with long vowels short, as company names are printed.

_KATAKANA = re.compile("[\u30a1-\u30f6]")
_TO_HIRAGANA = 0x60
_LONG = re.compile("ー|(?<=o)u|(?<=u)u|(?<=o)o")
_DOUBLED = re.compile("っ([a-z])")


def romanise_kana(kana: str) -> str:
    """Spell a run of kana in `a-z`; characters that no table has are left out."""
    plain = _KATAKANA.sub(lambda found: chr(ord(found[0]) - _TO_HIRAGANA), kana)
    spelled = _MORA.sub(lambda found: _LATIN[found[0]], plain)
    doubled = _DOUBLED.sub(r"\1\1", spelled).replace("cch", "tch")
    return "".join(letter for letter in _LONG.sub("", doubled) if "a" <= letter <= "z")


def read_loans(kana: str) -> list[str]:
    """Return the foreign words that kana may spell, likeliest first.

    Kana put a vowel after each consonant and write `l` as `r` and final `v` as `f`: kuraifu may be
    Klaif, bazaruto Bazalt. The first vowel may be the word's own (Ruslan).
    """
    romanised = _NASAL.sub("m", romanise_kana(kana))
    first = _VOWEL.search(romanised)
    kept = first.end() if first is not None else 0
    whole = _ADDED.sub("", romanised)
    rest = romanised[:kept] + _ADDED.sub("", romanised[kept:])
    return list(dict.fromkeys([whole.replace("r", "l"), rest.replace("r", "l"), whole, rest]))


_VOWEL = re.compile("[aeiou]")
_ADDED = re.compile("(?<=[bcfghkmprsvz])u(?![aeiouy])|(?<=[td])o(?![aeiouy])")
_NASAL = re.compile("n(?=[bp])")
_LATIN = {mora: latin for latin, morae in read_table("kana.txt") for mora in morae}
_MORA = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))


# --- Readings of Han characters in Mandarin, Korean and Japanese.
#
# The tables are made from Unihan by tools/quality/build_han_tables.py; Japanese names have their
# own table, because no rule reads them.

Language = Literal["chinese", "han", "japanese", "korean"]
"""The language of a name in Han characters; `han` where nothing in the name shows it."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u30ff"
HANGUL = "\uac00-\ud7a3"
_IS_KANA = re.compile(f"[{KANA}]+")

# A company is called 公司 in Chinese and 会社 in Korean; 株式会社 is Japanese.
_LANGUAGE_MARKS: tuple[tuple[Language, re.Pattern[str]], ...] = (
    ("korean", re.compile(f"[{HANGUL}]|朝鲜|平壤|韩国|高丽|工场|人民军|总局|企业所")),
    ("japanese", re.compile(f"[{KANA}]|(?:株式|有限|合同|合资)会社|制作所")),
    ("korean", re.compile("会社")),
    ("chinese", re.compile("公司|集团")),
)
_FULL_NAME = 3
# The words of company names are few, and the companies of a group share a brand.
_CACHED_WORDS = 1 << 14
_REPEATED = re.compile("(.)\u3005")
# A syllable that closes before the next one: nichi + san is nissan, butsu + san bussan.
_CLOSING = re.compile("(?:tsu|chi) ([kst])|(?:tsu|chi) (h)|ku (k)")


def simplify(printed: str) -> str:
    """Simplify a text character by character; a repetition mark becomes what it repeats."""
    return _REPEATED.sub(r"\1\1", printed.translate(_FOLDING))


def tell_language(simplified: str) -> Language:
    """Return the language of a whole name in Han, kana or Hangul, by its script and words."""
    for language, pattern in _LANGUAGE_MARKS:
        if pattern.search(simplified) is not None:
            return language
    return "han"


def is_full_name(word: str) -> bool:
    """Return whether a run of characters is a person's name: three long, with a surname first."""
    return len(word) == _FULL_NAME and word[0] in _SURNAMES


def split_names(word: str) -> list[str]:
    """Split a Japanese brand into the names that a table has, and the parts between them."""
    parts: list[str] = []
    start = 0
    for found in _NAMES_INSIDE.finditer(word):
        parts += [word[start : found.start()], found[0]]
        start = found.end()
    return [part for part in (*parts, word[start:]) if part]


@lru_cache(_CACHED_WORDS)
def read_word(simplified: str, language: Language) -> tuple[str, tuple[str, ...]]:
    """Return the main reading of a word of one script, and the other readings, likeliest first.

    All are folded. The main reading is never empty: a word that no table has becomes its codes.
    """
    readings = [fold(reading) for reading in _read(simplified, language) if reading]
    main, *others = dict.fromkeys(readings) or [_codes(simplified)]
    return main, tuple(others[:MOST_READINGS])


def _read(word: str, language: Language) -> list[str]:
    if _IS_HANGUL.match(word) is not None:
        return [*romanise_hangul(word), customary(word)]
    if _IS_KANA.match(word) is not None:
        return [romanise_kana(word), *read_loans(word)]
    return _READ_HAN[language](word)


def _read_any(word: str) -> list[str]:
    main, *others = _mandarin(word)
    north, _, *kim = [*_korean(word), "", ""][:3]
    return [main, north, *kim, _japanese(word), *others]


def _mandarin(word: str) -> list[str]:
    """Return the Pinyin of a word, then its variants with a second reading of one character."""
    first = [PINYIN.get(letter) or _other(letter) for letter in word]
    readings = ["".join(first).replace("v", "u")]
    if any("v" in syllable for syllable in first):
        readings.append("".join(first))
    for place, letter in enumerate(word):
        second = _SECOND_PINYIN.get(letter)
        if second is not None:
            readings.append("".join([*first[:place], second, *first[place + 1 :]]))
    return readings


def _korean(word: str) -> list[str]:
    """Return the Northern and Southern spelling, and one with Kim if the word begins with gold."""
    first = "".join(_KOREAN.get(letter, "") for letter in word)
    if len(first) != len(word):
        return []
    second = _SECOND_KOREAN.get(word[0])
    others = romanise_hangul(second + first[1:])[:1] if second is not None else ()
    return [*romanise_hangul(first), *others]


def _japanese(word: str) -> str:
    return "".join(_JAPANESE_NAMES.get(part) or _on(part) for part in split_names(word))


def _on(word: str) -> str:
    """Return the on-reading, character by character."""
    syllables = (_ON.get(letter) or _other(letter) for letter in word)
    return _CLOSING.sub(_close, " ".join(syllables)).replace(" ", "")


def _close(found: re.Match[str]) -> str:
    initial = found[1] or found[3]
    return initial * 2 if initial else "pp"


def _other(letter: str) -> str:
    return "".join(each for each in anyascii(letter).lower() if "a" <= each <= "z")


def _codes(word: str) -> str:
    return "u" + "".join(f"{ord(letter):x}" for letter in word)


def _read_letters(name: str, column: int) -> dict[str, str]:
    return {
        letter: reading
        for reading, columns in (line.split(": ", 1) for line in read_lines(name))
        for letter in columns.split(" | ")[column]
    }


_FOLDING = {
    ord(letter): simplified
    for simplified, (letters,) in read_table("han_folding.txt")
    for letter in letters
}
PINYIN = _read_letters("han_pinyin.txt", 0)
_SECOND_PINYIN = _read_letters("han_pinyin.txt", 1)
# The readings of Chinese characters, a syllable each.
SYLLABLES = frozenset(PINYIN.values())
_KOREAN = _read_letters("han_korean.txt", 0)
_SECOND_KOREAN = _read_letters("han_korean.txt", 1)
_ON = _read_letters("han_japanese.txt", 0)
_JAPANESE_NAMES = {
    simplify(name): latin for latin, names in read_table("han_names.txt") for name in names
}
_NAMES_INSIDE = re.compile(
    "|".join(sorted((name for name in _JAPANESE_NAMES if len(name) > 1), key=len, reverse=True))
)
_SURNAMES = frozenset(
    surname for _, surnames in read_table("surnames_han.txt") for surname in surnames
)
_IS_HANGUL = re.compile(f"[{HANGUL}]")
_READ_HAN: dict[Language, Callable[[str], list[str]]] = {
    "chinese": _mandarin,
    "han": _read_any,
    "japanese": lambda word: [_japanese(word), *_mandarin(word)],
    "korean": lambda word: [*_korean(word), *_mandarin(word)[:1]],
}


# --- Words of a name in Han, kana or Hangul.

_FORM_MARK = "="
_WHOLE_MARK = "^"
_NOTHING = "-"
_OR = "~"
_RUN = re.compile(f"([{HAN}{KANA}{HANGUL}]+)|[^{HAN}{KANA}{HANGUL}]+")
_ONE_SCRIPT = re.compile(f"[{HAN}]+|[{KANA}]+|[{HANGUL}]+")
# The kind of a place (province, city, county …), which names print or leave out.
_KINDS = "省市县区"
# A city that no table has: two characters at the front of the name, and its kind.
_OTHER_CITY = re.compile("..[市县]..")
_CITY = 3
# A word in kana this long may end a brand; a shorter one is a part of it.
_SUFFIX = 4
_NUMERAL = re.compile(
    "第?([一二三四五六七八九十百\u3007零]+)"
    "(?=研究院|研究所|研究室|设计院|设计所|试验|实验|机械厂|工厂|厂|院|所|部队|局|机械工业)"
    "|第([一二三四五六七八九十百\u3007零]+)"
)
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"\u3007": 0}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def split_han(piece: str, language: Language) -> list[Token]:
    """Return the words of a piece in order; `language` is that of the whole name.

    The longest known word wins at each place (`han_words.txt`, `han_places.txt`). The characters
    between known words are one word for each script, folded from its reading. A known word of one
    character must follow another character and be at the end or before a known word, so that
    brands stay whole.
    """
    tokens: list[Token] = []
    for run in _RUN.finditer(piece):
        if run[1] is None:
            spelled = spell_latin(run[0])
            tokens.append(Token(run[0], spelled, fold(spelled)))
        else:
            tokens.extend(_split_run(run[0], language))
    return tokens


def _split_run(printed: str, language: Language) -> list[Token]:
    run = simplify(printed)
    if _WHOLE_MARK + run in _KNOWN:
        return _known_tokens(printed, run, _KNOWN[_WHOLE_MARK + run], language)
    tokens: list[Token] = []
    brand_from = at = 0
    while at < len(run):
        length, found = _find_at(run, at)
        if length == 0 or _is_within_kana(run, at, at + length, brand_from):
            at += 1
            continue
        tokens.extend(_brands(printed[brand_from:at], run[brand_from:at], language))
        end = at + length
        if not found:
            tokens.extend(_brands(printed[: _CITY - 1], run[: _CITY - 1], language))
        elif found.isdigit():
            tokens.append(_number(printed[at:end], found))
        else:
            tokens.extend(_known_tokens(printed[at:end], run[at:end], found, language))
        brand_from = at = end
    if brand_from == 0 and is_full_name(run):
        return [*_brands(printed[0], run[0], language), *_brands(printed[1:], run[1:], language)]
    tokens.extend(_brands(printed[brand_from:], run[brand_from:], language))
    return tokens


def _find_at(run: str, at: int) -> tuple[int, str]:
    """Return the length of the known word or numeral at a place, and its canonical word.

    The length is 0 where there is none. A city that no table has gives an empty canonical word.
    """
    known = _longest_known(run, at)
    if len(known) > 1:
        kind = len(known) < len(run) - at and run[at + len(known)] in _KINDS and known in _PLACES
        return len(known) + kind, _KNOWN[known]
    numeral = _NUMERAL.match(run, at)
    if numeral is not None:
        return len(numeral[0]), str(_read_numeral(numeral[1] or numeral[2]))
    if at == 0 and _OTHER_CITY.match(run) is not None:
        return _CITY, ""
    if known and at > 0 and (at + 1 == len(run) or len(_longest_known(run, at + 1)) > 1):
        return 1, _KNOWN[known]
    return 0, ""


def _is_within_kana(run: str, start: int, end: int, brand_from: int) -> bool:
    """Return whether a known word in kana is only part of another word.

    Examples are star in Starling and machine in Romashin. The characters from `brand_from` to
    `start` are no known word. Words in kana are printed without spaces, so a word at the end of a
    run may follow a brand if it is long enough to be one (Bion Group).
    """
    if _IS_KANA.fullmatch(run, start, end) is None:
        return False
    follows = brand_from < start and _IS_KANA.match(run[start - 1]) is not None
    goes_on = end < len(run) and _IS_KANA.match(run[end]) is not None
    return (follows and end - start < _SUFFIX) or (goes_on and not _longest_known(run, end))


def _longest_known(run: str, at: int) -> str:
    for length in _LENGTHS.get(run[at], ()):
        if run[at : at + length] in _KNOWN:
            return run[at : at + length]
    return ""


def _known_tokens(printed: str, run: str, canonical: str, language: Language) -> list[Token]:
    """Return the Latin words of a known word, each with the readings of its characters."""
    if canonical == _NOTHING:
        return [Token(printed, "and", "and")]
    if canonical.startswith(_FORM_MARK):
        codes = "u" + "".join(f"{ord(letter):x}" for letter in run)
        return [Token(printed, run, codes, code=canonical.removeprefix(_FORM_MARK))]
    words = canonical.split(" ")
    tokens: list[Token] = []
    for place, word in enumerate(words):
        share = run[len(run) * place // len(words) : len(run) * (place + 1) // len(words)]
        main, others = read_word(share or run, language)
        folded, *synonyms = map(fold, word.split(_OR))
        readings = [each for each in (*synonyms, main, *others) if each != folded]
        tokens.append(Token(printed, share or word, folded, readings=tuple(readings[:3])))
    return tokens


def _number(printed: str, digits: str) -> Token:
    value = int(digits)
    words = (fold(_ORDINALS[value - 1]),) if 0 < value <= len(_ORDINALS) else ()
    return Token(printed, digits, digits, readings=words)


def _read_numeral(numeral: str) -> int:
    """Return the value of a numeral, with tens and hundreds or written digit by digit."""
    if "十" not in numeral and "百" not in numeral:
        return int("".join(str(_DIGITS[letter]) for letter in numeral))
    total = digit = 0
    for letter in numeral:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            total += max(digit, 1) * (10 if letter == "十" else 100)
            digit = 0
    return total + digit


def _brands(printed: str, run: str, language: Language) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    for part in _ONE_SCRIPT.finditer(run):
        for word in split_names(part[0]) if language == "japanese" else (part[0],):
            main, others = read_word(word, language)
            tokens.append(Token(printed[at : at + len(word)], word, main, readings=others))
            at += len(word)
    return tokens


def split_brand(printed: str) -> tuple[str, list[Token]]:
    """Return a brand of `BRANDS` without the trade words that it ends in, and these words.

    The name that it has without the table begins so: Hoshine Silicon is Hesheng Silicon Industry.
    """
    run = simplify(printed)
    for start in range(_SHORTEST_BRAND, len(run) - 1):
        rest = run[start:]
        if rest in _KNOWN and rest not in BRANDS:
            return run[:start], _known_tokens(printed[start:], rest, _KNOWN[rest], "chinese")
    return run, []


def _read_known() -> tuple[dict[str, str], frozenset[str]]:
    known: dict[str, str] = {}
    places: list[str] = []
    for name in ("han_places.txt", "han_words.txt", "han_brands.txt"):
        for canonical, spellings in read_table(name):
            simplified = [simplify(spelling) for spelling in spellings]
            known.update(dict.fromkeys(simplified, canonical))
            places.extend(simplified if name == "han_places.txt" else ())
    return known, frozenset(places)


def _lengths_by_first() -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for spelling in _KNOWN:
        lengths.setdefault(spelling[0], set()).add(len(spelling))
    return {first: tuple(sorted(some, reverse=True)) for first, some in lengths.items()}


_KNOWN, _PLACES = _read_known()
_SHORTEST_BRAND = 2
# The names in Han characters of brands that print another name in Latin letters.
BRANDS = frozenset(simplify(name) for _, names in read_table("han_brands.txt") for name in names)
_LENGTHS = _lengths_by_first()
