"""Make the comparison forms of a printed name, and say why a name cannot be compared."""

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

# What lists print after some names: whom else the listing covers ("…, including all units").
_TAIL = re.compile(
    r"(?<=[\w.)\]]{4}),? (?:including (?:the|all|its|any)|and any successor|to include) .*",
    re.IGNORECASE | re.DOTALL,
)


# The name of a question is normalised several times in a row.
_LAST_NAMES = 16


@lru_cache(_LAST_NAMES)
def normalise(printed: str) -> ComparisonForm:
    """Make a printed name comparable; any string is accepted, in time linear in its length.

    Legal forms are separated from the words, unless the name consists of them ("Corp"): then they
    are its words. A blank name has no words. A remark on subsidiaries after the name is left out.
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
    """Empty the caches of words: some 20 MB after a hundred thousand names.

    The words of later questions are cached anew.
    """
    forget_tokens()
    forget_trade_words()


def _spell(tokens: list[Token]) -> tuple[str, ...]:
    """Return the words in the name's own spelling, without "and" unless there is nothing else."""
    spelled = [token.spelled for token in tokens]
    return tuple([word for word in spelled if word != "and"] or spelled)


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
