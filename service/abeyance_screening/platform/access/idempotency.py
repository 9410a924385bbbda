"""Repeats: a request with an `Idempotency-Key` is carried out once, however often it is sent.

A key is first held for the request that came first, so that a second one does not run beside it.
What the request stores and its answer are then committed together. A request that is refused or
fails stores nothing and frees the key. A process that dies leaves the key held for `HELD_FOR`.

Source: IETF draft-ietf-httpapi-idempotency-key-header-07.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

KEY_HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
"""The header with the key, and that of a first answer which is given again."""

FORM_ID = "once"
"""The field with the id that a page gave to its form; see `Idempotency.form`."""

REPEATED_FOR = timedelta(hours=24)
"""For how long a request that comes again gets the first answer."""

HELD_FOR = timedelta(seconds=30)
"""How long a key stays held after its process died; a process that lives holds it on."""


class RequestMark(msgspec.Struct, frozen=True, kw_only=True):
    """What tells one request from another: operation, key, and a SHA-256 of address and body."""

    operation: str
    key: str
    fingerprint: bytes


class FirstAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that a request had the first time: its status, and its body in pieces."""

    status: int
    pieces: tuple[bytes, ...]


type Seal = Callable[[int, bytes | None], Awaitable[None]]
"""Keeps the status and the body of an answer; None is the screening that was kept with it."""
