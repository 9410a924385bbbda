"""What an operator may name to load: a source, a list, or a list of their own."""

import msgspec

from service.model.catalogue import (
    LIST_BY_CODE,
    OWN_LIST_CODE,
    asked_beside,
    lists_of,
    sources_of,
)
from service.model.errors import BadInputError
from service.parse.formats import OWN
from service.register.lists import LIST_CODES as PUBLIC_LIST_CODES

# A slip in a public list's code must not make a list of one's own that is always fresh.
PUBLIC_PREFIXES = ("us_", "un_", "eu_", "uk_", "ch_", "ca_", "au_", "jp_", "cn_")


class Wanted(msgspec.Struct, frozen=True):
    """What is to be loaded: one list from any of its sources, or all lists of one source.

    `name` is the word it was asked for by. `sources` are those it may come from, the primary one
    first; `list_code` None means every list that the source carries.
    """

    name: str
    sources: tuple[str, ...]
    list_code: str | None

    @property
    def is_own(self) -> bool:
        """Whether it is a user's own list."""
        return self.sources == (OWN,)

    def lists_from(self, source: str) -> tuple[str, ...]:
        """The codes of the lists that are wanted from a source.

        With a list comes the one where its parties may be kept instead.
        """
        if self.list_code is None:
            return lists_of(source)
        return (self.list_code, *asked_beside((self.list_code,), source))


def wanted_by_name(name: str) -> Wanted:
    """What a list or source code stands for.

    A code that a list and a source share stands for the list.

    Raises:
        BadInputError: It is neither known nor a possible code of an own list.
    """
    known = sources_of(name)
    if known:
        return Wanted(name, known, name if name in LIST_BY_CODE else None)
    if not OWN_LIST_CODE.fullmatch(name):
        reason = f"{name!r} is no list code: 2 to 63 small letters, digits and _, a letter first"
        raise BadInputError("list", reason)
    if name in PUBLIC_LIST_CODES:
        raise BadInputError("list", f"{name!r} is kept for a public list that has no loader yet")
    if name.startswith(PUBLIC_PREFIXES):
        reason = (
            f"{name!r} is no public list we know; a list of your own cannot be called like one"
        )
        raise BadInputError("list", reason)
    return Wanted(name, (OWN,), name)


def whole_source(code: str) -> Wanted:
    """All lists of one known source."""
    return Wanted(code, (code,), None)
