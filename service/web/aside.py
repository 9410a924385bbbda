"""Aside: long work of one request in a thread, so that the event loop answers others meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Aside:
    """Threads for one kind of work; whoever comes over their number waits in a row."""

    def __init__(self, name: str, most_at_once: int) -> None:
        self._threads = ThreadPoolExecutor(most_at_once, thread_name_prefix=name)

    async def __call__[**P, T](self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the work gives, or raises; it must be made of many short steps."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))


# Threads of Python take turns of five milliseconds. With more of them at work the loop would wait
# for each before it has its own turn. However many results are written, evidence has its threads.
EVIDENCE = Aside("evidence", 2)
RESULTS = Aside("results", 1)
