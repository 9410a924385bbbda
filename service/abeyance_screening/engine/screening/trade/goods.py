"""Goods: a transaction compared with what measures reach."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.annexes.index import (
    AnnexRow,
    Listed,
    shipped_annexes,
)
from abeyance_screening.engine.measures.reach import EndUse, ItemClass, Reach
from abeyance_screening.engine.measures.register.register import EU, EU_MEMBERS
from abeyance_screening.engine.measures.substances import Substance, shipped_substances
from abeyance_screening.engine.screening.trade.items import (
    EAR99,
    Description,
    Numbering,
    Verdict,
    as_shown,
    begins,
    compare_control_code,
    compare_hs,
    in_one_spelling,
)
from abeyance_screening.engine.screening.trade.transaction import (
    FactMet,
    Item,
    ItemKind,
    ReachFact,
    Transaction,
)

# --- Verdicts on each fact.


class FactVerdict(msgspec.Struct, frozen=True):
    """How a transaction compares with one requirement of a reach; `met` only if it is met.

    `near` is true of an item that is open although its code agrees as far as it goes, `rows` are
    the rows of annexes that it may be, and `looked` the annexes that do not list it.
    """

    name: ReachFact
    verdict: Verdict
    met: tuple[FactMet, ...] = ()
    near: bool = False
    rows: tuple[AnnexRow, ...] = ()
    looked: tuple[str, ...] = ()


# --- The items of a transaction compared with those of a measure.

type _Compared = tuple[Verdict, ItemKind, str, str]
"""The verdict, the kind of comparison, what was given, and what it was compared with."""


class PositionedItem:
    """An asked item with its position, its description split into words, and its annexes.

    A substance that is asked about by name alone is compared by its other names as well, and by
    `named_hs`, its code, which can find what lists it and never rules anything out.
    """

    def __init__(self, position: int, item: Item, day: date) -> None:
        self._day = day
        self.position = position
        self.hs = item.hs
        self.control_code = item.control_code
        self.is_ear99 = item.control_code == EAR99
        self.called = None if item.description is None else as_shown(item.description)
        is_coded = item.hs is not None or item.control_code is not None
        known = None if is_coded or self.called is None else _substance(self.called)
        self.named_hs = None if known is None else known.hs
        names = () if known is None else known.names
        self.description = (
            None if item.description is None else Description(item.description, names)
        )

    @functools.cached_property
    def listed(self) -> Mapping[str, Listed]:
        """What each annex says of the item's codes on the day, by the annex's id."""
        annexes = shipped_annexes()
        found: dict[str, Listed] = {}
        if self.control_code is not None and not self.is_ear99:
            found |= annexes.by_control_code(self.control_code, self._day)
        code = self.named_hs if self.hs is None else self.hs
        if code is not None:
            found |= annexes.by_hs(code, self._day)
        return found


def _substance(called: str) -> Substance | None:
    return shipped_substances(in_one_spelling).called(called.removeprefix("CAS "))


def compare_items(
    items: Sequence[PositionedItem], reach: Reach, numbering: Numbering
) -> FactVerdict:
    """Return the verdict on the items: any item in any class is enough; without items it is open.

    Each item that meets is reported with the first class that it meets.
    """
    facts = [
        _compare_item(item, reach, numbering)
        if can_be(item.hs, reach.goods)
        else FactVerdict("item", Verdict.NOT_MET)
        for item in items
    ]
    verdict = max((fact.verdict for fact in facts), default=Verdict.OPEN)
    return FactVerdict(
        "item",
        verdict,
        tuple(met for fact in facts for met in fact.met),
        near=any(fact.near for fact in facts),
        rows=tuple(row for fact in facts for row in fact.rows),
        looked=tuple(annex for fact in facts for annex in fact.looked),
    )


def can_be(hs: str | None, goods: Sequence[str]) -> bool:
    """Return whether an item may be one of goods whose codes begin like these; without, it may."""
    if hs is None or not goods:
        return True
    return any(begins(hs, each) is not Verdict.NOT_MET for each in _beginnings(tuple(goods)))


@functools.cache
def _beginnings(goods: tuple[str, ...]) -> tuple[str, ...]:
    """Return the beginnings of codes, with each range of chapters (`84-90`) as its chapters."""
    return tuple(each for printed in goods for each in chapters_of(printed))


def chapters_of(printed: str) -> Iterator[str]:
    """Yield the beginnings that an entry of `goods` stands for: itself, or a range's chapters."""
    first, _, last = printed.partition("-")
    if not last:
        yield first
        return
    yield from (f"{number:02}" for number in range(int(first), int(last) + 1))


