"""Draft events from what documents do, and state what a person still has to find out."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

import msgspec

from abeyance_screening.engine.lists.listing import name_form
from abeyance_screening.engine.measures.measure import (
    Attachment,
    Event,
    EventKind,
    LapseEffect,
    Measure,
    Slice,
    Source,
    UntilState,
)
from abeyance_screening.engine.measures.places import FederalRegisterDocument, Proposal, Sureness
from abeyance_screening.features.watch.proposals.us_fr import (
    Deed,
    EffectiveDay,
    StatedTerm,
    acts_in,
    deeds_of,
    effective_day,
    parties_of,
    term_of,
)

# --- Measures, by the names and numbers that a document may use for them.

# Shorter titles consist of words that any document may use.
_TITLE_WORDS = 5
_DENIED = "us_bis_dpl"
_STATE = re.compile(r" \((?:removed|narrowed)\)$")
# A page and a document number side by side name one act: `90 FR 4617 (2025-01-16), FR Doc
# 2025-00704` and `FR Doc 2020-05190 (85 FR 14416)`.
_ONE_ACT = re.compile(
    r"\d+ FR \d+(?: \([\d-]+\))?, FR Doc [\d-]+|FR Doc [\d-]+ \(\d+ FR \d+\)", re.IGNORECASE
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A measure, with the names and numbers that a document may use for it.

    `acts` are the numbers of all acts that the measure rests on, and `recorded` those of the acts
    that its events record. `title` is its title in comparison form, blank where it is too short to
    identify the measure. `parties` are the names of more than one word that it reaches, and
    `denied` the names under a denial order, in comparison form. `basis` is its legal basis as
    printed.
    """

    measure: Measure
    acts: frozenset[str]
    recorded: frozenset[str]
    title: str
    parties: frozenset[str]
    denied: frozenset[str]
    basis: str

    def reaches_all_of(self, list_code: str | None) -> bool:
        """Return whether the measure applies to every entry of a list."""
        if list_code is None or "listing" not in self.measure.attaches_by:
            return False
        # one that gives way to the measures of single programmes is of the whole list as well
        whole = (Attachment(list_code=list_code, only_alone=each) for each in (False, True))
        return any(each in self.measure.attaches for each in whole)


def known(measures: Iterable[Measure]) -> tuple[Known, ...]:
    """Return the measures of the United States, which the Federal Register publishes."""
    return tuple(_known(each) for each in measures if each.jurisdiction == "US")


def _known(measure: Measure) -> Known:
    basis = " ".join((measure.citation, *measure.legal_basis))
    cited = [text for each in measure.attaches for text in each.citations]
    recorded = frozenset(_recorded(measure, basis))
    denied = [name for a in measure.attaches if a.list_code == _DENIED for name in a.entities]
    named = [name for each in measure.attaches for name in each.entities]
    targets = measure.targets.entities if measure.targets else ()
    return Known(
        measure=measure,
        acts=recorded | frozenset(acts_in(" ; ".join((basis, *cited)))),
        recorded=recorded,
        title=_title(measure),
        parties=frozenset(form for form in _forms((*named, *targets)) if " " in form),
        denied=frozenset(_forms(denied)),
        basis=basis,
    )


def _recorded(measure: Measure, basis: str) -> Iterator[str]:
    """Yield the acts of the events, by page and by document number where both are known."""
    acts = {act for event in measure.events if _records(event) for act in _own_acts(event)}
    yield from acts
    for text in (basis, *(event.citation or "" for event in measure.events)):
        for pair in _ONE_ACT.finditer(text):
            same = acts_in(pair[0])
            if not acts.isdisjoint(same):
                yield from same


def _records(event: Event) -> bool:
    """Return whether an event is done by the act that it cites, not only announced or disputed."""
    return event.kind not in {"challenge_pending", "dispute"} and "announce" not in event.kind


def _own_acts(event: Event) -> Iterator[str]:
    """Yield the acts of an event's citation, and of a source published on the same day."""
    yield from acts_in(event.citation or "")
    source, published_on = event.source, event.published_on
    if source and published_on and source.published == published_on.isoformat():
        yield from acts_in(re.sub(r"[/.]", " ", source.url))


def _title(measure: Measure) -> str:
    title = name_form(measure.title.split(" (", maxsplit=1)[0])
    return title if len(title.split()) >= _TITLE_WORDS else ""


