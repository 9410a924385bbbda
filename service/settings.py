"""What is set from outside: the environment, read once into a frozen struct."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import override
from urllib.parse import urlsplit

import msgspec

from service.errors import BadInputError

# A key that long is not found by trying.
SHORTEST_KEY = 20
# The largest of the lists takes 5 s and 250 MB on a small machine. The limits leave sixty and
# eight times that; a file made to hold up all refreshing takes hours.
READ_SECONDS, READ_MEGABYTES = 300, 2_000
# Below these not even the lists of today can be read; above, nothing would be limited.
_SECONDS, _MEGABYTES = range(1, 86_401), range(500, 1_000_001)
_WHOLE_NUMBER = re.compile("[0-9]{1,9}")
_OPERATOR_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """Who may add to the register, and the secret that tells so."""

    name: str
    key: str

    @override
    def __repr__(self) -> str:
        return f"Operator(name={self.name!r})"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings.

    `database_url` None means the embedded PostgreSQL in `data_dir`. `postgres_bin` is where its
    programs are, None for those of the package. With `store_screenings` False no question and no
    answer is kept. With `refresh` True a service asks the publishers for newer editions by itself;
    `mirror` is the address of a copy of all their files to ask instead, None for their own.
    `operators` are those who may add events to the register; without any, nobody may.
    `read_seconds` and `read_megabytes` are what reading the files of one list may take.
    """

    data_dir: Path
    database_url: str | None = None
    postgres_bin: Path | None = None
    store_screenings: bool = True
    refresh: bool = True
    mirror: str | None = None
    operators: tuple[Operator, ...] = ()
    read_seconds: int = READ_SECONDS
    read_megabytes: int = READ_MEGABYTES


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads the environment.

    Raises:
        BadInputError: A variable cannot be read; its name is the field.
    """
    return Settings(
        data_dir=_data_dir(environment, "ABEYANCE_DATA_DIR"),
        database_url=environment.get("DATABASE_URL") or None,
        postgres_bin=_programs(environment, "ABEYANCE_POSTGRES_BIN"),
        store_screenings=_yes_no(environment, "ABEYANCE_STORE_SCREENINGS", default=True),
        refresh=_yes_no(environment, "ABEYANCE_REFRESH", default=True),
        mirror=_address(environment, "ABEYANCE_MIRROR"),
        operators=_operators(environment, "ABEYANCE_OPERATORS"),
        read_seconds=_whole(environment, "ABEYANCE_READ_SECONDS", READ_SECONDS, _SECONDS),
        read_megabytes=_whole(environment, "ABEYANCE_READ_MEGABYTES", READ_MEGABYTES, _MEGABYTES),
    )


def _data_dir(environment: Mapping[str, str], name: str) -> Path:
    """The data directory, which need not be there yet."""
    printed = environment.get(name)
    if not printed:
        return _default_data_dir(environment)
    path = Path(printed).absolute()
    try:
        there = next(each for each in (path, *path.parents) if each.exists())
    except (OSError, ValueError) as error:
        raise BadInputError(name, f"cannot be a folder: {error}") from None
    if not there.is_dir():
        raise BadInputError(name, f"cannot be a folder: {there} is a file")
    return Path(printed)


def _programs(environment: Mapping[str, str], name: str) -> Path | None:
    """The folder of PostgreSQL's programs; None for those of the package."""
    printed = environment.get(name)
    if not printed:
        return None
    missing = [each for each in ("postgres", "initdb") if not (Path(printed) / each).is_file()]
    if missing:
        raise BadInputError(name, f"{printed} holds no {' and no '.join(missing)}")
    return Path(printed)


def _default_data_dir(environment: Mapping[str, str]) -> Path:
    share = environment.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "abeyance"


def _operators(environment: Mapping[str, str], name: str) -> tuple[Operator, ...]:
    """`anna=her-key,ben=his-key`; what it holds is never repeated, for they are secrets."""
    printed = [each.strip() for each in environment.get(name, "").split(",")]
    given = [each for each in printed if each]
    operators = tuple(_operator(name, place, each) for place, each in enumerate(given, start=1))
    for what in ({each.name for each in operators}, {each.key for each in operators}):
        if len(what) < len(operators):
            raise BadInputError(name, "has a name or a key twice")
    return operators


def _operator(variable: str, place: int, printed: str) -> Operator:
    name, equals, key = printed.partition("=")
    if not equals or not _OPERATOR_NAME.fullmatch(name):
        reason = f"number {place} is not written name=key, the name of letters, digits and ._@-"
        raise BadInputError(variable, reason)
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable():
        reason = (
            f"the key of {name} has fewer than {SHORTEST_KEY} characters, or others than ASCII"
        )
        raise BadInputError(variable, reason)
    return Operator(name=name, key=key)


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


def _whole(environment: Mapping[str, str], name: str, default: int, among: range) -> int:
    printed = environment.get(name) or str(default)
    number = int(printed) if _WHOLE_NUMBER.fullmatch(printed) else None
    if number is None or number not in among:
        reason = f"{printed!r} is no whole number from {among[0]:,} to {among[-1]:,}"
        raise BadInputError(name, reason)
    return number


def _yes_no(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    printed = environment.get(name)
    if printed is None:
        return default
    if printed.lower() not in _YES_NO:
        raise BadInputError(name, f"{printed!r} is none of {', '.join(_YES_NO)}")
    return _YES_NO[printed.lower()]
