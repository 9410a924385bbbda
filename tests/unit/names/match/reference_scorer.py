"""The score of two names in plain Python, step by step: what the compiled kernel must equal.

It is written from `docs/how-a-score-comes-about.md`, without gather and bound, which never change
a score: every unit of the question meets every entry of the listed name. Nothing here is fast. Of
the kernel it uses no arithmetic, only its ways to write a name (`words.py`).
"""

import math
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA, LCSseq

from service.names.match import words as ways
from service.names.matching import ComparisonForm, IndexedName, Word

type Points = list[tuple[float, float]]

_SIMILARITIES = (0.72, 0.75, 0.8, 0.834, 0.86, 0.89, 0.92, 1.0)
_CREDITS = list(zip(_SIMILARITIES, (0.0, 0.2, 0.5, 0.65, 0.76, 0.87, 0.91, 1.0), strict=True))
_FILE = files("service.names.match.data").joinpath("score_tables.txt").read_text("utf-8")
_ROWS = [line.split(": ") for line in _FILE.splitlines() if not line.startswith("#")]
_TABLES: dict[str, Points] = {
    part: [(float(value), float(odds)) for value, odds in (p.split("=") for p in points.split())]
    for part, points in _ROWS
}
_FLOORS = ("same_words", "identical")
_OF_INITIALS = ("acronym", "spelled_out")
_OF_WORDS = ("matched_words", "query_covered", "rarest_word", "listed_gap", "first_word")
_STRANGE = {"person": 1.0, "vessel": 0.5, "aircraft": 0.5}


def score(asked: ComparisonForm, listed: IndexedName) -> float:
    """Return the score of a listed name in [0, 1]; 0 where either has no words."""
    if not asked.words or not listed.form.words:
        return 0.0
    values = measure(asked, listed)
    if values["identical"] > values["weak_alias"]:
        return 1.0
    return 1.0 / (1.0 + math.exp(-add_up(values)))


def add_up(values: dict[str, float]) -> float:
    """Return the log-odds: the base and what each part adds, and at least the floors."""
    floors = [odds(part, 1.0) for part in _FLOORS if values[part]]
    parts = [odds(part, value) for part, value in values.items() if part not in _FLOORS]
    return max([odds("base", 0.0) + sum(parts), *floors])


def odds(part: str, value: float) -> float:
    """Look a value up in the table of its part."""
    return look_up(_TABLES[part], value)


def look_up(points: Points, value: float) -> float:
    """Read a table: straight lines between the points, level outside them."""
    return float(np.interp(value, [at for at, _ in points], [odds for _, odds in points]))


def measure(asked: ComparisonForm, listed: IndexedName) -> dict[str, float]:
    """Return the measured value of each part."""
    form, strange = listed.form, _STRANGE.get(listed.entity_type or "", 0.0)
    values = measure_words(ways.distinct_words(asked), ways.distinct_words(form))
    ours, theirs = ways.run_together(asked), ways.run_together(form)
    one, other = ways.as_acronym(asked), ways.as_acronym(form)
    if strange < 1.0:
        values["acronym"] = len(ours) if one in ways.acronyms(form) else 0.0
        values["spelled_out"] = len(other) if other in ways.acronyms(asked) else 0.0
    if values["acronym"] or values["spelled_out"]:
        by_words, by_initials = (
            sum(odds(part, values[part]) for part in parts) for parts in (_OF_WORDS, _OF_INITIALS)
        )
        values |= dict.fromkeys(_OF_INITIALS if by_words > by_initials else _OF_WORDS, 0.0)
    values["whole_spelling"] = 2 * LCSseq.similarity(ours, theirs) / (len(ours) + len(theirs))
    bits, other_bits = ways.form_bits(asked), ways.form_bits(form)
    values["legal_form_conflict"] = float(bool(bits and other_bits and not bits & other_bits))
    values["type_conflict"] = strange if bits else 0.0
    values["weak_alias"] = float(listed.kind == "weak_alias")
    same_forms = asked.legal_forms == form.legal_forms
    same_words = sorted(asked.spelled) == sorted(form.spelled) and same_forms
    letters = printed_letters(asked)
    same_letters = len(letters) > 4 and letters == printed_letters(form)
    values["same_words"] = float(same_words or same_letters)
    values["identical"] = float(asked.joined == form.joined and same_forms)
    return values


def printed_letters(form: ComparisonForm) -> str:
    """Return the letters, digits and non-Latin vowel signs of a printed name."""
    signs = unicodedata.normalize("NFKD", form.printed.lower())
    vowels = {sign for sign in signs if unicodedata.category(sign)[0] == "M" and sign > "\u036f"}
    return "".join(sign for sign in signs if sign.isalnum() or sign in vowels)


class Piece(NamedTuple):
    """One way to write `span` words of a name from `place` on: a unit, or an entry."""

    text: str
    place: int
    span: int
    factor: float
    is_run: bool = False


