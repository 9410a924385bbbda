"""Apply a delta without the full export that it follows."""

from collections.abc import Iterator, Sequence

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.ftm.entities import (
    PARTIES,
    POINTERS,
    FtmChange,
    FtmEntity,
    ends_of,
)
from service.lists.ftm.file import ChangedEntities
from service.lists.ftm.listings import HeldEntities, is_listed, listed_parties, listings_of
from service.lists.listing import Listing
from service.lists.reading.files import AskedEntities, FoundEntities, KeptEntity, ListStream
from service.lists.reading.ids import key_of_number

_decode = msgspec.json.Decoder(FtmEntity).decode


def kept(entity: FtmEntity) -> KeptEntity:
    """Return an entity as it is kept for later deltas."""
    body = msgspec.json.encode(entity).decode()
    return KeptEntity(entity.id, ends_of(entity), _pointers(entity), body)


def asked_by(changes: Sequence[FtmChange]) -> AskedEntities:
    """Return what a delta needs to know of the entities that it changes."""
    entities = [change.entity for change in changes if change.entity is not None]
    return AskedEntities(
        touched=tuple(change.id for change in changes),
        ends=tuple(dict.fromkeys(other for each in entities for other in ends_of(each))),
        pointers=tuple(dict.fromkeys(other for each in entities for other in _pointers(each))),
    )


def applied(
    list_code: str,
    changes: Sequence[FtmChange],
    found: FoundEntities,
    follows: tuple[str, ...],
) -> ListStream:
    """Return what a delta changes of a list, as the later full export would.

    Raises:
        RowRefusedError: An entity to change or delete is missing, or one to add exists.
    """
    before = HeldEntities(map(_decode, found.bodies))
    after = ChangedEntities(list_code, before, [changes])
    ids = dict.fromkeys((*found.affected, *(change.id for change in changes)))
    gone = [each for each in ids if _is_gone(each, before, after)]
    return ListStream(
        list_code,
        _items(list_code, changes, list(filter(None, map(after.find, ids))), after),
        gone=tuple(f"{list_code}-{key_of_number(each)}" for each in gone),
        follows=follows,
    )


def _is_gone(entity_id: str, before: HeldEntities, after: ChangedEntities) -> bool:
    was, now = before.find(entity_id), after.find(entity_id)
    if was is None or not is_listed(was, marked=before.marked):
        return False
    return now is None or not is_listed(now, marked=after.marked)


def _items(
    list_code: str,
    changes: Sequence[FtmChange],
    affected: Sequence[FtmEntity],
    after: ChangedEntities,
) -> Iterator[Listing | KeptEntity]:
    for change in changes:
        entity = change.entity
        yield KeptEntity(change.id, (), (), None) if entity is None else kept(entity)
    parties = listed_parties(affected, marked=after.marked)
    yield from listings_of(list_code, parties, after)


def applied_alone(
    list_code: str, changes: Sequence[FtmChange], follows: tuple[str, ...]
) -> ListStream:
    """Return a delta where no entities are kept, if its whole effect is known from it alone.

    That is so if it adds parties with everything that points to them, and deletes parties. A
    changed party does not come with the unchanged sanctions and documents that point to it, nor a
    changed address or sanction with the rest of its party. Such deltas are refused, and must be
    loaded with the full export that they follow. A deletion holds only an id; the caller that
    applies the delta must refuse one that is not the id of a listing.

    Raises:
        ListRefusedError: the delta does not state which parties are listed.
        RowRefusedError: a change whose effect cannot be known.
    """
    added = {change.id: change.entity for change in changes if change.entity is not None}
    for change in changes:
        if change.operation == "MOD":
            _refuse(change, "changes an entity, and does not repeat what points to it")
        if change.entity is not None:
            absent = [other for other in _points_to(change.entity) if other not in added]
            if absent:
                _refuse(change, f"has an entity that points to {absent[0]!r}, which is not in it")
    if any(each.schema in PARTIES and each.target is None for each in added.values()):
        reason = "the delta does not state which parties are listed (no 'target')"
        raise ListRefusedError(list_code, reason)
    parties = listed_parties(added.values(), marked=True)
    return ListStream(
        list_code,
        listings_of(list_code, parties, HeldEntities(added.values())),
        gone=tuple(
            f"{list_code}-{key_of_number(change.id)}"
            for change in changes
            if change.entity is None
        ),
        follows=follows,
    )


def _refuse(change: FtmChange, why: str) -> None:
    reason = f"the delta {why}; load it together with the full export that it follows"
    where = f"{change.where}, {change.id}"
    raise RowRefusedError(where, reason)


def _points_to(entity: FtmEntity) -> tuple[str, ...]:
    return (*ends_of(entity), *_pointers(entity))


def _pointers(entity: FtmEntity) -> tuple[str, ...]:
    """Return the ids that properties of an entity hold, other than the ends of a link."""
    names = sorted(POINTERS & entity.properties.keys())
    return tuple(dict.fromkeys(other for name in names for other in entity.values(name)))
