"""What an answer says of one name before any hit: the first line, and nothing that concludes."""

from collections.abc import Sequence
from datetime import date

import msgspec

from service.model.answer import CounterpartyResult, Coverage, Hit, SearchAnswer
from service.wording.days import day_in_words

# More codes than a reader takes in; the lists themselves stand below every answer.
_MOST_CODES = 4


class AskedOf(msgspec.Struct, frozen=True, kw_only=True):
    """The question that an answer belongs to, as far as its first line needs it."""

    as_of: date
    known_at: date
    threshold: float
    coverage: Coverage


def headline(result: CounterpartyResult | SearchAnswer) -> str:
    """`3 listings, 2 open questions`; what may be meant, counted and not concluded.

    An open question is a condition that a reader must answer, each counted once.
    """
    match result.outcome:
        case "hits":
            questions = open_questions(result.hits)
            asked = f", {_counted(len(questions), 'open question')}" if questions else ""
            return f"{_counted(result.total, 'listing')}{asked}"
        case "owner_hits":
            return "no listing of its own, but an owner may be on one"
        case "no_hits":
            return "no listing found"
        case "incomplete":
            return "cannot say"


def found_in_words(result: CounterpartyResult | SearchAnswer, asked: AskedOf) -> str:
    """What was found on the day, and how much an empty answer is worth, in a few sentences."""
    day = f"on {day_in_words(asked.as_of)}"
    if asked.known_at != asked.as_of:
        day += f", as known on {day_in_words(asked.known_at)}"
    match result.outcome:
        case "hits":
            return f"{_counted(result.total, 'listing')} may be meant, {day}."
        case "owner_hits":
            return f"No listing found {day}, but an owner may be on one."
        case "no_hits":
            return (
                f"No listing found {day}. {_counted(len(asked.coverage.lists), 'list')} searched, "
                f"all within their age limits, down to score {asked.threshold:.2f}. "
                "This is no clearance."
            )
        case "incomplete":
            doubt = doubts(asked.coverage)
            return f"Cannot say {day}. {doubt} In what was searched no listing was found."


def doubts(coverage: Coverage) -> str:
    """Why a coverage is not complete: `2 of 16 lists could not be searched (eu_fsf, ch_seco).`."""
    missing = [each.code for each in coverage.lists if each.state == "missing"]
    others = [each.code for each in coverage.lists if each.state not in {"fresh", "missing"}]
    said = (
        (missing, "could not be searched"),
        (others, "are too old to rest it on" if len(others) != 1 else "is too old to rest it on"),
    )
    of = f"of {_counted(len(coverage.lists), 'list')}"
    parts = [f"{len(codes)} {of} {what} ({_some(codes)})" for codes, what in said if codes]
    return f"{'; '.join(parts)}." if parts else ""


def open_questions(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The conditions that a reader must answer, in the order of the hits, each once."""
    asked = (
        measure.id for hit in hits for measure in hit.measures if measure.condition is not None
    )
    return tuple(dict.fromkeys(asked))


def left_in_words(hit: Hit) -> str:
    """A party that has left its list, and what is known of when."""
    name, standing = hit.listing.primary_name, hit.standing
    who = f"History: {name} was on {hit.listing.list_code}"
    if standing.left_on is not None:
        return f"{who} and was taken off it on {day_in_words(standing.left_on)}."
    if standing.left_by is not None:
        return f"{who} and is gone from its edition of {day_in_words(standing.left_by)}."
    return f"{who} and has left it."


def matched_in_words(hit: Hit) -> str:
    """How the name met: `alias "Hikvision", word for word`, or the words that met and by what."""
    kind, text = hit.matched.kind.replace("_", " "), hit.matched.text
    if hit.corroboration.identifiers:
        return f'number {", ".join(hit.corroboration.identifiers)}; {kind} "{text}"'
    if hit.explanation.exact:
        return f'{kind} "{text}", word for word'
    pairs = ", ".join(
        pair.query if pair.by == "same" else f"{pair.query} ~ {pair.listed} ({_by(pair.by)})"
        for pair in hit.explanation.pairs
    )
    return f'{kind} "{text}": {pairs}' if pairs else f'{kind} "{text}"'


def _by(how: str) -> str:
    return how.replace("_", " ")


def _some(codes: Sequence[str]) -> str:
    """The codes, and where they are many the first few with how many more there are."""
    more = len(codes) - _MOST_CODES
    return ", ".join(codes) if more <= 0 else f"{', '.join(codes[:_MOST_CODES])} and {more} more"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
