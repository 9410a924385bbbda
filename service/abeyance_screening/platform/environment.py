"""Values of environment variables, of which each is read in one way for all settings."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from abeyance_screening.primitives.errors import BadInputError

_LARGE_NUMBER = re.compile("[0-9]{1,13}")
_LONGEST_WORD = 200
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def between_commas(value: str | None) -> list[str]:
    """Return the parts of a setting between its commas, trimmed, without empty ones."""
    return [each.strip() for each in (value or "").split(",") if each.strip()]


def word_in(environment: Mapping[str, str], name: str, default: str) -> str:
    """Return a printable text of at most 200 characters, the default without one."""
    value = environment.get(name, "").strip() or default
    if not value.isprintable() or len(value) > _LONGEST_WORD:
        raise BadInputError(name, f"is not 1 to {_LONGEST_WORD} printable characters")
    return value


def whole(environment: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Return a whole number of a range, the default without one.

    Raises:
        BadInputError: It cannot be read so; the field is its name.
    """
    number = whole_if_set(environment, name, allowed)
    return default if number is None else number


def whole_if_set(environment: Mapping[str, str], name: str, allowed: range) -> int | None:
    """Return a whole number of a range; None without one."""
    value = environment.get(name)
    if not value:
        return None
    number = int(value) if _LARGE_NUMBER.fullmatch(value) else None
    if number is None or number not in allowed:
        reason = f"{value!r} is not a whole number from {allowed[0]:,} to {allowed[-1]:,}"
        raise BadInputError(name, reason)
    return number


def yes_no(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return what 1, true, yes, 0, false or no says, the default without one."""
    value = environment.get(name)
    if value is None:
        return default
    if value.lower() not in _YES_NO:
        raise BadInputError(name, f"{value!r} is not one of {', '.join(_YES_NO)}")
    return _YES_NO[value.lower()]


def address_in(environment: Mapping[str, str], name: str) -> str | None:
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


def safe_address(environment: Mapping[str, str], name: str) -> str | None:
    """Return an https address, or an http one of this machine.

    A signature proves who made a file, but only https keeps others from holding newer files back.
    """
    value = address_in(environment, name)
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme != "https" and parts.hostname not in THIS_MACHINE:
        raise BadInputError(name, "must be an https address")
    return value


def file_in(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the path of a file that is there; None without one."""
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
