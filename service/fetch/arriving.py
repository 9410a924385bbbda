"""The body of an answer while it arrives: counted, unpacked, and never more than allowed."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import override

import httpx

from service.fetch.headers import field, length_of
from service.fetch.patience import PassingError
from service.model.errors import FetchFailedError

type Progress = Callable[[int, int | None], None]
"""Takes the bytes that came so far and how many were announced, both as sent."""

# What we ask for. "deflate" is the zlib format, as RFC 9110 says; one reader knows both by their
# first bytes.
ACCEPTED_ENCODINGS = "gzip, deflate"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_PLAIN = frozenset({"", "identity"})
_EITHER_FORMAT = zlib.MAX_WBITS | 32


class Arriving:
    """One file on its way; its text form says how much has come."""

    def __init__(self, url: str, max_bytes: int, on_progress: Progress | None) -> None:
        self.has_begun = False
        self._url = url
        self._max_bytes = max_bytes
        self._on_progress = on_progress
        self._came = 0
        self._announced: int | None = None
        self._unpacking: _Unpacking | None = None
        self._content = BytesIO()

    @override
    def __str__(self) -> str:
        """Gives `1,024 of 4,096 bytes`, or `1,024 bytes` where no length was announced."""
        announced = "" if self._announced is None else f" of {self._announced:,}"
        return f"{self._came:,}{announced} bytes"

    def begin(self, headers: httpx.Headers) -> None:
        """Takes the head of the answer.

        Raises:
            FetchFailedError: It announces more than allowed, or an encoding not asked for.
        """
        self.has_begun = True
        self._announced = length_of(headers)
        self._refuse_over(self._announced or 0)
        encoding = (field(headers, "content-encoding") or "").strip().lower()
        if encoding in _PACKED:
            self._unpacking = _Unpacking()
        elif encoding not in _PLAIN:
            raise FetchFailedError(
                self._url, f"came in the encoding {encoding!r}, which was not asked for"
            )

    def take(self, chunk: bytes) -> None:
        """Takes the next bytes as sent.

        Raises:
            FetchFailedError: They are more than allowed, as sent or as unpacked.
            PassingError: They cannot be unpacked.
        """
        self._came += len(chunk)
        self._refuse_over(self._came)
        self._content.write(self._unpack(chunk))
        self._refuse_over(self._content.tell())
        if self._on_progress is not None:
            self._on_progress(self._came, self._announced)

    def finish(self) -> bytes:
        """The whole file.

        Raises:
            PassingError: What was packed has no end.
        """
        if self._came and self._unpacking and not self._unpacking.is_whole:
            raise PassingError(self._url, f"cut off after {self}: what was packed has no end")
        return self._content.getvalue()

    def _unpack(self, chunk: bytes) -> bytes:
        if self._unpacking is None:
            return chunk
        try:
            # One byte more than allowed is enough to see that it is too much.
            return self._unpacking.unpack(chunk, self._max_bytes - self._content.tell() + 1)
        except zlib.error as error:
            raise PassingError(self._url, f"cannot be unpacked after {self}") from error

    def _refuse_over(self, size: int) -> None:
        if size > self._max_bytes:
            raise FetchFailedError(self._url, f"more than {self._max_bytes:,} bytes")


class _Unpacking:
    """Unpacks what was gzipped or deflated.

    Not httpx's own decoder: that takes a packed body that ends in the middle for whole, reads
    the first of several gzip members only, and unpacks without a bound.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_EITHER_FORMAT)

    @property
    def is_whole(self) -> bool:
        """Whether the last member that was begun is at its end."""
        return self._member.eof

    def unpack(self, packed: bytes, room: int) -> bytes:
        """At most `room` bytes (at least 1) of content; with that many, the rest is dropped."""
        content = b""
        while packed and len(content) < room:
            if self._member.eof:
                # Zeros after a member are padding (gzip(1), "-d").
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                self._member = zlib.decompressobj(_EITHER_FORMAT)
            content += self._member.decompress(packed, room - len(content))
            packed = self._member.unused_data
        return content
