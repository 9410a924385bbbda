"""The sentences of evidence: the question, the answer in a line, and what that is worth."""

from collections.abc import Iterator

from service.model.answer import Hit, ListCoverage, PartyResult, ScreeningAnswer, Standing
from service.model.edition import ListState
from service.model.transaction import AskedItem, Transaction
from service.web.dates import day, plural

_MOST_NAMES = 3
_DOUBTS: dict[ListState, str] = {
    "too_old": "too old",
    "undated": "of unknown age",
    "edition_later": "its edition is later than the day asked about",
    "kept": "a newer file was not taken",
    "missing": "could not be searched",
}


def question_line(answer: ScreeningAnswer) -> str:
    """The names that were asked about: all of a few, the first of many."""
    names = [each.name for each in answer.results]
    rest = len(names) - _MOST_NAMES
    told = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    return told if rest <= 0 else f"{told} and {rest:,} more"


def days_line(answer: ScreeningAnswer) -> str:
    """The two days of the question."""
    return f"in force on {day(answer.as_of)}, as publicly known on {day(answer.known_at)}"


def answer_line(answer: ScreeningAnswer) -> str:
    """The answer in a line: counted, not concluded."""
    results = answer.results
    if len(results) == 1:
        return f"{results[0].name}: {worth_line(results[0], answer, short=True)}"
    met = sum(each.outcome in {"hits", "owner_hits"} for each in results)
    unsure = sum(each.outcome == "incomplete" for each in results)
    rest = f"; of {unsure:,} nothing can be said" if unsure else ""
    return f"{plural(len(results), 'counterparty', 'counterparties')}: {met:,} with hits{rest}"


def complete_line(answer: ScreeningAnswer) -> str:
    """Whether the lists allow to rest anything on silence, and why not."""
    lists = answer.coverage.lists
    if answer.coverage.complete:
        return f"Complete: {plural(len(lists), 'list')} searched, all within their age limits."
    ill = [each for each in lists if each.state != "fresh"]
    return (
        f"Incomplete answer: {len(ill)} of {plural(len(lists), 'list')} cannot be relied on. "
        "That a name was not found there says nothing."
    )


def worth_line(result: PartyResult, answer: ScreeningAnswer, *, short: bool) -> str:
    """What was found of one party, and what that is worth."""
    match result.outcome:
        case "hits":
            told = f"{plural(result.total, 'listing')} may be meant"
            cut = result.total - len(result.hits)
            more = f"; the best {len(result.hits)} are shown" if cut > 0 and not short else ""
            return f"{told}{more}."
        case "owner_hits":
            return "no listing of its own, but an owner may be on one."
        case "no_hits":
            lists = plural(len(answer.coverage.lists), "list")
            full = (
                f"no listing found on {day(answer.as_of)}: {lists} searched, all within their age "
                f"limits, down to score {answer.threshold:.2f}. This is no clearance: rules that "
                "name no company still need their answers."
            )
            return "no listing found." if short else full
        case "incomplete":
            full = (
                "cannot say: not every list could be relied on. In what was searched no listing "
                f"was found down to score {answer.threshold:.2f}."
            )
            return "cannot say." if short else full


def list_doubt(covered: ListCoverage) -> str | None:
    """Why an empty answer from a list is worth nothing; None where it is worth something."""
    if covered.state == "fresh":
        return None
    told = _DOUBTS[covered.state]
    return told if covered.reason is None else f"{told}: {covered.reason}"


def met_line(hit: Hit) -> str:
    """Which of the names met which, and by what."""
    kind, text = hit.matched.kind.replace("_", " "), hit.matched.text
    if hit.corroboration.identifiers:
        numbers = ", ".join(hit.corroboration.identifiers)
        return f"by its number {numbers}; {kind} name “{text}”"
    if hit.explanation.exact:
        return f"“{hit.matched.query}” is its {kind} name “{text}”, word for word"
    pairs = ", ".join(
        pair.query if pair.by == "same" else f"{pair.query} = {pair.listed}"
        for pair in hit.explanation.pairs
    )
    return f"“{hit.matched.query}” met its {kind} name “{text}” ({pairs})"


def gone_line(standing: Standing) -> str | None:
    """When a party left its list, and how that is known; None while it stands there."""
    if standing.state == "listed":
        return None
    if standing.left_on is not None:
        return f"No longer listed: taken off on {day(standing.left_on)}."
    if standing.left_by is not None:
        return f"No longer listed: gone from the edition of {day(standing.left_by)}."
    return "No longer listed."


def described(trade: Transaction) -> str:
    """What was said of the trade, in a line; what was left out is said to be."""
    items = "; ".join(map(_item, trade.items)) or "goods not given"
    origin = "origin not given" if trade.origin is None else f"from {trade.origin}"
    to = "destination not given" if trade.destination is None else f"to {trade.destination}"
    use = "end use not given" if trade.end_use is None else f"for {trade.end_use} use"
    return f"{items}, {origin}, {to}, {use}".replace("_", " ")


def _item(item: AskedItem) -> str:
    return ", ".join(_pieces(item))


def _pieces(item: AskedItem) -> Iterator[str]:
    if item.description is not None:
        yield item.description
    if item.hs is not None:
        yield f"HS {item.hs}"
    if item.control_code is not None:
        yield f"control code {item.control_code}"
