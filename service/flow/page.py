"""Pages of a collection that is ordered by a key."""

import base64
from collections.abc import Callable, Sequence

from service.model.errors import BadInputError


def cut_page[T](
    items: Sequence[T], key: Callable[[T], str], limit: int, cursor: str | None
) -> tuple[tuple[T, ...], str | None]:
    """The page after `cursor`, at most `limit` long, and the cursor of the next; None at the end.

    `items` are in the order of their keys, each key once.

    Raises:
        BadInputError: The cursor is none of ours.
    """
    after = None if cursor is None else read_cursor(cursor)
    rest = [item for item in items if after is None or key(item) > after]
    page = tuple(rest[:limit])
    return page, write_cursor(key(page[-1])) if len(rest) > limit else None


def write_cursor(key: str) -> str:
    """The cursor that stands for a key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The key a cursor stands for.

    Raises:
        BadInputError: The cursor is none of ours.
    """
    if not cursor:
        raise BadInputError("cursor", "is not a cursor that an answer gave")
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise BadInputError("cursor", "is not a cursor that an answer gave") from error
    if write_cursor(key) != cursor or "\x00" in key:
        raise BadInputError("cursor", "is not a cursor that an answer gave")
    return key
