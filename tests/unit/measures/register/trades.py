"""Transactions in short, and what the shipped register says of them."""

import msgspec

from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.measures.register.check import WITHOUT_LISTING
from abeyance_screening.engine.screening.trade.goods import Comparer
from abeyance_screening.engine.screening.trade.items import Verdict
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction
from tests.shipped_register import load

REGISTER = load()
NAMELESS = [each for each in REGISTER.measures if WITHOUT_LISTING & set(each.attaches_by)]
# All goods from one country to another pay a duty, so it would stand in every row.
RESTRICTING = [each for each in NAMELESS if each.kind != "tariff"]


class Trade(msgspec.Struct, frozen=True):
    """A transaction in short: items as words unless they begin with `hs ` or `code `."""

    items: tuple[str, ...] = ()
    origin: str | None = None
    destination: str | None = None
    end_use: EndUse | None = None


def _item(printed: str) -> Item:
    kind, _, code = printed.partition(" ")
    if kind == "hs":
        return Item(hs=code)
    if kind == "code":
        return Item(control_code=code)
    return Item(description=printed)


def reached(trade: Trade) -> dict[Verdict, set[str]]:
    comparer = Comparer(
        Transaction(
            items=tuple(map(_item, trade.items)),
            origin=trade.origin,
            destination=trade.destination,
            end_use=trade.end_use,
        )
    )
    found: dict[Verdict, set[str]] = {verdict: set() for verdict in Verdict}
    for measure in RESTRICTING:
        numbering = "own" if measure.jurisdiction == "CN" else "shared"
        found[comparer.compare(measure.reaches, numbering).verdict].add(measure.id)
    return found
