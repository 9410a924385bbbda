"""An answer as JSON, in pieces, and which of them other answers have too."""

import hashlib

import msgspec


class SharedPiece(msgspec.Struct, frozen=True):
    """A piece of JSON that stands in many answers; `digest` is the SHA-256 of its body."""

    body: bytes
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "SharedPiece":
        """The part with this body."""
        return cls(body, hashlib.sha256(body).digest())


class AnswerPieces(msgspec.Struct, frozen=True):
    """The answer, `pieces` one behind the other, and the same taken apart to be kept.

    `own` one behind the other are the bytes of this answer alone, and each of `parts` stands at a
    place in them; parts at the same place follow each other. The places ascend.
    """

    pieces: tuple[bytes, ...]
    own: tuple[bytes, ...]
    parts: tuple[tuple[int, SharedPiece], ...]
