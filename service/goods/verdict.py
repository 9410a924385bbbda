"""The three answers, in an order that makes "any of" the greatest and "all of" the least."""

from enum import IntEnum

import msgspec

from service.model.transaction import FactMet, ReachFact


class Verdict(IntEnum):
    """How what is given stands to what is asked for: the greater, the better it meets."""

    NOT_MET = 0
    OPEN = 1
    MET = 2


class Fact(msgspec.Struct, frozen=True):
    """How a transaction stands to one thing that a reach asks for; `met` only where it is met."""

    name: ReachFact
    verdict: Verdict
    met: tuple[FactMet, ...] = ()
