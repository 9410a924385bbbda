"""Standing answers as bytes, as the database keeps them."""

import msgspec

from abeyance_screening.engine.screening.watched.standing import StandingAnswer
from abeyance_screening.primitives import zstd

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(StandingAnswer).decode
# A counterparty without hits, as most are, is written alike each time.
_NO_HITS = {is_sure: _encode(StandingAnswer(is_sure=is_sure)) for is_sure in (True, False)}


def write_standing(standing: StandingAnswer) -> bytes:
    """Return a standing answer as bytes."""
    return zstd.compress(_encode(standing)) if standing.hits else _NO_HITS[standing.is_sure]


def read_standing(body: bytes) -> StandingAnswer:
    """Return the standing answer that `write_standing` wrote."""
    for is_sure, written in _NO_HITS.items():
        if body == written:
            return StandingAnswer(is_sure=is_sure)
    return _decode(zstd.decompress(body))
