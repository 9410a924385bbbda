"""Make the comparison forms of a printed name, and say why a name cannot be compared."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from abeyance_screening.engine.names.form.token import Token, read_table, read_words
from abeyance_screening.engine.names.form.tokens import forget_tokens, split_tokens
from abeyance_screening.engine.names.form.trade_words import (
    FORM_WEIGHT,
    forget_trade_words,
    make_form_word,
    merge_trade_words,
)
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, fold

# What lists print after some names: whom else the listing covers ("…, including all units").
_TAIL = re.compile(
    r"(?<=[\w.)\]]{4}),? (?:including (?:the|all|its|any)|and any successor|to include) .*",
    re.IGNORECASE | re.DOTALL,
)

# The name of a question is normalised several times in a row, those of a batch ahead.
_LAST_NAMES = 256
# What stands behind a comma is `Inc.` or `LLC` in most names.
_SIDES = 1 << 12
_WORDS = 1 << 14


@lru_cache(_LAST_NAMES)
def normalise(printed: str) -> ComparisonForm:
    """Make a printed name comparable; any string is accepted, in time linear in its length.

    Legal forms are separated from the words, unless the name consists of them ("Corp"): then they
    are its words. A blank name has no words. A remark on subsidiaries after the name is left out.
    """
    tokens = split_tokens(_without_tail(printed))
    forms = find_legal_forms(tokens)
    kept = [token for place, token in enumerate(tokens) if place not in forms] if forms else tokens
    if not kept:
        words = [make_form_word(each.folded, each.printed, each.readings) for each in tokens]
        return ComparisonForm(printed, tuple(words), (), _spell(tokens))
    words = tuple(merge_trade_words(kept))
    codes = tuple(sorted(set(forms.values()) - {""}))
    return ComparisonForm(printed, words, codes, _spell(kept))


def _without_tail(printed: str) -> str:
    lower = printed.lower()
    return _TAIL.sub("", printed) if "nclud" in lower or "nd any" in lower else printed


def forget_words() -> None:
    """Empty the caches of words: some 20 MB after a hundred thousand names.

    The words of later questions are cached anew.
    """
    forget_tokens()
    forget_trade_words()


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """Return the words in the name's own spelling, without "and" unless there is nothing else."""
    spelled = [token.spelled for token in tokens]
    return tuple([word for word in spelled if word != "and"] or spelled)


# The most words of one name that are compared; a name of 500 characters has no more than 250.
MOST_WORDS = 250


def distinct_words(form: ComparisonForm) -> tuple[Word, ...]:
    """Return the words of a form without repeats, in printed order; the first of each is kept."""
    words = form.words
    if len({word.text for word in words}) == len(words):
        return words[:MOST_WORDS]
    kept: dict[str, Word] = {}
    for word in words:
        kept.setdefault(word.text, word)
    return tuple(kept.values())[:MOST_WORDS]


# --- Names in brackets: the same name once more, or another name of the same party.
#
# Lists print "SUZHOU ZHONGSHENG CO., LTD. (苏州中盛有限公司)", "LTS Holding (f.k.a. IPP)" and
# "Petersburg Electronic Company (PEC)". A question may be all of such a name or one of its
# parts. A place or a part of the name stays in the name: "Huawei Device (Hong Kong)".

_ASIDE = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]+)[)\]\uff09]")
_OTHERWISE = re.compile(
    r"(?!(?<=[,;\s])[,;\s])[,;\s]*+\b(?:[afn]\.?\s?k\.?\s?a\b\.?|formerly(?: known as)?)[,:;\s]*+",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z]")
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 10
# A single letter is not a name, and a single Han character may be half of one.
_SHORTEST_NAME = 2
_DISTINCTIVE = 0.6
_LAST_LATIN = "\u024f"


def normalise_all(printed: str) -> tuple[ComparisonForm, ...]:
    """Return the comparison forms of a printed name: the whole name, then the names in it.

    Most names have one form. Any string is accepted.
    """
    whole = normalise(printed)
    may_have = "(" in printed or "[" in printed or not printed.isascii()
    aside = _ASIDE.search(printed) if may_have else None
    if aside is None:
        return (whole,)
    outside = _tidy(f"{printed[: aside.start()]} {printed[aside.end() :]}")
    forms = {whole.joined: whole}
    for form in _parts(outside, _tidy(aside[1])):
        if len(form.joined) >= _SHORTEST_NAME:
            forms.setdefault(form.joined, form)
    return tuple(forms.values())


