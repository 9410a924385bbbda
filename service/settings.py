"""The settings: environment variables, read once into a frozen struct."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, override
from urllib.parse import urlsplit

import msgspec

from service.errors import BadInputError

# In characters: a key of this length cannot be guessed by trial.
SHORTEST_KEY = 20
# The largest list takes 5 s and 250 MB on a small machine, so the limits leave sixty and eight
# times that. A file made to block all refreshing would take hours.
READ_SECONDS, READ_MEGABYTES = 300, 2_000
# With less memory, today's lists cannot be read; above the upper bounds nothing would be limited.
_SECONDS, _MEGABYTES = range(1, 86_401), range(500, 1_000_001)
# Looking more often than hourly would only trouble the publishers; a month is no watch any more.
_HOURS = range(1, 721)
_WHOLE_NUMBER = re.compile("[0-9]{1,9}")
_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")
_OPERATOR_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
# The names of settings that other rooms repeat in words.
REQUIRED_LISTS, ADVISORY_LISTS = "ABEYANCE_REQUIRED_LISTS", "ABEYANCE_ADVISORY_LISTS"
# `serve` sets it for the processes that it starts, if nobody else has.
ACCESS = "ABEYANCE_ACCESS"
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may add events to the register, and the secret key that proves it."""

    name: str
    key: str

    @override
    def __repr__(self) -> str:
        return f"Operator(name={self.name!r})"


