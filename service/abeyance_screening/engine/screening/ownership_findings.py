"""What owners mean for a counterparty: who holds what of whom, and what rules say of it."""

from decimal import Decimal
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.listing import CodeOfList, IdOfListing
from abeyance_screening.engine.measures.measure_fields import IdOfMeasure, MeasureTitle
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.answer_fields import NameScore

Verdict = Literal["met", "open", "not_met"]
"""`met`; `open` if it depends on something not stated; or `not_met`."""


class PartyNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the question, as the question names it."""

    id: str | None
    """The caller's own id of the party; null if the question has none."""
    name: str
    """The party's name, as the question first gives it."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the question where an owner is given."""

    at: str
    """The place as a path within the counterparty: `owners[0].owners[1]`."""
    owned: PartyNamed
    """The party of which the owner holds a part."""
    share: Decimal | None
    """Percent held, as given there; null if not given."""
    control: bool | None
    """Whether the owner controls it by other means than the share; null if not given."""


class OwnershipStep(msgspec.Struct, frozen=True, kw_only=True):
    """What one party holds of another, from all places of the question that state it."""

    owner: PartyNamed
    """The party that holds."""
    share: Decimal | None
    """The stated percentage; null if none is stated."""
    complete: bool
    """False if at least a part of the share is not stated."""
    control: bool | None
    """Whether it controls the other by other means than the share; null if not stated."""
    owned: PartyNamed
    """The party that is held."""


class OwnershipChain(msgspec.Struct, frozen=True, kw_only=True):
    """The way from a listed owner to the counterparty."""

    owner: PartyNamed
    """The listed owner."""
    counts: Verdict
    """Whether all parties on the way meet the test themselves and so pass on what they hold."""
    steps: tuple[OwnershipStep, ...]
    """From the listed owner's own step to the counterparty."""


class MeasureBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A measure for which a listing counts under an ownership rule, with its status on the day."""

    id: IdOfMeasure
    title: MeasureTitle
    status: StatusWord


class ListingBehind(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that an owner may be; whether it is that party depends on its name."""

    id: IdOfListing
    list_code: CodeOfList
    name: str
    """Primary name of the listing, as printed."""
    score: NameScore
    counts: bool
    """False if all `measures` have ended or are not yet in force."""
    measures: tuple[MeasureBehind, ...]
    """The measures for which the rule treats it as listed."""


class ListedOwner(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings to which a rule applies."""

    owner: PartyNamed
    """The owner, as the question names it."""
    counts: bool
    """Whether any of the listings counts."""
    listings: tuple[ListingBehind, ...]
    """The listings that the owner may be."""


class OwnershipFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one ownership rule treats the counterparty as listed, if its owners are."""

    rule: MeasureOnDay
    """The rule with its own status on the day, which the verdict does not consider."""
    verdict: Verdict
    """The stricter of `by_share` and `by_control`: `met` before `open` before `not_met`."""
    by_share: Verdict
    """Whether the shares held by listed owners meet the test."""
    by_control: Verdict | None
    """Whether control without the share, anywhere on the way, reaches the counterparty; null if
    the rule does not ask for control."""
    sum: Decimal
    """Percent held by owners that count by shares alone: by all together if `aggregate`, else by
    the listed one that has most, directly and through others."""
    sum_at_most: Decimal | None
    """`sum` with what owners hold that may count and, if they hold anything, the shares not
    accounted for; null if such a share is not stated."""
    needed: Decimal
    """The percentage that the rule requires."""
    bound: Literal["at_least", "more_than"]
    """Whether `needed` must be reached (`at_least`) or exceeded (`more_than`)."""
    aggregate: bool
    """Whether the shares of several listed owners add up."""
    listed: tuple[ListedOwner, ...]
    """The owners to whose listings the rule applies."""
    chains: tuple[OwnershipChain, ...]
    """The best 100 ways from a listed owner: those that count first, shorter before longer."""
    chain_total: int
    """How many such ways there are."""
