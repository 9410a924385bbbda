"""Bodies that are compressed, in pieces: gzip and zstd are read, brotli is also written."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Protocol, cast

import brotli  # pyright: ignore[reportMissingTypeStubs]

from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.errors import BadInputError

# --- Encodings of bodies that come or go in pieces: gzip and zstd, within bounds.
#
# However small a compressed body is, what it expands to comes in pieces of limited size.

# How much is decompressed at a time.
_PIECE_BYTES = 65_536


class Expander(Protocol):
    """Undoes the encoding of a body, in pieces of limited size."""

    def expand(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes of the body expand to.

        Raises:
            BadInputError: They are not of the encoding.
        """
        ...

    def check_end(self) -> None:
        """Check that the body is whole.

        Raises:
            BadInputError: It ends too early.
        """
        ...


class _Plain:
    """A body without encoding."""

    def expand(self, data: bytes) -> Iterator[bytes]:
        yield data

    def check_end(self) -> None:
        """Return: the end of the request is its end."""


class _Gzip:
    """A body of one or more gzip members."""

    def __init__(self) -> None:
        self._member, self._is_within = zlib.decompressobj(wbits=31), False

    def expand(self, data: bytes) -> Iterator[bytes]:
        while data or self._is_within:
            member, self._is_within = self._member, True
            try:
                piece = member.decompress(data, _PIECE_BYTES)
            except zlib.error:
                raise BadInputError("body", "is not gzip") from None
            data = member.unconsumed_tail
            if piece:
                yield piece
            if member.eof:
                self._member, self._is_within = zlib.decompressobj(wbits=31), False
                data = member.unused_data
            elif not data and len(piece) < _PIECE_BYTES:
                return

    def check_end(self) -> None:
        if self._is_within:
            raise BadInputError("body", "ends within its gzip encoding")


class _Zstd:
    """A body of one or more zstd frames, with windows of at most 8 MB, as RFC 9659 has it."""

    _options: Mapping[int, int] = MappingProxyType(
        {zstd.DecompressionParameter.window_log_max: 23}
    )

    def __init__(self) -> None:
        self._frame: zstd.ZstdDecompressor | None = None

    def expand(self, data: bytes) -> Iterator[bytes]:
        while data or self._frame is not None:
            frame = self._frame = self._frame or zstd.ZstdDecompressor(options=dict(self._options))
            try:
                piece = frame.decompress(data, _PIECE_BYTES)
            except zstd.ZstdError:
                reason = "is not zstd, or has a window of more than 8 MB"
                raise BadInputError("body", reason) from None
            data = b""
            if piece:
                yield piece
            if frame.eof:
                self._frame, data = None, frame.unused_data
            elif frame.needs_input:
                return

    def check_end(self) -> None:
        if self._frame is not None:
            raise BadInputError("body", "ends within its zstd encoding")


EXPANDERS: Mapping[str, Callable[[], Expander]] = MappingProxyType(
    {"": _Plain, "identity": _Plain, "gzip": _Gzip, "x-gzip": _Gzip, "zstd": _Zstd}
)


class Encoder(Protocol):
    """Encodes an answer, in pieces that the client can read as they come."""

    def add(self, data: bytes) -> bytes:
        """Return the next bytes encoded."""
        ...

    def end(self) -> bytes:
        """Return the bytes that end the answer."""
        ...


class _Unencoded:
    """An answer without encoding."""

    def add(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class _Gzipped:
    """An answer in gzip."""

    def __init__(self, level: int) -> None:
        self._member = zlib.compressobj(level, wbits=31)

    def add(self, data: bytes) -> bytes:
        return self._member.compress(data) + self._member.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._member.flush()


class _Zstandard:
    """An answer in zstd."""

    def __init__(self, level: int) -> None:
        self._frame = zstd.ZstdCompressor(level=level)

    def add(self, data: bytes) -> bytes:
        return self._frame.compress(data, self._frame.FLUSH_BLOCK)

    def end(self) -> bytes:
        return self._frame.flush()


class _BrotliStream(Protocol):
    """A `Compressor` of the library, which says nothing of its types."""

    def process(self, data: bytes) -> bytes:
        """Take the next bytes."""
        ...

    def flush(self) -> bytes:
        """Return what was taken so far."""
        ...

    def finish(self) -> bytes:
        """Return the rest."""
        ...


_brotli = cast("Callable[[int, int], _BrotliStream]", brotli.Compressor)
_BROTLI_MODE_TEXT = 1


class _Brotli:
    """An answer in brotli."""

    def __init__(self, level: int) -> None:
        self._stream = _brotli(_BROTLI_MODE_TEXT, level)

    def add(self, data: bytes) -> bytes:
        return self._stream.process(data) + self._stream.flush()

    def end(self) -> bytes:
        return self._stream.finish()


# Of a stream, which may be gigabytes: fast rather than small.
STREAM_ENCODERS: Mapping[str, Callable[[], Encoder]] = MappingProxyType(
    {"zstd": partial(_Zstandard, 1), "gzip": partial(_Gzipped, 1), "": _Unencoded}
)
# Of an answer that is whole when its first byte is sent.
ANSWER_ENCODERS: Mapping[str, Callable[[], Encoder]] = MappingProxyType(
    {
        "zstd": partial(_Zstandard, 3),
        "br": partial(_Brotli, 4),
        "gzip": partial(_Gzipped, 5),
        "": _Unencoded,
    }
)
_ACCEPTED = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def encoding_for(accepted: str, encoders: Iterable[str]) -> str:
    """Return which of these encodings an Accept-Encoding header likes best, or "" for none.

    Of those that it likes equally it is the first.
    """
    weights: dict[str, float] = {}
    for each in accepted.lower().split(","):
        found = _ACCEPTED.fullmatch(each)
        if found is not None:
            weights[found[1]] = 1.0 if found[2] is None else float(found[2])
    liked = [(weights.get(each, weights.get("*", 0.0)), each) for each in encoders if each]
    weight, best = max(liked, key=lambda pair: pair[0])
    return best if weight > 0 else ""
