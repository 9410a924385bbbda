"""What decides whether a measure reaches a transaction, as one plain question."""

import functools
import operator
from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec
from babel import Locale

from service.goods.places import EU
from service.model.reach import EndUse, Reach

# More than a reader takes in; of many questions at once, more than there is room for.
_MOST_CLASSES = 5
_MOST_IN_BRIEF = 2
# More countries than this are given by their codes.
_MOST_NAMES = 4
_USES: dict[EndUse, str] = {
    "military": "a military use",
    "military_intelligence": "military intelligence",
    "nuclear": "a nuclear use",
    "missile": "missiles",
    "chemical_biological": "chemical or biological weapons",
    "semiconductor_manufacturing": "the making of semiconductors",
    "advanced_computing": "advanced computing",
    "internal_repression": "internal repression",
    "civil": "a civil use",
}
_SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao", EU: "the European Union"}
_WITH_ARTICLE = frozenset({"AE", "BS", "CF", "DO", "GB", "GM", "KM", "MV", "NL", "PH", "US"})


def question_of(reaches: Iterable[Reach]) -> str:
    """What decides these reaches: yes means that at least one of them is met."""
    alike: dict[Reach, list[str]] = {}
    for reach in reaches:
        alike.setdefault(_without_items(reach), []).extend(_classes(reach))
    ways: dict[str, list[Reach]] = {}
    for reach, classes in alike.items():
        ways.setdefault(_named(classes, _MOST_CLASSES), []).append(reach)
    return " ".join(_asked(named, each) for named, each in ways.items())


def brief_question_of(reaches: Iterable[Reach]) -> str:
    """What they are about, all in one: no means that none of them is met."""
    every = tuple(reaches)
    named = _named(_if_all(map(_classes, every)), _MOST_IN_BRIEF)
    return _asked(named, _widest(every))


def _widest(reaches: Sequence[Reach]) -> tuple[Reach, ...]:
    """What takes in all of these, but for the items; two where places stand on either side."""
    origins = [each.origin for each in reaches]
    destinations = [each.destination for each in reaches]
    conditions = {each.beyond for each in reaches}
    widest = Reach(
        origin=_if_all(origins),
        destination=_if_all(destinations),
        origin_except=_if_all(each.origin_except for each in reaches),
        destination_except=_if_all(each.destination_except for each in reaches),
        end_use=_if_all(each.end_use for each in reaches),
        beyond=conditions.pop() if len(conditions) == 1 else None,
    )
    places = _if_all(map(operator.add, origins, destinations))
    if widest.origin or widest.destination or not places:
        return (widest,)
    return (
        msgspec.structs.replace(widest, origin=places),
        msgspec.structs.replace(widest, destination=places),
    )


def _if_all[T](named: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """Whatever any of them names, if each names something; else nothing, which stands for any."""
    each = tuple(named)
    return tuple(dict.fromkeys(chain.from_iterable(each))) if all(each) else ()


def _without_items(reach: Reach) -> Reach:
    return msgspec.structs.replace(reach, items=(), items_of=None)


def _classes(reach: Reach) -> tuple[str, ...]:
    unlisted = () if reach.items_of is None else (reach.items_of,)
    return *(each.name for each in reach.items), *unlisted


def _asked(named: str, ways: Iterable[Reach]) -> str:
    """The names of items stand last: they are long, and singular or plural."""
    way = ", or ".join(map(_way, ways))
    return f"Is any of this {way}: {named}?" if named else f"Is anything {way}?"


def _named(classes: Iterable[str], most: int) -> str:
    names = list(dict.fromkeys(classes))
    more = len(names) - most
    return "; ".join([*names[:most], *([f"{more} more"] if more > 0 else [])])


def _way(reach: Reach) -> str:
    """How it is traded: `sent from China to the United States for a military use`."""
    places = (
        *reach.origin,
        *reach.origin_except,
        *reach.destination,
        *reach.destination_except,
    )
    said = ["sent" if places else "traded"]
    if reach.origin:
        said.append(f"from {_places(reach.origin)}")
    if reach.origin_except:
        said.append(f"from anywhere but {_places(reach.origin_except)}")
    if reach.destination:
        said.append(f"to {_places(reach.destination)}")
    if reach.destination_except:
        said.append(f"to anywhere but {_places(reach.destination_except)}")
    if reach.end_use:
        said.append(f"for {_or([_USES[each] for each in reach.end_use])}")
    if reach.beyond is not None:
        said.append(f"where {reach.beyond}")
    return " ".join(said)


def _places(codes: Sequence[str]) -> str:
    return _or([_place(code) for code in codes] if len(codes) <= _MOST_NAMES else codes)


def _or(names: Sequence[str]) -> str:
    """`a, b or c`; nothing for none."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@functools.cache
def _place(code: str) -> str:
    name = _SHORT_NAMES.get(code) or f"{Locale('en').territories[code]}"
    return f"the {name}" if code in _WITH_ARTICLE else name
