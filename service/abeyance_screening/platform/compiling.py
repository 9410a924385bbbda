"""Compile the inner loops of matching once on a machine, in a process of its own."""

import os
import subprocess
import sys

from abeyance_screening.engine.names.match import is_compiled

_WARM = (
    "import sys; from abeyance_screening.primitives.processes import end_with; "
    "end_with(int(sys.argv[1])); from abeyance_screening.engine.names.match import warm; warm()"
)


def compile_matching() -> None:
    """Compile the inner loops of matching in another process, unless they are in the cache.

    The processes that answer wait for it and load the loops from the cache: a process that
    compiled them would keep some 55 MB of the compiler's memory. If the compilation fails, each
    process compiles them for itself.
    """
    if not is_compiled():
        command = [sys.executable, "-c", _WARM, str(os.getpid())]
        subprocess.run(command, check=False)  # noqa: S603 - the command is ours
