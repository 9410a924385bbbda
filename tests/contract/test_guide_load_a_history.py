"""The guide to loading a history, its commands run on older editions of two lists."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tests.forked import abeyance_command
from tests.served import copy_directory, without_database_url

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests/fixtures"
GUIDE = (ROOT / "docs/how-to/load-a-history.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_the_guide_loads_older_editions_and_replays_a_collection(
    loaded_directory: Path, tmp_path: Path
):
    data = copy_directory(loaded_directory, tmp_path / "data")
    _lay_out(tmp_path)
    environment = without_database_url() | {"ABEYANCE_DATA_DIR": str(data)}
    one, folder, replay = COMMANDS

    for command, loaded in ((one, "2024-05-01"), (folder, "2024-04-26")):
        done = abeyance_command(shlex.split(command)[3:], environment, tmp_path)
        assert done.returncode == 0, done.stderr
        assert loaded in done.stdout, done.stdout

    arguments = shlex.split(replay)[3:]
    again = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "un_sc" in again.stdout


def _lay_out(folder: Path) -> None:
    """Put older editions where the guide has them."""
    un = (FIXTURES / "un_sc/consolidated_2026.xml").read_bytes()
    older = un.replace(b"2026-02-27T", b"2024-05-01T")
    (folder / "consolidated-2024-05-01.xml").write_bytes(older)
    (folder / "downloads/un").mkdir(parents=True)
    (folder / "downloads/un/2024-05-01.xml").write_bytes(older)
    day = folder / "downloads/ddtc-by-day/2024-04-26"
    day.mkdir(parents=True)
    for name in ("statutory", "administrative"):
        shutil.copy(FIXTURES / f"us_ddtc/{name}_2026-06-18.csv", day / f"{name}.csv")
