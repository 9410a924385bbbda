"""The sentences of evidence: the question, the answer in a line, and what that is worth."""

from collections.abc import Collection, Iterator
from datetime import date

from service.model.answer import ListCoverage, ScreeningAnswer
from service.model.days import Days
from service.model.owned import Holding
from service.model.transaction import AskedItem, Transaction
from service.web.dates import day
from service.wording import headline
from service.wording.coverage import STATES
from service.wording.numbers import plural
from service.wording.own_days import as_of_in_words

_MOST_NAMES = 3


def question_line(answer: ScreeningAnswer) -> str:
    """The names that were asked about: all of a few, the first of many."""
    names = [each.name for each in answer.results]
    rest = len(names) - _MOST_NAMES
    told = ", ".join(f"“{name}”" for name in names[:_MOST_NAMES])
    return told if rest <= 0 else f"{told} and {rest:,} more"


def days_line(answer: ScreeningAnswer) -> str:
    """The two days of the question, and which authorities' own day was another one."""
    elsewhere = tuple(sorted({each for each in _own_days(answer) if each[1] != answer.as_of}))
    days = Days(as_of=answer.as_of, known_at=answer.known_at, as_of_by=elsewhere)
    return f"in force on {as_of_in_words(days, None)}, as publicly known on {day(answer.known_at)}"


def _own_days(answer: ScreeningAnswer) -> Iterator[tuple[str, date]]:
    """The day of each status in the answer, with whose day it is."""
    for result in answer.results:
        owned = result.ownership
        parties = (result, *(() if owned is None else owned.owners))
        for hit in (hit for party in parties for hit in (*party.hits, *party.left)):
            yield from ((each.jurisdiction, each.as_of) for each in hit.measures)
    reach = answer.restrictions
    for each in (*reach.met, *reach.ended):
        yield each.measure.jurisdiction, each.measure.as_of
    for asked in reach.open_questions:
        if asked.as_of is not None:
            yield asked.jurisdiction, asked.as_of


def answer_line(answer: ScreeningAnswer, answered: Collection[str] = ()) -> str:
    """The answer in a line: counted, not concluded; `answered` as in `headline`."""
    results = answer.results
    if len(results) == 1:
        return f"{results[0].name}: {headline(results[0], answered)}."
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
    told = [*answer.coverage.reasons]
    if ill:
        told.append(f"{len(ill)} of {plural(len(lists), 'list')} cannot be relied on")
    return f"Incomplete answer: {'; '.join(told)}. That a name was not found says nothing."


def list_doubt(covered: ListCoverage) -> str | None:
    """Why an empty answer from a list is worth nothing; None where it is worth something."""
    if covered.state == "fresh":
        return None
    told = STATES[covered.state]
    return told if covered.reason is None else f"{told}: {covered.reason}"


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


def holding_in_words(holding: Holding) -> str:
    """How much of whom an owner holds: `55 % of Acme, controls it`."""
    share = "share not stated" if holding.share is None else f"{holding.share} %"
    control = {True: ", controls it", False: ", does not control it", None: ""}[holding.control]
    return f"{share} of {holding.owned.name}{control}"
