"""The facts that decide whether a measure reaches a transaction, as plain questions."""

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec
from babel import Locale

from abeyance_screening.engine.measures.annexes.index import AnnexRow, GoodsAnnex, shipped_titles
from abeyance_screening.engine.measures.reach import EndUse, Reach
from abeyance_screening.engine.measures.register.register import EU

LISTED = "the list has the item"
"""The condition of a reach by a list whose entries the register does not have."""
_UNDER_US_RULES = (
    "made in the United States, with more US parts, software or technology than the rules allow "
    "for, or made with US technology or machines that the rules name (15 CFR 734.3)"
)
_THEY = "they are "
# How many classes of items a question names; in brief, with many questions at once, how many.
_MOST_CLASSES = 5
_MOST_IN_BRIEF = 2
# If there are more countries than this, their codes are given.
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


def short_question_of(reaches: Iterable[Reach], origin: str | None) -> str:
    """Return the question on what is still open: each reach is without what is met already.

    A question on whose rules the items are under, or whose person exports, stands alone if every
    reach asks it: the answer decides whether there is anything else to ask. `origin` is where the
    items are sent from.
    """
    every = tuple(reaches)
    if all(each.us_rules for each in every):
        sent = "" if origin is None else f", though they are sent from {_place(origin)}"
        return f"Are the goods under US export rules{sent}: {_UNDER_US_RULES}?"
    if all(each.exporter for each in every):
        persons = _places(_if_all(each.exporter for each in every))
        return f"Does a person or company of {persons} sell or send the goods?"
    alike: dict[Reach, list[str]] = {}
    for reach in every:
        alike.setdefault(_without_items(reach), []).extend(_classes(reach))
    return " Or: ".join(
        _short(_named(classes, _MOST_CLASSES), reach) for reach, classes in alike.items()
    )


def row_question_of(rows: Sequence[AnnexRow], reaches: Iterable[Reach]) -> str:
    """Return the question whether the goods are what annexes list in part, or under a longer code.

    What else the reaches ask is asked with it.
    """
    annexes = shipped_titles()
    listed = "; or ".join(
        f"what {annexes[row.annex].title} lists under {row.code}"
        f"{f' ({row.words})' if row.words else ''}"
        for row in rows[:_MOST_IN_BRIEF]
    )
    more = len(rows) - _MOST_IN_BRIEF
    also = f"; or {more} more of its entries" if more > 0 else ""
    conditions = dict.fromkeys(chain.from_iterable(map(_conditions, reaches)))
    needed = f", and is it true that {' and that '.join(conditions)}" if conditions else ""
    return f"Are the goods {listed}{also}{needed}?"


def code_question_of(annex_ids: Iterable[str]) -> str:
    """Return the question for the code of goods that are told in words: annexes list by code."""
    annexes = shipped_titles()
    named = _named((annexes[each].title for each in annex_ids), _MOST_CLASSES)
    return f"What is the HS code of the goods, by which these go: {named}?"


def _short(named: str, reach: Reach) -> str:
    """Return the question on one way in which a measure may be met."""
    asked = list(_conditions(reach))
    if not asked:
        return f"Are the goods among these: {named}?"
    if all(each.startswith(_THEY) for each in asked):
        what = f"the goods among these ({named}), and" if named else "the goods"
        return f"Are {what} {' and '.join(each.removeprefix(_THEY) for each in asked)}?"
    if named:
        true = " and that ".join(asked)
        return f"The goods may be among these: {named}. If so, is it true that {true}?"
    asked[0] = asked[0].replace(_THEY, "the goods are ", 1)
    return f"Is it true that {' and that '.join(asked)}?"


def _conditions(reach: Reach) -> Iterator[str]:
    if reach.us_rules:
        yield "the goods are under US export rules"
    if reach.exporter:
        yield f"a person or company of {_places(reach.exporter)} sells or sends them"
    if reach.origin or reach.destination or reach.origin_except or reach.destination_except:
        plain = msgspec.structs.replace(reach, end_use=(), beyond=None)
        yield f"{_THEY}{_way(plain)}"
    if reach.end_use:
        yield f"{_THEY}for {_or([_USES[each] for each in reach.end_use])}"
    if reach.beyond not in {None, LISTED}:
        yield f"{reach.beyond}"


