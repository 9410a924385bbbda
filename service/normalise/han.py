"""Takes a run of Han, kana or Hangul characters apart into known words and the rest, brands."""

import re

from service.model.fold import fold
from service.normalise.han_reading import (
    HAN,
    HANGUL,
    KANA,
    Language,
    is_full_name,
    read_word,
    simplify,
    split_names,
)
from service.normalise.script import spell_latin
from service.normalise.table import read_table
from service.normalise.token import Token

_FORM_MARK = "="
_WHOLE_MARK = "^"
_NOTHING = "-"
_OR = "~"
_RUN = re.compile(f"([{HAN}{KANA}{HANGUL}]+)|[^{HAN}{KANA}{HANGUL}]+")
_ONE_SCRIPT = re.compile(f"[{HAN}]+|[{KANA}]+|[{HANGUL}]+")
# What a place is; said or left out, the place is the same.
_KINDS = "省市县区"
# A city that no table knows has two characters, at the front.
_OTHER_CITY = re.compile("..[市县]..")
_CITY = 3
_IS_KANA = re.compile(f"[{KANA}]+")
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
    """Words of `piece` in order; `language` is that of the whole name.

    The longest known word wins at each place (`han_words.txt`, `han_places.txt`); what stands
    between known words is one word a script, folded from its reading. A known word of one
    character counts only after another and at the end or before a known word, so that brands stay
    whole.
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
    """Length of the known word or numeral at a place and what it stands for.

    Nothing is of length 0; an unknown city stands for nothing.
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
    """Whether a word in kana is but a part of another one: star in Starling, machine in Romashin.

    What stands between `brand_from` and its start is no known word. Words in kana stand side by
    side without a gap, so what ends a run may follow a brand where it is long enough to mean
    something (Bion Group).
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
    """The Latin words of a known word, each with the reading of its share of the characters."""
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
    """The value of a numeral with tens and hundreds, or of one written digit by digit."""
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


def _read_known() -> tuple[dict[str, str], frozenset[str]]:
    known: dict[str, str] = {}
    places: list[str] = []
    for name in ("han_places.txt", "han_words.txt"):
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
_LENGTHS = _lengths_by_first()
