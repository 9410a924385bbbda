"""Explain a score: its parts, and which words of both names met."""

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
from service.names.match.search import Index, Searcher, Seat, Space, log_odds_alone
from service.names.match.words import INITIALS, PARTNERS, distinct_words
from service.names.matching import ComparisonForm, Explanation, MetBy, Part, Word, WordPair

# --- Meetings: which words of a question met which words of a listed name.

# The columns of `Bench.meetings`: words `QUERY_FROM` up to, but not including, `QUERY_TO` of the
# question met words `LISTED_FROM` up to `LISTED_TO` of the name. `FACTOR` is the product of both
# sides' factors, `CREDIT` the credit of the meeting, and `MET` the weight that was met.
QUERY_FROM, QUERY_TO, LISTED_FROM, LISTED_TO, FACTOR, CREDIT, MET = range(7)


@compiled
def list_meetings(searcher: Searcher, question: QuestionArrays, name: int) -> tuple[float, int]:
    """Return the log-odds of one name and the number of meetings.

    Fill `values`, `parts` and `meetings` of the searcher's bench. There is one meeting for each
    word of the question, the one that met most of it; words that met as one share a meeting.
    """
    return _list_all(searcher.index, searcher.space, question, name)


@inner
def _list_all(
    index: Index, space: Space, question: QuestionArrays, name: int
) -> tuple[float, int]:
    log_odds = log_odds_alone(index, space, question, name)
    bench, count = space.scoring, 0
    fill_parts(bench.values, index.scoring.tables, bench.parts)
    last_edge, last_entry = -1, -1
    for place in range(len(question.weights)):
        if bench.aligned.query_met[place] > 0.0:
            edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
            unit = space.finding.edges.edges.units[edge]
            if question.units[unit, SPAN] == 1 or edge != last_edge or entry != last_entry:
                last_edge, last_entry = edge, entry
                _note_meeting(index, question, space, place, count)
                count += 1
    return log_odds, count


@inner
def _note_meeting(
    index: Index, question: QuestionArrays, space: Space, place: int, row: int
) -> None:
    bench, edges, names = space.scoring, space.finding.edges.edges, index.scoring.names
    edge, entry = bench.aligned.query_edge[place], bench.aligned.query_entry[place]
    unit = edges.units[edge]
    first, span = question.units[unit, PLACE], question.units[unit, SPAN]
    met = 0.0
    for each in range(first, first + span):
        if span == 1 or bench.aligned.query_edge[each] == edge:
            met += bench.aligned.query_met[each]
    meetings = bench.meetings
    meetings[row, QUERY_FROM], meetings[row, QUERY_TO] = first, first + span
    meetings[row, LISTED_FROM] = names.places[entry]
    meetings[row, LISTED_TO] = names.places[entry] + names.spans[entry]
    meetings[row, FACTOR] = names.factors[entry] * question.factors[unit]
    meetings[row, CREDIT] = names.factors[entry] * edges.credits[edge]
    meetings[row, MET] = met


# Two printed forms of one canonical word are an abbreviation where the shorter has at most this
# share of the longer's letters, all in its order (COMM in Communication), and a spelling where
# their similarity is at least `_SPELLING`; else they are synonyms. The label is for the reader
# only: all three score alike.
_ABBREVIATION = 0.6
_SPELLING = 0.6
# The hits of a question share most of the words that met.
_REMEMBERED = 4096


def explain_pair(
    seat: Seat, question: QuestionArrays, name: int, forms: tuple[ComparisonForm, ComparisonForm]
) -> Explanation:
    """Explain the score of one name; `forms` are those of the question and of the name.

    The worths of the word pairs add up to the part `matched_words`. There are two exceptions, with
    one pair of all words. Where one name is the other's acronym, that pair is worth the part
    `acronym` or `spelled_out`. Where both names have the same letters in other words, it is worth
    `matched_words` and `same_words` together. Parts that add nothing are left out.
    """
    log_odds, count = list_meetings(seat.searcher, question, name)
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
    """Return a row of `meetings` as a pair of words; `worth` is that of 1.0 of met weight."""
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
