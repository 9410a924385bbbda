"""Whether a party is reached through its owners, and how that came out; the wire form too."""

from decimal import Decimal
from typing import Literal

import msgspec

from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord

Verdict = Literal["met", "open", "not_met"]


class PartyNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the question by its name as first given, and its id where it has one."""

    id: str | None
    name: str


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the question where an owner stands: `at` is `owners[0].owners[1]`.

    `share` (percent) and `control` are as stated there, None where they are not.
    """

    at: str
    owned: PartyNamed
    share: Decimal | None
    control: bool | None


class OwnershipStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one party holds of another, over all the places that say so.

    `share` is what is stated of it, in percent, None where nothing is; `complete` is False where
    at least a part is not stated.
    """

    owner: PartyNamed
    share: Decimal | None
    complete: bool
    control: bool | None
    owned: PartyNamed


class OwnershipChain(msgspec.Struct, frozen=True, kw_only=True):
    """The way from a listed owner to the counterparty, the listed owner's own step first.

    `counts` says whether all parties on the way pass on what they hold, because they meet the
    test themselves: `met`, `open` where that rests on something not stated, or `not_met`.
    """

    owner: PartyNamed
    counts: Verdict
    steps: tuple[OwnershipStep, ...]


class MeasureBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A measure by which a listing counts for an ownership rule, with its status on the day."""

    id: str
    title: str
    status: StatusWord


class ListingBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that an owner may be.

    Whether it is that party rests on its name: `score` says how well the names meet, in [0, 1].
    `counts` is False where all `measures` have ended or are not yet in force.
    """

    id: str
    list_code: str
    name: str
    score: float
    counts: bool
    measures: tuple[MeasureBehind, ...]


class ListedOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings that bring a rule; `counts` if any of them does."""

    owner: PartyNamed
    counts: bool
    listings: tuple[ListingBehind, ...]


class OwnershipFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one ownership rule takes the counterparty for listed, if its owners are.

    `rule` has its own status on the day, which the verdict leaves aside. `verdict` is the worse
    of `by_share` and `by_control`: met before open before not met. `by_control` is whether
    control without the share, anywhere on the way, leads there; None where the rule knows no
    control. `open`: it turns on something that is not stated.

    `sum` is the percentage of the counterparty held by owners that count by shares alone: by all
    together where the rule is `aggregate`, else by the listed one that has most, directly and
    through others. `sum_at_most` adds what is held by owners that may count, None where such a
    share is not stated. `needed` is met by `bound` that. `chains` are the best 100 of
    `chain_total`: those that count first, the shorter before the longer.
    """

    rule: MeasureOnDay
    verdict: Verdict
    by_share: Verdict
    by_control: Verdict | None
    sum: Decimal
    sum_at_most: Decimal | None
    needed: Decimal
    bound: Literal["at_least", "more_than"]
    aggregate: bool
    listed: tuple[ListedOwner, ...]
    chains: tuple[OwnershipChain, ...]
    chain_total: int
