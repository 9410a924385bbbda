"""Read the parties that Chinese announcements name, on four lists not published as such.

These are the Unreliable Entity List, the Export Control Control List, its Watch List, and the
countermeasure list under the Anti-Foreign Sanctions Law.

Source: https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html
Source: https://www.mfa.gov.cn/web/wjb_673085/zfxxgk_674865/gknrlb/fzcqdcs/
"""

from service.lists.cn_announcements.announcements import (
    FORMAT_MARK,
    SOURCE,
    listings_of,
    parse_collection,
)
from service.lists.cn_announcements.pages import is_announcement, lines_of, read_page
from service.lists.edition import ParsedDelta
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.texts import narrow

__all__ = ["FORMATS", "SOURCE", "parse_collection", "parse_pages"]

_PAGE_LENGTH = 400_000
_COLLECTION, _PAGE = "cn_announcements_json", "cn_announcement_page"


def parse_pages(files: tuple[GivenFile, ...]) -> tuple[ParsedDelta, ...]:
    """Return what official announcements add to each list; they take nothing off a list.

    The day of each list is that of its newest announcement among the files.

    Raises:
        ListRefusedError: a file is not an announcement that puts parties on one of the lists, or
            lacks its number or day.
        RowRefusedError: a party cannot be read, or an announcement states another number of
            parties; its place is the announcement's id (`cn-ecl-2025-35, party 3`).
    """
    announcements = [read_page(lines_of(file.content)) for file in files]
    lists = listings_of(announcements)
    return tuple(
        ParsedDelta(
            list_code=list_code,
            published_on=max(
                each.announced_on for each in announcements if each.list == list_code
            ),
            put=listings,
            gone=(),
            follows=(_COLLECTION, _PAGE),
        )
        for list_code, listings in lists.items()
    )


def _is_collection(file: GivenFile) -> bool:
    return file.head.startswith("{") and FORMAT_MARK in file.head


def _is_page(file: GivenFile) -> bool:
    if _is_collection(file):
        return False
    return is_announcement(narrow(file.content[:_PAGE_LENGTH].decode("utf-8", "replace")))


FORMATS = (
    Format(
        word=_COLLECTION,
        source=SOURCE,
        title="announcements gathered as JSON",
        tells=_is_collection,
        read=one_file(parse_collection),
    ),
    Format(
        word=_PAGE,
        source=SOURCE,
        title="official announcements, each as its page or as text",
        tells=_is_page,
        read=parse_pages,
        several=True,
    ),
)
"""A collection of all announcements, or single ones that are added to it."""
