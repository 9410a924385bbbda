"""What the law says of a listing, and of a standing answer once the law is another one."""

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer_json import measures_of
from abeyance_screening.engine.screening.applicable_versions import on_day, speaking
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.watched.standing import (
    StandingAnswer,
    StandingHit,
    StandingMeasure,
    standing_measures,
)
from abeyance_screening.primitives.days import Days

_encode = msgspec.msgpack.Encoder().encode
_LENGTH = 16


class ListingLaw(msgspec.Struct, frozen=True):
    """Whether a listing is on its list, and the measures that then reach it."""

    is_listed: bool
    measures: tuple[MeasureOnDay, ...]

    def digest(self, leads: Sequence[int]) -> bytes:
        """Return a digest of it, which another status of any measure changes.

        It changes too when the next change of a measure comes within another of the lead days.
        """
        return hashlib.sha256(_encode((self.is_listed, self.standing(leads)))).digest()[:_LENGTH]

    def standing(self, leads: Sequence[int]) -> tuple[StandingMeasure, ...]:
        """Return what is kept of the measures for somebody with these lead days."""
        return standing_measures(self.measures, leads)


def law_of(
    index: ListingIndex, board: MeasureBoard, days: Days, listing_id: str
) -> ListingLaw | None:
    """Return what the law says of a listing on a day; None where no list had it by then."""
    entry, editions = index.by_id(listing_id), index.on_day(days.edition_day)
    versions = None if entry is None else speaking(entry, editions, days.as_of)
    if entry is None or versions is None:
        return None
    shown = on_day(entry, editions, versions, days.as_of)
    return ListingLaw(versions.is_listed, measures_of(shown, board, days))


def under_other_law(
    standing: StandingAnswer, law: Callable[[str], ListingLaw | None], leads: Sequence[int]
) -> StandingAnswer | None:
    """Return a standing answer as it is under another law, where no list has changed.

    Who is a hit depends on the lists and the day alone, so the measures are all that can differ.
    None if a hit is not on its list any more: then it is to be asked about anew.
    """
    hits = list[StandingHit]()
    for hit in standing.hits:
        now = law(hit.listing_id)
        if now is None or not now.is_listed:
            return None
        hits.append(msgspec.structs.replace(hit, measures=now.standing(leads)))
    return msgspec.structs.replace(standing, hits=tuple(hits))
