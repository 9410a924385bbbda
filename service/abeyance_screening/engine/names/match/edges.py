"""Find the edges of a question: which words of the vocabulary each unit may mean, for what credit.

A unit is one way to write a run of the question's words, see `question`. Credit is 1 for the same
spelling, and less for a similar one.
"""

from typing import NamedTuple

import numpy as np

from abeyance_screening.engine.names.match.kernel import (
    Reals,
    Wholes,
    Words,
    clear_bits,
    first_at_least,
    has_bit,
    inner,
    no_bits,
    none_yet,
    set_bit,
)
from abeyance_screening.engine.names.match.layout import (
    FUZZY,
    JOINED,
    KNOWN,
    LETTERS_FROM,
    NOT_LOOKED_UP,
    PLACE,
    RUN,
    SPAN,
    WORD,
    QuestionArrays,
)
from abeyance_screening.engine.names.match.name_keys import INITIALS, READING
from abeyance_screening.engine.names.match.spelling import (
    FIRST_LETTER,
    LEAST_SIMILAR,
    LETTERS,
    LONGEST_FUZZY,
    SHORTEST_FUZZY,
    Vocabulary,
    count_bits,
    edits,
    gather_letters,
    is_swap,
    mark_letters,
    sounds_like,
)
from abeyance_screening.engine.names.match.vocabulary import Slots, slot_of

# Similarity is 1 - edits / length of the longer word; a swap of neighbours is one edit. One edit
# in three letters earns nothing (ZTE is not ZTO), in four next to nothing, in nine most of the
# weight (Hikvison). Chosen on held-out aliases of the US and UN lists; raising the middle of the
# table finds more misspellings and alerts on more ordinary look-alikes. An edit between words that
# sound alike counts half (Shomal and Shemal, Huthi and Houthi), and 0.7 in short words, whose
# sound says less (Nasa is not Nasha).
_SIMILARITIES: Reals = np.array((0.72, 0.75, 0.80, 0.834, 0.86, 0.89, 0.92, 1.0))
_CREDITS: Reals = np.array((0.0, 0.20, 0.50, 0.65, 0.76, 0.87, 0.91, 1.0))
_UNHEARD, _UNHEARD_IN_SHORT = 0.5, 0.7
_SHORT = 5
# Two neighbours in the wrong order (Sugno) are a slip of the hand, and hardly two names differ so.
# A key beside the right one is a slip as well, but Huaxin and Huaxun differ so: counting it less
# raised the alerts of ordinary firms from 0.81 to 0.84 %.
_SWAP = 0.5
# A unit of two words is looked for in similar spellings if one of them has at least this weight.
_RARE = 0.9
# 100 words of five letters have some 10,000 look-alikes among a million names.
MOST_EDGES = 32_768
# The look-alikes of so many words are kept, of words that have no more than these.
_KEPT_WORDS, _MOST_KEPT = 2_048, 64


class Edges(NamedTuple):
    """The edges of a question: unit `units[k]` may mean word `words[k]`, for `credits[k]`."""

    units: Wholes
    words: Wholes
    credits: Reals


class Alike(NamedTuple):
    """The look-alikes of words that were asked for before, because questions share their words.

    The row of a word of the vocabulary is its place modulo the number of rows; `holders` has the
    word whose look-alikes are there, or -1. They are the first `counts` of `_MOST_KEPT` places of
    the row in `words` and `credits`.
    """

    holders: Wholes
    counts: Wholes
    words: Wholes
    credits: Reals


class EdgeSpace(NamedTuple):
    """Scratch arrays for finding edges; all bits of `seen` are clear between two uses."""

    seen: Words
    touched: Wholes
    marks: Words
    grams: Wholes
    edges: Edges
    alike: Alike


def edge_space(words: int) -> EdgeSpace:
    """Return scratch arrays for a vocabulary of `words` words."""
    return EdgeSpace(
        seen=no_bits(words),
        touched=np.zeros(words, dtype=np.int32),
        marks=np.zeros(LETTERS, dtype=np.uint64),
        grams=np.zeros(LONGEST_FUZZY, dtype=np.int64),
        edges=Edges(
            np.zeros(MOST_EDGES, dtype=np.int32),
            np.zeros(MOST_EDGES, dtype=np.int32),
            np.zeros(MOST_EDGES, dtype=np.float64),
        ),
        alike=Alike(
            np.full(_KEPT_WORDS, -1, dtype=np.int32),
            np.zeros(_KEPT_WORDS, dtype=np.int32),
            np.zeros(_KEPT_WORDS * _MOST_KEPT, dtype=np.int32),
            np.zeros(_KEPT_WORDS * _MOST_KEPT, dtype=np.float64),
        ),
    )


