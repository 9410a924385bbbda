"""Which lists a clear answer requires, and how old they may be."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.primitives.choices import not_one_of
from abeyance_screening.primitives.errors import BadInputError

# The names of settings that other rooms repeat in words.
REQUIRED_LISTS, ADVISORY_LISTS = "ABEYANCE_REQUIRED_LISTS", "ABEYANCE_ADVISORY_LISTS"
PROFILE = "ABEYANCE_PROFILE"

# What an answer is complete for where no profile was chosen.
DEFAULT, BY_HAND, BY_QUESTION = "default", "by_hand", "question"


class ListProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Which lists this site requires fresh, and which it searches without relying on them.

    Where `required` names any list, all others are advisory. Else `names` are profiles of
    `profiles()`: what any of them requires is required, the register's own list and the site's
    own lists are too, and all others are advisory. With neither, a list is required by default if
    the installation keeps it fresh by itself, unless `advisory` names it. `chosen_in` says where
    all that was chosen: in the settings, or in the service, which counts only without settings.
    """

    required: tuple[str, ...] = ()
    advisory: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    chosen_in: Literal["settings", "service"] = "settings"

    @property
    def is_set(self) -> bool:
        """Whether anything was chosen at all."""
        return bool(self.required or self.advisory or self.names)

    @property
    def is_chosen(self) -> bool:
        """Whether the profiles of `names` decide what is required."""
        return bool(self.names) and not self.required

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that are required by name, each once."""
        return self.required or lists_of_profiles(self.names)

    @property
    def name(self) -> str:
        """What an answer is complete for, as answers say: `us`, `us,eu`, `default`, `by_hand`."""
        if self.required:
            return BY_HAND
        return ",".join(self.names) or DEFAULT


@cache
def profiles() -> Mapping[str, Mapping[str, str]]:
    """Return the lists that each profile requires, each with the reason, as `profiles.toml` does.

    Users' own lists and the register's own list, which every profile requires, are left out.
    """
    text = resources.files(__package__ or "").joinpath("profiles.toml").read_text("utf-8")
    read = msgspec.convert(tomllib.loads(text), dict[str, dict[str, str]])
    return MappingProxyType({name: MappingProxyType(lists) for name, lists in read.items()})


def lists_of_profiles(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lists that any of these profiles requires, each once, in their order."""
    return tuple(dict.fromkeys(code for name in names for code in profiles()[name]))


def check_profile_names(field: str, names: Iterable[str]) -> None:
    """Check that there are profiles of these names.

    Raises:
        BadInputError: One is none; the field is as given.
    """
    for name in names:
        if name not in profiles():
            raise BadInputError(field, f"{name!r} {not_one_of(name, profiles())}")
