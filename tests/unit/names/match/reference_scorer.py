"""The score of two names in plain Python, step by step: what the compiled kernel must equal.

It is written from `docs/how-a-score-comes-about.md`, without gather and bound, which never change
a score: every unit of the question meets every entry of the listed name. Nothing here is fast. Of
the kernel it uses no arithmetic, only its ways to write a name (`words.py`, `form/people.py`).
"""

import math
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import groupby, pairwise, product
from typing import NamedTuple

from rapidfuzz.distance import OSA, Indel, LCSseq

from abeyance_screening.engine.lists.reading.names import is_latin
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.east_asia import SYLLABLES
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.people import (
    first_letter,
    is_full_name,
    is_han,
    may_be_person,
    syllables_of,
)
from abeyance_screening.engine.names.form.trade_words import everyday_words
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.form.word_types import printed_letters as letters_of
from abeyance_screening.engine.names.match import name_keys as ways
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.reference_letters import (
    are_other_letters,
    of_word_alone,
    printed_letters,
)

type Words = Sequence[Word]
type Points = Sequence[tuple[float, float]]

_OF_SURNAMES = (
    "ov",
    "ev",
    "ova",
    "eva",
    "in",
    "ina",
    "sk",
    "ski",
    "skii",
    "skaia",
    "enko",
    "vich",
)
_SOUNDS = ("aeiouhj", "gjzi", "kghcx", "bpfv", "dt", "szc")
_SIMILARITIES = (0.72, 0.75, 0.8, 0.834, 0.86, 0.89, 0.92, 1.0)
_CREDITS = list(zip(_SIMILARITIES, (0.0, 0.2, 0.5, 0.65, 0.76, 0.87, 0.91, 1.0), strict=True))
_DATA = files("abeyance_screening.engine.names.match.data")
_FILE = _DATA.joinpath("score_tables.txt").read_text("utf-8")
_ROWS = (line.split(": ") for line in _FILE.splitlines() if not line.startswith("#"))
_TABLES: dict[str, Points] = {
    part: [(float(value), float(odds)) for value, odds in (p.split("=") for p in points.split())]
    for part, points in _ROWS
}
_BASE = _TABLES.pop("base")[0][1]
_NAMES = ("framing_words", "places", "words_of_lists", "popular_names", "attached_words")
_LINES = {
    name: [line for line in _DATA.joinpath(f"{name}.txt").read_text("utf-8").splitlines() if line]
    for name in _NAMES
}
_GROUPS = dict(line.split(": ") for line in _LINES["framing_words"] if not line.startswith("#"))
_BEFORE, _AFTER, _REGIONS, _CITIES = (
    frozenset(tuple(word.text for word in normalise(phrase).words) for phrase in phrases)
    for phrases in (
        *(_GROUPS[group].split(" | ") for group in ("before", "after", "region")),
        [line for line in _LINES["places"] if not line.startswith("#")],
    )
)
_PLACES = _REGIONS | _CITIES
_OF_PLACES = {text for phrase in _PLACES for text in phrase}
_OF_LISTS = {word for line in _LINES["words_of_lists"] for word in line.split()}
_POPULAR = {w for line in _LINES["popular_names"] if line[0] != "#" for w in line.split()}
_ATTACHED = {
    normalise(word).words[0].text
    for line in _LINES["attached_words"]
    if line[0] != "#"
    for word in line.split()
}
_EVERYDAY = {normalise(word).words[0].text for word in everyday_words()}
_FLOORS = ("same_words", "identical")
_OF_INITIALS = ("acronym", "spelled_out")
_OF_WORDS = ("matched_words", "query_covered", "rarest_word", "listed_gap", "first_word")
_STRANGE = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}


