"""Changes as an Atom feed."""

import re
from collections.abc import Iterable
from typing import Protocol, cast

from feedgenerator import Atom1Feed  # pyright: ignore[reportMissingTypeStubs]

from service.model.change import Change

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WORDS = {
    "first_edition": "First edition of",
    "listed": "Listed:",
    "changed": "Changed:",
    "gone": "Gone:",
    "measure": "Measure:",
}


class _Feed(Protocol):
    """What is used of the library."""

    def add_item(self, *, title: str, link: str, description: str, **more: object) -> None: ...

    def writeString(self, encoding: str) -> str: ...  # noqa: N802 - the library's name


def atom_feed(changes: Iterable[Change], list_code: str | None) -> str:
    """The feed as text: one entry a change, the newest first, each with an id that stays."""
    title = "Abeyance: what changed" if list_code is None else f"Abeyance: {list_code}"
    link = "/v1/changes" if list_code is None else f"/v1/changes?list={list_code}"
    feed = cast(
        "_Feed",
        Atom1Feed(
            title=title,
            link=link,
            description="",
            feed_guid=f"urn:abeyance:{link}",
            author_name="Abeyance",
        ),
    )
    for change in sorted(changes, key=lambda each: each.at, reverse=True):
        feed.add_item(
            title=_clean(_title(change)),
            link=_link(change),
            description=_clean(_description(change)),
            unique_id=_id(change),
            pubdate=change.at,
            updateddate=change.at,
            categories=[change.kind],
        )
    return feed.writeString("utf-8")


def _clean(text: str) -> str:
    """The text without what XML cannot hold: control characters other than blanks."""
    return _NO_XML.sub(" ", text)


def _title(change: Change) -> str:
    named = change.name if change.name is not None else change.list_code
    where = "" if change.list_code is None or change.name is None else f" ({change.list_code})"
    return f"{_WORDS[change.kind]} {named}{where}"


def _link(change: Change) -> str:
    if change.measure_id is not None:
        return f"/v1/measures/{change.measure_id}"
    if change.listing_id is not None:
        return f"/v1/listings/{change.listing_id}"
    return f"/v1/lists/{change.list_code}/editions"


def _description(change: Change) -> str:
    said = (
        f"fields: {', '.join(change.fields)}" if change.fields else None,
        f"{change.entry_count:,} entries" if change.entry_count is not None else None,
        f"published {change.published_on}" if change.published_on is not None else None,
        change.event_kind,
        f"from {change.effective_on}" if change.effective_on is not None else None,
        change.citation,
    )
    return "; ".join(filter(None, said))


def _id(change: Change) -> str:
    if change.measure_id is not None:
        return f"urn:abeyance:measure:{change.measure_id}:{change.event_id}"
    return f"urn:abeyance:edition:{change.edition}:{change.listing_id or ''}"
