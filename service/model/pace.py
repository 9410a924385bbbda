"""Pace: long work beside work that somebody waits for."""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched

# Called often by long work; takes a rest when it is time for one.
type Rest = Callable[[], None]
# So many items are worked on between two looks whether it is time for a rest.
_AT_ONCE = 4


def no_rest() -> None:
    """For work that nobody else waits beside."""


def paced[T](items: Iterable[T], rest: Rest) -> Iterator[T]:
    """The items one after the other, with a look now and then whether it is time for a rest."""
    for few in batched(items, _AT_ONCE, strict=False):
        rest()
        yield from few
