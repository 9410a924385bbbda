"""What a measure is: what it does, what brings it into play, whom it reaches."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from service.model.measure import AttachesBy, Measure
from service.model.on_day import MeasureOnDay
from service.model.reach import OwnershipTest, Reach
from service.web.dates import day
from service.web.event_words import lapse_in_words, sure_in_words
from service.wording import duties_in_words, plain_glance
from service.wording.numbers import plural
from service.wording.titles import country_name, list_title

_ATTACHES: Mapping[AttachesBy, str] = MappingProxyType(
    {
        "listing": "a name on a list",
        "ownership": "ownership by listed parties",
        "country": "a country",
        "goods": "goods",
        "end_use": "what goods are for",
        "address": "an address",
    }
)
_MOST = 12


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """A fact: `links` are measures it names, by id and title."""

    name: str
    text: str
    links: tuple[str, ...] = ()


def facts_of(measure: Measure, on_day: MeasureOnDay) -> Iterator[FactLine]:
    """The facts worth a line, in a fixed order."""
    yield FactLine(name="What it does", text=duties_in_words(measure.effect))
    attaches = ", ".join(_ATTACHES[each] for each in measure.attaches_by)
    yield FactLine(name="Attaches by", text=attaches[:1].upper() + attaches[1:])
    if measure.condition is not None:
        yield FactLine(name="It asks", text=measure.condition)
    if measure.owns is not None:
        yield FactLine(name="Its test", text=_owns(measure.owns))
    yield from _targets(measure)
    yield from _ends(measure, on_day)
    yield from _related(measure)
    if measure.unchecked:
        yield FactLine(name="Not confirmed", text="; ".join(measure.unchecked))
    if measure.note is not None:
        yield FactLine(name="Note", text=measure.note)
    yield FactLine(name="How sure", text=_sentence(sure_in_words(measure.confidence)))


def _owns(test: OwnershipTest) -> str:
    bound = "or more" if test.bound == "at_least" else "is not enough: more"
    added = "shares of listed owners add up" if test.aggregate else "each owner counts alone"
    control = "; control is enough without the share" if test.control else ""
    return f"{test.share} % {bound}; {added}{control}."


def _targets(measure: Measure) -> Iterator[FactLine]:
    lists = tuple(dict.fromkeys(list_title(each.list_code) for each in measure.attaches))
    if lists:
        yield FactLine(name="Lists", text=_few(lists))
    targets = measure.targets
    if targets is not None:
        said = (
            ("Parties", targets.entities),
            ("Countries", tuple(map(country_name, targets.countries))),
            ("Items", targets.items),
        )
        yield from (FactLine(name=name, text=_few(them)) for name, them in said if them)
        texts = (
            ("Owners that count", targets.ownership),
            ("End use", targets.end_use),
            ("Reaches", targets.note),
        )
        yield from (FactLine(name=name, text=text) for name, text in texts if text is not None)
    if measure.reaches:
        reached = "; or ".join(map(_reach, measure.reaches[:_MOST]))
        yield FactLine(name="Compared with", text=_sentence(reached))


def _reach(reach: Reach) -> str:
    """`gallium, germanium, from China to the United States`."""
    items = [each.name for each in reach.items]
    if reach.items_of is not None:
        items.append(reach.items_of)
    pieces = [_few(tuple(items)) if items else "any item"]
    if reach.origin:
        pieces.append(f"from {_few(tuple(map(country_name, reach.origin)))}")
    if reach.destination:
        pieces.append(f"to {_few(tuple(map(country_name, reach.destination)))}")
    if reach.end_use:
        pieces.append(f"for {_few(reach.end_use)} use".replace("_", " "))
    if reach.beyond is not None:
        pieces.append(f"where {reach.beyond}")
    return " ".join(pieces)


def _ends(measure: Measure, on_day: MeasureOnDay) -> Iterator[FactLine]:
    if on_day.next_change_on is None:
        yield FactLine(name="Next known change", text="None recorded.")
    else:
        then = "" if on_day.next_change_to is None else plain_glance(on_day.next_change_to).lower()
        text = f"{day(on_day.next_change_on)}: {then}, unless a new act is recorded."
        yield FactLine(name="Next known change", text=text)
    lapsing = [each for each in measure.events if each.lapse_effect is not None]
    if lapsing:
        text = lapse_in_words(lapsing[-1])
        yield FactLine(name="When its term or relief ends", text=text)
    if measure.residual_obligation is not None:
        yield FactLine(name="What stays owed", text=measure.residual_obligation)


def _related(measure: Measure) -> Iterator[FactLine]:
    related: tuple[tuple[str, tuple[str | None, ...]], ...] = (
        ("Eases", measure.eases),
        ("Came before it", (measure.predecessor,)),
        ("Came after it", (measure.successor,)),
        ("Its effect is governed by", (measure.see,)),
        ("Carries out", (measure.implements,)),
        ("Conflicts with", measure.conflicts_with),
        ("Owned parties by", () if measure.ownership is None else measure.ownership.by),
    )
    for name, ids in related:
        links = tuple(each for each in ids if each is not None)
        if links:
            yield FactLine(name=name, text="", links=links)


def _few(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:_MOST])
    rest = len(texts) - _MOST
    return shown if rest <= 0 else f"{shown} and {plural(rest, 'other')}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