Access = Literal["keys", "proxy"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process.

    `database_url` None means the embedded PostgreSQL in `data_dir`. `postgres_bin` is the folder
    of PostgreSQL's programs, None for those of the Python package. With `store_screenings` False,
    questions and answers are not kept. With `refresh` True, a service asks the publishers for
    newer editions by itself; `mirror` is the address of a copy of all their files, None to ask
    the publishers. `register_url` is where register bundles are fetched, None for nowhere;
    `register_key` is a PEM file of the public keys to trust, None for those of the program.
    `watch_every_hours` is how often a service that refreshes looks at the places where acts
    appear, None for never.
    `required_lists` and `advisory_lists` are list codes: where the first are given, all other
    lists are advisory; where only the second are, the default applies to the others.
    `operators` may add events to the register; without any, nobody may.
    `access` is `keys` if every request needs a key, `proxy` if a reverse proxy decides who comes
    through; None leaves it to the address that the service listens on.
    `read_seconds` and `read_megabytes` limit the reading of one list's files.
    """

    data_dir: Path
    database_url: str | None = None
    postgres_bin: Path | None = None
    store_screenings: bool = True
    refresh: bool = True
    mirror: str | None = None
    register_url: str | None = None
    register_key: Path | None = None
    watch_every_hours: int | None = None
    required_lists: tuple[str, ...] = ()
    advisory_lists: tuple[str, ...] = ()
    operators: tuple[Operator, ...] = ()
    access: Access | None = None
    read_seconds: int = READ_SECONDS
    read_megabytes: int = READ_MEGABYTES


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from environment variables.

    Raises:
        BadInputError: A variable cannot be read; the field is its name.
    """
    required, advisory = _lists_of_profile(environment)
    return Settings(
        data_dir=_data_dir(environment, "ABEYANCE_DATA_DIR"),
        database_url=environment.get("DATABASE_URL") or None,
        postgres_bin=_programs(environment, "ABEYANCE_POSTGRES_BIN"),
        store_screenings=_yes_no(environment, "ABEYANCE_STORE_SCREENINGS", default=True),
        refresh=_yes_no(environment, "ABEYANCE_REFRESH", default=True),
        mirror=_address(environment, "ABEYANCE_MIRROR"),
        register_url=_safe_address(environment, "ABEYANCE_REGISTER_URL"),
        register_key=_file(environment, "ABEYANCE_REGISTER_KEY"),
        watch_every_hours=_whole_if_set(environment, "ABEYANCE_WATCH_EVERY_HOURS", _HOURS),
        required_lists=required,
        advisory_lists=advisory,
        operators=_operators(environment, "ABEYANCE_OPERATORS"),
        access=_access(environment, ACCESS),
        read_seconds=_whole(environment, "ABEYANCE_READ_SECONDS", READ_SECONDS, _SECONDS),
        read_megabytes=_whole(environment, "ABEYANCE_READ_MEGABYTES", READ_MEGABYTES, _MEGABYTES),
    )


def _data_dir(environment: Mapping[str, str], name: str) -> Path:
    """Return the data directory, which need not exist yet."""
    value = environment.get(name)
    if not value:
        return _default_data_dir(environment)
    path = Path(value).absolute()
    try:
        nearest = next(each for each in (path, *path.parents) if each.exists())
    except (OSError, ValueError) as error:
        raise BadInputError(name, f"cannot be a folder: {error}") from None
    if not nearest.is_dir():
        raise BadInputError(name, f"cannot be a folder: {nearest} is a file")
    return Path(value)


def _default_data_dir(environment: Mapping[str, str]) -> Path:
    share = environment.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "abeyance"


def _programs(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the folder of PostgreSQL's programs; None for those of the Python package."""
    value = environment.get(name)
    if not value:
        return None
    missing = [each for each in ("postgres", "initdb") if not (Path(value) / each).is_file()]
    if missing:
        raise BadInputError(name, f"{value} holds no {' and no '.join(missing)}")
    return Path(value)


def _yes_no(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name)
    if value is None:
        return default
    if value.lower() not in _YES_NO:
        raise BadInputError(name, f"{value!r} is not one of {', '.join(_YES_NO)}")
    return _YES_NO[value.lower()]


def _address(environment: Mapping[str, str], name: str) -> str | None:
    """Return an address to append paths to; an error never repeats it: it may hold a password."""
    value = environment.get(name) or None
    if value is None:
        return None
    if not _is_address(value):
        reason = (
            "is not an address such as https://host/path; "
            "in a password, write / as %2F and # as %23"
        )
        raise BadInputError(name, reason)
    return value


def _safe_address(environment: Mapping[str, str], name: str) -> str | None:
    """Return an https address, or an http one of this machine.

    A signature proves who made a file, but only https keeps others from holding newer files back.
    """
    value = _address(environment, name)
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        raise BadInputError(name, "must be an https address")
    return value


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    if not value:
        return None
    if not Path(value).is_file():
        raise BadInputError(name, f"{value} is no file")
    return Path(value)


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment)


def _lists_of_profile(
    environment: Mapping[str, str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lists named as required and as advisory; no list is both."""
    required = _list_codes(environment, REQUIRED_LISTS)
    advisory = _list_codes(environment, ADVISORY_LISTS)
    both = [code for code in advisory if code in required]
    if both:
        reason = f"names {', '.join(both)}, and so does {REQUIRED_LISTS}; a list is one of the two"
        raise BadInputError(ADVISORY_LISTS, reason)
    return required, advisory


def _list_codes(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read `un_sc,eu_fsf`; whether there are such lists is known to the database alone."""
    value = environment.get(name)
    if not value:
        return ()
    codes = tuple(dict.fromkeys(each.strip() for each in value.split(",") if each.strip()))
    if not codes:
        raise BadInputError(name, f"{value!r} names no list; without it the default applies")
    for code in codes:
        if not _LIST_CODE.fullmatch(code):
            raise BadInputError(name, f"{code!r} is no list code such as un_sc")
    return codes


def _operators(environment: Mapping[str, str], name: str) -> tuple[Operator, ...]:
    """Read `anna=her-key,ben=his-key`; an error never repeats the value, which holds secrets."""
    pairs = [each.strip() for each in environment.get(name, "").split(",") if each.strip()]
    operators = tuple(_operator(name, place, each) for place, each in enumerate(pairs, start=1))
    for distinct in ({each.name for each in operators}, {each.key for each in operators}):
        if len(distinct) < len(operators):
            raise BadInputError(name, "has the same name or key twice")
    return operators


def _operator(variable: str, place: int, pair: str) -> Operator:
    name, equals, key = pair.partition("=")
    if not equals or not _OPERATOR_NAME.fullmatch(name):
        reason = f"number {place} is not written name=key, with a name of letters, digits and ._@-"
        raise BadInputError(variable, reason)
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable():
        reason = (
            f"the key of {name} is shorter than {SHORTEST_KEY} characters "
            "or has characters outside ASCII"
        )
        raise BadInputError(variable, reason)
    return Operator(name=name, key=key)


def _access(environment: Mapping[str, str], name: str) -> Access | None:
    match environment.get(name) or None:
        case None:
            return None
        case "keys" | "proxy" as access:
            return access
        case other:
            raise BadInputError(name, f"{other!r} is neither keys nor proxy")


def _whole(environment: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    number = _whole_if_set(environment, name, allowed)
    return default if number is None else number


def _whole_if_set(environment: Mapping[str, str], name: str, allowed: range) -> int | None:
    value = environment.get(name)
    if not value:
        return None
    number = int(value) if _WHOLE_NUMBER.fullmatch(value) else None
    if number is None or number not in allowed:
        reason = f"{value!r} is not a whole number from {allowed[0]:,} to {allowed[-1]:,}"
        raise BadInputError(name, reason)
    return number
