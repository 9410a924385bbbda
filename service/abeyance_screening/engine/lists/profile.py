"""Which lists a clear answer requires, and how old they may be."""

import msgspec

# The names of settings that other rooms repeat in words.
REQUIRED_LISTS, ADVISORY_LISTS = "ABEYANCE_REQUIRED_LISTS", "ABEYANCE_ADVISORY_LISTS"


class ListProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Which lists this site requires fresh, and which it searches without relying on them.

    Where `required` names any list, all others are advisory. Otherwise a list is required by
    default if the installation keeps it fresh by itself, unless `advisory` names it.
    """

    required: tuple[str, ...] = ()
    advisory: tuple[str, ...] = ()
