"""A process that runs beside another one ends with it, and by itself without a fault."""

import os
import subprocess
import sys

import pytest

from service.cli.beside import WATCHED

_ENDS = "from service.cli.beside import leave_with_parent; leave_with_parent()"
_STAYS = f"{_ENDS}; import time; [time.sleep(0.1) for _ in range(600)]"
# It ends at once: an exception would go through whatever lock the signal finds it waiting for.
_SAYS = (
    "import os, signal; signal.signal(signal.SIGTERM, "
    "lambda *_: (print('told to end', flush=True), os._exit(0)))"
)


def _started(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {WATCHED: "1"},
    )


def test_it_ends_by_itself_while_its_parent_lives() -> None:
    with _started(_ENDS) as process:
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("sent", [b"", b"a word"])
def test_it_is_told_to_end_when_its_parent_has_ended(sent: bytes) -> None:
    with _started(f"{_SAYS}; {_STAYS}") as process:
        said, faults = process.communicate(sent, timeout=30)
        assert (said, faults) == (b"told to end\n", b"")
        assert process.returncode == 0
