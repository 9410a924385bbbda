"""One hit in words: how its name met, what else agrees, its acts, its licence terms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.days import day_in_words
from service.lists.listing import (
    LicenceRequirement,
    LicenceTerms,
    NameKind,
    PolicyKind,
    ReviewPolicy,
)
from service.measures.on_day import MeasureOnDay
from service.names.matching import MetBy
from service.screening.answer import Hit, Standing
from service.wording.notes import Note, membership, notes

FEDERAL_REGISTER = re.compile(r"\b(\d{2,3}) FR (\d{1,6})\b")
# Volume 1 of the Federal Register is that of 1936.
_YEAR_BEFORE_VOLUME_1 = 1935
# A short citation has at most this many characters.
_LONGEST = 48


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited, with the address on record that leads to it, or None."""

    text: str
    url: str | None


NAME_KINDS: Mapping[NameKind, str] = MappingProxyType(
    {
        "primary": "listed name",
        "alias": "alias",
        "weak_alias": "weak alias",
        "former": "former name",
    }
)
MET_BY: Mapping[MetBy, str] = MappingProxyType(
    {
        "same": "the same word",
        "spelling": "a similar spelling",
        "transliteration": "the same word in another script",
        "abbreviation": "an abbreviation",
        "synonym": "another word for it",
        "initial": "an initial",
        "acronym": "an acronym",
        "joined": "written together or apart",
        "legal_form": "the same legal form",
    }
)
# The kind of the register's placeholder for programmes that it does not have.
_GAP = "gap"
# The flags that concern the listing and not the measure.
_OF_THE_ENTRY = frozenset({"listing_day_not_recorded", "listed_then_not_known"})
# The strictest comes first.
_ANSWERS: Mapping[PolicyKind, tuple[str, str]] = MappingProxyType(
    {
        "presumption_of_denial": ("the answer is normally no", "Normally refused"),
        "policy_of_denial": ("the answer is no as a policy", "Refused as a policy"),
        "case_by_case": ("each application is decided on its own", "Case by case"),
        "presumption_of_approval": ("the answer is normally yes", "Normally granted"),
        "under_named_section": (
            "the sections that the entry names say how it is answered",
            "As the named sections say",
        ),
    }
)


def acts_of_measure(measure: MeasureOnDay) -> tuple[Act, ...]:
    """Return the acts that a measure's status rests on, each once, then the measure's own act.

    The newest act comes first; disputed and coming acts follow those already in effect.
    """
    events = (*reversed(measure.rests_on), *measure.disputed, *measure.upcoming)
    acts = (Act(text=each.citation, url=each.url) for each in events if each.citation is not None)
    own = Act(text=measure.citation, url=measure.url)
    return tuple({act.text: act for act in (*acts, own)}.values())


def acts_of_entry(citations: Iterable[str]) -> tuple[Act, ...]:
    """Return the acts that an entry cites, each once; Federal Register acts have a link."""
    cited = (part.strip() for each in citations for part in each.split(";"))
    return tuple(Act(text=each, url=_page_of(each)) for each in dict.fromkeys(cited) if each)


def short_citation(citation: str) -> str:
    """Return the place in the Federal Register if there is one, else the start of the citation."""
    found = FEDERAL_REGISTER.search(citation)
    if found is not None:
        return found[0]
    first = citation.split(";", maxsplit=1)[0].strip()
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST].rsplit(' ', 1)[0]} …"


def years_of(citations: Iterable[str]) -> tuple[int, ...]:
    """Return the years of the Federal Register volumes that are cited, ascending."""
    volumes = (found[1] for each in citations for found in FEDERAL_REGISTER.finditer(each))
    return tuple(sorted({_YEAR_BEFORE_VOLUME_1 + int(volume) for volume in volumes}))


def matched_in_words(hit: Hit) -> str:
    """Return how the name met: `alias “Hikvision”, word for word`, or which words met and how."""
    name = f"{NAME_KINDS[hit.matched.kind]} “{hit.matched.text}”"
    if hit.corroboration.identifiers or hit.explanation.exact:
        return f"{name}, {manner(hit)}"
    pairs = ", ".join(
        pair.query if pair.by == "same" else f"{pair.query} = {pair.listed} ({MET_BY[pair.by]})"
        for pair in hit.explanation.pairs
    )
    return f"{name}: {pairs}" if pairs else name


def manner(hit: Hit) -> str:
    """Return how well the name met: word for word, by its number, or by what kinds of likeness."""
    if hit.corroboration.identifiers:
        return f"by its number {', '.join(hit.corroboration.identifiers)}"
    if hit.explanation.exact:
        return "word for word"
    ways = dict.fromkeys(MET_BY[pair.by] for pair in hit.explanation.pairs if pair.by != "same")
    return ", ".join(ways) or "word by word"


