"""The lists this product knows: where each comes from, how often, and under which terms.

The one table that loading, refreshing, the coverage of every answer, `GET /v1/lists` and the
README are made from. A list code that is not here is a user's own list.
"""

import re
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import cast

from service.lists.kinds import KnownList, ListSource


def _abouts() -> tuple[ModuleType, ...]:
    """What each folder with a reader, beside this module, says of its lists and sources."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/reader.py"))
    return tuple(import_module(f"{__package__}.{folder}") for folder in folders)


def _sources(about: ModuleType) -> tuple[ListSource, ...]:
    return cast("tuple[ListSource, ...]", about.SOURCES)


def _known_lists(about: ModuleType) -> tuple[KnownList, ...]:
    return cast("tuple[KnownList, ...]", about.LISTS)


_ABOUTS = sorted(_abouts(), key=lambda about: _sources(about)[0].place)
SOURCES = tuple(
    sorted((each for about in _ABOUTS for each in _sources(about)), key=lambda each: each.place)
)
LISTS = tuple(
    sorted(
        (each for about in _ABOUTS for each in _known_lists(about)), key=lambda each: each.place
    )
)
READERS = tuple(f"{about.__name__}.reader" for about in _ABOUTS)
"""The modules that read the files of a source, in the order of their sources."""

# Known to the register, and read from no source yet.
_UNREAD = frozenset({"us_bis_mieu"})
OWN_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")
SOURCE_BY_CODE = {source.code: source for source in SOURCES}
LIST_BY_CODE = {known.code: known for known in LISTS}
LIST_CODES = _UNREAD | LIST_BY_CODE.keys()
"""Every public list that a measure may attach to. Any other code is a list of the user's own."""


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
