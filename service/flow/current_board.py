"""The measures that answer now; swapped whole when the stored register changes."""

import asyncio
import logging

import msgspec

from service.flow.measures import MeasureBoard
from service.flow.ports import RegisterReader
from service.flow.stored_register import register_of
from service.model.errors import NotReadyError

logger = logging.getLogger(__name__)


class CurrentBoard:
    """The board of the register that the database holds; None until it was first read."""

    def __init__(self) -> None:
        self._board: MeasureBoard | None = None
        self._changed: int | None = None

    def get(self) -> MeasureBoard:
        """The board to answer from.

        Raises:
            NotReadyError: The register was not read yet.
        """
        if self._board is None:
            raise NotReadyError
        return self._board

    async def catch_up(self, reader: RegisterReader) -> None:
        """Reads the register if it has changed.

        Where a newer program stored a measure that this one cannot read, the board stays as it
        is, and a process that has none yet does not get ready.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        mark = await reader.read_mark()
        if mark.changed == self._changed:
            return
        stored = await reader.read_register()
        try:
            register = await asyncio.to_thread(register_of, stored)
        except msgspec.ValidationError:
            logger.exception("register.cannot_be_read")
            return
        self._board, self._changed = MeasureBoard(register), stored.mark.changed
        logger.info("register.swapped", extra={"measures": len(stored.measures)})
