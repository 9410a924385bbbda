"""What a field may name beside the name that it is, told by the words of listed names.

A reading of a field knows no list. Here a field's rare words that are words of listed names decide
what else is asked for, so that an ordinary name costs a look at each of its words.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, pairwise
from typing import NamedTuple

import msgspec

from abeyance_screening.engine.names.form import (
    domain_names,
    ends_in_form,
    names_around_form,
    normalise,
)
from abeyance_screening.engine.names.form.stems import is_group_word
from abeyance_screening.engine.names.form.word_types import (
    ComparisonForm,
    Rereading,
    Word,
    fold,
    printed_letters,
)
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.framed import place_words
from abeyance_screening.engine.names.match.joined import JoinedNames
from abeyance_screening.engine.screening.field.parts import (
    ONE_NAME,
    PIECE_THRESHOLD,
    WHOLE_THRESHOLD,
    FieldDoubt,
    NamePart,
    is_company,
    is_prose,
    perhaps_in,
    read_field,
    runs_of_words,
)

# A word among others that is all of a listed company's name is that name from eight letters on:
# it alerts on 6 of 20,000 companies of GLEIF over all lists, two of them Rheinmetall. Of a shorter
# word, and of one that is all of the name of a person or a ship, there is a warning: 1 in 400 has
# one.
_SHORTEST_SURE, _SHORTEST_TOLD = 8, 5
_SAME = 0.97
# Letters of a short name in capitals, and the least weight of it.
_SHORT, _RARE = range(3, 5), 0.8
# The most words of a field in which common ones are looked through.
_MOST_OF_COMMON = 12
# A word that is printed in syllables: so many, of so many letters each.
_SYLLABLES, _LONGEST_SYLLABLE, _SHORTEST_SPLIT = range(3, 7), 8, 9


type _Names = NameIndex | JoinedNames


class FurtherName(msgspec.Struct, frozen=True):
    """Something to ask for beside a name: a part of its field, or a form at a least score.

    Either may be None. `doubt` is what the reader of the answer should know if it is listed;
    `is_sure` says whether it counts as a hit then.
    """

    part: NamePart | None = None
    form: ComparisonForm | None = None
    least: float = 0.0
    doubt: FieldDoubt | None = None
    is_sure: bool = True


def further_names(printed: str, names: _Names) -> Iterable[FurtherName]:
    """Return what a field may name beside the name that it is; nothing, for most names."""
    form = normalise(printed)
    is_firm = form.legal_forms and ends_in_form(printed)
    told = () if is_firm else _of_common_words(printed, form, names)
    return chain(_by_rare_words(printed, form, names), told)


def _by_rare_words(printed: str, form: ComparisonForm, names: _Names) -> Iterable[FurtherName]:
    """Return what a field may name by its rare words that are words of listed names."""
    reading = read_field(printed)
    together = _together(printed, form)
    if together:
        apart = (each for word in together for each in _apart(word, names))
        return chain(apart, _closely(printed, names))
    if reading is not ONE_NAME and (
        reading.parts or reading.texts != (printed,) or any(map(names.has_letters, reading.sides))
    ):
        return _closely(printed, names)
    for word in form.words:
        if is_rare_in_field(word) and names.has_word(word.text):
            return _closely(printed, names)
    if form.legal_forms and not ends_in_form(printed):
        return _closely(printed, names)
    return _of_syllables(form, names)


def _together(printed: str, form: ComparisonForm) -> Sequence[str]:
    """Return what may be several words written as one; nothing, for most names.

    That is a name of one word, its letters one by one, and what a domain says.
    """
    said = tuple(domain_names(printed))
    if len(form.words) != 1:
        return said
    word = printed.strip()
    return (form.spelled[0] if " " in word else word, *said)


def _apart(printed: str, names: _Names) -> Iterator[FurtherName]:
    for form, least in forms_apart(printed, names.has_word):
        yield FurtherName(form=form, least=least)


def _closely(printed: str, names: _Names) -> Iterator[FurtherName]:
    """Yield the parts of a field, the pieces of the prose in it, and names among its words."""
    reading, has_word = read_field(printed), names.has_word
    likely = [text for text in reading.texts if has_listed(text, has_word)]
    perhaps = [part for text in likely for part in perhaps_in(text)]
    # what was asked for as a whole is not asked for as a part, at a threshold no lower
    asked = {printed: 0.0}
    for part in (*reading.parts, *(each for each in perhaps if has_listed(each.text, has_word))):
        if part.least < asked.get(part.text, 2.0):
            asked[part.text] = part.least
            yield FurtherName(part)
    for side in reading.sides:
        if names.has_letters(side):
            yield _whole(side)
    for text in (printed,) if is_company(printed) else dict.fromkeys((*likely, printed)):
        is_read = text in likely and is_prose(text, printed)
        if is_read:
            yield from _pieces(text, names)
        if (form := normalise(text)).words[1:]:
            yield from _in_words(text, form, names, is_read=is_read)


def _whole(side: str) -> FurtherName:
    """Return what is asked for, or only told, of a part that has all letters of a listed name."""
    words = normalise(side).words
    if words[1:]:
        return FurtherName(NamePart(side, WHOLE_THRESHOLD))
    return _told(words[0].printed)


def _pieces(text: str, names: _Names) -> Iterator[FurtherName]:
    for form, least in forms_of_pieces(text, names.has_word):
        yield FurtherName(form=form, least=least)


def _in_words(
    text: str, form: ComparisonForm, names: _Names, *, is_read: bool
) -> Iterator[FurtherName]:
    """Yield the names among the words of a text, the pieces of which were read or not."""
    listed = [is_rare_in_field(word) and names.has_word(word.text) for word in form.words]
    if not any(listed):
        yield from _of_syllables(form, names)
    for word, is_listed in zip(form.words, listed, strict=True):
        if is_listed:
            yield from _of_word(word, names)
    if is_read:
        return
    if any(one and other for one, other in pairwise(listed)):
        yield from _pieces(text, names)
    elif (around := names_around_form(text)) is not None:
        if any(listed):
            yield FurtherName(NamePart(around[0], WHOLE_THRESHOLD, is_whole=True))
            yield from _pieces(around[1], names)
        yield from map(_whole, filter(names.has_letters, runs_of_words(around[1], text)))


def _of_word(word: Word, names: _Names) -> Iterator[FurtherName]:
    """Yield what is asked for and told of a word that is all of a listed name, if it is one."""
    letters = max(len(word.text), len(word.printed))
    if letters >= _SHORTEST_TOLD and names.has_alone(word.text):
        if len(word.text) >= _SHORTEST_SURE:
            yield FurtherName(form=normalise(word.printed), least=_SAME)
        yield _told(word.printed)


def _of_common_words(printed: str, form: ComparisonForm, names: _Names) -> Iterator[FurtherName]:
    """Yield what is told of short words in capitals, and of common words that are a listed name.

    `goods for BYD via Hamburg` → BYD; `transfer for Bank Rossiya, 20000` → Bank Rossiya. Of 18,000
    ordinary names without a legal form at the end 1 in 1,000 has one.
    """
    words, count = form.words, len(form.words)
    if not 1 < count <= _MOST_OF_COMMON:
        return
    yield from _of_group(words, names)
    if not printed.isupper() and not form.legal_forms:
        for word in words:
            if _is_short_name(word) and names.has_alone(word.text):
                yield _told(word.printed)
    known = [names.has_word(word.text) for word in words]
    for first, last in combinations(range(count + 1), 2):
        if 1 < last - first < count and all(known[first:last]):
            run = " ".join(word.printed for word in words[first:last])
            if _is_long_enough(run) and names.has_letters(run):
                yield _told(run)


def _of_group(words: Sequence[Word], names: _Names) -> Iterator[FurtherName]:
    """Yield the short name of a group without the word Group: `BYD Group` → BYD."""
    first, *others = words
    is_short = len(first.printed) in _SHORT and first.weight >= _RARE and not first.is_trade_word
    is_of_group = is_short and all(is_group_word(word.text) for word in others)
    if is_of_group and names.has_alone(first.text):
        yield FurtherName(NamePart(first.printed, _SAME))


def _is_short_name(word: Word) -> bool:
    """Return whether a word is three or four capitals, and not one that many companies have."""
    printed = word.printed
    is_short = len(printed) in _SHORT and printed.isascii() and printed.isalpha()
    return is_short and printed.isupper() and word.weight >= _RARE and not word.is_trade_word


def _is_long_enough(run: str) -> bool:
    """Return whether words have as many letters as a name that is told by them alone."""
    return len(run) > (_SHORTEST_SURE if run.isascii() else _SHORTEST_TOLD)


def _told(printed: str) -> FurtherName:
    """Return what is told of words that are all of a listed name."""
    said = f"words {printed}, which are" if " " in printed else f"word {printed}, which is"
    alone = "them" if " " in printed else "it"
    doubt = FieldDoubt(
        f"has the {said} all of a listed name: ask for {alone} alone", may_hide=True
    )
    return FurtherName(form=normalise(printed), least=_SAME, doubt=doubt, is_sure=False)


def _of_syllables(form: ComparisonForm, names: _Names) -> Sequence[FurtherName]:
    """Return the word that short words are together, if it is all of a listed company's name."""
    together = form.joined
    if len(form.words) not in _SYLLABLES or max(map(len, form.spelled)) > _LONGEST_SYLLABLE:
        return ()
    if len(together) < _SHORTEST_SPLIT or not names.has_alone(fold(together)):
        return ()
    reason = f"may be one word that was parted: also read as {together!r}"
    doubt = FieldDoubt(reason, may_hide=False)
    return (FurtherName(form=normalise(together), least=_SAME, doubt=doubt),)


