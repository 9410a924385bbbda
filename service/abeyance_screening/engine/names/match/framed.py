"""Recognise a question that is a whole listed name with only words of an address around it.

Letters, orders and payment messages put a role, a place or an account number beside a name: `Attn:
Hikvision purchasing dept`, `Air Koryo Beijing Office`. Such words are in no list, so they count as
nothing once all words of the listed name are met in their order.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import msgspec

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.people import may_be_person
from abeyance_screening.engine.names.form.stems import is_stem, stem_of
from abeyance_screening.engine.names.form.token import read_lines, read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, printed_letters
from abeyance_screening.engine.names.match.cut import CUT, MOST_OF_WHOLE, cut_after
from abeyance_screening.engine.names.match.name_keys import (
    GIVEN_NAMES,
    NO_KEY,
    form_bits,
    key,
)

# The part of a score that a framed name adds, beside those that have tables.
FRAMED = "framed"
# The least weight of a name that is said to be one (`Attn:`, `… purchasing dept`), and of one with
# only a place beside it: many ordinary firms are a common word and a place (Delta Europe).
_LEAST_OF_SAID, _LEAST_BESIDE_PLACE = 0.8, 1.0
_LEAST_OF_BRAND, _LEAST_OF_COINED = 0.85, 0.95
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
            if first and may_be_person(asked) and _may_be_surname(words[:first], name):
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


def _may_be_surname(before: Sequence[Word], name: Sequence[Word]) -> bool:
    """Return whether a place before a name may be a given name, and the name a surname."""
    is_given = any(word.text in GIVEN_NAMES for word in before)
    return is_given or (len(name) == 1 and name[0].weight < _LEAST_OF_COINED)


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


# --- A word beside a name that says nothing of whose it is, see `form/stems.py`.

# The part of a score for a name with such a word beside it, among those without tables.
ATTACHED = "attached"
# The letters that a question's own words must leave: many firms have the same initials.
_SHORTEST_STEM = 5
# Words of so many letters are folded to others.
_SHORT = 4
# The log-odds that such a name reaches: as many as the same words in another order, and less where
# ordinary firms have the word too.
_OF_RARE, _OF_OTHER, _RARE = 2.0, 1.0, 0.95
# Tells the keys of what remains of names from those of whole names.
_OF_STEM = "+"


def stem_key(form: ComparisonForm) -> int:
    """Return the key of what remains of a listed name without words beside it, or `NO_KEY`."""
    stem = stem_of(distinct_words(form))
    return _stem_key(stem) if stem else NO_KEY


def attached_keys(words: Sequence[Word]) -> tuple[int, ...]:
    """Return the keys of names that have such words beside a question's; mostly none."""
    return (_stem_key(words),) if is_stem(words) else ()


def bare_keys(words: Sequence[Word]) -> tuple[int, ...]:
    """Return the key of `whole_key` of names that lack the words beside a question's, if any."""
    stem = stem_of(words)
    return (_key(stem),) if stem and _is_long(stem) else ()


def words_attached(asked: ComparisonForm, listed: ComparisonForm) -> tuple[Word, ...]:
    """Return the words that one of two names has beside the other as a whole, or none.

    There is none if legal forms contradict each other, or if both have such words.
    """
    ours, theirs = form_bits(asked), form_bits(listed)
    if ours and theirs and not ours & theirs:
        return ()
    mine, other = distinct_words(asked), distinct_words(listed)
    longer, shorter = (mine, other) if len(mine) > len(other) else (other, mine)
    if longer is mine and not _is_long(shorter):
        return ()
    texts, stem = [word.text for word in shorter], stem_of(longer)
    if [word.text for word in stem] != texts or not all(map(_is_printed_so, shorter, stem)):
        return ()
    return tuple([word for word in longer if word.text not in texts])


def _is_printed_so(one: Word, other: Word) -> bool:
    """Return whether two like words are one: short ones only with the same letters (TSMC, CMK)."""
    is_long = max(len(one.printed), len(other.printed)) > _SHORT
    if is_long or not (one.printed.isascii() and other.printed.isascii()):
        return True
    return printed_letters(one.printed) == printed_letters(other.printed)


def reached_by(asked: ComparisonForm, attached: Sequence[Word]) -> float:
    """Return the log-odds that a name reaches with these words beside the question or the name."""
    beside = {word.text for word in attached}
    rarest = max([word.weight for word in asked.words if word.text not in beside])
    return _OF_RARE if rarest >= _RARE else _OF_OTHER


def _is_long(words: Sequence[Word]) -> bool:
    """Return whether a name is long enough to be told with a word of its own beside it.

    Many firms have the same initials: GSS Industries is not GSS.
    """
    return sum([len(word.text) for word in words]) >= _SHORTEST_STEM


def _stem_key(words: Sequence[Word]) -> int:
    return key(" ".join([word.text for word in words]) + _OF_STEM)


# --- How a question as a whole met a listed name.


class WholeMeeting(msgspec.Struct, frozen=True):
    """The part of a score for how a question as a whole met a name, its value, and it in words.

    The score reaches at most the log-odds `reached`.
    """

    part: str
    value: float
    manner: str
    reached: float = MOST_OF_WHOLE


def meet_whole(
    asked: ComparisonForm, listed: ComparisonForm, *, is_firm: bool
) -> WholeMeeting | None:
    """Return how a question as a whole met a listed name, or None where only its words did.

    `is_firm` says whether the listing is a firm, or of no stated type.
    """
    if after := cut_after(asked, listed):
        return WholeMeeting(CUT, float(after), f"cut after {after} characters")
    if around := words_around(asked, listed):
        manner = f"the whole name, with {_quoted(around)} around it"
        return WholeMeeting(FRAMED, float(len(around)), manner)
    if is_firm and (attached := words_attached(asked, listed)):
        manner = f"the same name but for {_quoted(attached)}"
        reached = reached_by(asked, attached)
        return WholeMeeting(ATTACHED, float(len(attached)), manner, reached)
    return None


def _quoted(words: Sequence[Word]) -> str:
    return ", ".join([f"“{word.printed}”" for word in words])


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


def place_words() -> frozenset[str]:
    """Return the words of the names of cities, countries and regions."""
    return _tables().places


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
