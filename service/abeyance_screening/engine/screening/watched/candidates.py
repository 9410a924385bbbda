"""Which counterparties a change of listings can touch: those that meet one, or may.

A small index of the listings that changed, as they were and as they are, is asked for candidates
alone. Which words are words of listed names is told by the whole index too, since that decides how
a name is read; a candidate is then answered by the whole index.
"""

from collections.abc import Iterable
from datetime import date
from typing import override

from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.joined import JoinedNames
from abeyance_screening.engine.screening.applicable_versions import ApplicableVersions
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, places
from abeyance_screening.engine.screening.screen import Finder


class ChangedListings:
    """The listings that changed, ready to be asked who may meet them."""

    def __init__(
        self, lists: StoredLists, versions: Iterable[ListingVersion], whole: ListingIndex
    ) -> None:
        """Take every version of the listings that began or ended, in order of their ids.

        `whole` is the index of all listings that answers now.
        """
        small = ListingIndex(lists, versions)
        _ = small.texts
        if isinstance(small.names, NameIndex):
            small.names = _NamesAmong(small.names, whole.names)
        self._finder = _CandidateFinder(small, small.on_day(date.max), date.max, None, {})

    async def may_touch(self, counterparty: Counterparty, threshold: float) -> bool:
        """Return whether the answer about a counterparty, or an owner of it, may have changed."""
        if await self._meets(counterparty, threshold):
            return True
        for place in places(counterparty):
            if await self._meets(place.owner, threshold):
                return True
        return False

    async def _meets(self, counterparty: Counterparty, threshold: float) -> bool:
        least = min(threshold, DEFAULT_THRESHOLD)
        found, doubts = await self._finder.by_name(counterparty, least)
        return bool(found or doubts) or bool(await self._finder.by_identifier(counterparty))


class _CandidateFinder(Finder):
    """Finds entries by any name and number that they have or had."""

    @override
    def versions(self, position: int) -> ApplicableVersions | None:
        """Return all versions of an entry, whichever day they are of."""
        count = len(self.index.entry(position).versions)
        return ApplicableVersions(is_listed=True, places=tuple(range(count)))


class _NamesAmong(NameIndex):
    """Some names, which know their words beside all others."""

    def __init__(self, names: NameIndex, among: NameIndex | JoinedNames) -> None:
        super().__init__(names.table, names.lookup)
        self._among = among

    @override
    def has_word(self, text: str) -> bool:
        """Return whether any listed name has this word."""
        return super().has_word(text) or self._among.has_word(text)

    @override
    def has_alone(self, text: str) -> bool:
        """Return whether any listed name has this word and no other."""
        return super().has_alone(text) or self._among.has_alone(text)

    @override
    def has_letters(self, printed: str) -> bool:
        """Return whether any listed name is printed with the same letters."""
        return super().has_letters(printed) or self._among.has_letters(printed)
