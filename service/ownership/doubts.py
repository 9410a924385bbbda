"""Doubts: in plain sentences, what is not known of who owns whom."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from service.model.question import WHOLE_SHARE
from service.ownership.holdings import NOTHING, Holdings, Party, Stake
from service.ownership.parties import COUNTERPARTY

_SHOWN = 5


def doubts(
    holdings: Holdings, listed: Collection[str], controlling: Collection[str]
) -> Iterator[str]:
    """What would have to be found out, for each party first what is held of it.

    `listed` are the owners that may be on a list. `controlling` are those that count, or may,
    for a rule that asks for control: of the others it makes no difference.
    """
    for key in dict.fromkeys((COUNTERPARTY, *holdings.owners)):
        stakes = holdings.into(key)
        yield from _of_sum(holdings, key, stakes)
        for stake in stakes:
            yield from _of_stake(holdings, stake)
            if stake.control is None and stake.owner in controlling:
                owner, owned = _both(holdings, stake)
                yield f"Whether {owner} controls {owned} by other means is not stated."
        if key != COUNTERPARTY:
            yield from _of_owner(holdings.owners[key], is_listed=key in listed, stakes=stakes)
    yield from _loops(holdings)


def _of_sum(holdings: Holdings, key: str, stakes: Collection[Stake]) -> Iterator[str]:
    stated = sum((stake.share for stake in stakes), NOTHING)
    owned = holdings.named(key).name
    if stakes and stated < WHOLE_SHARE:
        rest = _percent(WHOLE_SHARE - stated)
        yield (
            f"The stated shares of {owned} add up to {_percent(stated)}: "
            f"{rest} is not accounted for."
        )
    elif stated > WHOLE_SHARE:
        yield f"The stated shares of {owned} add up to {_percent(stated)}, more than there is."


def _of_stake(holdings: Holdings, stake: Stake) -> Iterator[str]:
    owner, owned = _both(holdings, stake)
    if not stake.complete and stake.share == NOTHING:
        yield f"What share of {owned} {owner} holds is not stated."
    elif not stake.complete:
        share = _percent(stake.share)
        yield f"{owner} holds {share} of {owned} and a further share that is not stated."
    if stake.conflicting:
        yield (
            f"What {owner} holds of {owned} is stated in different ways; the largest share, "
            f"{_percent(stake.share)}, was used, and control where it is stated anywhere."
        )


def _of_owner(party: Party, *, is_listed: bool, stakes: Collection[Stake]) -> Iterator[str]:
    if len(party.names) > 1:
        yield f"{_some(party.names)} were taken for one party, by id or by name."
    if len(party.ids) > 1:
        yield (
            f"Whether {party.named.name} without an id is that with the id "
            f"{_some(party.ids, ' or ')} cannot be told; all were taken for one party."
        )
    if not stakes and not is_listed and party.asked.entity_type != "person":
        yield f"Who owns {party.named.name} is not stated."


def _loops(holdings: Holdings) -> Iterator[str]:
    """One sentence a loop, naming its parties in the order of the question."""
    behind = {key: _owned_by(holdings, key) for key in (COUNTERPARTY, *holdings.owners)}
    told: set[str] = set()
    for key, owned in behind.items():
        if key in owned and key not in told:
            loop = [other for other in behind if other in owned and key in behind[other]]
            told.update(loop)
            names = ", ".join(holdings.named(each).name for each in loop)
            yield f"{names}: a loop of ownership, which was cut, for by itself it proves nothing."


def _owned_by(holdings: Holdings, key: str) -> set[str]:
    """Everything a party owns, directly or through others."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for stake in holdings.of(waiting.pop()):
            if stake.owned not in found:
                found.add(stake.owned)
                waiting.append(stake.owned)
    return found


def _both(holdings: Holdings, stake: Stake) -> tuple[str, str]:
    return holdings.named(stake.owner).name, holdings.named(stake.owned).name


def _some(words: tuple[str, ...], between: str = ", ") -> str:
    """The first few; a party may have hundreds of names."""
    more = len(words) - _SHOWN
    return between.join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f} %"