def _forms(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name_form(_STATE.sub("", name).rstrip(","))


# --- The measure that a document means: the one that it names, or candidates, never a guess.

_AUTHORITIES = {
    "industry-and-security-bureau": "BIS",
    "foreign-assets-control-office": "OFAC",
}
BEGINS: frozenset[EventKind] = frozenset({"list", "take_effect", "is_informed"})
"""The kinds of event that begin a restriction, and so seldom concern an existing measure."""

_EASINGS: frozenset[EventKind] = frozenset({"authorise", "extend_authorisation"})
_LICENCES = re.compile(
    r"\bgeneral licen[sc]es? (\d{1,3}[A-Z]?(?:(?:, and |, | and )\d{1,3}[A-Z]?)*)", re.IGNORECASE
)
_LICENCE = re.compile(r"(\d{1,3})[A-Z]?")
_SECTION = re.compile(r"(?:§+ ?|\bCFR |\bSections? )(\d{3}\.\d+)")
_MOST_INSTRUCTIONS = 3


class Link(msgspec.Struct, frozen=True):
    """The measure that is meant, or None and the candidates where that is not certain, and why."""

    measure: Known | None
    candidates: tuple[str, ...]
    why: str


class _Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A deed, and everything in its document that may identify a measure.

    `own` are the document's own numbers, and `acts` those of other acts that it names, corrects or
    continues. `text` is its whole text and `parties` the parties that its order names, both in
    comparison form.
    """

    deed: Deed
    own: frozenset[str]
    acts: frozenset[str]
    text: str
    parties: frozenset[str]
    licences: frozenset[str]
    sections: frozenset[str]
    issuers: frozenset[str]

    @property
    def changes_an_act(self) -> bool:
        """Return whether the deed changes an existing act."""
        return self.deed.kind not in BEGINS and self.deed.list_code is None


def own_numbers(document: FederalRegisterDocument) -> frozenset[str]:
    """Return the numbers of a document: its document number and its page."""
    return frozenset({document.number, *acts_in(document.citation or "")})


def link(document: FederalRegisterDocument, deed: Deed, measures: Iterable[Known]) -> Link:
    """Find the measure that a deed of a document concerns.

    A measure is certain if the document is one of its own acts. For a deed that changes an
    existing act, it is also certain if it is named by a number of the Federal Register, by its
    title, or by the party of its denial order. Measures that are only mentioned, and the measure
    of a whole list that changes, are candidates.
    """
    evidence, measures = _evidence(document, deed), tuple(measures)
    for words, is_meant in _CERTAIN:
        found = [each for each in measures if is_meant(evidence, each)]
        if len(found) == 1:
            return Link(found[0], (), words)
        if found:
            return Link(None, _ids(found), f"{words}, of several measures")
    issued = [each for each in measures if _is_of_issuer(evidence, each)]
    for words, may_be_meant in _POSSIBLE:
        found = [each for each in issued if may_be_meant(evidence, each)]
        if found:
            return Link(None, _ids(_easings_of(found, issued, deed)), words)
    return Link(None, (), "no measure is named")


def _evidence(document: FederalRegisterDocument, deed: Deed) -> _Evidence:
    printed = (document.title, document.action, document.abstract, document.dates)
    texts = (*printed, *document.instructions)
    text = " ; ".join(filter(None, texts))
    own = own_numbers(document)
    corrected = [] if document.corrects is None else [document.corrects]
    series = _LICENCES.finditer(document.title)
    issuers = (_AUTHORITIES.get(agency) for agency in document.agencies)
    return _Evidence(
        deed=deed,
        own=own,
        acts=frozenset({*acts_in(text), *document.rins, *corrected} - own),
        text=name_form(text),
        parties=frozenset(map(name_form, parties_of(document.title))),
        licences=frozenset(one[1] for each in series for one in _LICENCE.finditer(each[1])),
        sections=frozenset(each[1] for each in _SECTION.finditer(text)),
        issuers=frozenset(filter(None, issuers)),
    )


def _ids(found: Iterable[Known]) -> tuple[str, ...]:
    return tuple(sorted(each.measure.id for each in found))


def _is_of_issuer(evidence: _Evidence, known: Known) -> bool:
    return not evidence.issuers or any(
        each in known.measure.authority for each in evidence.issuers
    )


def _easings_of(found: list[Known], among: list[Known], deed: Deed) -> list[Known]:
    """Return the measures that ease the found ones, if the deed is a licence and there are any."""
    ids = {each.measure.id for each in found}
    easing = [each for each in among if not ids.isdisjoint(each.measure.eases)]
    return easing if easing and deed.kind in _EASINGS else found


def _is_its_own_act(evidence: _Evidence, known: Known) -> bool:
    return evidence.deed.list_code is None and not evidence.own.isdisjoint(known.acts)


def _is_named_by_number(evidence: _Evidence, known: Known) -> bool:
    return evidence.changes_an_act and not evidence.acts.isdisjoint(known.acts)


def _is_named_by_title(evidence: _Evidence, known: Known) -> bool:
    return evidence.changes_an_act and bool(known.title) and known.title in evidence.text


def _is_order_renewed(evidence: _Evidence, known: Known) -> bool:
    return evidence.deed.kind == "renew" and not evidence.parties.isdisjoint(known.denied)


def _is_licence_of_number(evidence: _Evidence, known: Known) -> bool:
    title = known.measure.title
    return any(re.search(rf"\bGL {number}[A-Z]?\b", title) for number in evidence.licences)


def _is_party_named(evidence: _Evidence, known: Known) -> bool:
    return evidence.deed.kind not in BEGINS and any(
        party in evidence.text for party in known.parties
    )


def _is_section_named(evidence: _Evidence, known: Known) -> bool:
    return evidence.changes_an_act and any(
        re.search(rf"\b{re.escape(each)}(?!\d)", known.basis) for each in evidence.sections
    )


def _is_of_whole_list(evidence: _Evidence, known: Known) -> bool:
    return known.reaches_all_of(
        "us_bis_dpl" if evidence.deed.is_order else evidence.deed.list_code
    )


type _Test = Callable[[_Evidence, Known], bool]

_CERTAIN: tuple[tuple[str, _Test], ...] = (
    ("the document is an act that the measure rests on", _is_its_own_act),
    ("the measure is named by a number of the Federal Register", _is_named_by_number),
    ("the measure is named by its title", _is_named_by_title),
    ("the party of the measure's denial order is named", _is_order_renewed),
)
_POSSIBLE: tuple[tuple[str, _Test], ...] = (
    ("a general licence of that number is named", _is_licence_of_number),
    ("a party of the measure is named", _is_party_named),
    ("a section that the measure rests on is named", _is_section_named),
    ("the measure applies to the whole list", _is_of_whole_list),
)


# --- The draft.

# The effect of the end of an act that has one. A denial order has its own term.
LAPSES: dict[EventKind, LapseEffect] = {
    "suspend": "restriction_returns",
    "extend_suspension": "restriction_returns",
    "delay": "restriction_begins",
    "authorise": "authorisation_ends",
    "extend_authorisation": "authorisation_ends",
    "replace_authorisation": "authorisation_ends",
    "renew": "restriction_ends",
}
# A placeholder for the changed part of a list, until a person names the entries.
_PARTS: dict[EventKind, str] = {
    "delist": "the entries this document removes",
    "amend": "the entries this document revises",
}


def draft(
    document: FederalRegisterDocument, deed: Deed, link: Link, taken: Collection[str]
) -> Proposal:
    """Draft the proposal of one event; `taken` are the ids of earlier proposals.

    Its days are those that the document states with certainty. It passes the register's rules as
    it is, so that a person who accepts it changes only what had to be found out.
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
        why="; ".join((f"the {deed.place} says “{deed.words}”", link.why, *_instructed(document))),
        quote=event.quote or deed.quote,
        sure=_sureness(deed, link),
        missing=tuple(_missing(document, deed, link, days, term)),
    )


