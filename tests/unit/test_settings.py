"""The environment, read once."""

from pathlib import Path

import pytest

from service.model.errors import BadInputError
from service.settings import read_settings


def test_with_nothing_set_the_data_lies_in_the_users_share_folder():
    settings = read_settings({"XDG_DATA_HOME": "/share"})
    assert settings.data_dir == Path("/share/abeyance")
    assert settings.database_url is None
    assert settings.store_screenings


def test_every_variable_is_read():
    settings = read_settings(
        {
            "ABEYANCE_DATA_DIR": "/data",
            "DATABASE_URL": "postgresql://db/abeyance",
            "ABEYANCE_POSTGRES_BIN": "/usr/lib/postgresql/17/bin",
            "ABEYANCE_STORE_SCREENINGS": "no",
        }
    )
    assert settings.data_dir == Path("/data")
    assert settings.database_url == "postgresql://db/abeyance"
    assert settings.postgres_bin == Path("/usr/lib/postgresql/17/bin")
    assert not settings.store_screenings


@pytest.mark.parametrize("word", ["", "maybe", "2"])
def test_a_switch_that_is_neither_yes_nor_no_is_refused_by_name(word: str):
    with pytest.raises(BadInputError, match="ABEYANCE_STORE_SCREENINGS"):
        read_settings({"ABEYANCE_STORE_SCREENINGS": word})
