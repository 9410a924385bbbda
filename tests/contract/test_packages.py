"""What a first start installs: what running needs, and nothing that only developers use."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = os.environ.get("UV") or shutil.which("uv")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOR_DEVELOPERS = frozenset({"basedpyright", "playwright", "pytest", "ruff", "schemathesis"})


def installed(*groups: str) -> set[str]:
    """The names of what `uv run` and `uv run --group …` install by the lock file."""
    assert UV is not None
    command = [UV, "export", "--locked", "--no-hashes", "--no-annotate", "--no-emit-project"]
    told = subprocess.run(
        [*command, *groups], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    lines = (line for line in told.stdout.splitlines() if line and line[0].isalpha())
    return {line.partition("==")[0] for line in lines}


@pytest.mark.skipif(UV is None, reason="installed without uv")
def test_a_first_start_installs_nothing_for_developers():
    assert installed().isdisjoint(FOR_DEVELOPERS)
    assert "litestar" in installed()


@pytest.mark.skipif(UV is None, reason="installed without uv")
def test_the_test_command_installs_what_the_tests_need():
    assert installed("--group", "dev") >= FOR_DEVELOPERS


def test_every_package_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for needed in PROJECT["project"]["dependencies"]:
        (line,) = (each for each in lines if each.strip().startswith(f'"{needed}"'))
        above = lines[lines.index(line) - 1].strip()
        assert "#" in line or above.startswith("#"), needed


def test_the_image_is_built_from_all_that_the_wheel_is():
    copied = {
        name
        for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert copied >= {*wheel["packages"], *wheel["force-include"]}
    # what is not let in is not there to be copied
    let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(let_in)
    assert all((ROOT / name).exists() for name in copied)