def _parts(outside: str, inside: str) -> tuple[ComparisonForm, ...]:
    """Return the names outside and inside the brackets, or none where both are one name.

    The inside is a name if it is in another script, follows `f.k.a.`, or has its own legal form.
    """
    outer = normalise(outside)
    if _OTHERWISE.match(inside) is not None:
        return outer, *map(normalise, filter(str.strip, _OTHERWISE.split(inside)))
    inner = normalise(inside)
    if _are_two_scripts(outside, inside) or _is_whole(inner):
        return outer, inner
    return (outer,) if _is_acronym(inside, outside) or _repeats(inner, outer) else ()


def _tidy(text: str) -> str:
    return " ".join(text.split()).replace(" ,", ",")


def _are_two_scripts(one: str, other: str) -> bool:
    """Return whether both texts have letters, and only one of them has Latin letters alone."""
    is_written = any(map(str.isalpha, one)) and any(map(str.isalpha, other))
    return is_written and _is_latin(one) != _is_latin(other)


def _is_latin(text: str) -> bool:
    return not any(letter > _LAST_LATIN for letter in text if letter.isalpha())


def _is_whole(form: ComparisonForm) -> bool:
    """Return whether a form is a company's whole name: a legal form and a distinctive word."""
    return bool(form.legal_forms) and any(word.weight >= _DISTINCTIVE for word in form.words)


def _is_acronym(inside: str, outside: str) -> bool:
    """Return whether the inside is in capitals, all initials of the outside in their order."""
    letters = "".join(_LETTERS.findall(inside))
    if not letters.isupper() or not _SHORTEST_ACRONYM <= len(letters) <= _LONGEST_ACRONYM:
        return False
    initials = iter(token.spelled[0] for token in split_tokens(outside))
    return all(letter in initials for letter in letters.lower())


def _repeats(inner: ComparisonForm, outer: ComparisonForm) -> bool:
    """Return whether the inside repeats words of the outside and adds none."""
    words = {word.text for word in inner.words}
    return bool(words) and words <= {word.text for word in outer.words}


# --- What names nobody: a legal form, two letters, a word of a trade that many firms have.

# Words of trades, as English prints them, name nobody where they weigh less together: "Technology
# Company Limited" has .3. A part of a field may be such a name where its words weigh more: a
# foundation and a cooperative (Bonyad Taavon) have .8.
_LEAST_OF_NAME, _LEAST_OF_PART = 0.5, 0.75
_MOST_OF_NOBODY = 2


def names_nobody(form: ComparisonForm) -> bool:
    """Return whether a name says no more than a legal form, two letters, or a trade of many firms.

    Lists print such names: a piece of a cell (`Акционерное общество`), an alias of two letters.
    """
    letters, words = form.joined, form.words
    if all(word.weight <= FORM_WEIGHT for word in words):
        return True
    if len(letters) <= _MOST_OF_NOBODY and letters.isascii() and not form.legal_forms:
        return True
    if sum(word.weight for word in words) >= _LEAST_OF_NAME:
        return False
    return all(word.is_trade_word and fold(word.printed.lower()) == word.text for word in words)


def is_name(part: ComparisonForm) -> bool:
    """Return whether a part of a field may be a name by itself."""
    weight = sum(word.weight for word in part.words)
    is_told = weight >= _LEAST_OF_PART or any(not word.is_trade_word for word in part.words)
    return is_told and not names_nobody(part)


# --- Why a printed name cannot be compared, or only in part: an empty answer must say so.

# No list prints names in other scripts (Runic, Gothic, cuneiform); in a question such characters
# are look-alikes of letters.
_SCRIPTS = frozenset(read_words("scripts.txt"))
_REPLACEMENT = "\ufffd"
# Unassigned, private use and surrogate characters: they have no known meaning.
_UNKNOWN = frozenset({"Cn", "Co", "Cs"})
# Letters after these are shown in another order than that in which they are stored.
_OVERRIDES = frozenset("\u202d\u202e")
_MOST_SHOWN = 3


