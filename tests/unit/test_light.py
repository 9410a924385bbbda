"""Some modules are imported where time or memory matters, and import little for it."""

import subprocess
import sys

import pytest

from abeyance_screening.platform.sandbox.outcome import WORK

LIGHT = {
    # at each press of Tab
    "abeyance_screening.platform.cli.options": {
        "asyncpg",
        "rich",
        "abeyance_screening.engine.lists.edition",
    },
    # by `abeyance register check`, after each change of a register file
    "abeyance_screening.features.register.cli.ledger": {"asyncpg", "numba"},
    # by a question to a service elsewhere, for which nothing of the API runs here
    "abeyance_screening.features.register.cli.measures": {"litestar"},
    # by each process that lays out a part of a large index
    "abeyance_screening.engine.screening.index.index_rows": {"asyncpg", "numba"},
    # by everything that answers, whether it reads lists or not
    "abeyance_screening.engine.measures.board": {
        "asyncpg",
        "abeyance_screening.engine.lists.formats",
    },
    # by a process that works apart, which shuts numpy out
    **{place.partition(":")[0]: {"numpy"} for place in WORK.values()},
}


@pytest.mark.parametrize("module", LIGHT)
def test_a_module_imports_little(module: str):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert LIGHT[module].isdisjoint(done.stdout.split())