@inner
def give_credit(similarity: float) -> float:
    """Return the credit in [0, 1] for a similarity in [0, 1]; it is 1 only for the same word."""
    if similarity <= LEAST_SIMILAR:
        return 0.0
    for place in range(1, len(_SIMILARITIES)):
        if similarity <= _SIMILARITIES[place]:
            low, high = _SIMILARITIES[place - 1], _SIMILARITIES[place]
            share = (similarity - low) / (high - low)
            return _CREDITS[place - 1] + share * (_CREDITS[place] - _CREDITS[place - 1])
    return 1.0


@inner
def reach_of(question: QuestionArrays, edges: Edges, edge: int) -> int:
    """Return the last kind of entry that an edge may meet, of `WORD`, `JOINED` and `RUN`.

    An edge may also meet the kinds before it. An entry of several words is met by the same
    spelling only, because it must not matter whether another listed name has these words as one.
    Initials meet words, never other initials (Plant 27 is not Plant 29).
    """
    factor = question.factors[edges.units[edge]]
    if edges.credits[edge] != factor:
        return WORD
    return JOINED if factor == INITIALS else RUN


@inner
def look_up_units(question: QuestionArrays, vocabulary: Vocabulary, slots: Wholes) -> None:
    """Fill in which word each unit of a question is, and whether similar ones are looked for.

    A question that has been looked up before stays as it is. `slots` are those of the vocabulary.
    """
    if question.units[0, KNOWN] != NOT_LOOKED_UP:
        return
    book = Slots(vocabulary.letters, vocabulary.starts, slots)
    # the first row, by which other threads see that all are done, is done last
    for unit in range(len(question.factors) - 1, -1, -1):
        start, end = question.units[unit, LETTERS_FROM], question.units[unit + 1, LETTERS_FROM]
        slot = slot_of(book, question.letters, start, end)
        question.units[unit, FUZZY] = 1 if _is_fuzzy(question, unit, start, end) else 0
        question.units[unit, KNOWN] = slots[slot]


@inner
def is_met(question: QuestionArrays, unit: int) -> bool:
    """Return whether a unit may meet a word of the vocabulary."""
    return question.units[unit, KNOWN] >= 0 or question.units[unit, FUZZY] != 0


@inner
def _is_fuzzy(question: QuestionArrays, unit: int, start: int, end: int) -> bool:
    """Return whether similar spellings are looked for: of 4 to 64 letters, no digit."""
    if question.factors[unit] < READING or not SHORTEST_FUZZY <= end - start <= LONGEST_FUZZY:
        return False
    for place in range(start, end):
        if question.letters[place] < FIRST_LETTER:
            return False
    return question.units[unit, SPAN] == 1 or _is_one_word(question, unit, end - start)


@inner
def _is_one_word(question: QuestionArrays, unit: int, length: int) -> bool:
    """Return whether two words written as one are looked for in similar spellings.

    One of them must be rare, and neither may be so short that leaving it out is within the
    permitted edits (VTB Vneshtorgbank).
    """
    place = question.units[unit, PLACE]
    if question.weights[place] < _RARE and question.weights[place + 1] < _RARE:
        return False
    shorter = min(_length_of(question, place), _length_of(question, place + 1))
    return shorter > (1.0 - LEAST_SIMILAR) * length


@inner
def _length_of(question: QuestionArrays, place: int) -> int:
    """Return the number of letters of a single word; single words are the last units."""
    unit = len(question.factors) - 1
    while question.units[unit, PLACE] != place:
        unit -= 1
    return question.units[unit + 1, LETTERS_FROM] - question.units[unit, LETTERS_FROM]


