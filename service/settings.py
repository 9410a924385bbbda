"""What is set from outside: the environment, read once into a frozen struct."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from service.model.errors import BadInputError

_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings.

    `database_url` None means the embedded PostgreSQL in `data_dir`. `postgres_bin` is where its
    programs are, None for those of the package. With `store_screenings` False no question and no
    answer is kept. With `refresh` True a service asks the publishers for newer editions by itself;
    `mirror` is the address of a copy of all their files to ask instead, None for their own.
    """

    data_dir: Path
    database_url: str | None = None
    postgres_bin: Path | None = None
    store_screenings: bool = True
    refresh: bool = True
    mirror: str | None = None


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads the environment.

    Raises:
        BadInputError: A variable cannot be read; its name is the field.
    """
    postgres_bin = environment.get("ABEYANCE_POSTGRES_BIN")
    return Settings(
        data_dir=Path(environment.get("ABEYANCE_DATA_DIR") or _default_data_dir(environment)),
        database_url=environment.get("DATABASE_URL") or None,
        postgres_bin=Path(postgres_bin) if postgres_bin else None,
        store_screenings=_yes_no(environment, "ABEYANCE_STORE_SCREENINGS", default=True),
        refresh=_yes_no(environment, "ABEYANCE_REFRESH", default=True),
        mirror=_address(environment, "ABEYANCE_MIRROR"),
    )


def _default_data_dir(environment: Mapping[str, str]) -> Path:
    share = environment.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "abeyance"


def _address(environment: Mapping[str, str], name: str) -> str | None:
    """An address to put a path behind; what it holds is never repeated, it may be a password."""
    printed = environment.get(name) or None
    if printed is None:
        return None
    if not _is_address(printed):
        reason = "is no address like https://host/path; in a password, write / as %2F and # as %23"
        raise BadInputError(name, reason)
    return printed


def _is_address(printed: str) -> bool:
    try:
        parts = urlsplit(printed)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment)


def _yes_no(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    printed = environment.get(name)
    if printed is None:
        return default
    if printed.lower() not in _YES_NO:
        raise BadInputError(name, f"{printed!r} is none of {', '.join(_YES_NO)}")
    return _YES_NO[printed.lower()]
