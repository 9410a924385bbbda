"""What the law says of a listing, as a digest that tells whether it says something else."""

import hashlib
from collections.abc import Sequence

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer_json import measures_of
from abeyance_screening.engine.screening.applicable_versions import on_day, speaking
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.watched.standing import standing_measures
from abeyance_screening.primitives.days import Days

_encode = msgspec.msgpack.Encoder().encode
_LENGTH = 16


def law_digest(
    index: ListingIndex, board: MeasureBoard, days: Days, listing_id: str, leads: Sequence[int]
) -> bytes:
    """Return a digest of whether a listing is on its list, and of its measures with their status.

    It changes too when the next change of a measure comes within another of the lead days.
    """
    entry, editions = index.by_id(listing_id), index.on_day(days.edition_day)
    versions = None if entry is None else speaking(entry, editions, days.as_of)
    if entry is None or versions is None:
        return b""
    shown = on_day(entry, editions, versions, days.as_of)
    measures = standing_measures(measures_of(shown, board, days), leads)
    return hashlib.sha256(_encode((versions.is_listed, measures))).digest()[:_LENGTH]
