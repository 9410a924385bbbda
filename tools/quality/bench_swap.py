"""Measure the latency of requests while new editions are swapped in, and without.

    python -m tools.quality.bench_swap us_csl=older.json us_csl=newer.json …

Start a service with its own database, load the first edition given, and ask questions at a steady
rate: first with nothing else going on, then while another process loads each further edition and
the service swaps it in. Print the latency percentiles of both, their ratio, and any error. The
latency of a request is counted from the time that it was due, so that stalls count in full.
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
# Building an index needs a second of CPU, but ten times as long while requests are answered.
SWAPPED_WITHIN_S = 15.0


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
            time.sleep(SWAPPED_WITHIN_S)
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
    """Do nothing else while questions are asked."""


async def loading(served: Served, later: Sequence[list[str]]) -> None:
    """Load each edition from another process, and wait until it is swapped in."""
    for code, path in later:
        await asyncio.to_thread(load, served, code, path)
        await asyncio.sleep(SWAPPED_WITHIN_S)


async def ask(
    port: int, per_second: int, seconds: float, background: Coroutine[None, None, None]
) -> list[float]:
    """Ask at a steady rate while `background` runs, and return the latencies in ms."""
    due = asyncio.Queue[float]()
    spent: list[float] = []
    workers = [asyncio.create_task(work(port, due, spent)) for _ in range(CONNECTIONS)]
    task = asyncio.create_task(background)
    started, count = time.perf_counter(), 0
    while not task.done() or time.perf_counter() - started < seconds:
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
    """Ask one question after another over one connection."""
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
