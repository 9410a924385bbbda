"""Drafts of events from the documents that places brought, by their fields, titles and bodies."""

import logging
from collections.abc import Iterator, Sequence

from abeyance_screening.engine.measures.measure import Event, EventKind, Measure, Source
from abeyance_screening.engine.measures.place_state import OpenDocument
from abeyance_screening.engine.measures.places import Place, Proposal, Sureness, place_of
from abeyance_screening.features.watch.proposals.bodies import NOTHING, BodyReading, read_body
from abeyance_screening.features.watch.proposals.drafts import LAPSES, propose
from abeyance_screening.features.watch.proposals.titles import TitleReading, read_title
from abeyance_screening.features.watch.proposals.us_fr import read_documents
from abeyance_screening.primitives.errors import AbeyanceError

logger = logging.getLogger(__name__)

_NEED_END: frozenset[EventKind] = frozenset(
    {"suspend", "extend_suspension", "authorise", "replace_authorisation", "renew"}
)


def drafts_of(
    documents: Sequence[OpenDocument], measures: Sequence[Measure]
) -> tuple[Proposal, ...]:
    """Return drafts of events from documents that nobody has read yet, in their order.

    Each document gives at least one, and nothing counts until a person confirms it. A draft holds
    what the document says by forms that are known, each with the words and their place; what is
    to be found out is listed.
    """
    return tuple(
        draft for each in documents if not each.is_gap for draft in drafts_from(each, measures)
    )


def drafts_from(document: OpenDocument, measures: Sequence[Measure]) -> tuple[Proposal, ...]:
    """Return the drafts from one document, as `drafts_of`."""
    place = place_of(document.place)
    if place.parser == "federal_register" and document.body is not None:
        try:
            found = propose(read_documents(document.body.encode()), measures)
        except AbeyanceError as error:
            logger.warning("register.no_draft", extra={"url": document.url, "reason": str(error)})
        else:
            if found:
                return found
        return tuple(_drafts(place, document, measures, NOTHING))
    read = NOTHING
    if document.body is not None:
        read = read_body(place, document.body, document.dated_on, measures)
    return tuple(_drafts(place, document, measures, read))


def _drafts(
    place: Place, document: OpenDocument, measures: Sequence[Measure], body: BodyReading
) -> Iterator[Proposal]:
    """Yield a draft for each measure that the sentence which does something names, else one."""
    title = read_title(place, document.title, measures)
    if body.is_deeds_own:
        for each in body.measures:
            yield _draft(place, document, title, body, (each,))
    else:
        # what the body as a whole names is no more than the title's own words
        yield _draft(place, document, title, body, title.measures or body.measures)


def _draft(
    place: Place,
    document: OpenDocument,
    title: TitleReading,
    body: BodyReading,
    measures: tuple[str, ...],
) -> Proposal:
    kind = title.kind or body.kind
    one = measures[0] if len(measures) == 1 else None
    event = _event(document, kind, body)
    return Proposal(
        document=f"{document.place} {document.id}",
        title=document.title,
        measure=one,
        candidates=measures if len(measures) > 1 else (),
        event=event,
        why="; ".join(_why(place, title, body, is_named=bool(measures))),
        quote=event.quote or document.title,
        sure=_sureness(title, body, one),
        missing=tuple(_missing(event, title, body, measures)),
    )


def _event(document: OpenDocument, kind: EventKind | None, body: BodyReading) -> Event:
    """Return the event as far as it was read; an announcement until the act says what it does."""
    dated, needs_end = document.dated_on, kind in _NEED_END
    until = body.until if needs_end else None
    return Event(
        id="",
        kind=kind or "announce",
        announced_on=dated if kind is None else None,
        published_on=None if kind is None else dated,
        effective_on=None if kind is None else body.effective_on,
        day_state=None if dated or body.effective_on else "not_recorded",
        until=until,
        until_bound=body.until_bound if until else None,
        until_state=("stated" if until else "not_recorded") if needs_end else None,
        lapse_effect=LAPSES.get(kind) if kind is not None and until else None,
        citation=document.title[:200],
        source=Source(url=document.url),
        quote=None if body.deed is None else body.deed.words,
        confidence="general_knowledge",
    )


def _why(place: Place, title: TitleReading, body: BodyReading, *, is_named: bool) -> Iterator[str]:
    yield f"new at {place.title}"
    if is_named:
        by_body = body.is_deeds_own or not title.measures
        yield "the act itself names the measure" if by_body else title.named_by
    if title.words is not None:
        yield f"the title says “{title.words}”"
    shown: set[str] = set()
    for said in (body.deed, body.starts, body.ends):
        if said is not None and said.words not in shown:
            shown.add(said.words)
            yield f"{said.where} says “{said.words}”"


def _sureness(title: TitleReading, body: BodyReading, measure: str | None) -> Sureness:
    """Rate a draft: high if the act's own sentence names what it does and to which measure."""
    kind = title.kind or body.kind
    if measure is None or kind is None:
        return "low"
    return "high" if body.is_deeds_own and body.kind == kind else "medium"


def _missing(
    event: Event, title: TitleReading, body: BodyReading, measures: tuple[str, ...]
) -> Iterator[str]:
    if title.kind is None and body.kind is None:
        yield (
            "event.kind: this draft only says that a document appeared; read it and state what "
            "it does"
        )
    elif body.kind != event.kind:
        yield f"event.kind: {event.kind} by the title alone; read the act"
    if event.effective_on is None:
        yield "event.effective_on: is not stated in what was read"
    if event.until_state == "not_recorded":
        yield "event.until: is not stated in what was read"
    elif event.until_bound == "unknown":
        yield "event.until_bound: whether that day is still included"
    if body.deed is None:
        yield "event.quote: the act's own words"
    if len(measures) != 1:
        yield "measure: which one it is about, or none"
    yield "event.confidence: verified_primary once you have read the act itself"
