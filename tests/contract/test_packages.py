"""What a first start installs: what running needs, and nothing that only developers use."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from abeyance_screening.primitives.errors import needs_extra
from tests.repository import ROOT, texts

HERE = Path(__file__).relative_to(ROOT)
UV = os.environ.get("UV") or shutil.which("uv")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
# an installer and the bare name, which is no path; or the name with an extra
NAMED_ON_AN_INDEX = re.compile(
    r"""(?:\b(?:pip|pipx|uv|poetry|conda)\ (?:\S+\ )?(?:install|add|run\ --with)\b|\buvx\b|"""
    r"""\bpipx\ run\b|\buv\ tool\ run\b)(?:\ (?:-\S+|3\.\d+))*"""
    r"""\ ["'`]?abeyance(?:-screening)?(?![\w./-])"""
    r"""|(?<![\w./-])abeyance(?:-screening)?\[""",
)
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


@pytest.mark.skipif(UV is None, reason="installed without uv")
@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_installed_as_pages_and_errors_say(extra: str):
    assert f"`uv sync --extra {extra}`" in needs_extra(extra)
    wanted = {re.split(r"[^\w-]", each)[0] for each in EXTRAS[extra]} - {
        PROJECT["project"]["name"]
    }
    assert wanted <= installed("--extra", extra)
    assert not wanted <= installed()


def test_nothing_has_anybody_install_the_package_that_has_our_name_on_an_index():
    """On the public index, the name is another program's: from a clone alone ours is installed."""
    found = [
        f"{path}: {line.strip()}"
        for path, text in texts()
        if path != HERE
        for line in text.splitlines()
        if NAMED_ON_AN_INDEX.search(line)
    ]
    # the extra `dask` brings the extra `arrow` of the project that it stands in
    assert found == ['pyproject.toml: "abeyance-screening[arrow]",']


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("pip install {}", True),
        ('pip install "{}[arrow]"', True),
        ("python3 -m pip install --upgrade {}==0.1", True),
        ("uvx {} serve", True),
        ("uv tool run {}", True),
        ("uv tool install --python 3.13 '{}'", True),
        ("uvx --from {}[dask] {} work", True),
        ("uv run --with {} python", True),
        ("uv add {}", True),
        ("pipx run {}", True),
        ("needs the extra `{}[arrow]`", True),
        ('uv pip install "path/to/{}[arrow]"', False),
        ("uv pip install ./{}", False),
        ("uv run --extra otel {} serve", False),
        ("uv run {} serve", False),
        ("pip install uv, and then {} serve", False),
    ],
)
def test_an_install_by_our_name_is_told_from_one_of_a_clone(line: str, is_found: bool):
    named = line.format(*["abeyance"] * line.count("{}"))
    assert (NAMED_ON_AN_INDEX.search(named) is not None) is is_found


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
    assert copied >= {
        each.partition("/")[0] for each in (*wheel["packages"], *wheel["force-include"])
    }
    # what is not let in is not there to be copied
    let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(let_in)
    assert all((ROOT / name).exists() for name in copied)
