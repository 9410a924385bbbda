"""A transaction against what brings a measure into play."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from service.goods.codes import compare_control_code
from service.goods.items import Item, compare_items
from service.goods.places import compare_outside, compare_place, compare_use
from service.goods.verdict import Fact, Verdict
from service.model.reach import Reach
from service.model.transaction import FactMet, ReachFact, Transaction

_ORDER: tuple[ReachFact, ...] = ("item", "origin", "destination", "end_use", "beyond")


class Compared(msgspec.Struct, frozen=True):
    """How a transaction stands to a measure.

    Where it is met, `met` are the facts that do it, without repeats. Where it is open, `open` are
    the reaches that may be met, and `asks` what decides them.
    """

    verdict: Verdict
    met: tuple[FactMet, ...] = ()
    open: tuple[Reach, ...] = ()
    asks: tuple[ReachFact, ...] = ()


class Comparer:
    """A transaction, taken apart once to be compared with many measures."""

    def __init__(self, transaction: Transaction) -> None:
        self._asked = transaction
        self._items = [Item(position, each) for position, each in enumerate(transaction.items)]

    def compare(self, reaches: Iterable[Reach], *, own_codes: bool = False) -> Compared:
        """The best of a measure's reaches counts; a measure without any is not met.

        With `own_codes` the authority numbers its control list like nobody else, so that a code
        which meets none of its entries may be of another list, and decides nothing.
        """
        stands: defaultdict[Verdict, list[tuple[Reach, tuple[Fact, ...]]]] = defaultdict(list)
        for reach in reaches:
            facts = tuple(self._facts(reach, own_codes=own_codes))
            all_of = min((fact.verdict for fact in facts), default=Verdict.MET)
            stands[all_of].append((reach, facts))
        verdict = max(stands, default=Verdict.NOT_MET)
        best = stands[verdict]
        facts = [fact for _, each in best for fact in each]
        match verdict:
            case Verdict.NOT_MET:
                return Compared(verdict)
            case Verdict.OPEN:
                unknown: set[ReachFact] = {
                    fact.name for fact in facts if fact.verdict is Verdict.OPEN
                }
                asks = tuple(sorted(unknown, key=_ORDER.index))
                return Compared(verdict, open=tuple(reach for reach, _ in best), asks=asks)
            case Verdict.MET:
                met = dict.fromkeys(each for fact in facts for each in fact.met)
                return Compared(verdict, met=tuple(met))

    def is_numbered_by(self, reaches: Iterable[Reach]) -> bool:
        """Whether every control code that is given meets an entry which these reaches name."""
        entries = {
            code for reach in reaches for items in reach.items for code in items.control_codes
        }
        given = [each.control_code for each in self._items if each.control_code is not None]
        return all(
            any(compare_control_code(code, entry) is Verdict.MET for entry in entries)
            for code in given
        )

    def _facts(self, reach: Reach, *, own_codes: bool) -> Iterator[Fact]:
        """One fact for each thing that the reach asks for."""
        if reach.items or reach.items_of is not None:
            yield compare_items(self._items, reach, own_codes=own_codes)
        if reach.origin:
            yield compare_place("origin", self._asked.origin, reach.origin)
        if reach.destination:
            yield compare_place("destination", self._asked.destination, reach.destination)
        if reach.origin_except:
            yield compare_outside("origin", self._asked.origin, reach.origin_except)
        if reach.destination_except:
            yield compare_outside("destination", self._asked.destination, reach.destination_except)
        if reach.end_use:
            yield compare_use(self._asked.end_use, reach.end_use)
        if reach.beyond is not None:
            yield Fact("beyond", Verdict.OPEN)
