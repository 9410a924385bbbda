"""The lists this product knows: where each comes from, how often, and under which terms.

The one table that loading, refreshing, the coverage of every answer, `GET /v1/lists` and the
README are made from. A list code that is not here is a user's own list.
"""

import re
from collections.abc import Collection

from service.model.catalogue.kinds import KnownList, Source
from service.model.catalogue.lists import LISTS
from service.model.catalogue.sources import SOURCES

__all__ = [
    "LISTS",
    "LIST_BY_CODE",
    "OWN_LIST_CODE",
    "SOURCES",
    "SOURCE_BY_CODE",
    "KnownList",
    "Source",
    "asked_beside",
    "lists_of",
    "sources_of",
]

OWN_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")
SOURCE_BY_CODE = {source.code: source for source in SOURCES}
LIST_BY_CODE = {known.code: known for known in LISTS}


def lists_of(source: str) -> tuple[str, ...]:
    """The codes of the lists that one source carries."""
    return tuple(known.code for known in LISTS if source in known.sources)


def asked_beside(codes: Collection[str], source: str | None = None) -> tuple[str, ...]:
    """The lists that go with any of these because theirs may be kept there; of one source or all.

    Lists that are among the codes themselves are left out.
    """
    return tuple(
        known.code
        for known in LISTS
        if known.code not in codes
        and not set(known.asked_with).isdisjoint(codes)
        and source in {None, *known.sources}
    )


def sources_of(wanted: str) -> tuple[str, ...]:
    """The sources that a source or list code stands for, the primary one first; () if neither.

    Where a source and a list share their code, it stands for the list, and all its sources.
    """
    if wanted in LIST_BY_CODE:
        return LIST_BY_CODE[wanted].sources
    return (wanted,) if wanted in SOURCE_BY_CODE else ()
