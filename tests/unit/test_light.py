"""Some modules are imported where time or memory matters, and import little for it."""

import subprocess
import sys

import pytest

from service.app.apart.outcome import WORK

LIGHT = {
    # at each press of Tab
    "service.cli.options": {"asyncpg", "rich", "service.lists.edition"},
    # by `abeyance register check`, after each change of a register file
    "service.cli.register.keep": {"asyncpg", "numba"},
    # by a question to a service elsewhere, for which nothing of the API runs here
    "service.cli.measures": {"litestar"},
    # by each process that lays out a part of a large index
    "service.screening.laid": {"asyncpg", "numba"},
    # by everything that answers, whether it reads lists or not
    "service.measures.board": {"asyncpg", "service.lists.formats"},
    # by a process that works apart, which shuts numpy out
    **{place.partition(":")[0]: {"numpy"} for place in WORK.values()},
}


@pytest.mark.parametrize("module", LIGHT)
def test_a_module_imports_little(module: str):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert LIGHT[module].isdisjoint(done.stdout.split())