def _instructed(document: FederalRegisterDocument) -> Iterator[str]:
    """Yield what the first instructions say, each with its number in the act."""
    for each in document.instructions[:_MOST_INSTRUCTIONS]:
        number, _, words = each.partition(". ")
        yield f"instruction {number} says “{words}”"


def _event(
    document: FederalRegisterDocument, deed: Deed, days: EffectiveDay, term: StatedTerm
) -> Event:
    return Event(
        id="",
        kind=deed.kind,
        published_on=document.publication_date,
        # a delay binds from the day it is public; the day it names is the start it moves
        effective_on=None if deed.kind == "delay" else days.day,
        until=term.until,
        until_bound=term.bound,
        until_state=_until_state(deed, term),
        lapse_effect=LAPSES.get(deed.kind) if term.until else None,
        slice=_slice(deed),
        citation=_citation(document),
        formality="order" if deed.is_order else "legal_instrument",
        source=Source(url=document.html_url, published=document.publication_date.isoformat()),
        quote=term.quote or deed.quote,
    )


def _term(document: FederalRegisterDocument, deed: Deed, days: EffectiveDay) -> StatedTerm:
    """Return the end that the document states; a delayed start may be in its effective day."""
    term = term_of(document, deed.kind)
    if deed.kind == "delay":
        moved_to = document.effective_on
        is_missing = term.until is None and not term.others
        is_later = moved_to is not None and moved_to > document.publication_date
        return StatedTerm(until=moved_to, bound="exclusive") if is_missing and is_later else term
    if term.until is not None and days.day is not None and term.until < days.day:
        return StatedTerm(others=(term.until,))
    return term


