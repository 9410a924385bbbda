"""What a printed name says in brackets: itself once more, or another name of the same party.

Lists print "SUZHOU ZHONGSHENG CO., LTD. (苏州中盛有限公司)", "LTS Holding (f.k.a. IPP)" and
"Petersburg Electronic Company (PEC)". Whoever copies one of these, or types one part of it, means
the same party. A place or a part of the name stays where it stands: "Huawei Device (Hong Kong)".
"""

import re

from service.model.matching import ComparisonForm
from service.normalise.form import normalise
from service.normalise.tokens import split_tokens

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
