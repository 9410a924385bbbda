"""Measure what a command takes, with all the processes that it starts, on Linux.

    python -m tools.measure abeyance load opensanctions --file entities.ftm.json

It prints the seconds of CPU of the command's own process, of PostgreSQL's and of the others, and
the most memory that they had at one time: of each what it shares with nobody and, but for
PostgreSQL, what it has written and shares. Mapped files that were only read do not count.
"""

import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

EVERY_S = 0.25
_OWN = ("Private_Clean:", "Private_Dirty:")
_SHARED = "Shared_Dirty:"
_TICKS = os.sysconf("SC_CLK_TCK")


class Process(msgspec.Struct, frozen=True):
    """A process: its parent, its name, and the seconds of CPU that it has taken."""

    pid: int
    parent: int
    name: str
    cpu_s: float


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def main(command: tuple[str, ...]) -> None:
    """Run a command, and print what it took to standard error."""
    begun = time.monotonic()
    running = subprocess.Popen(command)  # noqa: S603 - the command that was asked for
    cpu_s, most = dict[int, tuple[str, float]](), Counter[str]()
    while running.poll() is None:
        memory = Counter[str]()
        for each in processes_from(running.pid):
            kind = kind_of(each, running.pid)
            cpu_s[each.pid] = (kind, each.cpu_s)
            memory[kind] += memory_kb(each)
        memory["all"] = memory.total()
        most |= memory
        time.sleep(EVERY_S)
    taken = defaultdict[str, float](float)
    for kind, seconds in cpu_s.values():
        taken[kind] += seconds
    lines = [
        f"{kind}: {taken[kind]:.1f} s of CPU, {most[kind] // 1_024} MB" for kind in sorted(taken)
    ]
    total = f"{sum(taken.values()):.1f} s of CPU in {time.monotonic() - begun:.0f} s"
    click.echo("\n".join((*lines, f"all: {total}, {most['all'] // 1_024} MB at once")), err=True)
    sys.exit(running.returncode)


def processes_from(pid: int) -> Iterator[Process]:
    """Yield a process and all that descend from it."""
    children = defaultdict[int, list[Process]](list)
    for folder in Path("/proc").iterdir():
        process = _process(folder) if folder.name.isdecimal() else None
        if process is not None:
            children[process.parent].append(process)
            if process.pid == pid:
                yield process
    waiting = [pid]
    while waiting:
        for each in children[waiting.pop()]:
            yield each
            waiting.append(each.pid)


def kind_of(process: Process, first: int) -> str:
    """Return what a process counts as."""
    if process.name.startswith("postgres"):
        return "PostgreSQL"
    return "the command" if process.pid == first else "its other processes"


def memory_kb(process: Process) -> int:
    """Return what a process holds, in kB; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0
    held = {words[0]: words[1] for words in map(str.split, lines[1:])}
    shared = 0 if process.name.startswith("postgres") else int(held[_SHARED])
    return shared + sum(int(held[each]) for each in _OWN)


def _process(folder: Path) -> Process | None:
    try:
        printed = (folder / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    name = printed[printed.index("(") + 1 : printed.rindex(")")]
    # from the third field on, since a name may hold blanks: state, parent, …, user and system time
    fields = printed[printed.rindex(")") + 2 :].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / _TICKS
    return Process(int(folder.name), int(fields[1]), name, cpu_s)


if __name__ == "__main__":
    main()
