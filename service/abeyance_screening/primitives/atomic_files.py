"""Files that appear whole or not at all, and steps on files that run to their end."""

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


@contextmanager
def whole_file(
    path: Path, part: Path | None = None, *, is_private: bool = False
) -> Generator[BinaryIO]:
    """Open a file for writing that takes its place at the end of the context, and only then.

    Until then it is the file `part`, by default one beside it that nobody else writes. Only this
    user may read one that `is_private`.

    Raises:
        OSError: The file cannot be written; nothing of it stays.
    """
    unfinished = path.with_name(f"{path.name}.{token_hex(8)}.part") if part is None else part
    opener = partial(os.open, mode=0o600 if is_private else 0o666)
    try:
        with open(unfinished, "xb" if part is None else "wb", opener=opener) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


async def to_end[T](step: Callable[[], T]) -> T:
    """Do a step in a thread and return what it returns.

    If the caller is cancelled meanwhile, the cancellation is raised only after the step has ended,
    so that what the step moved or opened can then be closed.
    """
    doing = asyncio.ensure_future(asyncio.to_thread(step))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        with suppress(Exception):
            await asyncio.shield(doing)
        raise