class Met:
    """How fully one word was met: the most weight, by which two pieces, and the best credit."""

    def __init__(self, word: Word) -> None:
        self.word, self.weight, self.credit = word, 0.0, 0.0
        self.by: tuple[Piece, Piece] | None = None

    def meet(self, share: float, credit: float, by: tuple[Piece, Piece]) -> None:
        """Record a meeting in which this share of the word's weight is met."""
        if share * self.word.weight > self.weight:
            self.weight, self.by = share * self.word.weight, by
        self.credit = max(self.credit, credit)

    @property
    def left(self) -> float:
        """The weight that is left over."""
        return (1.0 - self.credit) * self.word.weight


def align(words: Sequence[Word], others: Sequence[Word]) -> tuple[list[Met], list[Met]]:
    """Let every unit of the question meet every entry of the listed name; the best counts."""
    ours, theirs = list(map(Met, words)), list(map(Met, others))
    for entry in entries(others):
        for unit in units(words)[::-1]:
            credit = unit.factor * entry.factor * likeness(unit, entry, words)
            weight, other_weight = weight_of(words, unit), weight_of(others, entry)
            met = credit * min(weight, other_weight)
            for each in ours[unit.place : unit.place + unit.span]:
                each.meet(met / weight, credit, (unit, entry))
            for each in theirs[entry.place : entry.place + entry.span]:
                each.meet(met / other_weight, credit, (unit, entry))
    return ours, theirs


def measure_words(words: Sequence[Word], others: Sequence[Word]) -> dict[str, float]:
    """Measure what of the words met, what did not, and the rarest that did."""
    values = dict.fromkeys((part for part in _TABLES if part != "base"), 0.0)
    ours, theirs = align(words, others)
    matched = min(sum(each.weight for each in ours), sum(each.weight for each in theirs))
    left = sum(each.left for each in ours)
    values["matched_words"] = matched
    values["query_covered"] = matched / (matched + left) if matched else 0.0
    values["listed_gap"] = max(each.left for each in theirs)
    values["first_word"] = min(ours[0].credit, theirs[0].credit)
    together, before = 0.0, None
    for each in ours:
        rare = min(each.weight, 0.85) if kind_of(each.word) == ways.TRADE else each.weight
        is_one = each.by is not None and each.by == before and each.by[1].span == 1
        together, before = rare + (together if is_one else 0.0), each.by
        values["rarest_word"] = max(values["rarest_word"], together)
    unmet, missed = ({kind_of(e.word) for e in side if not e.credit} for side in (ours, theirs))
    values["conflict"] = float(bool(unmet & missed & {ways.NUMBER, ways.PATRONYMIC}))
    return values


def kind_of(word: Word) -> int:
    """Return whether a word is a number, a patronymic, a trade word, or 0."""
    return ways.telling(word.text) or (ways.TRADE if word.is_trade_word else 0)


def weight_of(words: Sequence[Word], piece: Piece) -> float:
    """Return the weight of the words of a piece."""
    return sum(word.weight for word in words[piece.place : piece.place + piece.span])


def entries(words: Sequence[Word]) -> list[Piece]:
    """List the ways to write a name: its words, readings, joined neighbours and initials."""
    texts, runs = [word.text for word in words], ways.runs_of(tuple(w.initials for w in words))
    joined = enumerate(map(ways.join_words, texts, texts[1:]))
    initials = zip(runs.texts, runs.places, runs.spans, strict=True)
    return [
        *(Piece(text, place, 1, 1.0) for place, text in enumerate(texts)),
        *(
            Piece(text, at, 1, ways.READING)
            for at, word in enumerate(words)
            for text in word.readings
        ),
        *(Piece(text, place, 2, 1.0) for place, text in joined),
        *(Piece(text, at, span, ways.INITIALS, is_run=True) for text, at, span in initials),
    ]


def units(words: Sequence[Word]) -> list[Piece]:
    """List the ways to write a question, word pairs among them; single words last by weight."""
    written = entries(words)
    found = [piece for piece in written if piece.span > 1]
    for place, word in enumerate(words):
        found += [Piece(text, place, 1, ways.READING) for text in word.readings]
        found += [Piece(o.text, place, 1, o.credit) for o in ways.PARTNERS.get(word.text, ())]
    return found + sorted(written[: len(words)], key=lambda one: -words[one.place].weight)


def likeness(unit: Piece, entry: Piece, words: Sequence[Word]) -> float:
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
    return look_up(_CREDITS, 1.0 - cost * edits / longest)


def sound(word: str) -> tuple[bool, str]:
    """Return whether a word begins with a vowel or h, and its consonants as they are heard."""
    return word[0] in "aeiouh", word.translate(str.maketrans("bdgvzc", "ptkfss", "aeiouh"))
