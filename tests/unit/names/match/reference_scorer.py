"""The score of two names in plain Python, step by step: what the compiled kernel must equal.

It follows `docs/how-a-score-comes-about.md` and looks at every word of both names; nothing here is
fast. Of the kernel it takes no arithmetic: only what a word, a run of initials or an acronym is.
"""

import math
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from service.names.match.words import (
    INITIALS,
    PARTNERS,
    READING,
    TRADE,
    acronyms,
    as_acronym,
    distinct_words,
    form_bits,
    join_words,
    run_together,
    runs_of,
    telling,
)
from service.names.matching import ComparisonForm, IndexedName, Word

_CREDIT = ((0.72, 0.0), (0.75, 0.2), (0.8, 0.5), (0.834, 0.65), (0.86, 0.76), (0.89, 0.87))
_CREDITS = (*_CREDIT, (0.92, 0.91), (1.0, 1.0))
_WORDS = ("matched_words", "query_covered", "rarest_word", "listed_gap", "first_word")
_FLOORS = ("same_words", "identical")
_STRANGE = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}
_TABLES = {
    part: [(float(x), float(y)) for x, _, y in (point.partition("=") for point in points.split())]
    for part, _, points in (
        line.partition(": ")
        for line in files("service.names.match.data")
        .joinpath("score_tables.txt")
        .read_text()
        .splitlines()
        if not line.startswith("#")
    )
}


class Piece(NamedTuple):
    """Words `place` to before `place + span` of a name, in one way to write them."""

    text: str
    place: int
    span: int
    factor: float
    is_run: bool = False


def score(asked: ComparisonForm, listed: IndexedName) -> float:
    """The score of a listed name in [0, 1]; 0 where either has no words."""
    if not asked.words or not listed.form.words:
        return 0.0
    values = measure(asked, listed)
    if values["identical"] > values["weak_alias"]:
        return 1.0
    return 1.0 / (1.0 + math.exp(-add_up(values)))


def add_up(values: dict[str, float]) -> float:
    """The log-odds: the base and what each part adds, at the least what the same words are."""
    parts = [look_up(_TABLES[part], each) for part, each in values.items() if part not in _FLOORS]
    floors = [look_up(_TABLES[part], 1.0) for part in _FLOORS if values[part]]
    return max(_TABLES["base"][0][1] + sum(parts), *floors, -math.inf)


def look_up(points: Sequence[tuple[float, float]], value: float) -> float:
    """Read a table: straight lines between the points, level outside them."""
    for (low, start), (high, end) in pairwise(points):
        if value < high:
            return start + (end - start) * max(value - low, 0.0) / (high - low)
    return points[-1][1]


def measure(asked: ComparisonForm, listed: IndexedName) -> dict[str, float]:
    """What is measured of both names, by part."""
    form, (ours, theirs) = listed.form, (run_together(asked), run_together(listed.form))
    strange = _STRANGE.get(listed.entity_type or "", 0.0)
    values = measure_words(distinct_words(asked), distinct_words(form))
    one, other = as_acronym(asked), as_acronym(form)
    if strange < 1.0 and one and one in acronyms(form):
        values["acronym"] = len(ours)
    if strange < 1.0 and other and other in acronyms(asked):
        values["spelled_out"] = len(other)
    initials = sum(look_up(_TABLES[part], values[part]) for part in ("acronym", "spelled_out"))
    words = sum(look_up(_TABLES[part], values[part]) for part in _WORDS)
    if values["acronym"] or values["spelled_out"]:
        lesser = ("acronym", "spelled_out") if words > initials else _WORDS
        values |= dict.fromkeys(lesser, 0.0)
    values["whole_spelling"] = 2 * common_letters(ours, theirs) / (len(ours) + len(theirs))
    bits = form_bits(asked), form_bits(form)
    values["legal_form_conflict"] = float(bits[0] != 0 and bits[1] != 0 and bits[0] & bits[1] == 0)
    values["type_conflict"] = strange if bits[0] else 0.0
    values["weak_alias"] = float(listed.kind == "weak_alias")
    alike = sorted(asked.spelled) == sorted(form.spelled)
    same_forms, letters = asked.legal_forms == form.legal_forms, printed_letters(asked)
    same_letters = len(letters) >= 5 and letters == printed_letters(form)
    values["same_words"] = float((alike and same_forms) or same_letters)
    values["identical"] = float(asked.joined == form.joined and same_forms)
    return values