# --- What a name met by a part of the field is worth.

# A part that something parts for certain, and one that a sign or a word may part, reach no more
# log-odds: less by what the words beside it weigh, and at the least the last. One word reaches no
# more than it does in the whole name (Zarrin Energy has .8), however long it is.
_CERTAIN, _PERHAPS, _OF_ONE_WORD, _LEAST_OF_PART = 4.0, 3.0, 1.5, 1.0
_A_PART = "by a part of the field: {}"


def is_perhaps_a_part(form: ComparisonForm) -> bool:
    """Return whether a form is a part of a field that nothing parts for certain, see `Within`."""
    return form.reading is not None and form.reading.most < _CERTAIN


def score_of_part(score: float, part: ComparisonForm) -> float:
    """Return the score of a name that a form met as a part, from that of the form by itself."""
    if part.reading is None:
        return score
    most = 1.0 / (1.0 + math.exp(-part.reading.most))
    return min(score, most)


class Within(NamedTuple):
    """The field that a name is a part of, and whether something parts the two for certain."""

    field: str
    is_certain: bool

    def part(self, form: ComparisonForm) -> ComparisonForm:
        """Return a form as a part of the field, or as it is where it is all of it.

        A part is never the same name: the more is beside it, the less it says of the whole.
        """
        ours, theirs = printed_letters(form.printed), printed_letters(self.field)
        if ours == theirs or ours not in theirs:
            return form
        known = {word.text for word in form.words}
        words = normalise(self.field).words
        beside = sum([word.weight for word in words if word.text not in known])
        perhaps = _PERHAPS if form.words[1:] else _OF_ONE_WORD
        most = _CERTAIN if self.is_certain else max(perhaps - beside, _LEAST_OF_PART)
        how = Rereading(_A_PART.format(form.printed), 0.0, most)
        return msgspec.structs.replace(form, reading=how)