def score(asked: ComparisonForm, listed: IndexedName) -> float:
    """Return the score of a listed name in [0, 1]; 0 where either has no words."""
    if not asked.words or not listed.form.words:
        return 0.0
    values = measure(asked, listed)
    if values["identical"] > values["weak_alias"] and not asked.initials:
        return 1.0
    floors = [add_up(values, [part]) for part in _FLOORS if values[part]]
    total = max([_BASE + add_up(values, _TABLES.keys() - _FLOORS), *floors])
    is_cut = is_beginning(asked, listed.form)
    meets_whole = is_cut or is_framed(asked, listed.form)
    most = 4.0 if meets_whole else beside_a_stem(asked, listed)
    if most and not values["type_conflict"]:
        total = max(total, min(max(total, -3.0) + 4.0, most))
    apart = of_initials(asked, listed, total) if asked.initials else 0.0
    has_same_letters = printed_letters(asked) == printed_letters(listed.form)
    is_person = listed.entity_type == "person"
    if is_person:
        is_own = may_be_person(asked) and not is_latin(asked.printed)
        apart += of_person(asked, listed.form) or (-0.26 if is_own else 0.0)
    is_other = asked.entity_type == "person" and not is_person and listed.entity_type is not None
    if is_other and not all(is_spelled_like(w.text, texts(listed.form)) for w in asked.words):
        apart -= 3.0
    elif not is_person and may_be_person(asked) and not has_same_letters:
        apart += of_no_person(asked, listed)
    if not (apart or asked.initials or is_person or is_cut):
        apart = of_brand(asked, listed.form)
    alone = of_word_alone(asked, listed.form, _OF_PLACES, is_person=is_person, is_cut=is_cut)
    total += apart if apart or asked.initials else alone
    return 1.0 / (1.0 + math.exp(-total))


def of_initials(asked: ComparisonForm, listed: IndexedName, total: float) -> float:
    """Return the log-odds of the question's initials, and what the names beside them exceed."""
    left = [text for text in texts(listed.form) if not is_spelled_like(text, texts(asked))]
    count, met = len(left), 0
    for initial in asked.initials:
        known = [(text, *(p.text for p in ways.GIVEN_NAMES.get(text, ()))) for text in left]
        at = [initial in map(first_letter, names) for names in known]
        if True in at:
            left.pop(at.index(True))
            met += 1
    may_be = listed.entity_type in {None, "person"}
    is_other = not may_be or (met < len(asked.initials) and met < count)
    worth = -3.0 if is_other else (0.0, 1.2, 2.2, 2.8, 2.8)[met]
    return worth + min(0.0, (0.6 if len(asked.words) == 1 else 4.0) - total)


def of_person(asked: ComparisonForm, listed: ComparisonForm) -> float:
    """Return what speaks against a person of other syllables or of another first sound."""
    same, others = same_syllables(asked, listed), texts(listed)
    if (same and not any(same)) or have_other_characters(asked, listed):
        return -6.0 if same and not any(same) else -4.0
    is_other = listed.joined.isascii() or not set(listed.joined) & set(asked.joined)
    if is_other and is_full_name(asked) and not any(same):
        return -1.0
    strange = [
        text
        for text in texts(asked)
        if text not in others and not ways.telling(text) and not begins_like_one(text, others)
    ]
    if strange and len(asked.words) <= 3:
        return -3.0
    for mine, other in ((texts(asked), others), (others, texts(asked))):
        if sum(f"{text}{end}" in other for text in {*mine} - {*other} for end in ("a", "ia")) > 1:
            return -0.8
    return of_few_names(asked, listed)


def of_few_names(asked: ComparisonForm, listed: ComparisonForm) -> float:
    """Return what speaks against a person with one name of the question, or with later ones."""
    mine, others = texts(asked), texts(listed)
    names = [text for text in others if text not in {"abd", "abdul", "abdel", "abu", "al"}]
    if len(names) == 1 and has_another_word(asked, others, 0.5):
        return -0.8
    met = [is_spelled_like(text, mine) for text in others]
    if len(mine) == 2 and met == [False, True, False, True]:
        return -0.6
    return of_one_name(asked, listed) or of_popular_names(asked, listed)


def of_popular_names(asked: ComparisonForm, listed: ComparisonForm) -> float:
    """Return what speaks against a person who shares popular names and has another besides."""
    if not (len(asked.words) == 2 and may_be_person(asked) and is_latin(asked.printed)):
        return 0.0
    met = [word for word in asked.words if is_name_of(word, texts(listed))]
    names = [text for text in texts(listed) if text not in {"abd", "abdul", "abdel", "abu", "al"}]
    is_whole = len(met) == 2 and all(is_spelled_like(text, texts(asked)) for text in names)
    return -1.1 if met and not is_whole and all(map(is_popular, met)) else 0.0


