"""What must hold of the goods, places and uses that bring a measure into play."""

import re
from collections.abc import Iterator

from service.model.measure import AttachesBy, Measure
from service.model.reach import ItemClass, Reach
from service.register.event_rules import Finding
from service.register.places import PLACES

WITHOUT_LISTING: frozenset[AttachesBy] = frozenset({"country", "goods", "end_use"})
"""What brings a measure into play that no listing says."""

WHY_NONE = "reaches: "
"""How an entry of `unchecked` begins that says why a measure has no `reaches`."""

# From a chapter of the Harmonised System to a full national tariff line.
_HS = re.compile(r"[0-9]{2,10}")
_CONTROL_CODE = re.compile(r"[0-9][A-E][0-9]{3}(\.([a-z]|[0-9]{1,3}))*")


def reach_findings(measure: Measure) -> Iterator[Finding]:
    """What is wrong with a measure's `reaches`, or with its having none."""
    by_listing_only = WITHOUT_LISTING.isdisjoint(measure.attaches_by)
    if measure.reaches and by_listing_only:
        yield "reaches", "only a measure that attaches by country, goods or end_use has any"
    if not (measure.reaches or by_listing_only or _says_why(measure)):
        yield "reaches", f"missing, and no `unchecked` begins with {WHY_NONE!r} and says why"
    for number, reach in enumerate(measure.reaches):
        yield from _of_reach(f"reaches[{number}]", reach)


def _says_why(measure: Measure) -> bool:
    return any(each.startswith(WHY_NONE) for each in measure.unchecked)


def _of_reach(place: str, reach: Reach) -> Iterator[Finding]:
    if reach == Reach():
        yield place, "empty: it would reach everything"
    if reach.items and reach.items_of is not None:
        yield f"{place}.items_of", "stands beside items: either the class can be listed or not"
    yield from _of_places(f"{place}.origin", reach.origin, reach.origin_except)
    yield from _of_places(f"{place}.destination", reach.destination, reach.destination_except)
    for number, items in enumerate(reach.items):
        yield from _of_class(f"{place}.items[{number}]", items)


def _of_places(field: str, named: tuple[str, ...], excepted: tuple[str, ...]) -> Iterator[Finding]:
    if named and excepted:
        yield f"{field}_except", f"stands beside {field.rpartition('.')[2]}, which says it all"
    for suffix, codes in (("", named), ("_except", excepted)):
        for code in codes:
            if code not in PLACES:
                yield f"{field}{suffix}", f"{code} is no country"


def _of_class(place: str, items: ItemClass) -> Iterator[Finding]:
    if not (items.words or items.symbols or items.hs or items.control_codes):
        yield place, "no word, symbol or code: nothing could be found by it"
    for called in (*items.words, *items.symbols):
        if not any(map(str.isalnum, called)):
            yield place, f"{called!r} is no word"
    for code in items.hs:
        if _HS.fullmatch(code) is None:
            yield f"{place}.hs", f"{code!r} is no HS code, two to ten digits"
    for code in items.control_codes:
        if _CONTROL_CODE.fullmatch(code) is None:
            yield f"{place}.control_codes", f"{code!r} is no entry of a control list (3A090.a.1)"
