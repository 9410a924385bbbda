"""Announcements gathered in one JSON file, each with its parties."""

from datetime import date
from typing import Literal

import msgspec

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.cn_announcements.announcements import SOURCE, Announcement, listings_of
from service.parse.rows import refusal_of
from service.parse.texts import read_text

FORMAT_MARK = '"chinese announcements 1"'


class Collection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All announcements of all lists up to a day.

    `complete_until` is the last day up to which whoever gathered them vouches for it; `parties`
    is how many there are in all.
    """

    format: Literal["chinese announcements 1"]
    complete_until: date
    parties: int
    announcements: tuple[Announcement, ...]


def parse_collection(content: bytes) -> tuple[ParsedEdition, ...]:
    """One edition for each list that has parties; published on the day it is complete until.

    Raises:
        ListRefusedError: the file is cut off or malformed, has no announcements, or `parties`
            and the number of parties differ.
        RowRefusedError: an announcement or party cannot be read; its place is
            `announcements[3].parties[0]`, or the announcement's id.
    """
    text = read_text(SOURCE, content)
    try:
        collection = msgspec.json.decode(text, type=Collection)
    except msgspec.ValidationError as error:
        raise refusal_of(error) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(SOURCE, f"not readable as JSON: {error}") from None
    lists = listings_of(collection.announcements)
    count = sum(map(len, lists.values()))
    if not lists:
        raise ListRefusedError(SOURCE, "the file has no announcements")
    if count != collection.parties:
        reason = f"parties says {collection.parties} and the file has {count}"
        raise ListRefusedError(SOURCE, reason)
    return tuple(
        ParsedEdition(
            list_code=list_code, published_on=collection.complete_until, listings=listings
        )
        for list_code, listings in lists.items()
    )
