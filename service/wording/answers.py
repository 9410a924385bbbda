"""What an answer says of one name before any hit: the first line, and nothing that concludes."""

from collections.abc import Collection, Sequence
from datetime import date

import msgspec

from service.model.answer import CounterpartyResult, Coverage, Hit, InputWarning, SearchAnswer
from service.wording.coverage import doubts
from service.wording.days import day_in_words
from service.wording.numbers import plural


class AskedOf(msgspec.Struct, frozen=True, kw_only=True):
    """The question that an answer belongs to, as far as its first line needs it."""

    as_of: date
    known_at: date
    threshold: float
    coverage: Coverage


def headline(result: CounterpartyResult | SearchAnswer, answered: Collection[str] = ()) -> str:
    """`3 listings, 2 open questions`; what may be meant, counted and not concluded.

    An open question is a condition that a reader must answer, each counted once; `answered` are
    the measures whose condition was answered already.
    """
    match result.outcome:
        case "hits":
            questions = set(open_questions(result.hits)).difference(answered)
            asked = f", {plural(len(questions), 'open question')}" if questions else ""
            return f"{plural(result.total, 'listing')}{asked}"
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
            shown = len(result.hits)
            cut = f" Shown: the best {shown}." if 0 < shown < result.total else ""
            return f"{plural(result.total, 'listing')} may be meant, {day}.{cut}"
        case "owner_hits":
            return f"No listing found {day}, but an owner may be on one."
        case "no_hits":
            return (
                f"No listing found {day}. {plural(len(asked.coverage.lists), 'list')} searched, "
                f"all within their age limits, down to score {asked.threshold:.2f}. "
                "This is no clearance: rules that name no company still need their answers."
            )
        case "incomplete":
            hidden = (warning_text(each).text for each in result.warnings if each.may_hide)
            why = " ".join(filter(None, (doubts(asked.coverage), *hidden)))
            return f"Cannot say {day}. {why} In what was searched no listing was found."


class WarningText(msgspec.Struct, frozen=True, kw_only=True):
    """A warning in words: `lead` says what it means for the answer, `text` what is wrong."""

    lead: str
    text: str


def warning_text(warning: InputWarning) -> WarningText:
    """Return a warning in words: `Likely a slip.` and `name: is one letter, …`."""
    lead = "A listed party may be missed." if warning.may_hide else "Likely a slip."
    return WarningText(lead=lead, text=f"{warning.field}: {warning.reason}.")


def open_questions(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The conditions that a reader must answer, in the order of the hits, each once."""
    asked = (
        measure.id for hit in hits for measure in hit.measures if measure.condition is not None
    )
    return tuple(dict.fromkeys(asked))