class Alignment(NamedTuple):
    """Of each word the weight that was `met` and the `best` share of it that was.

    `by` numbers, for each word of the question, the two pieces by which most of it was met, and
    says how many listed words the second is.
    """

    met: list[float]
    best: list[float]
    listed_met: list[float]
    listed_best: list[float]
    by: list[tuple[int, int, int]]


def align(ours: Sequence[Word], theirs: Sequence[Word]) -> Alignment:
    """Let every piece of the question meet every piece of the listed name; the best stays."""
    none, listed_none = [0.0] * len(ours), [0.0] * len(theirs)
    found = Alignment(
        none, none.copy(), listed_none, listed_none.copy(), [(-1, -1, 0)] * len(ours)
    )
    asked = list(enumerate(pieces_asked(ours)))
    for entry, there in enumerate(pieces_listed(theirs)):
        for unit, here in reversed(asked):
            credit = here.factor * there.factor * likeness(here, there, ours)
            if credit == 0.0:
                continue
            weights = weight_of(ours, here), weight_of(theirs, there)
            met = credit * min(weights)
            for place in range(here.place, here.place + here.span):
                share = met / weights[0] * ours[place].weight
                if share > found.met[place]:
                    found.met[place], found.by[place] = share, (unit, entry, there.span)
                found.best[place] = max(found.best[place], credit)
            for place in range(there.place, there.place + there.span):
                share = met / weights[1] * theirs[place].weight
                found.listed_met[place] = max(found.listed_met[place], share)
                found.listed_best[place] = max(found.listed_best[place], credit)
    return found


def measure_words(ours: Sequence[Word], theirs: Sequence[Word]) -> dict[str, float]:
    """Measure what of the words met, what did not, and the rarest that did."""
    values = dict.fromkeys((part for part in _TABLES if part != "base"), 0.0)
    met, best, listed_met, listed_best, by = align(ours, theirs)
    left = sum((1.0 - share) * word.weight for share, word in zip(best, ours, strict=True))
    gaps = [(1.0 - share) * word.weight for share, word in zip(listed_best, theirs, strict=True)]
    matched = min(sum(met), sum(listed_met))
    values["matched_words"], values["listed_gap"] = matched, max(gaps)
    values["query_covered"] = matched / (matched + left) if matched else 0.0
    values["first_word"] = min(best[0], listed_best[0])
    together = 0.0
    for place, word in enumerate(ours):
        goes_on = place > 0 and met[place] > 0.0 and by[place] == by[place - 1]
        rare = min(met[place], 0.85) if tell(word) == TRADE else met[place]
        together = rare + (together if goes_on and by[place][2] == 1 else 0.0)
        values["rarest_word"] = max(values["rarest_word"], together)
    unmet = {tell(word) for word, share in zip(ours, best, strict=True) if not share}
    missed = {telling(w.text) for w, share in zip(theirs, listed_best, strict=True) if not share}
    values["conflict"] = float(bool((unmet & missed) - {0}))
    return values