@inner
def find_edges(
    question: QuestionArrays, vocabulary: Vocabulary, slots: Wholes, space: EdgeSpace
) -> int:
    """Fill `space.edges`, same spellings first, then similar ones; return how many there are."""
    edges, found = space.edges, none_yet()
    look_up_units(question, vocabulary, slots)
    for unit in range(len(question.factors)):
        if question.units[unit, KNOWN] >= 0:
            edges.units[found] = unit
            edges.words[found] = question.units[unit, KNOWN]
            edges.credits[found] = question.factors[unit]
            found += 1
    for unit in range(len(question.factors)):
        if question.units[unit, FUZZY]:
            first, known = found, question.units[unit, KNOWN]
            row = known % _KEPT_WORDS
            if known >= 0 and space.alike.holders[row] == known:
                found = _read_alike(space.alike, row, edges, found)
            else:
                found = _find_alike(question, unit, vocabulary, space, found)
                if known >= 0:
                    _keep_alike(space.alike, known, edges, first, found)
            for edge in range(first, found):
                edges.units[edge] = unit
                edges.credits[edge] *= question.factors[unit]
    return found


@inner
def _find_alike(
    question: QuestionArrays, unit: int, vocabulary: Vocabulary, space: EdgeSpace, found: int
) -> int:
    """Add the words that are similar to a unit, and their credits, to the edges found so far."""
    start, end = question.units[unit, LETTERS_FROM], question.units[unit + 1, LETTERS_FROM]
    word = question.letters[start:end]
    touched = _touch(word, vocabulary, space)
    mark_letters(word, space.marks)
    for place in range(touched):
        other = space.touched[place]
        clear_bits(space.seen, other)
        credit = _credit_of(word, other, vocabulary, space)
        if credit > 0.0 and other != question.units[unit, KNOWN] and found < MOST_EDGES:
            space.edges.words[found] = other
            space.edges.credits[found] = credit
            found += 1
    return found


@inner
def _read_alike(alike: Alike, row: int, edges: Edges, found: int) -> int:
    """Add the look-alikes of a row to the edges found so far; return how many there are."""
    first = row * _MOST_KEPT
    for place in range(first, first + min(alike.counts[row], MOST_EDGES - found)):
        edges.words[found] = alike.words[place]
        edges.credits[found] = alike.credits[place]
        found += 1
    return found


@inner
def _keep_alike(alike: Alike, word: int, edges: Edges, start: int, end: int) -> None:
    """Keep the edges from `start` to `end` as the look-alikes of a word, if these are all."""
    count, row = end - start, word % _KEPT_WORDS
    if count > _MOST_KEPT or end == MOST_EDGES:
        return
    alike.holders[row], alike.counts[row] = word, count
    for place in range(count):
        alike.words[row * _MOST_KEPT + place] = edges.words[start + place]
        alike.credits[row * _MOST_KEPT + place] = edges.credits[start + place]


@inner
def pair_edges(
    question: QuestionArrays,
    words: Wholes,
    vocabulary: Vocabulary,
    slots: Wholes,
    space: EdgeSpace,
) -> int:
    """Fill `space.edges` with the edges to the given words only; return how many there are."""
    edges, found = space.edges, none_yet()
    look_up_units(question, vocabulary, slots)
    for unit in range(len(question.factors)):
        if not is_met(question, unit):
            continue
        start, end = question.units[unit, LETTERS_FROM], question.units[unit + 1, LETTERS_FROM]
        ours = question.letters[start:end]
        if question.units[unit, FUZZY]:
            mark_letters(ours, space.marks)
        for word in words:
            credit = 0.0
            if question.units[unit, KNOWN] == word:
                credit = 1.0
            elif question.units[unit, FUZZY] and vocabulary.fuzzy[word]:
                credit = _credit_of(ours, word, vocabulary, space)
            if credit > 0.0 and found < MOST_EDGES:
                edges.units[found] = unit
                edges.words[found] = word
                edges.credits[found] = question.factors[unit] * credit
                found += 1
    return found