def is_name_of(word: Word, others: Sequence[str]) -> bool:
    """Return whether a word is one of others, in any reading or as another given name."""
    known = [partner.text for partner in ways.GIVEN_NAMES.get(word.text, ())]
    return any(is_spelled_like(text, others) for text in (word.text, *word.readings, *known))


def is_popular(word: Word) -> bool:
    """Return whether many people have a name."""
    return word.text in _POPULAR or word.text in ways.GIVEN_NAMES


def of_one_name(asked: ComparisonForm, listed: ComparisonForm) -> float:
    """Return what speaks against a name of two words that has only one of a person's two."""
    mine, others = asked.words, texts(listed)
    if not (len(mine) == len(others) == 2 and may_be_person(asked)):
        return 0.0
    read = [[word.text, *word.readings] for word in mine]
    known = [[p.text for p in ways.GIVEN_NAMES.get(word.text, ())] for word in mine]
    met = {
        (at, other)
        for at, other in product(range(2), range(2))
        if any(is_spelled_like(text, [others[other]]) for text in (*read[at], *known[at]))
    }
    if len(met) != 1:
        return 0.0
    at, other = met.pop()
    ours, their = read[1 - at], others[1 - other]
    if min(len(text) for text in (*ours, their)) < 3:
        return 0.0
    sounds = [{text[0], their[0]} for text in ours]
    alike = [len(some) == 1 or any(some <= set(each) for each in _SOUNDS) for some in sounds]
    shares = [Indel.normalized_similarity(text, their) for text in ours]
    least = [0.5 if each else 0.75 for each in alike]
    return -1.5 if all(share < each for share, each in zip(shares, least, strict=True)) else 0.0


