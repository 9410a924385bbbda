"""The strict reader: a record is taken apart by name and then closed, so nothing goes unread."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import msgspec

from service.model.errors import RowRefusedError


def doubles(names: Iterable[str]) -> list[str]:
    """The names that stand more than once, each once, in the order of their first place."""
    return [name for name, times in Counter(names).items() if times > 1]


class Row[T]:
    """One record of a list file: a CSV row, or the children of an XML element by their tag.

    Every part is taken by its name, once; `close` refuses what nobody took. JSON records get the
    same strictness from structs that forbid unknown fields, see `refusal_of`.
    """

    def __init__(self, where: str, parts: Mapping[str, T]) -> None:
        self.where = where
        self._parts = dict(parts)

    def take(self, name: str) -> T:
        """The part of that name.

        Raises:
            RowRefusedError: the record has no such part.
        """
        try:
            return self._parts.pop(name)
        except KeyError:
            raise RowRefusedError(self.where, f"{name!r} is missing") from None

    def peek(self, name: str) -> T:
        """The part of that name, left in place: for what a whole file must be read for first."""
        part = self.take(name)
        self._parts[name] = part
        return part

    def find(self, name: str) -> T | None:
        """The part of that name, None where the publisher leaves it out."""
        return self._parts.pop(name, None)

    def close(self, ignore: Collection[str] = ()) -> None:
        """End the record; `ignore` are parts known to say nothing of the party.

        Raises:
            RowRefusedError: a part was not taken, so the publisher's format has grown.
        """
        unread = [name for name in self._parts if name not in ignore]
        if unread:
            raise RowRefusedError(self.where, f"unknown part {', '.join(map(repr, unread))}")


def refusal_of(error: msgspec.ValidationError, where: str = "") -> RowRefusedError:
    """A complaint of msgspec as ours: the path it names becomes the place, after `where`."""
    reason, _, path = str(error).partition(" - at `$")
    place = path.removesuffix("`").removeprefix(".")
    return RowRefusedError(", ".join(filter(None, (where, place))) or "the file", reason)


def filled(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts trimmed, without the blank ones, in order and without exact repeats."""
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
