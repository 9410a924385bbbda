"""What decides whether a measure reaches a transaction, as one plain question."""

import functools
from collections.abc import Iterable, Sequence

import msgspec
from babel import Locale

from service.goods.places import EU
from service.model.reach import EndUse, Reach

# More than a reader takes in, and more than a row of an answer has room for.
_MOST_CLASSES = 6
_MOST_PLACES = 4
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
    """One question for the reaches of a measure: yes means that at least one of them is met."""
    alike: dict[Reach, list[str]] = {}
    for reach in reaches:
        alike.setdefault(_without_items(reach), []).extend(_classes(reach))
    return " Or: ".join(_sentence(reach, classes) for reach, classes in alike.items())


def _without_items(reach: Reach) -> Reach:
    return msgspec.structs.replace(reach, items=(), items_of=None)


def _classes(reach: Reach) -> list[str]:
    unlisted = () if reach.items_of is None else (reach.items_of,)
    return [*(each.name for each in reach.items), *unlisted]


def _sentence(reach: Reach, classes: Sequence[str]) -> str:
    names = list(dict.fromkeys(classes))
    uses = [_USES[each] for each in reach.end_use]
    what = _one_of(names, _MOST_CLASSES, "kinds of item") or "anything"
    said = [_verb(names), what, "sent" if reach.origin or reach.destination else "traded"]
    if reach.origin:
        said += ["from", _one_of([*map(_place, reach.origin)], _MOST_PLACES, "countries")]
    if reach.destination:
        said += ["to", _one_of([*map(_place, reach.destination)], _MOST_PLACES, "countries")]
    if uses:
        said += ["for", _one_of(uses, len(uses), "uses")]
    condition = "" if reach.beyond is None else f", where {reach.beyond}"
    return f"{' '.join(said)}{condition}?"


def _verb(names: Sequence[str]) -> str:
    """`Are` before several names, or before one that looks like a plural."""
    is_several = len(names) > 1 or "".join(names).removesuffix("gas").endswith("s")
    return "Are" if is_several else "Is"


def _one_of(names: Sequence[str], most: int, what: str) -> str:
    """`a, b or c`; of more than `most` the first ones, and how many others. Empty for none."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} other {what}"]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@functools.cache
def _place(code: str) -> str:
    name = _SHORT_NAMES.get(code) or f"{Locale('en').territories[code]}"
    return f"the {name}" if code in _WITH_ARTICLE else name
