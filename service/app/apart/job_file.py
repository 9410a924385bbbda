"""Writing a file of a job's results in the child process, part by part."""

import io
from collections.abc import Callable, Iterator

from service.app.apart.outcome import PieceWriter
from service.jobs.job import write_file

_WRITTEN_AT_ONCE = 65_536


def work(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Write the file that pieces tell of; see `write_file`."""
    with io.BufferedWriter(PieceWriter(send), _WRITTEN_AT_ONCE) as result:
        write_file(pieces, result)
