"""Easings and what they ease: one pair, in which the easing reaches no further than its base."""

from collections.abc import Iterable, Iterator, Mapping

from service.measures.measure import ItemClass, Measure, Reach, only_eases
from service.measures.register.register import EU, EU_MEMBERS


def easing_findings(measure: Measure, by_id: Mapping[str, Measure]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the pair of an easing and the restrictions that it eases.

    Each finding is a field's place and the reason. `by_id` has every measure of the register by
    each of its ids. An easing names the measures that it eases, and whatever goods, places and
    uses it reaches, one of these reaches too: shown alone, an easing reads as a permission of
    something that nobody restricts.
    """
    if not only_eases(measure):
        return
    if not measure.eases:
        yield "eases", "missing: an easing names the restriction that it eases"
        return
    bases = [by_id[each] for each in measure.eases if each in by_id]
    for base in bases:
        if only_eases(base):
            yield "eases", f"{base.id} restricts nothing"
    wide = [reach for base in bases if not only_eases(base) for reach in base.reaches]
    for number, reach in enumerate(measure.reaches):
        for items in reach.items or (None,):
            if not any(_covers(base, reach, items) for base in wide):
                named = "any item" if items is None else items.name
                yield f"reaches[{number}]", f"{named}: wider than what it eases"


def _covers(base: Reach, reach: Reach, items: ItemClass | None) -> bool:
    """Return whether a base is met, or asked about, wherever a class of a reach is met."""
    return (
        _covers_items(base, items)
        and _covers_places(base.origin, base.origin_except, reach.origin, reach.origin_except)
        and _covers_places(
            base.destination,
            base.destination_except,
            reach.destination,
            reach.destination_except,
        )
        and (not base.end_use or (bool(reach.end_use) and {*reach.end_use} <= {*base.end_use}))
    )


def _covers_items(base: Reach, items: ItemClass | None) -> bool:
    if not base.items:
        return True
    if items is None:
        return False
    words = {each.casefold() for known in base.items for each in (*known.words, *known.symbols)}
    hs = tuple(each for known in base.items for each in known.hs)
    codes = tuple(each for known in base.items for each in known.control_codes)
    return (
        all(each.casefold() in words for each in (*items.words, *items.symbols))
        and all(each.startswith(hs) for each in items.hs)
        and all(each.startswith(codes) for each in items.control_codes)
    )


def _covers_places(
    base: tuple[str, ...],
    base_except: tuple[str, ...],
    named: tuple[str, ...],
    excepted: tuple[str, ...],
) -> bool:
    if base:
        return bool(named) and _members(named) <= _members(base)
    if not base_except:
        return True
    if named:
        return _members(named).isdisjoint(_members(base_except))
    return _members(base_except) <= _members(excepted)


def _members(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(
        member for code in codes for member in (EU_MEMBERS if code == EU else (code,))
    )
