"""A TypeScript client of the OpenAPI document compiles with `strict`, and its calls are answered.

The compiler and the generator come from npm, in the versions of `typescript/package.json`. Where
Node.js or the registry is missing, the test is skipped and says why.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.served import listening

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "typescript"
PACKAGES = PROGRAM / "package.json"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a program that was compiled with the generated types."""
    if shutil.which("npm") is None:
        pytest.skip("no npm: the TypeScript client was not compiled")
    folder = tmp_path_factory.mktemp("typescript")
    for each in PROGRAM.iterdir():
        shutil.copy(each, folder)
    installed = run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], folder)
    if installed.returncode != 0:
        pytest.skip(f"npm could not install {PACKAGES.name}: {installed.stderr[-300:]}")
    document = str(ROOT / "openapi" / "openapi.json")
    for command in (["openapi-typescript", document, "-o", "abeyance.ts"], ["tsc", "-p", "."]):
        done = run(["npx", "--no-install", *command], folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_typescript_program_is_answered_in_its_types(
    compiled: Path, listed_database: str, bundled_index: ListingIndex
):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with listening(app) as address:
        done = run(["node", "out/calls.js", address], compiled)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "search: hits, in_force",
        "brief: hits",
        "screening: Rosoboroneksport, Plain Bakery",
        "calendar: 3, string",
        "error: 400, name",
    ]