def agreements(hit: Hit) -> Iterator[str]:
    """Yield what else in the question speaks for or against the hit: `country differs`."""
    met = hit.corroboration
    facts = (("country", met.countries), ("type", met.entity_type), ("address", met.addresses))
    yield from (f"{what} {word}" for what, word in facts if word != "unknown")
    for each in met.identifiers_differ:
        asked, listed = ", ".join(each.asked), ", ".join(each.listed)
        yield f"another {each.kind}: asked {asked}, listed {listed}"


def gone_in_words(standing: Standing) -> str | None:
    """Return when a party left its list and how that is known; None while it is listed."""
    if standing.state == "listed":
        return None
    if standing.left_on is not None:
        return f"No longer listed: taken off on {day_in_words(standing.left_on)}."
    if standing.left_by is not None:
        return f"No longer listed: gone from the edition of {day_in_words(standing.left_by)}."
    return "No longer listed."


def not_known_then(standing: Standing, as_of: date, citations: Iterable[str]) -> str | None:
    """Return that a listing on the day is uncertain, and why; None if it is certain."""
    if standing.known:
        return None
    years = years_of(citations)
    cited = f" The oldest act it cites is of {years[0]}." if years else ""
    return (
        f"Whether it was on the list on {day_in_words(as_of)} is not known: the edition of "
        f"{day_in_words(standing.first_seen_on)} is the first we have, and prints no day for it."
        f"{cited}"
    )


def hit_notes(measure: MeasureOnDay, hit: Hit) -> tuple[Note, ...]:
    """Return the notes of a measure of a hit, with what is known of the entry itself.

    A condition has no notes on the entry: those are with the measure that the party is listed for.
    """
    if measure.condition is not None:
        return notes(without_the_entry(measure))
    lines = (
        membership(_read_later(hit)) if each.kind == "membership" else each
        for each in notes(measure)
    )
    return (*_gaps(measure, hit), *lines)


def without_the_entry(measure: MeasureOnDay) -> MeasureOnDay:
    """Return a measure without the flags that concern the listing and not the measure."""
    flags = tuple(each for each in measure.flags if each not in _OF_THE_ENTRY)
    return msgspec.structs.replace(measure, flags=flags)


def licence_in_words(terms: LicenceTerms) -> str:
    """Return what needs a licence and how applications are answered, in one sentence.

    `A licence is needed for all items subject to the EAR, and the answer is normally no.` Terms
    that could not be read for certain count as the strictest, and the sentence says so.
    """
    if terms.unread:
        return (
            "A licence is needed. Its terms could not be read for certain: assume that they cover "
            "all items and that the answer is normally no."
        )
    if terms.requirement is None and not terms.policies:
        return "The list says nothing of a licence."
    needed = f"A licence is needed for {_needed(terms.requirement)}"
    rule = _rule(terms)
    return f"{needed}." if rule is None else f"{needed}, and {_ANSWERS[rule.kind][0]}."


def policies_in_words(terms: LicenceTerms) -> tuple[str, ...]:
    """Return the policies for particular items, apart from the general one.

    `Case by case: ECCN 1A004.c.`
    """
    if terms.unread:
        return ()
    rule = _rule(terms)
    return tuple(_policy(each) for each in terms.policies if each != rule)


def _page_of(citation: str) -> str | None:
    found = FEDERAL_REGISTER.fullmatch(citation)
    if found is None:
        return None
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}"


def _read_later(hit: Hit) -> str:
    years = years_of(hit.listing.citations)
    since = f" The oldest act it cites is of {years[0]}." if years else ""
    return (
        f"Not known, for it was read from the edition of "
        f"{day_in_words(hit.standing.first_seen_on)}, which prints no day for it.{since}"
    )


def _gaps(measure: MeasureOnDay, hit: Hit) -> Iterator[Note]:
    """Yield why the register's placeholder measure is attached: unknown codes, an unread entry."""
    if measure.kind != _GAP:
        return
    if hit.listing.unread is not None:
        yield Note(
            kind="unread",
            label="Only the names of this entry could be read",
            text=f"{hit.listing.unread}. Read the entry where its publisher prints it.",
        )
    if hit.unknown_programmes:
        codes = ", ".join(hit.unknown_programmes)
        yield Note(kind="programme", label="Not in the register", text=f"programme {codes}.")


def _needed(needed: LicenceRequirement | None) -> str:
    if needed is None:
        return "what the entry names"
    items = "all items subject to the EAR" if needed.scope == "all_items" else needed.items
    used = "" if needed.used_in is None else f" when used in {needed.used_in}"
    free = "" if needed.except_for is None else f", except {needed.except_for}"
    return f"{items}{used}{free}"


def _rule(terms: LicenceTerms) -> ReviewPolicy | None:
    """Return the policy for everything that no other policy names; of several, the strictest."""
    general = [
        each
        for each in terms.policies
        if each.applies_to is None or each.applies_to.startswith("all ")
    ]
    return min(general, key=lambda each: tuple(_ANSWERS).index(each.kind), default=None)


def _policy(policy: ReviewPolicy) -> str:
    answer = _ANSWERS[policy.kind][1]
    return f"{answer}." if policy.applies_to is None else f"{answer}: {policy.applies_to}."
