"""Pages of a collection that is ordered by a key.

Callers treat a cursor as opaque. It encodes the name of the collection and the key of the last
item of a page.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from abeyance_screening.primitives.errors import BadInputError

Collection = Literal[
    "alert-changes",
    "alerts",
    "audit",
    "calendar",
    "counterparties",
    "deliveries",
    "difference",
    "editions",
    "jobs",
    "pending-changes",
    "job-results",
    "judgements",
    "keys",
    "lists",
    "measures",
    "reviews",
    "screenings",
    "splits",
]
NextCursor = str | None
"""The `cursor` that asks for the next page; null on the last one."""
PageTotal = int
"""How many items match, on all pages together."""
_INVALID = "is not a cursor from an earlier answer; leave it out to start at the first page"
# The largest number of a row in the database, and as many digits as it has.
_LARGEST, _DIGITS = 2**63 - 1, 19


def cut_page[T](
    collection: Collection,
    items: Sequence[T],
    key: Callable[[T], str],
    limit: int,
    cursor: str | None,
) -> tuple[tuple[T, ...], str | None]:
    """Return the page after `cursor`, and the cursor of the next page, None on the last one.

    A page has at most `limit` items. `items` must be sorted by key, and each key be unique.

    Raises:
        BadInputError: The cursor was not made for this collection.
    """
    after = None if cursor is None else key_of(collection, cursor)
    rest = [item for item in items if after is None or key(item) > after]
    return page_ahead(collection, rest, key, limit)


def page_ahead[T](
    collection: Collection, found: Sequence[T], key: Callable[[T], str], limit: int
) -> tuple[tuple[T, ...], str | None]:
    """Return a page of items of which one more than the limit was asked for, where there is one.

    With it comes the cursor of the next page, None on the last one.
    """
    page = tuple(found[:limit])
    return page, cursor_at(collection, key(page[-1])) if len(found) > limit else None


def numbered(number: int) -> str:
    """Return a number as the key of an item, so that keys are sorted as their numbers."""
    return f"{number:019d}"


def cursor_at(collection: Collection, key: str) -> str:
    """Return the cursor of the item with this key in a collection."""
    return write_cursor(f"{collection} {key}")


def key_of(collection: Collection, cursor: str) -> str:
    """Return the key of the item that a cursor of the collection points to.

    Raises:
        BadInputError: The cursor was not made for this collection.
    """
    named, _, key = read_cursor(cursor).partition(" ")
    if named != collection or not key:
        raise BadInputError("cursor", _INVALID)
    return key


def number_of(collection: Collection, cursor: str) -> int:
    """Return the number that is the key of the item that a cursor points to.

    Raises:
        BadInputError: The cursor was not made for this collection.
    """
    key = key_of(collection, cursor)
    if not key.isdecimal() or len(key) > _DIGITS or int(key) > _LARGEST:
        raise BadInputError("cursor", _INVALID)
    return int(key)


def cursor_at_moment(collection: Collection, at: datetime, key: UUID) -> str:
    """Return the cursor of an item in a collection that is ordered by moments, then ids."""
    return cursor_at(collection, moment_key(at, key))


def moment_key(at: datetime, key: UUID) -> str:
    """Return the key of an item in a collection that is ordered by moments, then ids."""
    return f"{at.astimezone(UTC).isoformat()} {key}"


def moment_of(collection: Collection, cursor: str) -> tuple[datetime, UUID]:
    """Return the moment and the id of the item that a cursor of `cursor_at_moment` points to.

    Raises:
        BadInputError: The cursor was not made for this collection.
    """
    printed, _, key = key_of(collection, cursor).partition(" ")
    try:
        at, found = datetime.fromisoformat(printed), UUID(key)
    except ValueError as error:
        raise BadInputError("cursor", _INVALID) from error
    if at.tzinfo is None or cursor_at_moment(collection, at, found) != cursor:
        raise BadInputError("cursor", _INVALID)
    return at, found


def write_cursor(key: str) -> str:
    """Return any text as a cursor: unpadded URL-safe base64."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """Return the text that `write_cursor` turned into this cursor.

    Raises:
        BadInputError: `write_cursor` did not make the cursor.
    """
    if not cursor:
        raise BadInputError("cursor", _INVALID)
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise BadInputError("cursor", _INVALID) from error
    if write_cursor(key) != cursor or "\x00" in key:
        raise BadInputError("cursor", _INVALID)
    return key
