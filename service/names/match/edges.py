"""Which words of the vocabulary each part of a question may mean, and how fully."""

from typing import NamedTuple

import numpy as np

from service.names.match.kernel import (
    Reals,
    Wholes,
    Words,
    clear_bits,
    first_at_least,
    has_bit,
    inner,
    no_bits,
    set_bit,
)
from service.names.match.layout import JOINED, RUN, WORD
from service.names.match.question import FUZZY, KNOWN, LETTERS_FROM, QuestionArrays
from service.names.match.spelling import (
    LEAST_SIMILAR,
    LETTERS,
    LONGEST_FUZZY,
    Vocabulary,
    count_bits,
    edits,
    gather_letters,
    mark_letters,
    sounds_like,
)
from service.names.match.words import INITIALS

# Similarity is 1 - edits / length of the longer word, a swap of neighbours being one edit. One
# edit in three letters earns nothing (ZTE is not ZTO), in four next to nothing, in nine most of
# the weight (Hikvison). Chosen on held-out aliases of the US and UN lists; raising the middle of
# the table finds more misspellings and alerts on more ordinary look-alikes. Of words that sound
# alike an edit counts half: Shomal is Shemal, Huthi Houthi; in short ones a little more, for
# there is little to hear (Nasa is not Nasha).
_SIMILARITIES: Reals = np.array((0.72, 0.75, 0.80, 0.834, 0.86, 0.89, 0.92, 1.0))
_CREDITS: Reals = np.array((0.0, 0.20, 0.50, 0.65, 0.76, 0.87, 0.91, 1.0))
_UNHEARD, _UNHEARD_IN_SHORT = 0.5, 0.7
_SHORT = 5
# 100 words of five letters have some 10,000 look-alikes among a million names.
MOST_EDGES = 32_768


class Edges(NamedTuple):
    """That unit `units[k]` of a question may mean word `words[k]`, earning `credits[k]`."""

    units: Wholes
    words: Wholes
    credits: Reals


class EdgeSpace(NamedTuple):
    """Room to find edges in; of `seen` no bit is set between two uses."""

    seen: Words
    touched: Wholes
    marks: Words
    grams: Wholes
    edges: Edges


def edge_space(words: int) -> EdgeSpace:
    """Room for a vocabulary of so many words."""
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
    )


@inner
def give_credit(similarity: float) -> float:
    """Credit in [0, 1] for a similarity in [0, 1]; monotone, 1 only for the same word."""
    if similarity <= LEAST_SIMILAR:
        return 0.0
    for place in range(1, len(_SIMILARITIES)):
        if similarity <= _SIMILARITIES[place]:
            low, high = _SIMILARITIES[place - 1], _SIMILARITIES[place]
            share = (similarity - low) / (high - low)
            return _CREDITS[place - 1] + share * (_CREDITS[place] - _CREDITS[place - 1])
    return 1.0


@inner
def reach_of(asked: QuestionArrays, edges: Edges, edge: int) -> int:
    """The last kind of entry that an edge may meet, see `columns`; those before it it may too.

    What stands for several words is met by the same spelling only: whether another listed name
    has these words as one must not matter. Initials stand for words, never for other initials
    (Plant 27 is not Plant 29).
    """
    factor = asked.factors[edges.units[edge]]
    if edges.credits[edge] != factor:
        return WORD
    return JOINED if factor == INITIALS else RUN


@inner
def find_edges(asked: QuestionArrays, vocabulary: Vocabulary, space: EdgeSpace) -> int:
    """Fills `space.edges` and says how many there are: same words first, then other spellings."""
    edges, found = space.edges, 0
    for unit in range(len(asked.factors)):
        if asked.units[unit, KNOWN] >= 0:
            edges.units[found] = unit
            edges.words[found] = asked.units[unit, KNOWN]
            edges.credits[found] = asked.factors[unit]
            found += 1
    for unit in range(len(asked.factors)):
        if asked.units[unit, FUZZY]:
            start, end = asked.units[unit, LETTERS_FROM], asked.units[unit + 1, LETTERS_FROM]
            word = asked.letters[start:end]
            touched = _touch(word, vocabulary, space)
            mark_letters(word, space.marks)
            for place in range(touched):
                other = space.touched[place]
                clear_bits(space.seen, other)
                credit = _credit_of(word, other, vocabulary, space)
                if credit > 0.0 and other != asked.units[unit, KNOWN] and found < MOST_EDGES:
                    edges.units[found] = unit
                    edges.words[found] = other
                    edges.credits[found] = asked.factors[unit] * credit
                    found += 1
    return found