def has_letters(printed: str) -> bool:
    """Return whether a name has a letter or digit in any form; `Ⓗ` and `㍿` are letters."""
    return any(map(str.isalnum, unicodedata.normalize("NFKC", printed)))


def why_not_comparable(printed: str) -> str | None:
    """Return why a name cannot be compared, or only in part; None where all of it can be.

    The part that can be read is still compared, so such a name may have hits.
    """
    return next(_faults(printed), None)


def _faults(printed: str) -> Iterator[str]:
    letters = unicodedata.normalize("NFKC", printed)
    if not any(map(str.isalnum, letters)):
        yield "has no letter or digit that can be compared"
    if not letters.isascii():
        yield from _unread(letters)
    if sum(map(str.isalnum, letters)) == 1:
        yield "is one letter, which is too little to tell a name by"
    if all(word.weight <= FORM_WEIGHT for word in normalise(printed).words):
        yield "is nothing but a legal form, which is no name"


def _unread(letters: str) -> Iterator[str]:
    if not _OVERRIDES.isdisjoint(letters):
        yield "turns the order of its letters round, so what is shown is not what is compared"
    unread = dict.fromkeys(letter for letter in letters if not _is_read(letter))
    if unread:
        shown = ", ".join(f"U+{ord(letter):04X}" for letter in list(unread)[:_MOST_SHOWN])
        yield f"has characters that cannot be read ({shown}); check its spelling and encoding"


def _is_read(letter: str) -> bool:
    if letter == _REPLACEMENT or unicodedata.category(letter) in _UNKNOWN:
        return False
    if not letter.isalpha():
        return True
    return unicodedata.name(letter, "").partition(" ")[0] in _SCRIPTS


# --- Legal forms: which words of a name they are, and the code of each.
#
# There are two tables. `legal_forms.txt`, written by hand, has forms that mean nothing else, and
# they are found anywhere in a name. `legal_forms_gleif.txt`, built from GLEIF's table, has the
# long tail of all languages, and its forms are found at the end of a name only ("SE" in the middle
# is a word). The exception is a GLEIF form that contains a form of the first table and has an
# abbreviation: it is found anywhere, before the shorter form is (one person company, OPC).

_EDGE_MARK = "^"
_SHORT = 4


def find_legal_forms(tokens: Sequence[Token]) -> dict[int, str]:
    """Return the place of each word that belongs to a legal form, with the code of the form."""
    folded = [token.spelled if len(token.spelled) < _SHORT else token.folded for token in tokens]
    found = {place: token.code for place, token in enumerate(tokens) if token.code is not None}
    _find_anywhere(folded, found)
    _find_at_end(folded, found)
    for edge in (0, len(folded) - 1):
        if len(folded) > 1 and edge not in found and folded[edge] in _AT_EDGE:
            found[edge] = _AT_EDGE[folded[edge]]
    return found


def ends_in_form(printed: str) -> bool:
    """Return whether the last word of a name may be one of a legal form, or is in brackets."""
    *_, last = printed.lower().split() or ("",)
    word = last.replace(".", "").strip(",;:'\"")
    return not word.isalnum() or len(word) == 1 or _may_be_of_form(word)


def names_around_form(printed: str) -> tuple[str, str] | None:
    """Return a name with its legal form, and the words after that; None where it ends the name.

    `Muster GmbH Bank Melli` → `Muster GmbH`, `Bank Melli`.
    """
    tokens = split_tokens(_without_tail(printed))
    forms = find_legal_forms(tokens)
    for place in range(1, len(tokens) - 1):
        if place in forms and place + 1 not in forms and 0 not in forms:
            at = printed.find(tokens[place + 1].printed)
            return (printed[:at].strip(), printed[at:]) if at > 0 else None
    return None


@lru_cache(_SIDES)
def is_with_legal_form(printed: str) -> bool:
    """Return whether a name has a legal form beside its words, as `normalise` finds it."""
    tokens = split_tokens(_without_tail(printed))
    forms = find_legal_forms(tokens)
    return any(forms.values()) and any(place not in forms for place in range(len(tokens)))


