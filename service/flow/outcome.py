"""The outcome of an answer: the one place that decides whether nothing found means no hits."""

from collections.abc import Collection, Iterator

from service.flow.asked_names import MOST_WORDS
from service.model.answer import Coverage, InputWarning, Outcome, PartyResult
from service.model.question import Counterparty
from service.normalise import why_not_comparable

_ASK_SHORTER = "a listed name among so many may be missed: ask for the party's name alone"


def outcome_of(
    coverage: Coverage,
    warnings: Collection[InputWarning],
    hits: Collection[object],
    owners: Collection[PartyResult] = (),
) -> Outcome:
    """Return what an answer says of one party, by its own hits and those of its owners.

    Without a hit it is `no_hits` only where nothing can hide one: every list was there and fresh,
    and every name, the owners' with it, could be compared. Else it is `incomplete`.
    """
    if hits:
        return "hits"
    if any(owner.hits for owner in owners):
        return "owner_hits"
    doubts = (*warnings, *(warning for owner in owners for warning in owner.warnings))
    is_certain = coverage.complete and not any(warning.may_hide for warning in doubts)
    return "no_hits" if is_certain else "incomplete"


def doubts_of(counterparty: Counterparty) -> tuple[InputWarning, ...]:
    """Return the names of a party of which too little, or too much, is there to be compared.

    They stand in the order of the question, and each may hide a listed party. They do not refuse
    it: one name among 1,000 counterparties would cost the answers of all.
    """
    return tuple(_doubts(counterparty))


def _doubts(counterparty: Counterparty) -> Iterator[InputWarning]:
    yield from _doubt("name", counterparty.name)
    for position, alias in enumerate(counterparty.aliases):
        yield from _doubt(f"aliases[{position}]", alias)


def _doubt(field: str, printed: str) -> Iterator[InputWarning]:
    fault = why_not_comparable(printed)
    if fault is not None:
        yield InputWarning(field=field, reason=fault, may_hide=True)
    words = len(printed.split())
    if words > MOST_WORDS:
        reason = f"has {words} words; {_ASK_SHORTER}"
        yield InputWarning(field=field, reason=reason, may_hide=True)