def pieces_listed(words: Sequence[Word]) -> list[Piece]:
    """Every way to write words of a listed name: as they are, read, as one word, as initials."""
    runs = runs_of(tuple(word.initials for word in words))
    texts = [word.text for word in words]
    return [
        *(Piece(text, at, 1, 1.0) for at, text in enumerate(texts)),
        *(Piece(text, at, 1, READING) for at, word in enumerate(words) for text in word.readings),
        *(
            Piece(joined, at, 2, 1.0)
            for at, joined in enumerate(map(join_words, texts, texts[1:]))
        ),
        *(
            Piece(text, place, span, INITIALS, is_run=True)
            for text, place, span in zip(runs.texts, runs.places, runs.spans, strict=True)
        ),
    ]


def pieces_asked(words: Sequence[Word]) -> list[Piece]:
    """The same of a question, with what its words are printed as instead; single words last."""
    order = sorted(range(len(words)), key=lambda place: -words[place].weight)
    own = len(words)
    return [
        *(piece for piece in pieces_listed(words)[own:] if piece.span > 1),
        *(
            piece
            for place, word in enumerate(words)
            for piece in (
                *(Piece(text, place, 1, READING) for text in word.readings),
                *(Piece(each.text, place, 1, each.credit) for each in PARTNERS.get(word.text, ())),
            )
        ),
        *(Piece(words[place].text, place, 1, 1.0) for place in order),
    ]


def likeness(here: Piece, there: Piece, ours: Sequence[Word]) -> float:
    """How fully a piece of the question is one of the name, by spelling alone: 0 to 1."""
    if here.text == there.text:
        return 0.0 if here.is_run and there.is_run else 1.0
    if there.span > 1 or here.factor < READING or not (is_long(here.text) and is_long(there.text)):
        return 0.0
    if here.span > 1:
        pair = ours[here.place : here.place + 2]
        shorter = min(len(word.text) for word in pair)
        if max(word.weight for word in pair) < 0.9 or shorter <= (1 - 0.72) * len(here.text):
            return 0.0
    return credit_of(here.text, there.text)


def is_long(text: str) -> bool:
    return 4 <= len(text) <= 64 and text.isalpha()


def credit_of(one: str, other: str) -> float:
    """What another spelling earns; of words that sound alike an edit counts half or 0.7."""
    longest = max(len(one), len(other))
    most, made = int((1 - 0.72) * longest), count_edits(one, other)
    grams = {f"^{other}$"[at : at + 3] for at in range(len(other))}
    shared = sum(f"^{one}$"[at : at + 3] in grams for at in range(len(one)))
    if made > most or shared < max(1, longest - 3 * most - (most == 1)):
        return 0.0
    cost = (0.7 if longest <= 5 else 0.5) if sound(one) == sound(other) else 1.0
    return look_up(_CREDITS, 1.0 - cost * made / longest)


def sound(word: str) -> tuple[bool, str]:
    """Whether a word begins with a consonant, and all its consonants as they are heard."""
    heard = word.translate(str.maketrans("bdgvzc", "ptkfss", "aeiouh"))
    return word[0] in "aeiouh", heard


def count_edits(one: str, other: str) -> int:
    """Letters put in, left out or replaced, and neighbours swapped."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, there in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def common_letters(one: str, other: str) -> int:
    """How many letters both have in common and in order."""
    row = [0] * (len(other) + 1)
    for letter in one:
        before, row = row, [0]
        for j, there in enumerate(other):
            row.append(before[j] + 1 if letter == there else max(before[j + 1], row[j]))
    return row[-1]


def printed_letters(form: ComparisonForm) -> str:
    """Letters, digits and vowel signs of the printed name, legal forms among them."""
    signs = unicodedata.normalize("NFKD", form.printed.lower())
    vowels = {sign for sign in signs if unicodedata.category(sign)[0] == "M" and sign > "\u036f"}
    return "".join(sign for sign in signs if sign.isalnum() or sign in vowels)


def weight_of(words: Sequence[Word], piece: Piece) -> float:
    return sum(word.weight for word in words[piece.place : piece.place + piece.span])


def tell(word: Word) -> int:
    return telling(word.text) or (TRADE if word.is_trade_word else 0)
