"""Why a download failed, told from its reason, and what a person can do about it.

Reasons are kept with each attempt to load a list, so that what happened is told from their words,
also by who did not see it happen.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.primitives.errors import STRANGE

type DownloadFailure = Literal["refuses programs", "moved", "busy", "broken", "unreached"]
"""What keeps a publisher's file from coming. Its server refuses programs, or shows them a page for
people; the file is gone from its address, or this leads to a server that may not be asked; the
server asks to wait; the file comes too slowly, broken or not at all; no server answers."""

_PAGE_FOR_PEOPLE = "a page for people came in place of the file, such as a captcha or a notice"
# Of the ways to a list, one that a further try may bring along counts before those that need a
# person, and these before a server that does not answer.
_SIGNS: Mapping[DownloadFailure, re.Pattern[str]] = MappingProxyType(
    {
        "busy": re.compile(r"\banswered (?:408|425|429|5\d\d)\b"),
        "broken": re.compile(
            r"\banswered [123]\d\d\b|cut off after|cannot be unpacked|too slow"
            r"|not complete within|came in the encoding|more than [\d,]+ bytes"
        ),
        "refuses programs": re.compile(rf"\banswered 4(?!04|10)\d\d\b|{STRANGE}"),
        "moved": re.compile(
            r"\banswered (?:404|410)\b|has no link to the file|may not be asked"
            r"|redirected more than|the redirect's"
        ),
    }
)
_ADVICE: Mapping[DownloadFailure, str] = MappingProxyType(
    {
        "refuses programs": "its server refuses programs:",
        "moved": "the file is no longer at its address, which a newer version may know:",
        "busy": "try again later; if this lasts,",
        "broken": "try again; if this lasts,",
    }
)


def failure_of(reason: str) -> DownloadFailure:
    """Return what the reason of a download that failed says has happened."""
    for failure, sign in _SIGNS.items():
        if sign.search(reason):
            return failure
    return "unreached"


def cause_in_brief(reason: str | None) -> str:
    """Return why a try failed, in words that are the same for all lists it is the cause for.

    A page for people in place of a file is told without the names of files and formats.
    """
    if reason is None:
        return "the last try failed"
    return _PAGE_FOR_PEOPLE if STRANGE in reason else reason


def by_hand(source: ListSource) -> str:
    """Return how a person brings the file of a source."""
    load = f"`abeyance load {source.code} --file PATH`"
    return f"download the file from {source.home_url} and load it with {load}"


def advice_on(source: ListSource, reason: str, hosts: str, *, has_mirror: bool) -> str:
    """Return what an operator should do about a source that could not be downloaded.

    `hosts` names the publisher's servers. A mirror is the operator's own, and is looked at first.
    """
    failure, person = failure_of(reason), by_hand(source)
    if has_mirror:
        return f"look at the mirror of ABEYANCE_MIRROR, asked instead of {hosts}; or {person}"
    if failure == "unreached":
        reach = f"let this machine reach {hosts} by https, or set ABEYANCE_MIRROR"
        return f"{reach}; if the publisher has moved the file, {person}"
    return f"{_ADVICE[failure]} {person}"
