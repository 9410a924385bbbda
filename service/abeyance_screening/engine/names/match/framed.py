"""Recognise a question that is a whole listed name with only words of an address around it.

Letters, orders and payment messages put a role, a place or an account number beside a name: `Attn:
Hikvision purchasing dept`, `Air Koryo Beijing Office`. Such words are in no list, so they count as
nothing once all words of the listed name are met in their order.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.people import may_be_person
from abeyance_screening.engine.names.form.token import read_lines, read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match.name_keys import (
    GIVEN_NAMES,
    distinct_words,
    form_bits,
    key,
)

# The part of a score that a framed name adds, beside those that have tables.
FRAMED = "framed"
# The least weight of a name that is said to be one (`Attn:`, `… purchasing dept`), and of one with
# only a place beside it: many ordinary firms are a common word and a place (Delta Europe).
_LEAST_OF_SAID, _LEAST_BESIDE_PLACE = 0.8, 1.0
_LEAST_OF_BRAND = 0.85
# A word with so many digits is an account number.
_DIGITS_OF_ACCOUNT = 5
# More words than this on one side of a name are an address of another kind, or made up.
_MOST_AROUND = 8
# A name and a word around it.
_FEWEST = 2
type _Phrase = tuple[str, ...]


def whole_key(form: ComparisonForm) -> int:
    """Return the key of all words of a name in their order, whatever its legal forms."""
    return _key(distinct_words(form))


def framed_keys(words: Sequence[Word], known: Container[str]) -> tuple[int, ...]:
    """Return the keys of names that may have words of an address around them in a question.

    `known` are the words of all names: a name is not looked for whose first word is in none.
    """
    if len(words) < _FEWEST or not _may_frame(words[0].text, words[-1].text):
        return ()
    spans = [span for span in _spans(words) if words[span[0]].text in known]
    return tuple([_key(words[first:last]) for first, last in spans])


def words_around(asked: ComparisonForm, listed: ComparisonForm) -> tuple[Word, ...]:
    """Return the words around a listed name that is in the question as a whole, or none.

    There is none if anything else is left over, if the legal forms contradict each other, if the
    name is too common to be told by, or if a place before it is a given name (Vladimir Novak).
    """
    words = distinct_words(asked)
    if len(words) <= len(name := distinct_words(listed)):
        return ()
    ours, theirs = form_bits(asked), form_bits(listed)
    if ours and theirs and not ours & theirs:
        return ()
    texts = [word.text for word in name]
    for first, last in _spans(words):
        if [word.text for word in words[first:last]] == texts:
            around = (*words[:first], *words[last:])
            if any(word.text in GIVEN_NAMES for word in words[:first]) and may_be_person(asked):
                return ()
            return around if _is_telling(words[first:last], around) else ()
    return ()


def _key(words: Sequence[Word]) -> int:
    return key(" ".join([word.text for word in words]))


def _is_telling(name: Sequence[Word], around: Sequence[Word]) -> bool:
    """Return whether a name is rare enough for the words around it.

    Every country has its ministry of defence, so a place says which one is meant, and many
    surnames are places (Leah Hamilton).
    """
    weight = sum([word.weight for word in name])
    if all(word.text in _tables().places for word in around):
        if all(word.is_trade_word for word in name):
            return False
        if len(name) == 1:
            return weight >= _LEAST_OF_BRAND and name[0].text not in GIVEN_NAMES
        return weight >= _LEAST_BESIDE_PLACE
    return weight >= _LEAST_OF_SAID


def _spans(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield where a name may begin and end, so that all words before and after it frame it."""
    texts = tuple([word.text for word in words])
    firsts, lasts = _ends(texts, before=True), _ends(texts[::-1], before=False)
    for first in firsts:
        for after in lasts:
            last = len(words) - after
            if first < last and (first or after):
                yield first, last


def _may_frame(first: str, last: str) -> bool:
    """Return whether the first or the last word begins or ends a phrase, which is rare."""
    tables = _tables()
    if first in tables.before or last in tables.after:
        return True
    return not (first + last).isalpha() and (_is_account(first) or _is_account(last))


def _ends(texts: _Phrase, *, before: bool) -> list[int]:
    """Return the numbers of words, 0 first, that are phrases of an address one after another."""
    tables, ends = _tables(), [0]
    phrases = tables.before if before else tables.after
    for end in ends:
        if end >= min(len(texts), _MOST_AROUND):
            continue
        starting = phrases.get(texts[end], ())
        lengths = {len(each) for each in starting if texts[end : end + len(each)] == each}
        if _is_account(texts[end]):
            lengths.add(1)
        ends += [end + each for each in sorted(lengths) if end + each not in ends]
    return [end for end in ends if end <= _MOST_AROUND]


def _is_account(text: str) -> bool:
    return not text.isalpha() and sum(map(str.isdigit, text)) >= _DIGITS_OF_ACCOUNT


# --- The phrases of an address, as canonical words.

_PACKAGE = "abeyance_screening.engine.names.match"


class _Phrases(NamedTuple):
    """Phrases before a name by their first word, those after it, reversed, by their last word.

    Both have the places as well; `places` are all words of these.
    """

    before: Mapping[str, tuple[_Phrase, ...]]
    after: Mapping[str, tuple[_Phrase, ...]]
    places: frozenset[str]


@cache
def framing_words() -> frozenset[str]:
    """Return all words of these phrases, the words of places among them."""
    tables = _tables()
    phrases = chain(*tables.before.values(), *tables.after.values())
    return tables.places | frozenset(chain.from_iterable(phrases))


@cache
def _tables() -> _Phrases:
    rows = read_table("framing_words.txt", _PACKAGE)
    groups = {group: list(map(_canonical, phrases)) for group, phrases in rows}
    places = [*map(_canonical, read_lines("places.txt", _PACKAGE)), *groups["region"]]
    return _Phrases(
        before=_by_first([*groups["before"], *places]),
        after=_by_first([phrase[::-1] for phrase in (*groups["after"], *places)]),
        places=frozenset(word for place in places for word in place),
    )


def _canonical(phrase: str) -> _Phrase:
    return tuple([word.text for word in normalise(phrase).words])


def _by_first(phrases: Iterable[_Phrase]) -> Mapping[str, tuple[_Phrase, ...]]:
    found = dict[str, list[_Phrase]]()
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(some) for first, some in found.items()}
