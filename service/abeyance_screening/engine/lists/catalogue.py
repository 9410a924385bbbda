"""The catalogue: the public lists, where each comes from, how often, and under which licence.

Loading, refreshing, the coverage of every answer, `GET /v1/lists` and the documentation all
work from this one catalogue. A list code that is not in it is a user's own list.
"""

import re
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import cast

from rapidfuzz.distance import OSA

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource


def _packages() -> tuple[ModuleType, ...]:
    """Return the package of each folder with a reader; most declare SOURCES and LISTS."""
    here = Path(__file__).parent
    folders = sorted(path.parent.relative_to(here) for path in here.rglob("reader.py"))
    return tuple(import_module(".".join((f"{__package__}", *each.parts))) for each in folders)


def _sources(package: ModuleType) -> tuple[ListSource, ...]:
    return cast("tuple[ListSource, ...]", getattr(package, "SOURCES", ()))


def _known_lists(package: ModuleType) -> tuple[KnownList, ...]:
    return cast("tuple[KnownList, ...]", getattr(package, "LISTS", ()))


_PACKAGES = _packages()
SOURCES = tuple(
    sorted((each for one in _PACKAGES for each in _sources(one)), key=lambda each: each.place)
)
LISTS = tuple(
    sorted((each for one in _PACKAGES for each in _known_lists(one)), key=lambda each: each.place)
)
READERS = tuple(f"{package.__name__}.reader" for package in _PACKAGES)
"""The modules that read the files of a source."""

UNREAD: Mapping[str, str] = MappingProxyType(
    {"us_bis_mieu": "Military-Intelligence End Users (15 CFR 744.22)"}
)
"""The titles of lists that the register knows and no source carries yet, by code."""

OWN_LIST_CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")
SOURCE_BY_CODE = {source.code: source for source in SOURCES}
LIST_BY_CODE = {known.code: known for known in LISTS}
LIST_CODES = UNREAD.keys() | LIST_BY_CODE.keys()
"""Every public list that a measure may attach to. Any other code is a list of the user's own."""


# `us_`, `fr_`, `wb_`; the register's own list is no publisher's.
PUBLIC_PREFIXES = tuple(
    sorted(
        {
            f"{code.partition('_')[0]}_"
            for code in (*UNREAD, *SOURCE_BY_CODE, *LIST_BY_CODE)
            if code not in LIST_BY_CODE or not LIST_BY_CODE[code].of_register
        }
    )
)
"""How the codes of public lists and sources begin. A list of a user's own begins otherwise."""


def mistaken_for(code: str) -> str | None:
    """Return the public list or source whose code is one edit from another code, if there is one.

    An edit puts in, leaves out or changes a character, or swaps two that stand side by side. The
    result is None for a code that is public itself.
    """
    public = dict.fromkeys((*LIST_BY_CODE, *UNREAD, *SOURCE_BY_CODE))
    if code in public:
        return None
    return next((each for each in public if OSA.distance(code, each, score_cutoff=1) == 1), None)


def lists_of(source: str) -> tuple[str, ...]:
    """Return the codes of the lists that one source carries, in the order of answers."""
    return tuple(known.code for known in LISTS if source in known.sources)


def marks_of(source: str) -> tuple[str, ...]:
    """Return the words of which a source's files, and the pages with their links, print some.

    These are the titles of the source and its lists, names that have long been on them, and what
    the source says beside.
    """
    lists = [LIST_BY_CODE[code] for code in lists_of(source)]
    titles = (SOURCE_BY_CODE[source].title, *(known.title for known in lists))
    canaries = (name for known in lists for name in known.canaries)
    return (*titles, *canaries, *SOURCE_BY_CODE[source].marks)


def is_of_register(source: str) -> bool:
    """Return whether a source is the register of measures itself, which nobody publishes."""
    codes = lists_of(source)
    return bool(codes) and all(LIST_BY_CODE[code].of_register for code in codes)


def is_fetched(code: str) -> bool:
    """Return whether a public list has a download address, so that a refresh keeps it fresh."""
    return any(SOURCE_BY_CODE[source].offers for source in LIST_BY_CODE[code].sources)


def asked_beside(codes: Collection[str], source: str | None = None) -> tuple[str, ...]:
    """Return the codes of the lists that may hold parties of the given lists instead.

    They are searched and loaded together with the given ones (`KnownList.asked_with`). The given
    codes themselves are left out; with `source`, so are lists that this source does not carry.
    """
    return tuple(
        known.code
        for known in LISTS
        if known.code not in codes
        and not set(known.asked_with).isdisjoint(codes)
        and source in {None, *known.sources}
    )


def sources_of(wanted: str) -> tuple[str, ...]:
    """Return the sources that a source or list code stands for, the primary one first.

    A code that a source and a list share stands for the list, and so for all its sources. The
    result is empty for a code that is neither.
    """
    if wanted in LIST_BY_CODE:
        return LIST_BY_CODE[wanted].sources
    return (wanted,) if wanted in SOURCE_BY_CODE else ()
