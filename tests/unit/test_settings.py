"""The environment, read once."""

from pathlib import Path

import pytest

from service.errors import BadInputError
from service.settings import read_settings


def test_with_nothing_set_the_data_lies_in_the_users_share_folder():
    settings = read_settings({"XDG_DATA_HOME": "/share"})
    assert settings.data_dir == Path("/share/abeyance")
    assert settings.database_url is None
    assert settings.store_screenings


def test_every_variable_is_read(tmp_path: Path):
    for program in ("postgres", "initdb"):
        (tmp_path / program).touch()
    settings = read_settings(
        {
            "ABEYANCE_DATA_DIR": "/data",
            "DATABASE_URL": "postgresql://db/abeyance",
            "ABEYANCE_POSTGRES_BIN": str(tmp_path),
            "ABEYANCE_STORE_SCREENINGS": "no",
        }
    )
    assert settings.data_dir == Path("/data")
    assert settings.database_url == "postgresql://db/abeyance"
    assert settings.postgres_bin == tmp_path
    assert not settings.store_screenings


def test_operators_are_read_with_their_keys():
    settings = read_settings({"ABEYANCE_OPERATORS": f"anna={'a' * 20}, ben={'b' * 21}"})
    assert [(each.name, len(each.key)) for each in settings.operators] == [
        ("anna", 20),
        ("ben", 21),
    ]
    assert "aaaa" not in repr(settings)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(f"anna={'a' * 19}", id="a short key"),
        pytest.param("a" * 30, id="no name"),
        pytest.param(f"an na={'a' * 20}", id="a name with a blank"),
        pytest.param(f"anna={'a' * 20},anna={'b' * 20}", id="a name twice"),
        pytest.param(f"anna={'a' * 20},ben={'a' * 20}", id="a key twice"),
        pytest.param(f"anna={'ä' * 20}", id="a key that is not ASCII"),
    ],
)
def test_operators_that_cannot_be_read_are_refused_without_telling_the_key(written: str):
    with pytest.raises(BadInputError, match="ABEYANCE_OPERATORS") as refused:
        read_settings({"ABEYANCE_OPERATORS": written})
    assert not {"a" * 19, "b" * 19, "ä" * 19} & {
        str(refused.value)[place : place + 19] for place in range(200)
    }


@pytest.mark.parametrize("word", ["", "maybe", "2"])
def test_a_switch_that_is_neither_yes_nor_no_is_refused_by_name(word: str):
    with pytest.raises(BadInputError, match="ABEYANCE_STORE_SCREENINGS"):
        read_settings({"ABEYANCE_STORE_SCREENINGS": word})


def test_what_reading_a_list_may_take_is_read():
    settings = read_settings({"ABEYANCE_READ_SECONDS": "60", "ABEYANCE_READ_MEGABYTES": "500"})
    assert (settings.read_seconds, settings.read_megabytes) == (60, 500)
    settings = read_settings({"ABEYANCE_READ_SECONDS": ""})
    assert (settings.read_seconds, settings.read_megabytes) == (300, 2_000)


def test_places_are_looked_at_only_when_a_setting_says_how_often():
    assert read_settings({}).watch_every_hours is None
    assert read_settings({"ABEYANCE_WATCH_EVERY_HOURS": ""}).watch_every_hours is None
    assert read_settings({"ABEYANCE_WATCH_EVERY_HOURS": "24"}).watch_every_hours == 24


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "0", id="without a pause"),
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "721", id="more than a month"),
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "daily", id="a word"),
        pytest.param("ABEYANCE_READ_SECONDS", "0", id="no time"),
        pytest.param("ABEYANCE_READ_SECONDS", "86401", id="more than a day"),
        pytest.param("ABEYANCE_READ_SECONDS", "5 min", id="no number"),
        pytest.param("ABEYANCE_READ_SECONDS", "-1", id="less than none"),
        pytest.param("ABEYANCE_READ_SECONDS", "1.5", id="not whole"),
        pytest.param("ABEYANCE_READ_SECONDS", "\u0663", id="digits of another script"),
        pytest.param("ABEYANCE_READ_MEGABYTES", "499", id="not enough memory"),
    ],
)
def test_numbers_that_cannot_be_are_refused(name: str, written: str):
    with pytest.raises(BadInputError, match=f"{name}: .* is not a whole number from"):
        read_settings({name: written})


@pytest.mark.parametrize(
    "written",
    [
        "https://register.example/register.bundle",
        "http://127.0.0.1:8000/register.bundle",
        "http://[::1]:8000/register.bundle",
        "http://localhost/register.bundle",
    ],
)
def test_register_bundles_come_over_https_or_from_this_machine(written: str):
    assert read_settings({"ABEYANCE_REGISTER_URL": written}).register_url == written


@pytest.mark.parametrize(
    "written", ["http://register.example/b", "http://127.0.0.1.example/b", "ftp://x/b", "b"]
)
def test_register_bundles_over_an_open_line_are_refused_by_name(written: str):
    with pytest.raises(BadInputError, match="ABEYANCE_REGISTER_URL"):
        read_settings({"ABEYANCE_REGISTER_URL": written})


def test_the_trusted_keys_are_a_file(tmp_path: Path):
    (tmp_path / "keys.pem").touch()
    there = {"ABEYANCE_REGISTER_KEY": str(tmp_path / "keys.pem")}
    assert read_settings(there).register_key == tmp_path / "keys.pem"
    assert read_settings({"ABEYANCE_REGISTER_KEY": ""}).register_key is None
    with pytest.raises(BadInputError, match=r"ABEYANCE_REGISTER_KEY.*is no file"):
        read_settings({"ABEYANCE_REGISTER_KEY": str(tmp_path / "none.pem")})


def test_a_site_says_which_lists_it_requires_and_which_it_only_searches():
    given = {
        "ABEYANCE_REQUIRED_LISTS": "un_sc, eu_fsf,un_sc",
        "ABEYANCE_ADVISORY_LISTS": "my_list",
    }
    settings = read_settings(given)
    assert (settings.required_lists, settings.advisory_lists) == (
        ("un_sc", "eu_fsf"),
        ("my_list",),
    )
    assert read_settings({"ABEYANCE_REQUIRED_LISTS": ""}).required_lists == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ABEYANCE_REQUIRED_LISTS": "UN SC"}, "ABEYANCE_REQUIRED_LISTS: 'UN SC' is no list code"),
        ({"ABEYANCE_ADVISORY_LISTS": ","}, "ABEYANCE_ADVISORY_LISTS: ',' names no list"),
        (
            {"ABEYANCE_REQUIRED_LISTS": "un_sc", "ABEYANCE_ADVISORY_LISTS": "eu_fsf,un_sc"},
            "ABEYANCE_ADVISORY_LISTS: names un_sc, and so does ABEYANCE_REQUIRED_LISTS",
        ),
    ],
)
def test_a_list_that_cannot_be_or_has_two_roles_is_refused(given: dict[str, str], message: str):
    with pytest.raises(BadInputError, match=message):
        read_settings(given)
