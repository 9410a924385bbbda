"""Long work gives turns: a round of the loop is short, and nobody waits for ever."""

import asyncio
import time

import pytest

from abeyance_screening.primitives.errors import BrokenOffError, TooMuchWorkError
from abeyance_screening.primitives.fair_scheduler import SLICE_S, Work, _TurnQueue, give_turns

STEP_S = 0.0005
# A step takes that much of its thread's CPU on any machine, so that a slice has no more of them;
# and the one in which it ends.
ROUND_AT_MOST = round(SLICE_S / STEP_S) + 1


def work(cpu_s: float) -> None:
    """Keeps the thread busy, in CPU time, so that other programs do not lengthen it."""
    until = time.thread_time() + cpu_s
    while time.thread_time() < until:
        pass


async def long_work(steps: int) -> None:
    for _ in range(steps):
        await give_turns()
        work(STEP_S)


async def test_a_round_is_short_however_much_is_worked_on_at_once():
    steps = longest = 0

    async def counted() -> None:
        nonlocal steps
        for _ in range(20):
            await give_turns()
            work(STEP_S)
            steps += 1

    tasks = [asyncio.create_task(counted()) for _ in range(30)]
    while not all(task.done() for task in tasks):
        before = steps
        await asyncio.sleep(0)
        longest = max(longest, steps - before)
    assert steps == 20 * 30
    assert 0 < longest <= ROUND_AT_MOST


async def test_short_work_does_not_wait_until_long_work_is_done():
    long = [asyncio.create_task(long_work(400)) for _ in range(5)]
    await asyncio.sleep(0)
    await asyncio.wait_for(long_work(3), timeout=120)
    assert not any(task.done() for task in long)
    for task in long:
        task.cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_who_goes_away_while_waiting_keeps_nobody_else_from_a_turn():
    tasks = [asyncio.create_task(long_work(40)) for _ in range(6)]
    await asyncio.sleep(0.005)
    for task in tasks[::2]:
        task.cancel()
    done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=120)
    assert done[1::2] == [None, None, None]


async def test_all_who_work_get_their_share():
    steps, enough = [0] * 4, asyncio.Event()

    async def counted(number: int) -> None:
        while True:
            await give_turns()
            work(STEP_S)
            steps[number] += 1
            if sum(steps) > 400:
                enough.set()

    tasks = [asyncio.create_task(counted(number)) for number in range(len(steps))]
    await asyncio.wait_for(enough.wait(), timeout=120)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert min(steps) > 0
    assert max(steps) <= 2 * min(steps) + 8


def test_one_loop_after_another():
    for _ in range(2):
        asyncio.run(long_work(8))


async def asked_by(caller: str, steps: int, most_s: float = 60) -> None:
    with Work(most_s) as request:
        request.caller = caller
        await long_work(steps)


async def test_who_asks_much_at_once_has_no_more_turns_than_who_asks_once():
    steps = [0]

    async def on_and_on() -> None:
        with Work(60) as request:
            request.caller = "one"
            while True:
                await give_turns()
                work(STEP_S)
                steps[0] += 1

    many = [asyncio.create_task(on_and_on()) for _ in range(40)]
    await asyncio.sleep(0.01)
    before = steps[0]
    await asked_by("another", 30)
    taken = steps[0] - before
    for task in many:
        task.cancel()
    await asyncio.gather(*many, return_exceptions=True)
    # as many as its own 30; with a turn for each request it would be forty times as many
    assert 0 < taken < 12 * 30


async def test_short_work_that_has_begun_is_done_before_more_begins():
    """With a turn for each in turn, all of it would be done at the very end."""
    steps, done_after = 0, list[int]()

    async def short() -> None:
        nonlocal steps
        with Work(60) as request:
            request.caller = "one"
            for _ in range(8):
                await give_turns()
                work(STEP_S)
                steps += 1
        done_after.append(steps)

    await asyncio.gather(*(short() for _ in range(40)))
    assert done_after[0] < 40 * 4
    assert sum(done_after) / len(done_after) < 40 * 6


async def test_long_work_goes_on_however_much_short_work_there_is():
    queue, loop = _TurnQueue(), asyncio.get_running_loop()
    long = [loop.create_future() for _ in range(5)]
    for each in long:
        queue.append(each, is_begun=False)
    given = list[asyncio.Future[None]]()
    for _ in range(16):
        queue.append(loop.create_future(), is_begun=True)
        given.append(queue.popleft())
    assert [each for each in given if each in long] == long[:4]


async def test_work_that_takes_too_much_ends_and_leaves_what_it_held():
    left, request = list[str](), Work(0.02)
    request.at_end(lambda: left.append("ended"))
    with request, pytest.raises(TooMuchWorkError, match=r"more than 0\.02 s"):
        await long_work(4_000)
    assert left == ["ended"]


async def test_work_that_nobody_waits_for_ends_at_its_next_turn():
    request = Work(60)
    asyncio.get_running_loop().call_later(0.01, request.abandon)
    with request, pytest.raises(BrokenOffError):
        await long_work(4_000)
    assert request.is_broken_off