def _until_state(deed: Deed, term: StatedTerm) -> UntilState | None:
    if deed.kind not in LAPSES:
        return None
    return "not_recorded" if term.until is None else "stated"


def _slice(deed: Deed) -> Slice | None:
    is_part = deed.list_code is not None and deed.kind in _PARTS
    return Slice(part=_PARTS[deed.kind]) if is_part else None


def _citation(document: FederalRegisterDocument) -> str:
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
    """Rate a draft: high if title or list state the deed and the measure is named, low else."""
    is_plain = deed.place in {"title", "action"} or deed.list_code is not None
    if not is_plain:
        return "low"
    return "high" if link.measure is not None else "medium"


def _missing(
    document: FederalRegisterDocument,
    deed: Deed,
    link: Link,
    days: EffectiveDay,
    term: StatedTerm,
) -> Iterator[str]:
    yield from _missing_measure(deed, link)
    yield from _missing_days(deed, days)
    yield from _missing_end(deed, term)
    if document.citation is None:
        yield "event.citation: the page in the Federal Register is not known"
    if deed.list_code is not None:
        place = "its instructions name" if document.instructions else "only its own text names"
        yield f"event.slice: name the entries, which {place}"
    yield "event.confidence: verified_primary once you have read the document itself"


def _missing_measure(deed: Deed, link: Link) -> Iterator[str]:
    if link.candidates:
        yield "measure: choose one of the candidates, or make a new one"
    elif link.measure is None and deed.kind in BEGINS:
        yield "measure: a new one may be needed"
    elif link.measure is None:
        yield "measure: find the one that is meant, or make a new one"


def _missing_days(deed: Deed, days: EffectiveDay) -> Iterator[str]:
    if deed.kind != "delay" and days.day is None and not days.others:
        yield "event.effective_on: is not stated in the fields that were read"
    elif days.others:
        yield f"event.effective_on: the document also names {_listed(days.others)}"


def _missing_end(deed: Deed, term: StatedTerm) -> Iterator[str]:
    if deed.kind not in LAPSES:
        return
    if term.others:
        yield f"event.until: is not certain; the document names {_listed(term.others)}"
    elif term.until is None:
        yield "event.until: is not stated in the fields that were read"
    elif term.bound == "unknown":
        yield "event.until_bound: whether that day is still included"


def _listed(days: tuple[date, ...]) -> str:
    return ", ".join(day.isoformat() for day in days)


def propose(
    documents: Iterable[FederalRegisterDocument], measures: Iterable[Measure]
) -> tuple[Proposal, ...]:
    """Return proposals of events to record because of these documents, oldest document first.

    There is one proposal for each deed of a document. A document that an event of the register
    already records gives none, and neither does one that only proposes, asks or reports. If a
    document is given twice, the first counts.
    """
    ours = known(measures)
    recorded = frozenset(act for each in ours for act in each.recorded)
    once = {each.number: each for each in reversed(tuple(documents))}.values()
    new = (each for each in once if own_numbers(each).isdisjoint(recorded))
    in_order = sorted(new, key=lambda each: (each.publication_date, each.number))
    return tuple(_proposals(in_order, ours))


def _proposals(
    documents: Iterable[FederalRegisterDocument], ours: tuple[Known, ...]
) -> Iterator[Proposal]:
    taken: defaultdict[str | None, set[str]] = defaultdict(set)
    for document in documents:
        for deed in deeds_of(document):
            found = link(document, deed, ours)
            proposal = draft(
                document, deed, found, taken[found.measure.measure.id if found.measure else None]
            )
            taken[proposal.measure].add(proposal.event.id)
            yield proposal
