"""Operators' word on parties: that listings are different ones or one, and that this was wrong."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from abeyance_screening.engine.measures.register.check import LONG, text_findings
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import (
    PartySplit,
    PartyTable,
    pairs_apart,
    pairs_joined,
)
from abeyance_screening.platform.stores.parties import DatabaseSplits
from abeyance_screening.primitives.errors import BadInputError, NotFoundError

logger = logging.getLogger(__name__)


class PartySplits:
    """The service that records operators' splits of parties.

    Every process joins its parties anew once it learns of a split, within seconds.
    """

    def __init__(
        self,
        store: DatabaseSplits,
        known: Callable[[], ListingIndex],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._known = known
        self._now = now

    async def all(self) -> tuple[PartySplit, ...]:
        """Return every split and every withdrawal, in the order in which they were recorded."""
        return await self._store.party_splits()

    async def split(
        self, listings: Sequence[str], apart_from: Sequence[str], because: str, by: str
    ) -> PartySplit:
        """Record that each of `listings` is another party than each of `apart_from`.

        If `apart_from` is empty, they are all other listings of the same party.

        Raises:
            BadInputError: A listing does not exist or is on both sides, there is nothing to keep
                apart, all of it is kept apart already, or `because` cannot be stored.
        """
        _check_reason(because)
        known = self._known()
        _check_known(known, "listings", listings)
        _check_known(known, "apart_from", apart_from)
        others = apart_from or _others_of(known.parties, listings)
        for position, each in enumerate(others):
            if each in listings:
                raise BadInputError(f"apart_from[{position}]", f"{each} is among `listings` too")
        pairs = {frozenset((one, other)) for one in listings for other in others}
        if pairs <= pairs_apart(await self._store.party_splits()):
            raise BadInputError("listings", "are kept apart from these already")
        recorded = await self._store.add_party_split(
            tuple(dict.fromkeys(listings)),
            tuple(dict.fromkeys(others)),
            because,
            (by, self._now()),
        )
        logger.info("party.split", extra={"split": recorded.id})
        return recorded

    async def join(
        self, listings: Sequence[str], same_as: Sequence[str], because: str, by: str
    ) -> PartySplit:
        """Record that each of `listings` is the same party as each of `same_as`.

        Raises:
            BadInputError: A listing does not exist, is on both sides or is kept apart from one of
                the others, all of it is joined already, or `because` cannot be stored.
        """
        _check_reason(because)
        known = self._known()
        _check_known(known, "listings", listings)
        _check_known(known, "same_as", same_as)
        pairs = {frozenset((one, other)) for one in listings for other in same_as}
        if any(len(pair) == 1 for pair in pairs):
            raise BadInputError("same_as", "has a listing of `listings` too")
        words = await self._store.party_splits()
        if pairs & pairs_apart(words):
            raise BadInputError("same_as", "is kept apart by an operator; withdraw that first")
        if pairs <= pairs_joined(words):
            raise BadInputError("listings", "are joined with these already")
        recorded = await self._store.add_party_split(
            tuple(dict.fromkeys(listings)),
            tuple(dict.fromkeys(same_as)),
            because,
            (by, self._now()),
            joins=True,
        )
        logger.info("party.join", extra={"split": recorded.id})
        return recorded

    async def withdraw(self, split_id: int, because: str, by: str) -> PartySplit:
        """Record that a split was wrong and no longer counts; return the withdrawal.

        Raises:
            NotFoundError: No split has that id, or it is withdrawn already.
            BadInputError: `because` cannot be stored.
        """
        _check_reason(because)
        recorded = await self._store.withdraw_party_split(split_id, because, (by, self._now()))
        if recorded is None:
            raise NotFoundError("split", str(split_id))
        logger.info("party.split_withdrawn", extra={"split": split_id})
        return recorded


def _check_reason(because: str) -> None:
    for field, reason in text_findings("because", because, LONG):
        raise BadInputError(field, reason)


def _check_known(known: ListingIndex, field: str, listings: Sequence[str]) -> None:
    for position, each in enumerate(listings):
        if known.by_id(each) is None:
            raise BadInputError(f"{field}[{position}]", f"no listing has the id {each!r}")


def _others_of(table: PartyTable, listings: Sequence[str]) -> tuple[str, ...]:
    """Return the other listings of the one party that these are."""
    parties = {table.of(each) for each in listings}
    if len(parties) > 1:
        raise BadInputError("listings", "are of several parties already; name `apart_from`")
    others = tuple(
        each for party in parties for each in table.members(party) if each not in listings
    )
    if not others:
        raise BadInputError("listings", "are the whole party: nothing is left to keep apart from")
    return others
