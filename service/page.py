"""Pages of a collection that is ordered by a key.

A cursor is opaque to whoever holds it: the key of the last item, in the collection it is of.
"""

import base64
from collections.abc import Callable, Sequence
from typing import Literal

from service.errors import BadInputError

Collection = Literal["calendar", "difference", "editions", "lists", "measures"]
_NOT_OURS = "is not a cursor that an answer gave"


def cut_page[T](
    collection: Collection,
    items: Sequence[T],
    key: Callable[[T], str],
    limit: int,
    cursor: str | None,
) -> tuple[tuple[T, ...], str | None]:
    """The page after `cursor`, at most `limit` long, and the cursor of the next; None at the end.

    `items` are in the order of their keys, each key once.

    Raises:
        BadInputError: The cursor is none that this collection gave.
    """
    after = None if cursor is None else key_of(collection, cursor)
    rest = [item for item in items if after is None or key(item) > after]
    page = tuple(rest[:limit])
    return page, cursor_at(collection, key(page[-1])) if len(rest) > limit else None


def cursor_at(collection: Collection, key: str) -> str:
    """The cursor that stands for an item of a collection."""
    return write_cursor(f"{collection} {key}")


def key_of(collection: Collection, cursor: str) -> str:
    """The key of the item that a cursor of the collection stands for.

    Raises:
        BadInputError: The cursor is none that this collection gave.
    """
    given, _, key = read_cursor(cursor).partition(" ")
    if given != collection or not key:
        raise BadInputError("cursor", _NOT_OURS)
    return key


def write_cursor(key: str) -> str:
    """Any text as a cursor."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The text that was made a cursor.

    Raises:
        BadInputError: The cursor is none of ours.
    """
    if not cursor:
        raise BadInputError("cursor", _NOT_OURS)
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise BadInputError("cursor", _NOT_OURS) from error
    if write_cursor(key) != cursor or "\x00" in key:
        raise BadInputError("cursor", _NOT_OURS)
    return key
