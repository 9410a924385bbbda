"""Replicas die, and the database drops its connections, while lists, law and days change.

Whatever happens, each change of an answer is one event.
"""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.played import OWN_SOURCE, Plays
from tests.integration.test_watching import ENTRIES, PARTIES, check_told
from tests.integration.watched import Watch, suspended, watching

REPLICAS = 2
_DROP = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and application_name = 'replica'
"""


class Replicas:
    """Processes that screen again, of which one is killed now and then."""

    def __init__(self, dsn: str, clock: Path) -> None:
        joiner = "&" if "?" in dsn else "?"
        dsn = f"{dsn}{joiner}application_name=replica"
        self._command = (sys.executable, "-m", "tests.integration.rescreening_process", dsn, clock)
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.running.append(subprocess.Popen(list(map(str, self._command))))

    def kill(self, which: int) -> None:
        one = self.running.pop(which)
        one.kill()
        one.wait()

    def end(self) -> None:
        while self.running:
            self.kill(0)


@contextmanager
def replicas(dsn: str, clock: Path) -> Generator[Replicas]:
    started = Replicas(dsn, clock)
    try:
        for _ in range(REPLICAS):
            started.start()
        yield started
    finally:
        started.end()


@pytest.fixture
async def watch(emptied_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watch]:
    plays = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (plays.format(OWN_SOURCE),))
    async with (
        connected(emptied_database) as connection,
        watching(StoreOnConnection(connection), emptied_database, plays) as watch,
    ):
        yield watch


async def _played(watch: Watch, dsn: str, clock: Path, deaths: int, seed: int) -> None:
    """Changes lists, law and days, and kills a replica or its connections after each change."""
    chance, acts = random.Random(seed), list[str]()  # noqa: S311 - moments, not secrets
    _set(clock, watch)
    await watch.boards.catch_up(watch.store)
    await watch.load(ENTRIES[0], ENTRIES[2], ENTRIES[4])
    await watch.put(*(PARTIES[each] for each in (0, 2, 3, 4, 5, 6, 7)))
    chosen = [ENTRIES[0]]
    with replicas(dsn, clock) as working:
        for death in range(deaths):
            await _something(watch, chance, acts, chosen)
            _set(clock, watch)
            await _at_work(watch, working, chance)
            if death % 3 == 2:
                await watch.pool.pool.execute(_DROP)
            else:
                working.kill(chance.randrange(REPLICAS))
                working.start()
    for each in acts:
        await watch.retract(each)
    while await watch.round():
        pass
    await check_told(watch, await watch.events())
    assert await watch.standings() == await watch.screened()


def _set(clock: Path, watch: Watch) -> None:
    # a replica reads it at any moment, and never a part of it
    written = clock.with_suffix(".new")
    written.write_text(watch.now.isoformat(), "ascii")
    written.replace(clock)


async def _something(
    watch: Watch, chance: random.Random, acts: list[str], chosen: list[Listing]
) -> None:
    kind = chance.choice(("load", "load", "again", "wait", "law"))
    if kind == "load":
        some = {each.id: each for each in chance.sample(ENTRIES, chance.randint(1, len(ENTRIES)))}
        chosen[:] = some.values()
        await watch.load(*chosen)
    elif kind == "again":
        await watch.load(*chosen)
    elif kind == "wait":
        watch.now += timedelta(days=chance.choice((1, 2, 9)))
    elif acts:
        await watch.retract(acts.pop())
    else:
        today = watch.now.date()
        acts.append(await watch.record(suspended(today + timedelta(days=5), today)))


async def _at_work(watch: Watch, working: Replicas, chance: random.Random) -> None:
    """Waits until a replica has begun with something, or has told of it, at a random moment."""
    seen = await watch.newest_event()
    for _ in range(chance.randint(0, 400)):
        assert all(each.poll() is None for each in working.running)
        await asyncio.sleep(0.005)
        if await watch.newest_event() != seen and chance.random() < 0.3:
            return


async def test_each_change_is_one_event_although_replicas_and_connections_die(
    watch: Watch, emptied_database: str, tmp_path: Path
):
    await _played(watch, emptied_database, tmp_path / "clock", deaths=4, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
async def test_each_change_is_one_event_over_a_hundred_deaths(
    watch: Watch, emptied_database: str, tmp_path: Path, seed: int
):
    await _played(watch, emptied_database, tmp_path / "clock", deaths=20, seed=seed)
