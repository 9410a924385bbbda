"""A setting that cannot be is refused in one line that names it, before anything is started."""

from pathlib import Path

import pytest

from tests.forked import abeyance_command
from tests.served import free_port, without_database_url

_VARIABLES = [
    pytest.param("ABEYANCE_DATA_DIR", __file__, id="a data directory that is a file"),
    pytest.param("ABEYANCE_DATA_DIR", f"{__file__}/below", id="one below a file"),
    pytest.param("ABEYANCE_DATA_DIR", "/x" + 300 * "x", id="one with too long a name"),
    pytest.param("ABEYANCE_DATA_DIR", "/proc/none", id="one where nothing can be made"),
    pytest.param("ABEYANCE_DATA_DIR", "/proc", id="one that cannot be written"),
    pytest.param("DATABASE_URL", "nonsense", id="no address of a database"),
    pytest.param("DATABASE_URL", "mysql://u:hush@127.0.0.1/x", id="another database's"),
    pytest.param("DATABASE_URL", "postgresql://u:hush@127.0.0.1:9/x", id="nobody there"),
    pytest.param("ABEYANCE_REFRESH", "maybe", id="refresh"),
    pytest.param("ABEYANCE_MIRROR", "ftp://hush@mirror", id="a mirror without HTTP"),
    pytest.param("ABEYANCE_REQUIRED_LISTS", "un_sc;eu_fsf", id="required lists"),
    pytest.param("ABEYANCE_PROFILE", "us,moon", id="a profile that is none"),
    pytest.param("ABEYANCE_OPERATORS", "anna=hush", id="a key that is too short"),
    pytest.param("ABEYANCE_ACCESS", "open", id="access"),
    pytest.param("ABEYANCE_STORE_SCREENINGS", "2", id="store screenings"),
    pytest.param("ABEYANCE_READ_SECONDS", "soon", id="seconds"),
    pytest.param("ABEYANCE_READ_MEGABYTES", "1", id="megabytes"),
    pytest.param("ABEYANCE_POSTGRES_BIN", "/nonexistent", id="no PostgreSQL there"),
]
_OPTIONS = [
    pytest.param("--host", "nowhere.invalid", id="a host that nobody knows"),
    pytest.param("--host", "192.0.2.1", id="a host elsewhere"),
    pytest.param("--host", "a..b", id="a host that can be none"),
    pytest.param("--port", "0", id="port 0"),
    pytest.param("--port", "65536", id="a port too high"),
    pytest.param("--workers", "0", id="no worker"),
    pytest.param("--workers", "many", id="workers without a number"),
    pytest.param("--data-dir", __file__, id="a file"),
]


def _refused(environment: dict[str, str], *options: str) -> str:
    """The one line that `serve` ends with."""
    ended = abeyance_command(["serve", *options], environment, Path.cwd())
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


@pytest.mark.parametrize(("name", "value"), _VARIABLES)
def test_a_variable_is_named(name: str, value: str, tmp_path: Path) -> None:
    usual = without_database_url() | {"ABEYANCE_DATA_DIR": str(tmp_path / "data")}

    line = _refused(usual | {name: value}, "--port", str(free_port()))

    assert line.startswith(f"abeyance: {name}")
    assert "hush" not in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), _OPTIONS)
def test_an_option_is_named(name: str, value: str, tmp_path: Path) -> None:
    usual = without_database_url() | {"ABEYANCE_DATA_DIR": str(tmp_path / "data")}

    line = _refused(usual, name, value)

    assert name in line
    assert list(tmp_path.iterdir()) == []