def most_legal_forms(words: Sequence[str]) -> int:
    """Return how many legal forms an ASCII text of these words in small letters may have.

    It may have fewer, never more: any two letters printed one by one may be a form.
    """
    return sum(map(_may_be_of_form, words)) + [len(word) for word in words].count(1) // 2


@lru_cache(_WORDS)
def _may_be_of_form(word: str) -> bool:
    folded = map(_fold, split_tokens(word))
    return len(word) > 1 and any(each in table for each in folded for table in _FIRST_OR_LAST)


@lru_cache(_SIDES)
def is_legal_form(printed: str) -> bool:
    """Return whether a text behind a name is nothing but a legal form of it (`Inc.`)."""
    tokens = split_tokens(f"x {printed}")
    forms = find_legal_forms(tokens)
    return sum(place not in forms for place in range(len(tokens))) <= 1


def fold_phrase(phrase: str) -> str:
    """Turn a spelling of a table into the key for look-ups: folded words, single spaces."""
    return " ".join(map(_fold, split_tokens(phrase)))


def _find_anywhere(folded: list[str], found: dict[int, str]) -> None:
    end = 0
    if _ANYWHERE_LENGTHS.keys().isdisjoint(folded):
        return
    for place, word in enumerate(folded):
        if word in _ANYWHERE_LENGTHS and place >= end:
            for length in _ANYWHERE_LENGTHS[word]:
                code = _ANYWHERE.get(" ".join(folded[place : place + length]))
                if code is not None:
                    end = place + length
                    found.update(dict.fromkeys(range(place, end), code))
                    break


def _find_at_end(folded: list[str], found: dict[int, str]) -> None:
    """Find the forms at the end of a name, as long as at least one word remains before them."""
    end = len(folded)
    while end > 1:
        if end - 1 in found:
            end -= 1
            continue
        for length in _AT_END_LENGTHS.get(folded[end - 1], ()):
            phrase = " ".join(folded[end - length : end])
            if length < end and (code := _AT_END.get(phrase)) is not None:
                found.update(dict.fromkeys(range(end - length, end), code))
                end -= length
                break
        else:
            return


def _fold(token: Token) -> str:
    """Fold a word for look-ups; a short one stays as it is spelled (JP is not IP, TSO not CO)."""
    return token.spelled if len(token.spelled) < _SHORT else token.folded


def _read_hand_table() -> tuple[dict[str, str], dict[str, str]]:
    anywhere: dict[str, str] = {}
    at_edge: dict[str, str] = {}
    for code, spellings in read_table("legal_forms.txt"):
        table = at_edge if code.startswith(_EDGE_MARK) else anywhere
        for spelling in spellings:
            table[fold_phrase(spelling)] = code.removeprefix(_EDGE_MARK)
    return anywhere, at_edge


def _read_gleif_table() -> dict[str, str]:
    return {
        fold_phrase(spelling): code
        for code, spellings in read_table("legal_forms_gleif.txt")
        for spelling in spellings
    }


def _goes_on_around_one(phrase: str) -> bool:
    """Return whether a phrase contains a form of the first table and is not one itself."""
    words = phrase.split(" ")
    runs = (words[start:end] for start, end in combinations(range(len(words) + 1), 2))
    return phrase not in _BY_HAND and any(" ".join(run) in _BY_HAND for run in runs)


def _lengths_by_word(phrases: dict[str, str], place: int) -> dict[str, tuple[int, ...]]:
    """Return, for each word at a place of a phrase, the lengths of such phrases, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        lengths.setdefault(words[place], set()).add(len(words))
    return {word: tuple(sorted(some, reverse=True)) for word, some in lengths.items()}


_BY_HAND, _AT_EDGE = _read_hand_table()
_AT_END = _read_gleif_table()
_AT_END_LENGTHS = _lengths_by_word(_AT_END, -1)
_ANYWHERE = _BY_HAND | {
    phrase: code
    for phrase, code in _AT_END.items()
    if phrase != fold_phrase(code) and _goes_on_around_one(phrase)
}
_ANYWHERE_LENGTHS = _lengths_by_word(_ANYWHERE, 0)
# A word of each legal form is in one of these.
_FIRST_OR_LAST = (_ANYWHERE_LENGTHS, _AT_END_LENGTHS, _AT_EDGE)
