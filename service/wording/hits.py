"""What is said of one hit: how its name met, what else agrees, whether it stands on its list."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.model.answer import Hit, Standing
from service.model.listing import NameKind
from service.model.matching import MetBy
from service.model.on_day import MeasureOnDay
from service.wording.acts import years_of
from service.wording.days import day_in_words
from service.wording.notes import Note, membership, notes
from service.wording.titles import list_title

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
_GAP = "gap"
_OF_THE_ENTRY = frozenset({"listing_day_not_recorded", "listed_then_not_known"})


def matched_in_words(hit: Hit) -> str:
    """How the name met: `alias “Hikvision”, word for word`, or the words that met and by what."""
    name = f"{NAME_KINDS[hit.matched.kind]} “{hit.matched.text}”"
    if hit.corroboration.identifiers or hit.explanation.exact:
        return f"{name}, {manner(hit)}"
    pairs = ", ".join(
        pair.query if pair.by == "same" else f"{pair.query} = {pair.listed} ({MET_BY[pair.by]})"
        for pair in hit.explanation.pairs
    )
    return f"{name}: {pairs}" if pairs else name


def manner(hit: Hit) -> str:
    """How well: word for word, by its number, or by what its words met."""
    if hit.corroboration.identifiers:
        return f"by its number {', '.join(hit.corroboration.identifiers)}"
    if hit.explanation.exact:
        return "word for word"
    ways = dict.fromkeys(MET_BY[pair.by] for pair in hit.explanation.pairs if pair.by != "same")
    return ", ".join(ways) or "word by word"


def agreements(hit: Hit) -> Iterator[str]:
    """What else of the question speaks for or against the hit: `country differs`."""
    met = hit.corroboration
    told = (("country", met.countries), ("type", met.entity_type), ("address", met.addresses))
    yield from (f"{what} {word}" for what, word in told if word != "unknown")
    for each in met.identifiers_differ:
        asked, listed = ", ".join(each.asked), ", ".join(each.listed)
        yield f"another {each.kind}: asked {asked}, listed {listed}"


def gone_in_words(standing: Standing) -> str | None:
    """When a party left its list, and how that is known; None while it stands there."""
    if standing.state == "listed":
        return None
    if standing.left_on is not None:
        return f"No longer listed: taken off on {day_in_words(standing.left_on)}."
    if standing.left_by is not None:
        return f"No longer listed: gone from the edition of {day_in_words(standing.left_by)}."
    return "No longer listed."


def left_in_words(hit: Hit) -> str:
    """A party that has left its list, and what is known of when."""
    who = f"{hit.listing.primary_name}, {list_title(hit.listing.list_code)}"
    return f"{who}. {gone_in_words(hit.standing) or ''}".rstrip()


def not_known_then(standing: Standing, as_of: date, citations: Iterable[str]) -> str | None:
    """Whether it was on the list on the day, where nothing says so; None where something does."""
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
    """The notes of a measure behind a hit, with what is known of the entry itself.

    A condition is told without what is said of the entry that brings it: that stands with what
    the entry is listed for.
    """
    if measure.condition is not None:
        return notes(without_the_entry(measure))
    told = (
        membership(_read_later(hit)) if each.kind == "membership" else each
        for each in notes(measure)
    )
    return (*_unknown_programmes(measure, hit), *told)


def _unknown_programmes(measure: MeasureOnDay, hit: Hit) -> Iterator[Note]:
    """Which codes brought the entry of the register that says it has none."""
    if measure.kind == _GAP and hit.unknown_programmes:
        codes = ", ".join(hit.unknown_programmes)
        yield Note(kind="programme", label="Not in the register", text=f"programme {codes}.")


def without_the_entry(measure: MeasureOnDay) -> MeasureOnDay:
    """A measure without what its flags say of the entry alone."""
    flags = tuple(each for each in measure.flags if each not in _OF_THE_ENTRY)
    return msgspec.structs.replace(measure, flags=flags)


def _read_later(hit: Hit) -> str:
    years = years_of(hit.listing.citations)
    since = f" The oldest act it cites is of {years[0]}." if years else ""
    return (
        f"Not known, for it was read from the edition of "
        f"{day_in_words(hit.standing.first_seen_on)}, which prints no day for it.{since}"
    )
