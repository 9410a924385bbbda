"""Puts a score's arithmetic into words a person can read."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from service.names.match.kernel import compiled, inner, reals_of, rows_of
from service.names.match.question import PLACE, SPAN, QuestionArrays
from service.names.match.score import (
    ACRONYM,
    IDENTICAL,
    MATCHED,
    PARTS,
    SAME_WORDS,
    SPELLED_OUT,
    WEAK_ALIAS,
    fill_parts,
)
from service.names.match.search import Index, Searcher, Seat, Space, weigh_alone
from service.names.match.words import INITIALS, PARTNERS, distinct_words
from service.names.matching import ComparisonForm, Explanation, MetBy, Part, Word, WordPair

# --- Which words of a question met which words of a listed name, for the explanation.

# The columns of `Bench.meetings`: words `QUERY_FROM` to before `QUERY_TO` of the question met
# words `LISTED_FROM` to before `LISTED_TO` of the name, of the weight `MET`; `FACTOR` is what both
# sides are worth by how they were written, `CREDIT` the share that was met.
QUERY_FROM, QUERY_TO, LISTED_FROM, LISTED_TO, FACTOR, CREDIT, MET = range(7)


@compiled
def tell_meetings(held: Searcher, asked: QuestionArrays, name: int) -> tuple[float, int]:
    """The log-odds of one name, and how many meetings there are.

    Fills `values`, `parts` and `meetings` of the room's bench. A meeting is what a word of the
    question met most by; words that met as one stand together.
    """
    return _tell_all(held.index, held.space, asked, name)


@inner
def _tell_all(index: Index, space: Space, asked: QuestionArrays, name: int) -> tuple[float, int]:
    log_odds = weigh_alone(index, space, asked, name)
    bench, count = space.scoring, 0
    fill_parts(bench.values, index.scoring.tables, bench.parts)
    last_edge, last_entry = -1, -1
    for place in range(len(asked.weights)):
        if bench.aligned.query_met[place] > 0.0:
            edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
            unit = space.finding.edges.edges.units[edge]
            if asked.units[unit, SPAN] == 1 or edge != last_edge or entry != last_entry:
                last_edge, last_entry = edge, entry
                _tell(index, asked, space, place, count)
                count += 1
    return log_odds, count


@inner
def _tell(index: Index, asked: QuestionArrays, space: Space, place: int, row: int) -> None:
    bench, edges, names = space.scoring, space.finding.edges.edges, index.scoring.names
    edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
    unit = edges.units[edge]
    first, span = asked.units[unit, PLACE], asked.units[unit, SPAN]
    met = 0.0
    for each in range(first, first + span):
        if span == 1 or bench.aligned.query_edge[each] == edge:
            met += bench.aligned.query_met[each]
    told = bench.meetings
    told[row, QUERY_FROM], told[row, QUERY_TO] = first, first + span
    told[row, LISTED_FROM] = names.places[entry]
    told[row, LISTED_TO] = names.places[entry] + names.spans[entry]
    told[row, FACTOR] = names.factors[entry] * asked.factors[unit]
    told[row, CREDIT] = names.factors[entry] * edges.credits[edge]
    told[row, MET] = met


# Two printings of one canonical word are an abbreviation where the shorter has at most this share
# of the longer's letters, all in its order (COMM in Communication), and a spelling where at least
# `_SPELLING` of the letters stand alike; else they are synonyms. For the reader only: all count
# alike.
_ABBREVIATION = 0.6
_SPELLING = 0.6
# The hits of a question share most of what met.
_REMEMBERED = 4096


def explain_pair(
    seat: Seat, asked: QuestionArrays, name: int, forms: tuple[ComparisonForm, ComparisonForm]
) -> Explanation:
    """Explain the score of one name; `forms` are the question's and the name's.

    The worths of the word pairs add up to the part `matched_words`; where one name is the other's
    acronym there is one pair, of all words, and its worth is the part `acronym` or `spelled_out`,
    and where both have the same letters, spaced otherwise, it is `matched_words` and `same_words`.
    Parts that add nothing are left out.
    """
    log_odds, count = tell_meetings(seat.held, asked, name)
    bench = seat.space.scoring
    values, added = reals_of(bench.values), reals_of(bench.parts)
    ours, theirs = distinct_words(forms[0]), distinct_words(forms[1])
    unmet = _unmet(ours, reals_of(bench.aligned.query_best[: len(ours)]))
    missed = _unmet(theirs, reals_of(bench.aligned.listed_best[: len(theirs)]))
    initials = added[ACRONYM] + added[SPELLED_OUT]
    if initials > 0.0:
        pairs = [_pair_whole(ours, theirs, "acronym", initials)]
        unmet, missed = (), ()
    elif added[SAME_WORDS] > 0.0 and sorted(forms[0].spelled) != sorted(forms[1].spelled):
        pairs = [_pair_whole(ours, theirs, "joined", added[MATCHED] + added[SAME_WORDS])]
        unmet, missed = (), ()
    else:
        pairs = _pairs(rows_of(bench.meetings, count), (ours, theirs), added[MATCHED])
    base = Part(name="base", value=0.0, log_odds=seat.base)
    return Explanation(
        exact=values[IDENTICAL] > values[WEAK_ALIAS],
        pairs=tuple(pairs),
        query_left_over=unmet,
        listed_left_over=missed,
        parts=(base, *_parts(values, added)),
        log_odds=log_odds,
    )


def _unmet(words: Sequence[Word], shares: Sequence[float]) -> tuple[str, ...]:
    return tuple([word.printed for word, share in zip(words, shares, strict=True) if share == 0.0])


def _parts(values: Sequence[float], added: Sequence[float]) -> list[Part]:
    return [
        Part(name=name, value=value, log_odds=log_odds)
        for name, value, log_odds in zip(PARTS, values, added, strict=True)
        if log_odds
    ]


def _pairs(
    rows: Sequence[Sequence[float]],
    words: tuple[Sequence[Word], Sequence[Word]],
    worth: float,
) -> list[WordPair]:
    every = sum([row[MET] for row in rows])
    return [_pair(row, words, worth / every) for row in rows]


def _pair(
    row: Sequence[float], words: tuple[Sequence[Word], Sequence[Word]], worth: float
) -> WordPair:
    """A row of `meetings` in words; `worth` is that of one unit of met weight."""
    query = words[0][int(row[QUERY_FROM]) : int(row[QUERY_TO])]
    listed = words[1][int(row[LISTED_FROM]) : int(row[LISTED_TO])]
    return WordPair(
        query=" ".join([word.printed for word in query]),
        listed=" ".join([word.printed for word in listed]),
        by=_met_by(query, listed, row[FACTOR]),
        similarity=row[CREDIT],
        worth=worth * row[MET],
    )


def _pair_whole(ours: Sequence[Word], theirs: Sequence[Word], by: MetBy, worth: float) -> WordPair:
    return WordPair(
        query=" ".join([word.printed for word in ours]),
        listed=" ".join([word.printed for word in theirs]),
        by=by,
        similarity=1.0,
        worth=worth,
    )


def _met_by(ours: Sequence[Word], theirs: Sequence[Word], factor: float) -> MetBy:
    if factor == INITIALS:
        return "acronym"
    if len(ours) > 1 or len(theirs) > 1:
        return "joined"
    return _met_alone(ours[0], theirs[0], factor)


@lru_cache(_REMEMBERED)
def _met_alone(query: Word, listed: Word, factor: float) -> MetBy:
    if listed.text in {partner.text for partner in PARTNERS.get(query.text, ())}:
        return "synonym"
    one, other = _letters(query.printed), _letters(listed.printed)
    if one == other:
        return "same"
    # a reading with a letter for a digit is another spelling (R0SNEFT)
    if one.isascii() != other.isascii() or (factor < 1.0 and one.isalpha() == other.isalpha()):
        return "transliteration"
    return _met_in_latin(one, other) if query.text == listed.text else "spelling"


def _met_in_latin(query: str, listed: str) -> MetBy:
    shorter, longer = sorted((query, listed), key=len)
    letters = iter(longer)
    if len(shorter) <= _ABBREVIATION * len(longer) and all(each in letters for each in shorter):
        return "abbreviation"
    alike = OSA.normalized_similarity(query, listed) >= _SPELLING
    return "spelling" if alike else "synonym"


def _letters(printed: str) -> str:
    return "".join(filter(str.isalnum, printed.casefold()))