@inner
def pair_edges(
    asked: QuestionArrays, words: Wholes, vocabulary: Vocabulary, space: EdgeSpace
) -> int:
    """The edges to a few words of the vocabulary only, in `space.edges`, and how many they are."""
    edges, found = space.edges, 0
    for unit in range(len(asked.factors)):
        start, end = asked.units[unit, LETTERS_FROM], asked.units[unit + 1, LETTERS_FROM]
        ours = asked.letters[start:end]
        if asked.units[unit, FUZZY]:
            mark_letters(ours, space.marks)
        for word in words:
            theirs = vocabulary.letters[vocabulary.starts[word] : vocabulary.starts[word + 1]]
            credit = 0.0
            if _is_same(ours, theirs):
                credit = 1.0
            elif asked.units[unit, FUZZY] and vocabulary.fuzzy[word]:
                credit = _credit_of(ours, word, vocabulary, space)
            if credit > 0.0 and found < MOST_EDGES:
                edges.units[found] = unit
                edges.words[found] = word
                edges.credits[found] = asked.factors[unit] * credit
                found += 1
    return found


@inner
def _is_same(ours: Wholes, theirs: Wholes) -> bool:
    if len(ours) != len(theirs):
        return False
    different = 0
    for place in range(len(ours)):
        different |= ours[place] ^ theirs[place]
    return different == 0


@inner
def _credit_of(word: Wholes, other: int, vocabulary: Vocabulary, space: EdgeSpace) -> float:
    """What a marked word earns by another spelling of it.

    They must share as many grams as so many edits leave, so that the words to look at can be
    found by their grams.
    """
    start, end = vocabulary.starts[other], vocabulary.starts[other + 1]
    longest = max(len(word), end - start)
    if abs(len(word) - (end - start)) > _most(len(word), end - start):
        return 0.0
    theirs = vocabulary.letters[start:end]
    made = edits(space.marks, len(word), theirs)
    if made > _most(len(word), end - start):
        return 0.0
    share = 1.0
    if made > 0 and sounds_like(word, theirs):
        share = _UNHEARD_IN_SHORT if longest <= _SHORT else _UNHEARD
    credit = give_credit(1.0 - share * made / longest)
    if credit > 0.0 and _shared_grams(word, theirs) < _needed_grams(longest):
        return 0.0
    return credit


@inner
def _needed_grams(longest: int) -> int:
    """An edit breaks three grams at most; a swap of neighbours four, and may be the only one."""
    most = _most(longest, longest)
    return max(1, longest - 3 * most - (1 if most == 1 else 0))


@inner
def _gram(word: Wholes, place: int) -> int:
    before = word[place - 1] if place > 0 else 0
    after = word[place + 1] if place + 1 < len(word) else 0
    return (int(before) * LETTERS + int(word[place])) * LETTERS + int(after)


@inner
def _shared_grams(word: Wholes, other: Wholes) -> int:
    """How many grams of a word the other has as well."""
    shared = 0
    for place in range(len(word)):
        gram = _gram(word, place)
        for there in range(len(other)):
            if _gram(other, there) == gram:
                shared += 1
                break
    return shared


@inner
def _touch(word: Wholes, vocabulary: Vocabulary, space: EdgeSpace) -> int:
    """Fills `touched` with the words of a fitting length that may share enough grams.

    Who shares `n` of the word's grams has one of all but the `n - 1` most frequent ones.
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
            theirs, most = vocabulary.gram_letters[post], _most(length, size)
            if _may_be(letters, theirs, size - length, most) and not has_bit(space.seen, other):
                set_bit(space.seen, other)
                space.touched[touched] = other
                touched += 1
            post += 1
    return touched


@inner
def _may_be(ours: np.uint64, theirs: np.uint64, longer: int, most: int) -> bool:
    """Whether so many edits may make of our letters theirs, which are so many more.

    Each letter that only one side has is an edit, and so is each that makes a word longer or
    shorter; only to put one letter in the place of another does both.
    """
    lost, new = count_bits(ours & ~theirs), count_bits(theirs & ~ours)
    return lost + max(longer, 0) <= most and new + max(-longer, 0) <= most


@inner
def _most(length: int, other: int) -> int:
    """The most edits between two words that are alike."""
    return int((1.0 - LEAST_SIMILAR) * max(length, other))


@inner
def _sort_grams(word: Wholes, vocabulary: Vocabulary, grams: Wholes) -> None:
    """The word's grams, those that few words have first."""
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
