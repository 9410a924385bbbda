"""What processes of a machine do to have an index, and whether two indexes are the same."""

from pathlib import Path

import numpy as np

from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles, arrays_of
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.join import join_parties
from abeyance_screening.platform.stores.connection import StoreOnConnection

FOLDER = Path(__file__).parent.parent / "fixtures" / "un_sc" / "history"
EDITIONS = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
NO_PARTIES = np.zeros(0)


class Process:
    """What one process of a machine does to have an index: its connection, files and reads."""

    def __init__(self, store: StoreOnConnection, folder: Path) -> None:
        self.store, self.built, self.counted = store, 0, 0
        self.files = IndexFiles(folder)
        self.current = CurrentIndex(join=self.join, built=self._count).keep_in(self.files)

    async def join(self, listings: bytes) -> bytes:
        self.built += 1
        return join_parties(listings)

    def _count(self) -> None:
        self.counted += 1

    async def index(self) -> ListingIndex:
        await self.current.catch_up(self.store)
        return self.current.get()


def same(one: ListingIndex, other: ListingIndex) -> bool:
    ours, theirs = (
        arrays_of(one) | {"parties": NO_PARTIES},
        arrays_of(other) | {"parties": NO_PARTIES},
    )
    return ours.keys() == theirs.keys() and all(
        ours[name].dtype == theirs[name].dtype and ours[name].tobytes() == theirs[name].tobytes()
        for name in ours
    )