def _compare_item(item: PositionedItem, reach: Reach, numbering: Numbering) -> FactVerdict:
    is_by_annex = rests_on_annexes(reach)
    told = () if is_by_annex and item.hs is not None else reach.items
    facts = [_compare_class(item, wanted, numbering) for wanted in told]
    by_annex = [_compare_annex(item, each, numbering) for each in reach.annexes]
    if item.hs is not None or item.control_code is not None or is_by_annex or not reach.items:
        facts.extend(by_annex)
    elif item.named_hs:
        facts.extend(fact for fact in by_annex if fact.verdict is Verdict.MET or fact.rows)
    if reach.items_of is not None:
        facts.append(_compare_unlisted(item, reach.items_of, numbering))
    if not facts:
        facts.append(FactVerdict("item", Verdict.MET if item.hs else Verdict.OPEN))
    best = max(facts, key=lambda fact: (fact.verdict, fact.near))
    return msgspec.structs.replace(
        best,
        rows=tuple(row for fact in facts for row in fact.rows),
        looked=tuple(annex for fact in facts for annex in fact.looked),
    )


def rests_on_annexes(reach: Reach) -> bool:
    """Return whether annexes alone list the goods: classes beside them have words and no codes.

    Such words find what the annexes list by code, and rule nothing out.
    """
    return bool(reach.annexes) and not any(
        each.hs or each.control_codes or each.symbols for each in reach.items
    )


def _compare_annex(item: PositionedItem, annex_id: str, numbering: Numbering) -> FactVerdict:
    """Compare an item with an annex: it is no part of a whole one that does not list its code.

    An annex of which a part is missing leaves open what it does not list, and so does one that
    this program does not have.
    """
    listed, annexes = item.listed.get(annex_id), shipped_annexes()
    if listed is not None and listed.in_part:
        return FactVerdict("item", Verdict.OPEN, near=True, rows=(listed.row,))
    if listed is not None:
        return FactVerdict("item", Verdict.MET, (_met_in(item, listed.row),))
    annex = annexes.annexes.get(annex_id)
    if annex is None or not can_be(item.hs, annex.goods):
        return FactVerdict("item", Verdict.OPEN if annex is None else Verdict.NOT_MET)
    is_comparable = item.hs is not None and annexes.has_customs_codes(annex_id)
    has_entries = not annexes.has_customs_codes(annex_id)
    if item.is_ear99 and numbering == "ccl" and has_entries:
        return FactVerdict("item", Verdict.NOT_MET)
    if item.control_code is not None and numbering != "shared":
        is_comparable = is_comparable or has_entries
    verdict = Verdict.NOT_MET if is_comparable and annex.whole else Verdict.OPEN
    return FactVerdict("item", verdict, looked=(annex_id,))


def _met_in(item: PositionedItem, row: AnnexRow) -> FactMet:
    by, given = _what_is_listed(item, row)
    met = _met(item, by, given, (shipped_annexes().annexes[row.annex].title, row.code))
    return msgspec.structs.replace(
        met, annex=row.annex, edition=row.edition, listed_from=row.first
    )


def _what_is_listed(item: PositionedItem, row: AnnexRow) -> tuple[ItemKind, str]:
    if item.named_hs and item.description is not None:
        return "words", item.description.printed
    if item.hs is not None and item.hs.startswith(row.code):
        return "hs", item.hs
    return "control_code", f"{item.control_code}"


