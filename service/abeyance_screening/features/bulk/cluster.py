"""The workers of a Dask cluster screen the parts of a table."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from secrets import token_hex
from typing import Protocol, cast

from distributed import Client, KilledWorker, as_completed
from distributed.client import FutureCancelledError

from abeyance_screening.features.bulk.parts import PartTask, TablePart, screen_part
from abeyance_screening.primitives.errors import BadInputError, ClusterFailedError

# Parts that are sent ahead, for each thread of a worker: the next is there when one is done. At
# least `_LEAST`, so that workers that join late find something.
_AHEAD = 2
_LEAST = 4
_CONNECT_WITHIN_S = 10


class _Future(Protocol):
    """What the cluster has promised."""

    key: str

    def release(self) -> None: ...


class _Client(Protocol):
    """The connection to a scheduler."""

    def submit(
        self, work: object, request: bytes, rows: bytes, *, key: str, pure: bool
    ) -> _Future: ...
    def nthreads(self) -> dict[str, int]: ...
    def close(self) -> None: ...


class _Finished(Protocol):
    """What was promised, in the order in which it comes."""

    def add(self, future: _Future) -> None: ...
    def __iter__(self) -> Iterator[tuple[_Future, bytes]]: ...


class DaskWorkers:
    """The workers of the cluster with this scheduler, however many there are at a time.

    A part whose worker dies is given to another one; a part that three workers died of ends the
    run.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def results(self, tasks: Iterator[PartTask]) -> Iterator[tuple[TablePart, bytes]]:
        """Yield what `screen_part` returns for each task, as it comes.

        Raises:
            BadInputError: The scheduler does not answer.
            ClusterFailedError: The cluster was lost, or workers die of a part.
        """
        with _connected(self._address) as client:
            try:
                yield from _results(client, tasks)
            except KilledWorker:
                reason = "several workers died, one after another, of the same part"
                raise ClusterFailedError(reason) from None
            except (FutureCancelledError, OSError):
                reason = f"the scheduler {self._address} was lost"
                raise ClusterFailedError(reason) from None


def _results(client: _Client, tasks: Iterator[PartTask]) -> Iterator[tuple[TablePart, bytes]]:
    run, running = token_hex(4), dict[str, TablePart]()
    finished = cast("_Finished", as_completed(with_results=True))

    def send_ahead() -> None:
        room = max(_LEAST, _AHEAD * sum(client.nthreads().values())) - len(running)
        for each in islice(tasks, max(0, room)):
            key = f"abeyance-{run}-{each.part.first}"
            running[key] = each.part
            finished.add(client.submit(screen_part, each.asked, each.rows, key=key, pure=False))

    send_ahead()
    for future, result in finished:
        future.release()
        yield running.pop(future.key), result
        send_ahead()


@contextmanager
def _connected(address: str) -> Generator[_Client]:
    try:
        client = cast("_Client", cast("object", Client(address, timeout=_CONNECT_WITHIN_S)))
    except (OSError, ValueError) as error:
        reason = f"no scheduler answers at {address}: {' '.join(str(error).split())[:200]}"
        raise BadInputError("dask", reason) from None
    try:
        yield client
    finally:
        client.close()
