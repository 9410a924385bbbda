"""The board that answers now, replaced as a whole when the stored register changes."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from service.errors import NotReadyError, StoreUnavailableError
from service.measures.board import MeasureBoard
from service.measures.stored import RegisterReader, RegisterStore, RegisterTransaction, register_of

logger = logging.getLogger(__name__)


class CurrentBoard:
    """The board of the register that the database holds, empty until it is first read."""

    def __init__(self) -> None:
        self._board: MeasureBoard | None = None
        self._changed: int | None = None
        self._catching_up = asyncio.Lock()

    def get(self) -> MeasureBoard:
        """Return the board to answer from.

        Raises:
            NotReadyError: The register has not been read yet.
        """
        if self._board is None:
            raise NotReadyError
        return self._board

    async def catch_up(self, reader: RegisterReader) -> None:
        """Read the register if it has changed since it was last read.

        A call during a read waits for that read to finish, so that the board never goes back to
        an older state.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        async with self._catching_up:
            mark = await reader.read_mark()
            if mark.changed != self._changed:
                await self._read(reader)

    async def _read(self, reader: RegisterReader) -> None:
        stored = await reader.read_register()
        register = await asyncio.to_thread(register_of, stored)
        self._board, self._changed = MeasureBoard(register), stored.mark.changed
        logger.info("register.swapped", extra={"measures": len(stored.measures)})


@asynccontextmanager
async def register_change(
    store: RegisterStore, boards: CurrentBoard
) -> AsyncGenerator[RegisterTransaction]:
    """Open one change of the stored register, and then update this process's board if possible.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    async with store.recording() as recording:
        mark = await recording.lock()
        yield recording
        await recording.mark(mark.revision, mark.made_at)
    try:
        await boards.catch_up(store)
    except StoreUnavailableError:
        logger.warning("register.not_caught_up")
