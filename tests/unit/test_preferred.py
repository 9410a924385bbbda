"""A process that starts is preferred until it is done, with all that it has started."""

import os
import subprocess
import sys

import pytest

STARTED = """
import os, subprocess, sys, threading
from abeyance_screening.primitives.processes import STARTING, family_cpu_s

def all_of(child):
    tasks = [f"/proc/{each}/task" for each in (os.getpid(), child.pid)]
    threads = [int(each) for folder in tasks for each in os.listdir(folder)]
    return sorted({os.getpriority(os.PRIO_PROCESS, each) for each in threads})

done = threading.Event()
STARTING.begin()
threading.Thread(target=done.wait).start()
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(*all_of(child))
STARTING.end()
print(*all_of(child))
print(family_cpu_s() >= 0.01)
child.communicate(b"\\n")
done.set()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness on Linux alone")
def test_it_takes_the_preference_and_gives_it_back_for_every_thread_and_process():
    ran = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, check=True, timeout=600
    )
    usual = str(os.getpriority(os.PRIO_PROCESS, 0))
    preferred, after, has_used = ran.stdout.splitlines()
    # who may not be preferred goes on as usual
    assert preferred in {"-15", usual}
    assert after == usual
    assert has_used == "True"