@inner
def _touch(word: Wholes, vocabulary: Vocabulary, space: EdgeSpace) -> int:
    """Fill `touched` with the words that may be similar; return how many there are.

    A word that shares `n` of the grams has at least one of them that is not among the `n - 1` most
    frequent, so the postings of these are not read.
    """
    length = len(word)
    shortest = int(LEAST_SIMILAR * length)
    longest = min(int(length / LEAST_SIMILAR) + 1, LONGEST_FUZZY)
    needed = _needed_grams(length)
    for other in range(length + 1, longest + 1):
        needed = min(needed, _needed_grams(other))
    _sort_grams(word, vocabulary, space.grams)
    letters = gather_letters(word)
    low, high = vocabulary.length_starts[shortest], vocabulary.length_starts[longest + 1]
    touched = 0
    for place in range(max(1, length - needed + 1)):
        gram = space.grams[place]
        end, size = vocabulary.gram_starts[gram + 1], shortest
        post = first_at_least(vocabulary.gram_words, vocabulary.gram_starts[gram], end, low)
        while post < end and vocabulary.gram_words[post] < high:
            other = vocabulary.gram_words[post]
            while other >= vocabulary.length_starts[size + 1]:
                size += 1
            theirs, most = vocabulary.gram_letters[post], _most_edits(length, size)
            if _may_be(letters, theirs, size - length, most) and not has_bit(space.seen, other):
                set_bit(space.seen, other)
                space.touched[touched] = other
                touched += 1
            post += 1
    return touched


@inner
def _sort_grams(word: Wholes, vocabulary: Vocabulary, grams: Wholes) -> None:
    """Fill `grams` with the grams of a word, the rarest first."""
    for place in range(len(word)):
        gram = _gram(word, place)
        size = vocabulary.gram_starts[gram + 1] - vocabulary.gram_starts[gram]
        at = place
        while at > 0:
            before = grams[at - 1]
            if vocabulary.gram_starts[before + 1] - vocabulary.gram_starts[before] <= size:
                break
            grams[at] = before
            at -= 1
        grams[at] = gram


@inner
def _gram(word: Wholes, place: int) -> int:
    before = word[place - 1] if place > 0 else 0
    after = word[place + 1] if place + 1 < len(word) else 0
    return (int(before) * LETTERS + int(word[place])) * LETTERS + int(after)


@inner
def _may_be(ours: np.uint64, theirs: np.uint64, longer: int, most: int) -> bool:
    """Return whether at most `most` edits can turn our letters into theirs.

    `longer` is by how many letters their word is longer; it is negative for a shorter word. Each
    letter that only one side has costs an edit, and so does each letter of difference in length;
    one replacement covers a letter of either side.
    """
    lost, new = count_bits(ours & ~theirs), count_bits(theirs & ~ours)
    return lost + max(longer, 0) <= most and new + max(-longer, 0) <= most


@inner
def _credit_of(word: Wholes, other: int, vocabulary: Vocabulary, space: EdgeSpace) -> float:
    """Return the credit between a marked word and a word of the vocabulary, 0 where none is due.

    The words must share at least the grams that the permitted edits leave intact: `_touch` finds
    the words by their grams, and the credit must not depend on how a word was found.
    """
    start, end = vocabulary.starts[other], vocabulary.starts[other + 1]
    longest = max(len(word), end - start)
    if abs(len(word) - (end - start)) > _most_edits(len(word), end - start):
        return 0.0
    theirs = vocabulary.letters[start:end]
    made = edits(space.marks, len(word), theirs)
    if made > _most_edits(len(word), end - start):
        return 0.0
    share = 1.0
    if made > 0 and sounds_like(word, theirs):
        share = _UNHEARD_IN_SHORT if longest <= _SHORT else _UNHEARD
    if made == 1 and longest >= _SHORT and is_swap(word, theirs):
        share = min(share, _SWAP)
    credit = give_credit(1.0 - share * made / longest)
    if credit > 0.0 and _shared_grams(word, theirs) < _needed_grams(longest):
        return 0.0
    return credit


@inner
def _shared_grams(word: Wholes, other: Wholes) -> int:
    """Return how many grams of `word` are in `other` as well."""
    shared = 0
    for place in range(len(word)):
        gram = _gram(word, place)
        for there in range(len(other)):
            if _gram(other, there) == gram:
                shared += 1
                break
    return shared


@inner
def _needed_grams(longest: int) -> int:
    """Return how many grams two similar words of this length share at the least.

    An edit breaks at most three grams, and a swap of neighbours four.
    """
    most = _most_edits(longest, longest)
    return max(1, longest - 3 * most - (1 if most == 1 else 0))


@inner
def _most_edits(length: int, other: int) -> int:
    """Return the most edits that two similar words of these lengths can have between them."""
    return int((1.0 - LEAST_SIMILAR) * max(length, other))
