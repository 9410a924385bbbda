"""The package as others install it: a wheel, in an environment that has nothing else."""

import os
import shutil
import signal
import socket
import subprocess
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.served import wait_for

ROOT = Path(__file__).parents[2]
INSTALLED_WITHIN_S = 300
# In memory once it has answered, the very first start included; measured with 45,049 listings: 444
# to 452. Parties take up 6 MB of that, and what names are read by (senses, sounds, places) 40.
MEMORY_MB = 460
_APP = """
from abeyance_screening.app.application import create_app
from abeyance_screening.platform.settings import read_settings
create_app(read_settings({"DATABASE_URL": "postgresql://127.0.0.1:9/x"}))
"""


def _run(*command: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=where, capture_output=True, text=True, check=False, timeout=INSTALLED_WITHIN_S
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree; skips where no registry has what builds it."""
    if shutil.which("uv") is None:
        pytest.skip("there is no uv")
    folder = tmp_path_factory.mktemp("built")
    _done_or_no_registry(_run("uv", "build", "-q", "--wheel", "-o", str(folder), where=ROOT))
    (wheel,) = folder.glob("*.whl")
    return wheel


def _done_or_no_registry(done: subprocess.CompletedProcess[str]) -> None:
    if "Failed to fetch" in done.stderr or "error sending request" in done.stderr:
        pytest.skip("no registry answers")
    assert done.returncode == 0, done.stderr


def test_the_wheel_has_every_file_of_its_packages(wheel: Path) -> None:
    source = ROOT / "service"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "abeyance_screening").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    sql = {
        f"abeyance_screening/{path.relative_to(ROOT).as_posix()}"
        for path in ROOT.glob("sql/**/*.sql")
    }
    assert sql
    with zipfile.ZipFile(wheel) as opened:
        packed = set(opened.namelist())
    assert {each for each in packed if ".dist-info/" not in each} == wanted | sql


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installed programs; skips where no registry answers."""
    folder = tmp_path_factory.mktemp("wheel")
    pins = _run("uv", "export", "--locked", "--no-emit-project", "-q", where=ROOT)
    assert pins.returncode == 0, pins.stderr
    (folder / "pins.txt").write_text(pins.stdout)
    made = _run("uv", "venv", "-q", "--python", "3.13", "venv", where=folder)
    assert made.returncode == 0, made.stderr
    python = str(folder / "venv" / "bin" / "python")
    install = ("uv", "pip", "install", "-q", "--python", python)
    _done_or_no_registry(_run(*install, "-r", "pins.txt", where=folder))
    installed = _run(*install, "--no-deps", str(wheel), where=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "venv" / "bin"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param(("abeyance", "--version"), "abeyance, version ", id="version"),
        pytest.param(
            ("abeyance", "measures", "--help"), "Usage: abeyance measures", id="a command"
        ),
        pytest.param(("python", "-c", _APP), "", id="the application"),
    ],
)
def test_the_wheel_runs_by_itself(
    programs: Path, tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    name, *arguments = command
    ended = _run(str(programs / name), *arguments, where=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(said)
    assert ended.stderr == ""


@pytest.mark.slow
def test_it_serves_from_an_empty_home(programs: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = tmp_path / "said"
    with said.open("w") as output:
        service = subprocess.Popen(
            [
                str(programs / "abeyance"),
                "serve",
                "--no-refresh",
                "--no-work",
                "--port",
                str(port),
            ],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
            # all that it may lean on: no other Python, no cache and no setting
            env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]},
        )
    try:
        address = f"http://127.0.0.1:{port}"
        answers = f"Abeyance answers at {address}"
        wait_for(lambda: answers in said.read_text() or service.poll() is not None, answers)
        assert service.poll() is None, said.read_text()
        answer = httpx.get(f"{address}/v1/search", params={"name": "Hikvision"}, timeout=30)
        assert answer.json()["hits"], said.read_text()
        assert _memory_mb(service.pid) < MEMORY_MB
        service.send_signal(signal.SIGTERM)
        assert service.wait(30) == 0
    finally:
        service.kill()
        service.wait()


def _memory_mb(process: int) -> float:
    """What it has in memory; 0 where the system does not tell in this way."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0
    (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
