"""Where owners stand in the tree that a question gives."""

from collections import deque
from collections.abc import Iterator
from typing import Self

import msgspec

from service.model.question import Counterparty, Owner


class Place(msgspec.Struct, frozen=True):
    """An owner in one place: at `position` among the owners of `parent`.

    `parent` None means that it owns the counterparty itself, at `depth` 1.
    """

    owner: Owner
    position: int
    parent: Self | None
    depth: int

    @property
    def path(self) -> str:
        """The place as a field of the counterparty: `owners[0].owners[1]`."""
        own = f"owners[{self.position}]"
        return own if self.parent is None else f"{self.parent.path}.{own}"


def places(counterparty: Counterparty) -> Iterator[Place]:
    """Every place, the counterparty's own owners first, then theirs, level by level.

    Each is made when it is asked for, so that a caller may stop at one that lies too deep.
    """
    waiting: deque[tuple[Counterparty, Place | None]] = deque([(counterparty, None)])
    while waiting:
        owned, parent = waiting.popleft()
        depth = 1 if parent is None else parent.depth + 1
        for position, owner in enumerate(owned.owners):
            place = Place(owner, position, parent, depth)
            yield place
            waiting.append((owner, place))
