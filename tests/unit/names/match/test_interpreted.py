"""Without the compiler, matching is plain Python that one can step through, and answers alike."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match.kernel import INTERPRETED
from tests.unit.names.match.many_names import INDEX, PRINTED

_ROOT = Path(__file__).parents[4]
_HERE = Path(__file__).parent.relative_to(_ROOT)
# Tests of matching over an index of some hundred names; the others time it or ask by the thousand.
_TESTS = ("test_explain.py", "test_room.py", "test_spelling.py", "test_tables.py", "test_sound.py")


def answers() -> list[object]:
    """Return the answers of an index to every ninth name, misspelled, every other one reversed."""
    given = list[object]()
    for place, printed in enumerate(PRINTED[::9]):
        words = (printed[:3] + printed[4:]).split()[:: -1 if place % 2 else 1]
        form = normalise(" ".join(words))
        found = [
            (each.name, each.score) for each in INDEX.matches(form, lists=None, threshold=0.1)
        ]
        given.append(found)
        for name, _ in found[:2]:
            explanation = INDEX.explain(form, name)
            given.append([[part.name, part.value, part.log_odds] for part in explanation.parts])
        # one that no index would bring up, and the longest of all
        given += [[INDEX.score(form, place)], [INDEX.score(form, len(PRINTED) + 1)]]
    return given


def interpreted(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_interpreter_gives_the_answers_of_the_machine_code() -> None:
    assert not INTERPRETED
    there = interpreted(
        *("-W", "error", "-c"),
        "import json; from tests.unit.names.match.test_interpreted import INTERPRETED, answers;"
        "assert INTERPRETED; print(json.dumps(answers()))",
    )
    assert there.returncode == 0, there.stderr[-2000:]
    ours, theirs = json.loads(json.dumps(answers())), json.loads(there.stdout)
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert flat(other) == pytest.approx(flat(one), abs=1e-12, rel=0)


def flat(value: object) -> list[float]:
    """Yield the numbers of a nested answer in order, with the name of a part as its letters."""
    if isinstance(value, list):
        return [number for each in value for number in flat(each)]
    return [*map(float, map(ord, value))] if isinstance(value, str) else [float(str(value))]


@pytest.mark.slow
def test_tests_of_matching_pass_without_the_compiler() -> None:
    tests = [str(_HERE / each) for each in _TESTS]
    done = interpreted("-m", "pytest", "-q", "-n", "0", "-m", "", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout[-3000:]
