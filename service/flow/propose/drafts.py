"""The draft of an event out of what a document does, and what its reader still has to find out."""

from collections.abc import Collection, Iterator
from datetime import date

import msgspec

from service.flow.propose.links import BEGINS, Link
from service.model.event import Event, EventKind, LapseEffect, Slice, Source, UntilState
from service.model.proposal import Document, Proposal, Sureness
from service.parse.us_fr import Deed, EffectiveDay, Term, effective_day, term_of

# What follows the end of an act that has one. A denial order has its own term.
_LAPSES: dict[EventKind, LapseEffect] = {
    "suspend": "restriction_returns",
    "extend_suspension": "restriction_returns",
    "delay": "restriction_begins",
    "authorise": "authorisation_ends",
    "extend_authorisation": "authorisation_ends",
    "replace_authorisation": "authorisation_ends",
    "renew": "restriction_ends",
}
# What is done to a part of a list, in words that mark the part until somebody names it.
_PARTS: dict[EventKind, str] = {
    "delist": "the entries this document removes",
    "amend": "the entries this document revises",
}


def draft(document: Document, deed: Deed, link: Link, taken: Collection[str]) -> Proposal:
    """The proposal of one event; its id is none of `taken`, the ids that proposals have already.

    Its days are those the document states with certainty. It passes the register's own rules as
    it is, so that whoever accepts it changes only what was found out.
    """
    days = effective_day(document)
    term = _term(document, deed, days)
    event = _event(document, deed, days, term)
    known = {each.id for each in link.measure.measure.events} if link.measure else set[str]()
    event = msgspec.structs.replace(event, id=_free_id(event, known | {*taken}))
    return Proposal(
        document=document.number,
        title=document.title,
        measure=link.measure.measure.id if link.measure else None,
        candidates=link.candidates,
        event=event,
        why=f"the {deed.place} says “{deed.words}”; {link.why}",
        quote=event.quote or deed.quote,
        sure=_sureness(deed, link),
        missing=tuple(_missing(document, deed, link, days, term)),
    )


def _event(document: Document, deed: Deed, days: EffectiveDay, term: Term) -> Event:
    return Event(
        id="",
        kind=deed.kind,
        published_on=document.publication_date,
        # a delay binds from the day it is public; the day it names is the start it moves
        effective_on=None if deed.kind == "delay" else days.day,
        until=term.until,
        until_bound=term.bound,
        until_state=_until_state(deed, term),
        lapse_effect=_LAPSES.get(deed.kind) if term.until else None,
        slice=_slice(deed),
        citation=_citation(document),
        formality="order" if deed.is_order else "legal_instrument",
        source=Source(url=document.html_url, published=document.publication_date.isoformat()),
        quote=term.quote or deed.quote,
    )


def _term(document: Document, deed: Deed, days: EffectiveDay) -> Term:
    """The end the document states; a new start may also stand in the field for the first day."""
    term = term_of(document, deed.kind)
    if deed.kind == "delay":
        moved_to = document.effective_on
        is_unsaid = term.until is None and not term.others
        is_later = moved_to is not None and moved_to > document.publication_date
        return Term(until=moved_to, bound="exclusive") if is_unsaid and is_later else term
    if term.until is not None and days.day is not None and term.until < days.day:
        return Term(others=(term.until,))
    return term


def _until_state(deed: Deed, term: Term) -> UntilState | None:
    if deed.kind not in _LAPSES:
        return None
    return "not_recorded" if term.until is None else "stated"


def _slice(deed: Deed) -> Slice | None:
    is_part = deed.list_code is not None and deed.kind in _PARTS
    return Slice(part=_PARTS[deed.kind]) if is_part else None


def _citation(document: Document) -> str:
    number = f"FR Doc {document.number}"
    return number if document.citation is None else f"{document.citation}, {number}"


def _free_id(event: Event, taken: Collection[str]) -> str:
    day = event.effective_on or event.published_on
    stem = f"{event.kind.replace('_', '-')}-{day}"
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free


def _sureness(deed: Deed, link: Link) -> Sureness:
    """High where title or list say it and the measure is named; low where general words do."""
    is_plain = deed.place in {"title", "action"} or deed.list_code is not None
    if not is_plain:
        return "low"
    return "high" if link.measure is not None else "medium"


def _missing(
    document: Document, deed: Deed, link: Link, days: EffectiveDay, term: Term
) -> Iterator[str]:
    yield from _missing_measure(deed, link)
    yield from _missing_days(deed, days)
    yield from _missing_end(deed, term)
    if document.citation is None:
        yield "event.citation: the page in the Federal Register was not given"
    if deed.list_code is not None:
        yield "event.slice: the entries are named in the document's own text alone"
    yield "event.confidence: verified_primary once the document itself was read"


def _missing_measure(deed: Deed, link: Link) -> Iterator[str]:
    if link.candidates:
        yield "measure: choose one of the candidates, or make a new one"
    elif link.measure is None and deed.kind in BEGINS:
        yield "measure: a new one may be needed"
    elif link.measure is None:
        yield "measure: which one, of those there are or yet to be made"


def _missing_days(deed: Deed, days: EffectiveDay) -> Iterator[str]:
    if deed.kind != "delay" and days.day is None and not days.others:
        yield "event.effective_on: is not stated in what was read"
    elif days.others:
        yield f"event.effective_on: other days are named too: {_listed(days.others)}"


def _missing_end(deed: Deed, term: Term) -> Iterator[str]:
    if deed.kind not in _LAPSES:
        return
    if term.others:
        yield f"event.until: is not certain; named are {_listed(term.others)}"
    elif term.until is None:
        yield "event.until: is not stated in what was read"
    elif term.bound == "unknown":
        yield "event.until_bound: whether that day is still within"


def _listed(days: tuple[date, ...]) -> str:
    return ", ".join(day.isoformat() for day in days)
