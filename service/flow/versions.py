"""Versions: the states in which our editions had a listing, and what changed between them."""

from collections.abc import Mapping
from datetime import date

import msgspec

from service.flow.entries import Entry
from service.model.edition import Edition, StoredLists


class VersionSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a listing, as one source printed it.

    `seen_on` is the day of `edition`, the first of ours that had it so, and `until` the day of the
    first that had it otherwise or not at all; None while it stands. `changed` are the fields that
    differ from the state before it of the same source; none where it is the first, or came back.
    """

    source: str
    edition: int
    seen_on: date
    until: date | None
    changed: tuple[str, ...]


def versions_of(entry: Entry, lists: StoredLists) -> tuple[VersionSeen, ...]:
    """Every state of an entry, source by source, each in the order of time."""
    editions = {edition.id: edition for edition in lists.editions}
    bodies: dict[tuple[str, int | None], bytes] = {}
    seen: list[VersionSeen] = []
    for version in entry.versions:
        before = bodies.get((version.source, version.first_edition))
        bodies[version.source, version.until_edition] = version.body
        seen.append(
            VersionSeen(
                source=version.source,
                edition=version.first_edition,
                seen_on=editions[version.first_edition].known_on,
                until=_day(version.until_edition, editions),
                changed=() if before is None else _changed(before, version.body),
            )
        )
    return tuple(seen)


def _day(edition: int | None, editions: Mapping[int, Edition]) -> date | None:
    return None if edition is None else editions[edition].known_on


def _changed(before: bytes, after: bytes) -> tuple[str, ...]:
    """The fields printed differently, in the order in which they stand."""
    fields = dict[str, msgspec.Raw]
    one, other = (msgspec.json.decode(body, type=fields) for body in (before, after))
    names = dict.fromkeys((*one, *other))
    return tuple(name for name in names if _raw(one, name) != _raw(other, name))


def _raw(fields: Mapping[str, msgspec.Raw], name: str) -> bytes | None:
    return bytes(fields[name]) if name in fields else None