def have_other_characters(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether what may be a full name in Han and a name in Han have no character alike."""
    is_name = is_full_name(asked) and may_be_person(asked)
    return (
        is_name and is_han(asked.joined + listed.joined) and not {*asked.joined} & {*listed.joined}
    )


def has_another_word(asked: ComparisonForm, others: Sequence[str], rare: float) -> bool:
    """Return whether what may be a person's name has a rare word that others do not resemble."""
    return may_be_person(asked) and any(
        word.weight >= rare
        and not any(is_spelled_like(text, others) for text in (word.text, *word.readings))
        for word in asked.words
    )


def same_syllables(asked: ComparisonForm, listed: ComparisonForm) -> list[bool]:
    """Return for each language of both names whether they have the same syllables in any order."""
    ours, theirs = syllables_of(asked.spelled), syllables_of(listed.spelled)
    if ours.letters and ours.letters == theirs.letters:
        return [True]
    return [
        sorted(ours.by_language[at]) == sorted(theirs.by_language[at])
        for at in range(3)
        if ours.by_language[at] and theirs.by_language[at]
        if ours.has_surname[at] or theirs.has_surname[at]
    ]


def begins_like_one(text: str, others: list[str]) -> bool:
    """Return whether a word begins like one that is spelled like it, or none is."""
    alike = [other for other in others if is_spelled_like(text, [other])]
    known = [partner.text for partner in ways.GIVEN_NAMES.get(text, ())]
    return not alike or any(
        text[0] == other[0]
        or text[:2] == other[1::-1]
        or other in known
        or any({text[0], other[0]} <= set(sound) for sound in _SOUNDS)
        for other in alike
    )


def of_no_person(asked: ComparisonForm, listed: IndexedName) -> float:
    """Return what speaks against a firm or ship that shares a word with what may be a person."""
    form, ours, others = listed.form, texts(asked), texts(listed.form)
    named = {word.text for word in form.words if not word.is_trade_word}
    is_given = named <= ways.GIVEN_NAMES.keys() or is_full_name(asked)
    alone = [text for text in {*ours} - named if is_spelled_like(text, [*named])]
    if len({*ours}) > 1 and len(named) == 1 and is_given and not alone:
        return -3.0
    if other := of_other_reading(asked, form):
        return other
    is_craft = listed.entity_type in {"vessel", "aircraft"}
    read = [(word.text, *word.readings) for word in asked.words]
    if is_craft:
        return -3.0 if has_another_word(asked, others, 0.5) else 0.0
    is_one = len(ours) == 2 and len(named) in {1, 2} and not asked.printed.isascii()
    is_named = any(is_spelled_like(text, [*named]) for some in read for text in some)
    if is_one and is_named and has_another_word(asked, others, 0.75):
        return -0.8
    may_be = listed.entity_type is None and may_be_person(form)
    return (of_person(asked, form) if may_be else 0.0) or of_missing_name(asked, listed)


def of_missing_name(asked: ComparisonForm, listed: IndexedName) -> float:
    """Return what speaks against a firm that lacks one of what may be a person's names."""
    own = sum(not word.is_trade_word for word in listed.form.words)
    is_short = listed.entity_type is None and len(listed.form.words) <= 3
    if not (own == 1 or is_short) or len(asked.words) not in {2, 3}:
        return 0.0
    missed = [word for word in asked.words if not is_name_of(word, texts(listed.form))]
    met = [word for word in asked.words if word not in missed]
    if any(word.weight >= 0.95 and not is_name(word) for word in met):
        return 0.0
    places = {text for phrase in (*_BEFORE, *_AFTER, *_PLACES) for text in phrase}
    return 0.0 if all(word.text in places for word in missed) else -2.5


def is_name(word: Word) -> bool:
    """Return whether a word is a popular name, a syllable of China or ends as a Slavic surname."""
    is_surname = word.text[2:].endswith(_OF_SURNAMES) and word.text.isalpha()
    return is_popular(word) or word.text in SYLLABLES or is_surname


def of_other_reading(asked: ComparisonForm, form: ComparisonForm) -> float:
    """Return what speaks against a firm that a full name meets by no reading of its characters."""
    if have_other_characters(asked, form):
        return -4.0
    if not is_full_name(asked) or set(form.joined) & set(asked.joined):
        return 0.0
    runs = [form.spelled, *((one,) for one in form.spelled), *pairwise(form.spelled)]
    mine = syllables_of(asked.spelled).by_language
    count = sum(not word.is_trade_word for word in form.words)
    theirs = [syllables_of(run).by_language for run in runs if len(run) >= count]
    if any(mine[at] and sorted(mine[at]) == sorted(b[at]) for b in theirs for at in range(3)):
        return 0.0
    return -3.0 if len(asked.joined) == 2 else -1.5


def of_brand(asked: ComparisonForm, listed: ComparisonForm) -> float:
    """Return what speaks against a brand that is all that two names share, beside another word."""
    words = distinct_words(asked)
    trades = [word.text for word in listed.words if word.is_trade_word]
    named = [word for word in listed.words if not word.is_trade_word]
    brand = {*[named[0].text], *named[0].readings} if len(named) == 1 else set[str]()
    for pair in pairwise(listed.words) if len(named) <= 2 else ():
        if all(word in pair for word in named):
            brand.add(ways.join_words(*(word.text for word in pair)))
    read = {word: [word.text, *word.readings] for word in words}
    for word in words:
        read[word] += [partner.text for partner in ways.PARTNERS.get(word.text, ())]
    met = [w for w in words if any(is_spelled_like(text, [*brand, *trades]) for text in read[w])]
    by_brand = [w for w in met if any(is_spelled_like(text, [*brand]) for text in read[w])]
    written_as_one = {ways.join_words(one.text, other.text) for one, other in pairwise(words)}
    if len(met) != 1 or by_brand != met or met[0].is_trade_word or written_as_one & brand:
        return 0.0
    left = [word for word in words if word not in met]
    if any(word.text in _EVERYDAY for word in left):
        return -1.5
    if may_be_person(asked):
        is_that = all(word.weight >= 1.0 for word in (*met, *left))
        return -1.0 if not is_that and any(is_of_no_list(w, 4, 0.5) for w in left) else 0.0
    if met[0].weight >= 1.0:
        return 0.0
    latin = [word for word in left if max(word.printed) < "\u0250"]
    return -1.0 if any(is_of_no_list(word, 5, 0.6) for word in latin) else 0.0


def is_of_no_list(word: Word, shortest: int, rare: float) -> bool:
    """Return whether a word is long and rare, and lists print it beside no other brand."""
    framing = {text for phrase in _BEFORE | _AFTER | _PLACES for text in phrase}
    is_long = max(len(word.printed), len(word.text)) >= shortest and word.printed.isalpha()
    says_much = word.weight >= rare and not word.is_trade_word and {*"aeiouy"} & {*word.text}
    return is_long and bool(says_much) and word.text not in _OF_LISTS | framing


def texts(form: ComparisonForm) -> list[str]:
    """Return the canonical words of a name."""
    return [word.text for word in form.words]


def is_spelled_like(text: str, others: Sequence[str]) -> bool:
    """Return whether a word has at most 28 % edits to one of others."""
    return any(OSA.normalized_similarity(text, other) >= 0.72 for other in others)


def is_beginning(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a question is the listed name, cut after 27 characters or more."""
    ours, theirs = printed_letters(asked), printed_letters(listed)
    if len(asked.printed.strip()) < 27 or len(ours) < 18 or ours == theirs:
        return False
    others = distinct_words(listed)
    if theirs.startswith(ours):
        others = listed.words
        shares = shares_by_letters(len(ours), theirs, others)
    elif ours.endswith(printed_letters(distinct_words(asked)[-1])):
        shares = shares_by_words(asked, listed)
    else:
        return False
    said = [(word, share) for word, share in zip(others, shares, strict=False) if share]
    is_partial = len(said) == 1 and said[0][1] < 1.0 and theirs.startswith(ours)
    is_said = not (is_partial and max(word.weight for word in asked.words) < 0.95)
    is_one_trade = len(said) == 1 and said[0][0].is_trade_word and said[0][1] == 1.0
    return is_said and not is_one_trade and sum(w.weight * share for w, share in said) >= 0.5


def shares_by_letters(count: int, letters: str, words: Words) -> list[float]:
    """Return how much of each word is within the first letters of a name."""
    shares, end = list[float](), 0
    for word in words:
        pieces, within = [letters_of(piece) for piece in word.printed.split()], 0
        for piece in pieces:
            if (start := letters.find(piece, end)) >= 0:
                end = start + len(piece)
                within += len(range(start, min(end, count)))
        shares.append(share_of(within, sum(map(len, pieces))))
    return shares


def shares_by_words(asked: ComparisonForm, listed: ComparisonForm) -> list[float]:
    """Return how much of each word of a name a question has that it begins with."""
    words, others = distinct_words(asked), distinct_words(listed)
    *before, last = [word.text for word in words]
    *known, other = [word.text for word in others[: len(words)]]
    is_all = last == other and len(words) == len(others)
    if len(words) > len(others) or before != known or is_all or len("".join(before)) < 12:
        return []
    spelled, share = asked.spelled[-1], 0.0
    if other.startswith(last):
        share = share_of(len(last), len(other))
    elif any(word.startswith(spelled) for word in listed.spelled):
        share = share_of(len(spelled), len(printed_letters(others[len(before)])))
    return [1.0] * len(before) + [share] if share else []


def share_of(letters: int, length: int) -> float:
    """Return how much of a word's weight its first letters have, if there are two or more."""
    return 1.0 if letters >= length else min(letters / 6, 0.95) * (letters >= 2)


def is_framed(asked: ComparisonForm, listed: ComparisonForm) -> bool:
    """Return whether a question is the whole listed name with words of an address around it."""
    bits, other_bits = ways.form_bits(asked), ways.form_bits(listed)
    words, others = distinct_words(asked), distinct_words(listed)
    count, texts = len(others), tuple(word.text for word in words)
    if len(words) <= count or (bits and other_bits and not bits & other_bits):
        return False
    for at in range(len(words) - count + 1):
        around = (*texts[:at], *texts[at + count :])
        if (
            texts[at : at + count] == tuple(word.text for word in others)
            and max(at, len(texts) - count - at) <= 8
            and consists_of(texts[:at], _BEFORE | _PLACES)
            and consists_of(texts[at + count :], _AFTER | _PLACES)
        ):
            weight = sum(word.weight for word in words[at : at + count])
            is_brand = count == 1 and not words[at].is_trade_word
            of_places = all(any(text in place for place in _PLACES) for text in around)
            if of_places and all(word.is_trade_word for word in words[at : at + count]):
                return False
            is_surname = at and count == 1 and words[at].weight < 0.95 and may_be_person(asked)
            named = texts[:at] if may_be_person(asked) else ()
            named += texts[at : at + 1] if of_places and count == 1 else ()
            if is_surname or not ways.GIVEN_NAMES.keys().isdisjoint(named):
                return False
            return weight >= ((0.85 if is_brand else 1.0) if of_places else 0.8)
    return False


def beside_a_stem(asked: ComparisonForm, listed: IndexedName) -> float:
    """Return the log-odds that a name reaches with a word of no firm beside it, or 0."""
    bits, other_bits = ways.form_bits(asked), ways.form_bits(listed.form)
    mine, others = distinct_words(asked), distinct_words(listed.form)
    if listed.entity_type not in {None, "organisation"} or (
        bits and other_bits and not bits & other_bits
    ):
        return 0.0
    longer, shorter = (mine, others) if len(mine) > len(others) else (others, mine)
    stem = stem_of(longer)
    is_short = sum(len(word.text) for word in shorter) < 5
    if [word.text for word in stem] != [word.text for word in shorter]:
        return 0.0
    if any(map(are_other_letters, stem, shorter)):
        return 0.0
    if longer is mine and is_short:
        return 0.0
    beside = {word.text for word in longer} - {word.text for word in shorter}
    return 2.0 if max(w.weight for w in mine if w.text not in beside) >= 0.95 else 1.0


def stem_of(words: Words) -> Words:
    """Return the words of a name without those of no firm around them, none where none are."""
    towns = {phrase[0] for phrase in _PLACES if len(phrase) == 1}
    first, last = 0, len(words)
    while first < last and words[first].text in towns:
        first += 1
    while first < last and words[last - 1].text in towns | _ATTACHED:
        last -= 1
    stem, around = words[first:last], (*words[:first], *words[last:])
    if not around or len(stem) not in {1, 2}:
        return ()
    if len(stem) == 1 and stem[0].text in ways.GIVEN_NAMES:
        return ()
    rarest = max(0.0 if word.is_trade_word else word.weight for word in stem)
    return stem if rarest >= (0.8 if {w.text for w in around} <= _ATTACHED else 0.9) else ()


def consists_of(texts: tuple[str, ...], phrases: frozenset[tuple[str, ...]]) -> bool:
    """Return whether words are phrases and account numbers, one after another."""
    if not texts:
        return True
    is_account = sum(map(str.isdigit, texts[0])) >= 5
    starts = [phrase for phrase in phrases if texts[: len(phrase)] == phrase]
    steps = [len(phrase) for phrase in starts] + [1] * is_account
    return any(consists_of(texts[step:], phrases) for step in steps)


def add_up(values: dict[str, float], parts: Iterable[str]) -> float:
    """Return the log-odds of these parts."""
    return sum(look_up(_TABLES[part], values[part]) for part in parts)


def look_up(points: Points, value: float) -> float:
    """Read a table: straight lines between the points, level outside them."""
    for (start, low), (end, high) in pairwise(points):
        if value <= end:
            return low + (high - low) * max(value - start, 0.0) / (end - start)
    return points[-1][1]


def measure(asked: ComparisonForm, listed: IndexedName) -> dict[str, float]:
    """Return the measured value of each part."""
    form, strange = listed.form, _STRANGE.get(listed.entity_type or "", 0.0)
    values = dict.fromkeys(_TABLES, 0.0)
    pairs = (ways.PARTNERS, ways.GIVEN_NAMES) if may_be_person(asked) else (ways.PARTNERS,)
    of_words, own_words = measure_words(
        distinct_words(asked), distinct_words(form), pairs, is_strange=strange > 0.0
    )
    values |= of_words
    ours, theirs = ways.run_together(asked), ways.run_together(form)
    if strange < 1.0:
        one, other = ways.as_acronym(asked), ways.as_acronym(form)
        is_no_company = bool(asked.legal_forms) and not form.legal_forms and len(ours) == 4
        values["acronym"] = (len(ours) - is_no_company) * (one in ways.acronyms(form))
        values["spelled_out"] = len(other) * (other in ways.acronyms(asked))
    if values["acronym"] or values["spelled_out"]:
        by_words = add_up(values, _OF_WORDS) > add_up(values, _OF_INITIALS)
        values |= dict.fromkeys(_OF_INITIALS if by_words else _OF_WORDS, 0.0)
    values["whole_spelling"] = 2 * LCSseq.similarity(ours, theirs) / (len(ours) + len(theirs))
    bits, other_bits = ways.form_bits(asked), ways.form_bits(form)
    is_common = 0.0 < values["rarest_word"] <= 0.65
    values["common_words"] = of_common_words(values, own_words)
    values["legal_form_conflict"] = bool(bits and other_bits and not bits & other_bits)
    values["legal_form_conflict"] *= 2 if is_common else 1
    values["type_conflict"] = strange if bits else 0.0
    values["weak_alias"] = listed.kind == "weak_alias"
    same_forms = asked.legal_forms == form.legal_forms
    letters = printed_letters(asked)
    values["same_words"] = (sorted(asked.spelled) == sorted(form.spelled) and same_forms) or (
        len(letters) > 4 and letters == printed_letters(form)
    )
    values["same_words"] *= 2 if strange == 1.0 else 1
    values["identical"] = asked.joined == form.joined and same_forms
    return values


def of_common_words(values: dict[str, float], own_words: tuple[float, float]) -> float:
    """Return how far only words that many names have met, and what the names have besides."""
    rarest, matched, gap = (values[p] for p in ("rarest_word", "matched_words", "listed_gap"))
    if rarest == 0.0 or matched > 2.0:
        return 0.0
    if rarest <= 0.85 and own_words[0] >= 0.85 and own_words[1] >= 0.5:
        return 3.0
    if rarest <= 0.75 and gap >= 0.85:
        return 2.0
    return float(rarest <= 0.65 and matched <= 1.2 and gap >= 0.5)


class Piece(NamedTuple):
    """One way to write `span` words of a name from `place` on: a unit, or an entry."""

    text: str
    place: int
    span: int
    factor: float
    is_run: bool = False

    def weight(self, words: Words) -> float:
        """Return the weight of the words that it writes."""
        return sum(word.weight for word in words[self.place : self.place + self.span])


class Meeting(NamedTuple):
    """A unit and an entry that mean the same, and how fully."""

    unit: Piece
    entry: Piece
    credit: float
    weight: float


class Met(NamedTuple):
    """How fully one word was met: the most weight, by which meeting, and the weight left over."""

    word: Word
    weight: float
    by: Meeting | None
    credit: float
    left: float


def align(words: Words, others: Words, pairs: Sequence[ways.Pairs]) -> tuple[list[Met], list[Met]]:
    """Let every unit of the question meet every entry of the listed name; the best counts."""
    meetings = list[Meeting]()
    for entry, unit in product(entries(others), units(words, pairs)):
        if credit := unit.factor * entry.factor * likeness(unit, entry, words):
            lesser = min(unit.weight(words), entry.weight(others))
            meetings.append(Meeting(unit, entry, credit, credit * lesser))
    ours = [best(words, at, [(each.unit, each) for each in meetings]) for at in range(len(words))]
    theirs = [best(others, at, [(m.entry, m) for m in meetings]) for at in range(len(others))]
    return ours, theirs


def best(words: Words, place: int, meetings: list[tuple[Piece, Meeting]]) -> Met:
    """Return how fully the word at this place was met; of equal meetings the first counts."""
    here = [(p, m) for p, m in meetings if p.place <= place < p.place + p.span]
    shares = [m.weight / p.weight(words) * words[place].weight for p, m in here]
    weight = max(shares, default=0.0)
    by = here[shares.index(weight)][1] if weight else None
    credit = max((m.credit for _, m in here), default=0.0)
    return Met(words[place], weight, by, credit, (1.0 - credit) * words[place].weight)


def measure_words(
    words: Words, others: Words, pairs: Sequence[ways.Pairs], *, is_strange: bool
) -> tuple[dict[str, float], tuple[float, float]]:
    """Measure what of the words met and the rarest that did, and what each has of its own."""
    ours, theirs = align(words, others, pairs)
    matched = min(sum(each.weight for each in ours), sum(each.weight for each in theirs))
    rarest = 0.0
    for by, together in groupby(ours, key=lambda each: each.by):
        caps = [
            min(e.weight, 0.85) if kind_of(e.word) == ways.TRADE else e.weight for e in together
        ]
        rarest = max(rarest, sum(caps) if by and by.entry.span == 1 else max(caps))
    left, gap = sum(each.left for each in ours), max(each.left for each in theirs)
    if len(words) > 1 and not is_strange and left <= 0.5 and gap <= 0.5:
        rarest = max(rarest, *map(without_slip, ours))
    unmet, missed = ({kind_of(e.word) for e in side if not e.credit} for side in (ours, theirs))
    measured = {
        "matched_words": matched,
        "query_covered": matched and matched / (matched + left),
        "rarest_word": rarest,
        "listed_gap": gap,
        "first_word": min(ours[0].credit, theirs[0].credit),
        "conflict": bool(unmet & missed & {ways.NUMBER, ways.PATRONYMIC}),
    }
    return measured, (own_weight(ours), own_weight(theirs))


def own_weight(words: Iterable[Met]) -> float:
    """Return the weight of the heaviest word that nothing met, but for those of trades."""
    left = [e.word.weight for e in words if not e.credit and kind_of(e.word) != ways.TRADE]
    return max(left, default=0.0)


def without_slip(each: Met) -> float:
    """Return how rare a word is that was met with a slip in it."""
    most = 0.85 if kind_of(each.word) == ways.TRADE else 9.0
    return min(each.weight, most) / each.credit if each.credit >= 0.5 else 0.0


def kind_of(word: Word) -> int:
    """Return whether a word is a number, a patronymic, a trade word, or 0."""
    return ways.telling(word.text) or (ways.TRADE if word.is_trade_word else 0)


def entries(words: Words) -> list[Piece]:
    """List the ways to write a name: its words, joined neighbours, initials and readings."""
    texts, runs = [word.text for word in words], ways.runs_of(tuple(w.initials for w in words))
    joined = map(ways.join_words, texts, texts[1:])
    initials = zip(runs.texts, runs.places, runs.spans, strict=True)
    return [
        *(Piece(text, at, 1, 1.0) for at, text in enumerate(texts)),
        *(Piece(text, at, 2, 1.0) for at, text in enumerate(joined)),
        *(Piece(text, at, span, ways.INITIALS, is_run=True) for text, at, span in initials),
        *(Piece(t, at, 1, ways.READING) for at, word in enumerate(words) for t in word.readings),
    ]


def units(words: Words, pairs: Sequence[ways.Pairs]) -> list[Piece]:
    """List the ways to write a question, word pairs among them; light single words first."""
    written = entries(words)
    partners = [
        Piece(other.text, at, 1, other.credit)
        for at, word in enumerate(words)
        for known in pairs
        for other in known.get(word.text, ())
    ]
    singles = sorted(written[: len(words)], key=lambda one: -words[one.place].weight)
    return [*written[len(words) :], *partners, *singles][::-1]


def likeness(unit: Piece, entry: Piece, words: Words) -> float:
    """Return how fully a unit is met by an entry, by spelling alone, 0 to 1."""
    if unit.text == entry.text:
        return 0.0 if unit.is_run and entry.is_run else 1.0
    are_long = all(4 <= len(text) <= 64 and text.isalpha() for text in (unit.text, entry.text))
    if entry.span > 1 or unit.factor < ways.READING or not are_long:
        return 0.0
    if unit.span > 1:
        pair = words[unit.place : unit.place + 2]
        shorter = min(len(word.text) for word in pair)
        if max(word.weight for word in pair) < 0.9 or shorter <= (1 - 0.72) * len(unit.text):
            return 0.0
    return credit_of(unit.text, entry.text)


def credit_of(one: str, other: str) -> float:
    """Return the credit of a similar spelling: at most 28 % edits, and enough common grams."""
    longest = max(len(one), len(other))
    most, edits = int((1 - 0.72) * longest), OSA.distance(one, other)
    grams = {f"^{other}$"[at : at + 3] for at in range(len(other))}
    shared = sum(f"^{one}$"[at : at + 3] in grams for at in range(len(one)))
    if edits > most or shared < max(1, longest - 3 * most - (most == 1)):
        return 0.0
    cost = (0.7 if longest <= 5 else 0.5) if sound(one) == sound(other) else 1.0
    cost = min(cost, 0.5) if longest >= 5 and is_swap(one, other) else cost
    return look_up(_CREDITS, 1.0 - cost * edits / longest)


def is_swap(one: str, other: str) -> bool:
    """Return whether two words differ in the order of two neighbours alone."""
    swapped = [one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)]
    return one != other and other in swapped


def sound(word: str) -> tuple[bool, str]:
    """Return whether a word begins with a vowel or h, and its consonants as they are heard."""
    return word[0] in "aeiouh", word.translate(str.maketrans("bdgvzc", "ptkfss", "aeiouh"))