def brief_question_of(reaches: Iterable[Reach]) -> str:
    """Return one question on all these reaches: no means that none of them is met."""
    every = tuple(reaches)
    named = _named(_if_all(map(_classes, every)), _MOST_IN_BRIEF)
    return _question(named, _widest(every))


def _widest(reaches: Sequence[Reach]) -> tuple[Reach, ...]:
    """Return what includes these reaches apart from items; two if places are on either side."""
    origins = [each.origin for each in reaches]
    destinations = [each.destination for each in reaches]
    conditions = {each.beyond for each in reaches}
    widest = Reach(
        origin=_if_all(origins),
        destination=_if_all(destinations),
        origin_except=_if_all(each.origin_except for each in reaches),
        destination_except=_if_all(each.destination_except for each in reaches),
        exporter=_if_all(each.exporter for each in reaches),
        us_rules=all(each.us_rules for each in reaches),
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
    """Return all that any of them names, if each names something; else nothing, meaning any."""
    each = tuple(named)
    return tuple(dict.fromkeys(chain.from_iterable(each))) if all(each) else ()


def _without_items(reach: Reach) -> Reach:
    return msgspec.structs.replace(reach, items=(), items_of=None, annexes=(), goods=())


def _classes(reach: Reach) -> tuple[str, ...]:
    unlisted = () if reach.items_of is None else (reach.items_of,)
    annexes: Mapping[str, GoodsAnnex] = shipped_titles() if reach.annexes else {}
    titles = (annexes[each].title for each in reach.annexes if each in annexes)
    return *(each.name for each in reach.items), *unlisted, *titles


def _question(named: str, ways: Iterable[Reach]) -> str:
    """Return the question, with the names of items last: they are long, and singular or plural."""
    way = ", or ".join(map(_way, ways))
    return f"Is any of this {way}: {named}?" if named else f"Is anything {way}?"


def _named(classes: Iterable[str], most: int) -> str:
    names = list(dict.fromkeys(classes))
    more = len(names) - most
    return "; ".join([*names[:most], *([f"{more} more"] if more > 0 else [])])


def _way(reach: Reach) -> str:
    """Return how it is traded: `sent from China to the United States for a military use`."""
    places = (
        *reach.origin,
        *reach.origin_except,
        *reach.destination,
        *reach.destination_except,
    )
    words = ["sent" if places else "traded"]
    if reach.origin:
        words.append(f"from {_places(reach.origin)}")
    if reach.origin_except:
        words.append(f"from anywhere but {_places(reach.origin_except)}")
    if reach.destination:
        words.append(f"to {_places(reach.destination)}")
    if reach.destination_except:
        words.append(f"to anywhere but {_places(reach.destination_except)}")
    if reach.end_use:
        words.append(f"for {_or([_USES[each] for each in reach.end_use])}")
    where = [*_whose(reach), *([] if reach.beyond is None else [reach.beyond])]
    if where:
        words.append(f"where {' and '.join(where)}")
    return " ".join(words)


def _whose(reach: Reach) -> Iterator[str]:
    if reach.us_rules:
        yield "the item is under US export rules"
    if reach.exporter:
        yield f"a person of {_places(reach.exporter)} sells or sends it"


def _places(codes: Sequence[str]) -> str:
    return _or([_place(code) for code in codes] if len(codes) <= _MOST_NAMES else codes)


def _or(names: Sequence[str]) -> str:
    """Return names as alternatives: `a, b or c`; an empty text for none."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@functools.cache
def _place(code: str) -> str:
    name = _SHORT_NAMES.get(code) or f"{Locale('en').territories[code]}"
    return f"the {name}" if code in _WITH_ARTICLE else name