# --- Pieces of a text, and halves of a word, that may be the name of somebody listed.

_WORDS_OF_PIECE = range(1, 7)
_RARE_IN_FIELD = 0.9
# A piece with two rare words of listed names may lack a third (a patronymic).
_LEAST_OF_RARE = 0.8
# A word that is two words written together, and each of these, in letters.
_FEWEST_OF_TWO, _MOST_OF_TWO, _SHORTEST_HALF = 9, 40, 3


def forms_of_pieces(
    prose: str, is_listed: Callable[[str], bool]
) -> Iterator[tuple[ComparisonForm, float]]:
    """Yield the comparison forms of pieces of a text, each with the least score that counts.

    The pieces are every one to six words in a row that contain a rare word of a listed name
    (`is_listed`). Of one word alone only a company's name counts, which the caller sees to.
    """
    words, known = prose.split(), _rare_listed(prose, is_listed)
    rare = [_count_of(word, known) for word in words] if known else []
    had = set[object]()
    for length in _WORDS_OF_PIECE if known else ():
        for first in range(len(words) - length + 1):
            count = sum(rare[first : first + length])
            if count:
                least = WHOLE_THRESHOLD if length == 1 else _least_of(count)
                form = normalise(" ".join(words[first : first + length]))
                key = (form.words, form.spelled, form.legal_forms, least)
                # a sign at an end makes no other piece, and a place names nobody (Buenos Aires)
                if key not in had and not _is_place(form):
                    had.add(key)
                    yield form, least


def _is_place(form: ComparisonForm) -> bool:
    return place_words().issuperset([word.text for word in form.words])


def forms_apart(
    printed: str, is_listed: Callable[[str], bool]
) -> Iterator[tuple[ComparisonForm, float]]:
    """Yield the forms of a word as two words of listed names, as `forms_of_pieces` does.

    `RAMZANKADYROV` → `RAMZAN KADYROV`.
    """
    word = printed.strip()
    if not (word.isalpha() and _FEWEST_OF_TWO <= len(word) <= _MOST_OF_TWO):
        return
    for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
        halves = [normalise(half).words for half in (word[:at], word[at:])]
        if all(len(half) == 1 and is_listed(half[0].text) for half in halves):
            rare = sum(is_rare_in_field(half[0]) for half in halves)
            form = normalise(f"{word[:at]} {word[at:]}")
            # a word that only joins others, as `dos`, is not the other half
            if rare and form.words[1:]:
                yield form, _least_of(rare)


def _least_of(rare: int) -> float:
    """Return the least score of a piece with so many rare words of listed names."""
    return PIECE_THRESHOLD if rare == 1 else _LEAST_OF_RARE


def has_listed(printed: str, is_listed: Callable[[str], bool]) -> bool:
    """Return whether a text has a rare word of a listed name."""
    return bool(_rare_listed(printed, is_listed))


def is_rare_in_field(word: Word) -> bool:
    """Return whether few companies have a word, so that it may tell a name within a field."""
    return word.weight >= _RARE_IN_FIELD and not word.is_trade_word


def _rare_listed(printed: str, is_listed: Callable[[str], bool]) -> frozenset[str]:
    words = (word.text for word in normalise(printed).words if is_rare_in_field(word))
    return frozenset(filter(is_listed, words))


def _count_of(printed: str, known: frozenset[str]) -> int:
    return sum(word.text in known for word in normalise(printed).words)