def _compare_class(item: PositionedItem, wanted: ItemClass, numbering: Numbering) -> FactVerdict:
    """Compare an item with a class by whatever both have, by code first; else it is open."""
    codes = list(_by_control_code(item, wanted))
    is_unnamed = all(verdict is Verdict.NOT_MET for verdict, *_ in codes)
    if is_unnamed and (numbering == "own" or (item.is_ear99 and numbering != "ccl")):
        codes.clear()
    compared = [*codes, *_by_hs(item, wanted), *_by_words(item, wanted)]
    if not compared:
        return FactVerdict("item", Verdict.OPEN)
    verdict, by, given, meets = max(compared, key=lambda each: each[0])
    if verdict is not Verdict.MET:
        return FactVerdict("item", verdict, near=verdict is Verdict.OPEN)
    return FactVerdict("item", verdict, (_met(item, by, given, (wanted.name, meets)),))


def _by_control_code(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.control_code is not None:
        for code in wanted.control_codes:
            verdict = compare_control_code(item.control_code, code)
            yield verdict, "control_code", item.control_code, code


def _by_hs(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.hs is not None:
        for code in wanted.hs:
            yield compare_hs(item.hs, code), "hs", item.hs, code
    if item.named_hs is not None:
        for code in wanted.hs:
            if compare_hs(item.named_hs, code) is Verdict.MET:
                yield Verdict.MET, "words", f"{item.called}", code


def _by_words(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.description is None:
        return
    printed = item.description.printed
    for words in wanted.words:
        is_found = item.description.has(words)
        yield Verdict.MET if is_found else Verdict.NOT_MET, "words", printed, words
    for symbol in wanted.symbols:
        yield (
            Verdict.MET if item.called == as_shown(symbol) else Verdict.NOT_MET,
            "symbol",
            printed,
            symbol,
        )


def _compare_unlisted(item: PositionedItem, items_of: str, numbering: Numbering) -> FactVerdict:
    """Compare an item with items that nobody can list; a control code shows that it is one."""
    if item.is_ear99:
        return FactVerdict("item", Verdict.NOT_MET if numbering == "ccl" else Verdict.OPEN)
    if item.control_code is None:
        return FactVerdict("item", Verdict.OPEN)
    met = _met(item, "control_code", item.control_code, (items_of, item.control_code))
    return FactVerdict("item", Verdict.MET, (met,))


def _met(item: PositionedItem, by: ItemKind, given: str, wanted: tuple[str, str]) -> FactMet:
    item_class, meets = wanted
    return FactMet(
        fact="item",
        given=given,
        meets=meets,
        item=item.position,
        item_class=item_class,
        by=by,
    )


# --- Places and end uses compared with those of a measure.

US = "US"
# The wider use that a use is part of.
_WIDER: dict[EndUse, EndUse] = {"military_intelligence": "military"}


# The shipped register has some hundred lists of countries; a desk asks about few pairs at a time.
@functools.lru_cache(maxsize=8_192)
def compare_place(
    name: Literal["origin", "destination"], given: str | None, wanted: tuple[str, ...]
) -> FactVerdict:
    """Compare a country with a list of countries, in which `EU` means its member states."""
    return _place_fact(name, given, wanted)


def _place_fact(name: ReachFact, given: str | None, wanted: Iterable[str]) -> FactVerdict:
    if given is None:
        return FactVerdict(name, Verdict.OPEN)
    meets = {given, EU} if given in EU_MEMBERS else {given}
    return _any_of(name, given, [each for each in wanted if each in meets])


def compare_outside(
    name: Literal["origin", "destination"], given: str | None, excepted: tuple[str, ...]
) -> FactVerdict:
    """Compare a country with those that are left out; any other country meets.

    A destination that is not given meets as well: goods that are asked about are to be sent
    somewhere.
    """
    if given is None:
        return FactVerdict(name, Verdict.MET if name == "destination" else Verdict.OPEN)
    inside = compare_place(name, given, excepted).verdict is Verdict.MET
    return FactVerdict(name, Verdict.NOT_MET if inside else Verdict.MET)


def compare_exporter(given: str | None, origin: str | None, wanted: Sequence[str]) -> FactVerdict:
    """Compare whose person exports with a list of countries, in which `EU` means its members.

    Whoever sends from a country is bound by its law, whoever he is.
    """
    there = _place_fact("exporter", origin, wanted)
    return there if there.verdict is Verdict.MET else _place_fact("exporter", given, wanted)


def compare_us_rules(origin: str | None, given: bool | None) -> FactVerdict:  # noqa: FBT001
    """Return whether the items are under US export rules: all that the United States sends is."""
    if origin == US or given:
        met = FactMet(fact="us_rules", given="US origin" if origin == US else "yes", meets="yes")
        return FactVerdict("us_rules", Verdict.MET, (met,))
    return FactVerdict("us_rules", Verdict.OPEN if given is None else Verdict.NOT_MET)


def compare_use(given: EndUse | None, wanted: tuple[EndUse, ...]) -> FactVerdict:
    """Compare a use with a list of uses; a narrower use meets a wider one, a wider one is open."""
    if given is None:
        return FactVerdict("end_use", Verdict.OPEN)
    meets = {given, _WIDER.get(given)}
    fact = _any_of("end_use", given, [each for each in wanted if each in meets])
    if fact.verdict is Verdict.NOT_MET and given in {_WIDER.get(each) for each in wanted}:
        return FactVerdict("end_use", Verdict.OPEN)
    return fact


def _any_of(name: ReachFact, given: str, met: list[str]) -> FactVerdict:
    if not met:
        return FactVerdict(name, Verdict.NOT_MET)
    return FactVerdict(name, Verdict.MET, (FactMet(fact=name, given=given, meets=met[0]),))


_ORDER: tuple[ReachFact, ...] = (
    "item",
    "origin",
    "destination",
    "exporter",
    "us_rules",
    "end_use",
    "beyond",
)


class Comparison(msgspec.Struct, frozen=True):
    """How a transaction compares with a measure.

    If it is met, `met` are the facts that meet it, without repeats. If it is open, `open` are the
    reaches that may be met, each without what is met already, and `asks` what decides them; `near`
    is true if the goods meet one of them, or their code agrees as far as it goes. `rows` are the
    rows of annexes that the goods may be, and `looked` the annexes that were looked through and do
    not list them, as far as the places fit.
    """

    verdict: Verdict
    met: tuple[FactMet, ...] = ()
    open: tuple[Reach, ...] = ()
    asks: tuple[ReachFact, ...] = ()
    near: bool = False
    rows: tuple[AnnexRow, ...] = ()
    looked: tuple[str, ...] = ()


# The fields of a reach that each fact is about.
_FIELDS: dict[ReachFact, tuple[str, ...]] = {
    "item": ("items", "items_of", "annexes", "goods"),
    "origin": ("origin", "origin_except"),
    "destination": ("destination", "destination_except"),
    "exporter": ("exporter",),
    "us_rules": ("us_rules",),
    "end_use": ("end_use",),
    "beyond": ("beyond",),
}
_ANY = Reach()


def still_open(reach: Reach, facts: Sequence[FactVerdict]) -> Reach:
    """Return a reach without the requirements that are met.

    The goods stay where a condition is open, which may speak of them: those that are met.
    """
    met: dict[ReachFact, tuple[FactMet, ...]] = {
        fact.name: fact.met for fact in facts if fact.verdict is Verdict.MET
    }
    goods = met.pop("item", ()) if reach.beyond is not None else ()
    fields = (field for fact in met for field in _FIELDS[fact])
    rest = msgspec.structs.replace(reach, **{each: getattr(_ANY, each) for each in fields})
    if not any(each.item_class for each in goods):
        return rest
    classes, annexes = ({each.item_class for each in goods}, {each.annex for each in goods})
    return msgspec.structs.replace(
        rest,
        items=tuple(each for each in rest.items if each.name in classes),
        annexes=tuple(each for each in rest.annexes if each in annexes),
    )


# An HS heading. That goods are of a whole chapter says little of what they are.
_HEADING = 4


def _is_near(item: FactVerdict) -> bool:
    """Return whether the goods are named, at least by a heading, or their code agrees so far."""
    return item.near or any(met.by != "hs" or len(met.meets) >= _HEADING for met in item.met)


def _open_comparison(
    best: Sequence[tuple[Reach, Sequence[FactVerdict]]], looked: tuple[str, ...]
) -> Comparison:
    facts = [fact for _, each in best for fact in each]
    unknown: set[ReachFact] = {fact.name for fact in facts if fact.verdict is Verdict.OPEN}
    return Comparison(
        Verdict.OPEN,
        open=tuple(dict.fromkeys(still_open(reach, each) for reach, each in best)),
        asks=tuple(sorted(unknown, key=_ORDER.index)),
        near=any(_is_near(fact) for fact in facts if fact.name == "item"),
        rows=tuple(dict.fromkeys(row for fact in facts for row in fact.rows)),
        looked=looked,
    )


class Comparer:
    """A transaction, prepared once to be compared with many measures."""

    def __init__(self, transaction: Transaction, day: date = date.max) -> None:
        """Prepare a transaction; the annexes count as they are on the day, by default the last."""
        self._asked = transaction
        self._items = [
            PositionedItem(position, each, day) for position, each in enumerate(transaction.items)
        ]

    def compare(self, reaches: Iterable[Reach], numbering: Numbering = "shared") -> Comparison:
        """Compare the transaction with a measure's reaches; the best counts, and none is not met.

        `numbering` is that of the control list which the measure's authority keeps.
        """
        by_verdict: defaultdict[Verdict, list[tuple[Reach, tuple[FactVerdict, ...]]]] = (
            defaultdict(list)
        )
        looked: dict[str, None] = {}
        for reach in reaches:
            around = tuple(self._around(reach))
            if any(fact.verdict is Verdict.NOT_MET for fact in around):
                continue
            facts = (*self._of_items(reach, numbering), *around)
            all_of = min((fact.verdict for fact in facts), default=Verdict.MET)
            by_verdict[all_of].append((reach, facts))
            looked.update(dict.fromkeys(annex for fact in facts for annex in fact.looked))
        verdict = max(by_verdict, default=Verdict.NOT_MET)
        best, through = by_verdict[verdict], tuple(looked)
        facts = [fact for _, each in best for fact in each]
        match verdict:
            case Verdict.NOT_MET:
                return Comparison(verdict, looked=through)
            case Verdict.OPEN:
                return _open_comparison(best, through)
            case Verdict.MET:
                met = dict.fromkeys(each for fact in facts for each in fact.met)
                return Comparison(verdict, met=tuple(met), looked=through)

    def may_be_under(self, reaches: Iterable[Reach]) -> bool:
        """Return whether the places and the use leave any of these reaches, whatever the items."""
        return any(
            all(fact.verdict is not Verdict.NOT_MET for fact in self._around(each))
            for each in reaches
        )

    def is_numbered_by(self, reaches: Iterable[Reach]) -> bool:
        """Return whether every entry that is given matches one that these reaches name."""
        given = [
            each.control_code
            for each in self._items
            if each.control_code is not None and not each.is_ear99
        ]
        if not given:
            return True
        entries = {
            code for reach in reaches for items in reach.items for code in items.control_codes
        }
        names_chinese = shipped_annexes().names_chinese
        return all(
            any(compare_control_code(code, entry) is Verdict.MET for entry in entries)
            or names_chinese(code)
            for code in given
        )

    def _of_items(self, reach: Reach, numbering: Numbering) -> Iterator[FactVerdict]:
        """Yield a verdict on the items, if the reach requires any."""
        if reach.items or reach.items_of is not None or reach.goods or reach.annexes:
            yield compare_items(self._items, reach, numbering)

    def _around(self, reach: Reach) -> Iterator[FactVerdict]:
        """Yield one verdict for each other requirement, which are quicker to compare."""
        yield from self._places(reach)
        yield from self._persons(reach)
        if reach.end_use:
            yield compare_use(self._asked.end_use, reach.end_use)
        if reach.beyond is not None:
            yield FactVerdict("beyond", Verdict.OPEN)

    def _places(self, reach: Reach) -> Iterator[FactVerdict]:
        asked = self._asked
        if reach.origin:
            yield compare_place("origin", asked.origin, reach.origin)
        if reach.destination:
            yield compare_place("destination", asked.destination, reach.destination)
        if reach.origin_except:
            yield compare_outside("origin", asked.origin, reach.origin_except)
        if reach.destination_except:
            yield compare_outside("destination", asked.destination, reach.destination_except)

    def _persons(self, reach: Reach) -> Iterator[FactVerdict]:
        asked = self._asked
        if reach.exporter:
            yield compare_exporter(asked.exporter, asked.origin, reach.exporter)
        if reach.us_rules:
            yield compare_us_rules(asked.origin, asked.us_rules)
