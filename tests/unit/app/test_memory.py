"""Memory that answering does not need goes back to the system, and nothing else does."""

import re
import subprocess
import sys

import pytest

from abeyance_screening.platform.memory import unwritten

# As Linux prints them: unread tables, code of a file that was installed just now, addresses that
# the loader filled in and then protected, data, and another library's code.
_MAPPINGS = """\
7f0000000000-7f0000100000 r--p 00000000 08:01 11 /lib/python/llvmlite/libllvmlite.so
Rss:                 512 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
7f0000100000-7f0000400000 r-xp 00100000 08:01 11 /lib/python/llvmlite/libllvmlite.so
Private_Dirty:     22060 kB
Anonymous:             0 kB
7f0000400000-7f0000500000 r--p 00400000 08:01 11 /lib/python/llvmlite/libllvmlite.so
Private_Dirty:      1792 kB
Anonymous:          1792 kB
7f0000500000-7f0000600000 rw-p 00500000 08:01 11 /lib/python/llvmlite/libllvmlite.so
Private_Dirty:         0 kB
Anonymous:             0 kB
7f0000600000-7f0000700000 r-xp 00000000 08:01 12 /lib/libc.so.6
Private_Dirty:         0 kB
Anonymous:             0 kB
7f0000700000-7f0000800000 rw-p 00000000 00:00 0
Anonymous:             8 kB
"""
_SCORED = """\
from abeyance_screening.platform.memory import give_back
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import score, warm
from pathlib import Path

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile"))

warm()
before = resident()
give_back()
print(before - resident(), score(normalise("Hikvision"), normalise("Hikvision")))
"""


def test_only_pages_that_nobody_has_written_to_go_back() -> None:
    found = [(hex(start), hex(end)) for start, end in unwritten(_MAPPINGS, "libllvmlite")]

    assert found == [("0x7f0000000000", "0x7f0000100000"), ("0x7f0000100000", "0x7f0000400000")]


def test_the_last_mapping_counts_as_well() -> None:
    head = "\n".join(_MAPPINGS.splitlines()[:4])

    assert len(list(unwritten(head, "libllvmlite"))) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say what is in memory")
def test_what_is_compiled_still_runs_when_the_compiler_has_gone() -> None:
    answered = subprocess.run(
        [sys.executable, "-c", _SCORED], capture_output=True, text=True, check=True, timeout=120
    )

    freed = re.fullmatch(r"(\d+) 1\.0\n", answered.stdout)
    assert freed is not None
    assert int(freed[1]) > 40_000
