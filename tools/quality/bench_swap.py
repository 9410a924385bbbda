"""How requests fare while new editions are swapped in, beside how they fare without.

    python -m tools.quality.bench_swap us_csl=older.json us_csl=newer.json …

Starts a service with a database of its own, loads the first edition given, and asks it questions
at a steady pace: first with nothing else going on, then while each further edition is loaded by
another process and taken in. Prints both percentiles of latency, their ratio, and the errors.
A request counts from the moment it was due, so a stalled service is not spared.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np

from tests.served import ABEYANCE, Served, without_database_url

NAMES = ("Hikvision", "Huawei Technologies", "Gazprom", "Borogove Mills", "ACME Trading LLC")
CONNECTIONS = 8
# An index built beside the answering takes ten times the second of CPU that it needs.
TAKEN_IN_WITHIN_S = 15.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="+", metavar="LIST=PATH")
    parser.add_argument("--per-second", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    first, *later = (each.split("=", 1) for each in options.lists)
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        try:
            load(served, *first)
            time.sleep(TAKEN_IN_WITHIN_S)
            rates = (options.per_second, options.seconds)
            asyncio.run(ask(served.port, *rates, alone()))
            quiet = asyncio.run(ask(served.port, *rates, alone()))
            loaded = asyncio.run(ask(served.port, *rates, loading(served, later)))
        finally:
            served.stop()
    report("alone", quiet)
    report("while swapping", loaded)
    ratio = np.percentile(loaded, 99) / np.percentile(quiet, 99)
    sys.stdout.write(f"p99 while swapping is {ratio:.2f} times the p99 alone\n")


def load(served: Served, code: str, path: str) -> None:
    command = [*ABEYANCE, "load", code, "--file", path, "--data-dir", str(served.data_dir)]
    done = subprocess.run(
        [*command, "--accept-shrink"],
        capture_output=True,
        text=True,
        check=False,
        env=without_database_url(),
    )
    sys.stdout.write(f"{code} {path}: exit {done.returncode} {done.stderr[-200:]}\n")


async def alone() -> None:
    """Nothing beside the questions."""


async def loading(served: Served, later: Sequence[list[str]]) -> None:
    """Loads edition after edition from another process, and lets each be taken in."""
    for code, path in later:
        await asyncio.to_thread(load, served, code, path)
        await asyncio.sleep(TAKEN_IN_WITHIN_S)


async def ask(
    port: int, per_second: int, seconds: float, beside: Coroutine[None, None, None]
) -> list[float]:
    """Latencies in milliseconds of questions at a steady pace, for as long as `beside` lasts."""
    due = asyncio.Queue[float]()
    spent: list[float] = []
    workers = [asyncio.create_task(work(port, due, spent)) for _ in range(CONNECTIONS)]
    other = asyncio.create_task(beside)
    started, count = time.perf_counter(), 0
    while not other.done() or time.perf_counter() - started < seconds:
        moment = started + count / per_second
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        due.put_nowait(moment)
        count += 1
    await due.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return spent


async def work(port: int, due: asyncio.Queue[float], spent: list[float]) -> None:
    """One connection that asks one question after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = 0
    while True:
        moment = await due.get()
        name = quote(NAMES[asked % len(NAMES)])
        request = f"GET /v1/search?name={name}&limit=5 HTTP/1.1\r\nHost: abeyance\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"an error: {head[:200]!r}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        spent.append((time.perf_counter() - moment) * 1000)
        asked += 1
        due.task_done()


def report(what: str, spent: Sequence[float]) -> None:
    p50, p99, most = np.percentile(spent, [50, 99, 100])
    line = f"{what}: {len(spent)} requests, p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms"
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
