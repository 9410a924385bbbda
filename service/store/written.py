"""What is written and kept: answers as JSON, results of tables, operators' splits of parties."""

import hashlib
from datetime import datetime

import msgspec


class SharedPiece(msgspec.Struct, frozen=True):
    """A piece of JSON that many answers share; `digest` is the SHA-256 of its body."""

    body: bytes
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "SharedPiece":
        """Return the piece with this body."""
        return cls(body, hashlib.sha256(body).digest())


class AnswerPieces(msgspec.Struct, frozen=True):
    """An answer in two forms: whole, and split into its own bytes and shared parts for storage.

    `pieces`, one after another, are the whole answer. `own`, one after another, are the bytes
    that only this answer has. Each of `parts` is a position in those bytes and the shared piece
    to insert there; positions ascend, and parts at the same position follow one another.
    """

    pieces: tuple[bytes, ...]
    own: tuple[bytes, ...]
    parts: tuple[tuple[int, SharedPiece], ...]


class ResultPart(msgspec.Struct, frozen=True):
    """The results of some rows of a table as JSON, in three parts that are read apart."""

    lines: bytes
    parties: bytes
    evidence: bytes


class PartySplit(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's word that listings are different parties, or the withdrawal of such a word.

    Each of `listings` is another party than each of `apart_from`. `recorded_by` is the operator.
    `withdraws` is the id of the earlier split that this one takes back, None for a split.
    """

    id: int
    listings: tuple[str, ...]
    apart_from: tuple[str, ...]
    because: str
    recorded_by: str
    recorded_at: datetime
    withdraws: int | None
