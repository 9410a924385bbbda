"""The settings of required lists: by profile, or by hand."""

import re
from collections.abc import Mapping

from abeyance_screening.engine.lists.profile import (
    ADVISORY_LISTS,
    PROFILE,
    REQUIRED_LISTS,
    ListProfile,
    check_profile_names,
    lists_of_profiles,
)
from abeyance_screening.platform.environment import between_commas
from abeyance_screening.primitives.errors import BadInputError

_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")


def read_profile(environment: Mapping[str, str]) -> ListProfile:
    """Return what the site requires of lists; whether there are such lists is not checked here.

    Lists that are required by hand win over a profile.
    """
    required = _list_codes(environment, REQUIRED_LISTS)
    advisory = _list_codes(environment, ADVISORY_LISTS)
    names = _profile_names(environment)
    setting, wanted = REQUIRED_LISTS, required
    if names and not required:
        setting, wanted = PROFILE, lists_of_profiles(names)
    both = [code for code in advisory if code in wanted]
    if both:
        reason = f"names {', '.join(both)}, and so does {setting}; a list is one of the two"
        raise BadInputError(ADVISORY_LISTS, reason)
    return ListProfile(required=required, advisory=advisory, names=names)


def _list_codes(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read `un_sc,eu_fsf`; whether there are such lists is known to the database alone."""
    codes = _some(environment, name, "list")
    for code in codes:
        if not _LIST_CODE.fullmatch(code):
            raise BadInputError(name, f"{code!r} is no list code such as un_sc")
    return codes


def _profile_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read `us,eu`."""
    names = _some(environment, PROFILE, "profile")
    check_profile_names(PROFILE, names)
    return names


def _some(environment: Mapping[str, str], name: str, what: str) -> tuple[str, ...]:
    value = environment.get(name)
    if not value:
        return ()
    given = tuple(dict.fromkeys(between_commas(value)))
    if not given:
        raise BadInputError(name, f"{value!r} names no {what}; without it the default applies")
    return given
