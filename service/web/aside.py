"""Aside: long work of one request in a thread, so that the event loop answers others meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# Threads of Python take turns of five milliseconds. With more of them at work the loop would wait
# for each before it has its own turn; whoever comes over that waits in a row.
_MOST_AT_ONCE = 2
_THREADS = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="aside")


async def aside[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work gives, or raises; it must be made of many short steps."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, lambda: work(*args, **kwargs))
