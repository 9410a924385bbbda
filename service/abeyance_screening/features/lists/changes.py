"""Changes: what editions changed on the lists, and what happened to measures, in one sequence."""

import heapq
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Literal

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import (
    Change,
    ChangePage,
    DifferenceItem,
    DifferencePage,
    Edition,
    EditionPair,
    ListingChange,
    ListingDifference,
    StoredLists,
)
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.measure import Event, Measure
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.cursors import cursor_at, key_of, read_cursor, write_cursor
from abeyance_screening.primitives.days import beginning_of
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from abeyance_screening.primitives.structs import copy_as


class FeedPosition(msgspec.Struct, frozen=True, array_like=True):
    """A position in the feed: what is read, and the last change of a listing and of a measure."""

    since: datetime
    list_code: str | None
    edition: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0
    listing_id: str = ""
    measure_at: datetime = datetime.min.replace(tzinfo=UTC)
    measure_id: str = ""
    event_id: str = ""


class ChangesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are wanted: since the start of a UTC day, of one list or of all.

    A cursor contains both: `since` is then ignored, and another list is refused. `newest_first` is
    for the newest changes, without a cursor.
    """

    since: date
    list_code: str | None
    limit: int
    cursor: str | None
    newest_first: bool = False


async def changes_since(
    reader: DatabaseChanges, measures: Iterable[Measure], query: ChangesQuery
) -> ChangePage:
    """Return a page of changes in the order in which we learned of them.

    For one list, these are the changes of its listings and of the measures that attach to it.

    Raises:
        BadInputError: The cursor is not one of ours.
    """
    place = _place(query)
    rows = await reader.listing_changes(
        place.since,
        place.list_code,
        (place.edition, place.listing_id),
        query.limit + 1,
        newest_first=query.newest_first,
    )
    events = _events(measures, place)
    if query.newest_first:
        events.reverse()
    merged = list(heapq.merge(map(_listing, rows), events, key=_at, reverse=query.newest_first))
    page = merged[: query.limit]
    cursor = _cursor(_after(place, page))
    return ChangePage(
        items=tuple(page),
        next_cursor=cursor if len(merged) > query.limit else None,
        later_cursor=cursor,
    )


async def difference_of(
    reader: DatabaseChanges, pair: EditionPair, limit: int, cursor: str | None
) -> DifferencePage:
    """Return how an edition differs from an earlier one, by listing id.

    Raises:
        BadInputError: The cursor is not one of ours.
    """
    after = "" if cursor is None else key_of("difference", cursor)
    rows = await reader.edition_difference(pair, after, limit + 1)
    page = tuple(map(_difference, rows[:limit]))
    return copy_as(
        DifferencePage,
        pair,
        items=page,
        next_cursor=cursor_at("difference", page[-1].listing_id) if len(rows) > limit else None,
    )


def editions_of(lists: StoredLists, list_code: str) -> tuple[Edition, ...]:
    """Return every edition of a list from all its sources, the newest first.

    Raises:
        NotFoundError: There is no such list.
    """
    found = [edition for edition in lists.editions if edition.list_code == list_code]
    if not found and list_code not in LIST_BY_CODE:
        raise NotFoundError("list", list_code)
    # those of one source are in order of time already, and stay so
    return tuple(sorted(found, key=lambda edition: edition.known_on))[::-1]


def pair_of(lists: StoredLists, list_code: str, newer: int, older: int | None) -> EditionPair:
    """Return an edition and an earlier one of the same source; by default the one just before.

    Raises:
        NotFoundError: The list has no such edition.
        BadInputError: The edition is the first of its source, or `older` is not earlier than it.
    """
    editions = {edition.id: edition for edition in editions_of(lists, list_code)}
    if newer not in editions:
        raise NotFoundError("edition", str(newer))
    source = editions[newer].source
    of_source = [each.id for each in lists.editions if _is_of(each, list_code, source)]
    before = of_source[: of_source.index(newer)]
    if older is None and not before:
        raise BadInputError("edition", "is the first one of its source; there is none before it")
    if older is not None and older not in before:
        raise BadInputError(
            "since", f"{older} is not an earlier edition of {list_code} from {source}"
        )
    return EditionPair(
        list_code=list_code,
        source=source,
        older=before[-1] if older is None else older,
        newer=newer,
    )


def _is_of(edition: Edition, list_code: str, source: str) -> bool:
    return edition.list_code == list_code and edition.source == source


def _place(query: ChangesQuery) -> FeedPosition:
    if query.cursor is None:
        since = beginning_of(query.since)
        return FeedPosition(since=since, list_code=query.list_code)
    try:
        place = msgspec.json.decode(read_cursor(query.cursor), type=FeedPosition)
    except msgspec.DecodeError as error:
        raise BadInputError("cursor", "is not a cursor that an answer gave") from error
    if None in {place.since.tzinfo, place.measure_at.tzinfo} or _cursor(place) != query.cursor:
        raise BadInputError("cursor", "is not a cursor that an answer gave")
    if query.list_code not in {None, place.list_code}:
        raise BadInputError("cursor", "was given for another list")
    return place


def _cursor(place: FeedPosition) -> str:
    return write_cursor(msgspec.json.encode(place).decode())


def _events(measures: Iterable[Measure], place: FeedPosition) -> list[Change]:
    """Return the events of measures after a position, in order; for a list, of its measures."""
    after = (place.measure_at, place.measure_id, place.event_id)
    found = [
        _event(measure, event, at)
        for measure in measures
        if place.list_code is None
        or any(each.list_code == place.list_code for each in measure.attaches)
        for event in measure.events
        if (at := _learned_at(event)) is not None and at >= place.since
    ]
    return sorted((change for change in found if _key(change) > after), key=_key)


def _event(measure: Measure, event: Event, at: datetime) -> Change:
    return Change(
        kind="measure",
        at=at,
        name=measure.title,
        measure_id=measure.id,
        event_id=event.id,
        event_kind=event.kind,
        retracted=event.retracted_at is not None,
        effective_on=event.effective_on,
        citation=event.citation or measure.citation,
    )


def _learned_at(event: Event) -> datetime | None:
    """Return when this service learned of the event or its retraction, or its first day."""
    if event.stored_at is not None:
        return event.stored_at
    days = (event.announced_on, event.published_on, event.effective_on)
    day = next(filter(None, days), None)
    return None if day is None else beginning_of(day)


def _key(change: Change) -> tuple[datetime, str, str]:
    return change.at, change.measure_id or "", change.event_id or ""


def _listing(row: ListingChange) -> Change:
    difference = (
        None
        if not row.listing_id
        else _difference(
            ListingDifference(listing_id=row.listing_id, before=row.before, after=row.after)
        )
    )
    return Change(
        kind="first_edition" if difference is None else difference.change,
        at=row.told_at,
        name=None if difference is None else difference.name,
        list_code=row.list_code,
        listing_id=row.listing_id or None,
        source=row.source,
        edition=row.edition,
        published_on=row.published_on,
        entry_count=row.entry_count if difference is None else None,
        reread=row.reread,
        fields=() if difference is None else difference.fields,
    )


def _difference(row: ListingDifference) -> DifferenceItem:
    before, after = _fields(row.before), _fields(row.after)
    listing = msgspec.json.decode(row.after or row.before or "", type=Listing)
    if row.before is None:
        return _item("listed", listing, ())
    if row.after is None:
        return _item("gone", listing, ())
    names = sorted(key for key in before | after if before.get(key) != after.get(key))
    return _item("changed", listing, tuple(names))


def _fields(body: str | None) -> dict[str, msgspec.Raw]:
    return {} if body is None else msgspec.json.decode(body, type=dict[str, msgspec.Raw])


def _item(
    change: Literal["listed", "changed", "gone"], listing: Listing, fields: tuple[str, ...]
) -> DifferenceItem:
    return DifferenceItem(
        change=change, listing_id=listing.id, name=listing.primary_name, fields=fields
    )


def _at(change: Change) -> datetime:
    return change.at


def _after(place: FeedPosition, page: Sequence[Change]) -> FeedPosition:
    """Return the position after the last change of each kind on a page."""
    for change in page:
        if change.kind == "measure":
            place = msgspec.structs.replace(
                place,
                measure_at=change.at,
                measure_id=change.measure_id or "",
                event_id=change.event_id or "",
            )
        else:
            place = msgspec.structs.replace(
                place, edition=change.edition or 0, listing_id=change.listing_id or ""
            )
    return place
