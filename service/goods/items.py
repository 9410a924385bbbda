"""The items of a transaction against the items that a measure is about."""

from collections.abc import Iterator, Sequence

from service.goods.codes import compare_control_code, compare_hs
from service.goods.shown import as_shown
from service.goods.verdict import Fact, Verdict
from service.goods.words import Description
from service.model.reach import ItemClass, Reach
from service.model.transaction import AskedItem, FactMet, ItemKind

type _Compared = tuple[Verdict, ItemKind, str, str]
"""How well, by what, what was given, and what it is compared with."""


class Item:
    """An asked item with its position, its description taken apart."""

    def __init__(self, position: int, asked: AskedItem) -> None:
        self.position = position
        self.hs = asked.hs
        self.control_code = asked.control_code
        self.description = None if asked.description is None else Description(asked.description)
        self.called = None if asked.description is None else as_shown(asked.description)


def compare_items(items: Sequence[Item], reach: Reach, *, own_codes: bool) -> Fact:
    """Any item in any class is enough. Without items it is open.

    Each item that meets is told of, by the first class that it meets. With `own_codes` a control
    code that meets nothing decides nothing.
    """
    facts = [_compare_item(item, reach, own_codes=own_codes) for item in items]
    verdict = max((fact.verdict for fact in facts), default=Verdict.OPEN)
    return Fact("item", verdict, tuple(met for fact in facts for met in fact.met))


def _compare_item(item: Item, reach: Reach, *, own_codes: bool) -> Fact:
    facts = [_compare_class(item, wanted, own_codes=own_codes) for wanted in reach.items]
    if reach.items_of is not None:
        facts.append(_compare_unlisted(item, reach.items_of))
    return max(facts, key=lambda fact: fact.verdict)


def _compare_class(item: Item, wanted: ItemClass, *, own_codes: bool) -> Fact:
    """By whatever both sides have; what cannot be compared at all is open.

    A code that meets is told of rather than words that do.
    """
    codes = list(_by_control_code(item, wanted))
    if own_codes and all(verdict is Verdict.NOT_MET for verdict, *_ in codes):
        codes.clear()
    compared = [*codes, *_by_hs(item, wanted), *_by_words(item, wanted)]
    if not compared:
        return Fact("item", Verdict.OPEN)
    verdict, by, given, meets = max(compared, key=lambda each: each[0])
    if verdict is not Verdict.MET:
        return Fact("item", verdict)
    return Fact("item", verdict, (_met(item, by, given, (wanted.name, meets)),))


def _by_control_code(item: Item, wanted: ItemClass) -> Iterator[_Compared]:
    if item.control_code is not None:
        for code in wanted.control_codes:
            verdict = compare_control_code(item.control_code, code)
            yield verdict, "control_code", item.control_code, code


def _by_hs(item: Item, wanted: ItemClass) -> Iterator[_Compared]:
    if item.hs is not None:
        for code in wanted.hs:
            yield compare_hs(item.hs, code), "hs", item.hs, code


def _by_words(item: Item, wanted: ItemClass) -> Iterator[_Compared]:
    if item.description is None:
        return
    printed = item.description.printed
    for words in wanted.words:
        stands = item.description.has(words)
        yield Verdict.MET if stands else Verdict.NOT_MET, "words", printed, words
    for symbol in wanted.symbols:
        yield (
            Verdict.MET if item.called == as_shown(symbol) else Verdict.NOT_MET,
            "symbol",
            printed,
            symbol,
        )


def _compare_unlisted(item: Item, items_of: str) -> Fact:
    """Nobody can list these; that an item stands on a control list shows that it is one."""
    if item.control_code is None:
        return Fact("item", Verdict.OPEN)
    met = _met(item, "control_code", item.control_code, (items_of, item.control_code))
    return Fact("item", Verdict.MET, (met,))


def _met(item: Item, by: ItemKind, given: str, wanted: tuple[str, str]) -> FactMet:
    item_class, meets = wanted
    return FactMet(
        fact="item",
        given=given,
        meets=meets,
        item=item.position,
        item_class=item_class,
        by=by,
    )
