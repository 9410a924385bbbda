"""The comparison form of a printed name."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from service.names.form.legal_forms import find_legal_forms
from service.names.form.token import Token, read_words
from service.names.form.tokens import forget_tokens, split_tokens
from service.names.form.trade_words import (
    FORM_WEIGHT,
    forget_trade_words,
    make_form_word,
    merge_trade_words,
)
from service.names.matching import ComparisonForm

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
        return ComparisonForm(printed, tuple(words), (), _spell(tokens))
    words = tuple(merge_trade_words(kept))
    codes = tuple(sorted(set(forms.values()) - {""}))
    return ComparisonForm(printed, words, codes, _spell(kept))


def forget_words() -> None:
    """Let go of the words remembered from many names: some 20 MB after a hundred thousand.

    Questions bring their own, which are remembered in turn.
    """
    forget_tokens()
    forget_trade_words()


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """The words in the name's own spelling; "&", "and" and nothing are one."""
    spelled = [token.spelled for token in tokens]
    return tuple([word for word in spelled if word != "and"] or spelled)


# --- What a printed name says in brackets: itself once more, or another name of the same
# party.
#
# Lists print "SUZHOU ZHONGSHENG CO., LTD. (苏州中盛有限公司)", "LTS Holding (f.k.a. IPP)" and
# "Petersburg Electronic Company (PEC)". Whoever copies one of these, or types one part
# of it, means the same party. A place or a part of the name stays where it stands:
# "Huawei Device (Hong Kong)".

_ASIDE = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]+)[)\]\uff09]")
_OTHERWISE = re.compile(
    r"(?!(?<=[,;\s])[,;\s])[,;\s]*+\b(?:[afn]\.?\s?k\.?\s?a\b\.?|formerly(?: known as)?)[,:;\s]*+",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z]")
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 10
# One letter is no name, one Han character may be half of one.
_SHORTEST_NAME = 2
_TELLING = 0.6
_LAST_LATIN = "\u024f"


def normalise_all(printed: str) -> tuple[ComparisonForm, ...]:
    """The comparison forms of a printed name: the whole first, then the names it is made of.

    Most names have one form. As `normalise`, it takes any string.
    """
    whole = normalise(printed)
    aside = _ASIDE.search(printed)
    if aside is None:
        return (whole,)
    outside = _tidy(f"{printed[: aside.start()]} {printed[aside.end() :]}")
    forms = {whole.joined: whole}
    for form in _parts(outside, _tidy(aside[1])):
        if len(form.joined) >= _SHORTEST_NAME:
            forms.setdefault(form.joined, form)
    return tuple(forms.values())


def _parts(outside: str, inside: str) -> tuple[ComparisonForm, ...]:
    """The names that an aside and what stands around it are; none where it is a part of a name.

    An aside in another script is a name, and so is a whole one with a legal form of its own.
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
    """Whether only one of them is in Latin letters; what has no letter is in no script."""
    is_written = any(map(str.isalpha, one)) and any(map(str.isalpha, other))
    return is_written and _is_latin(one) != _is_latin(other)


def _is_latin(text: str) -> bool:
    return not any(letter > _LAST_LATIN for letter in text if letter.isalpha())


def _is_whole(form: ComparisonForm) -> bool:
    """Whether it is a company's name by itself: a legal form and a word that tells it apart."""
    return bool(form.legal_forms) and any(word.weight >= _TELLING for word in form.words)


def _is_acronym(inside: str, outside: str) -> bool:
    """Whether it is written in capitals and is the initials of the words before it, in order."""
    letters = "".join(_LETTERS.findall(inside))
    if not letters.isupper() or not _SHORTEST_ACRONYM <= len(letters) <= _LONGEST_ACRONYM:
        return False
    initials = iter(token.spelled[0] for token in split_tokens(outside))
    return all(letter in initials for letter in letters.lower())


def _repeats(inner: ComparisonForm, outer: ComparisonForm) -> bool:
    """Whether it says what stands outside, or a part of that, once more."""
    words = {word.text for word in inner.words}
    return bool(words) and words <= {word.text for word in outer.words}


# --- Why a printed name cannot be compared, or not all of it: what an empty answer may not hide.

# Of other scripts (Runic, Gothic, cuneiform) no list prints a name, and what is spelled in them
# is a picture of letters.
_SCRIPTS = frozenset(read_words("scripts.txt"))
_REPLACEMENT = "\ufffd"
# Unassigned, and for private use: nobody knows what they are.
_UNKNOWN = frozenset({"Cn", "Co", "Cs"})
# Letters behind them are shown in another order than they are written in.
_OVERRIDES = frozenset("\u202d\u202e")
_MOST_SHOWN = 3


def has_letters(printed: str) -> bool:
    """Whether any letter or digit is in it, however it is printed: `Ⓗ` and `㍿` are letters."""
    return any(map(str.isalnum, unicodedata.normalize("NFKC", printed)))


def why_not_comparable(printed: str) -> str | None:
    """Why not all of a name can be compared with listed ones; None where all of it can.

    A name may still be found: what can be read of it is compared.
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
    if _is_a_legal_form(printed):
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


def _is_a_legal_form(printed: str) -> bool:
    return all(word.weight <= FORM_WEIGHT for word in normalise(printed).words)
