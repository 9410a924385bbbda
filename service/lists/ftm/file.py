"""Entities of a file, each read again from its line when it is asked for, and their deltas."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import IO

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.ftm.entities import (
    PARTIES,
    POINTERS,
    FtmChange,
    FtmEntity,
    ends_of,
    entities_on,
    lines_in,
    merged,
    refuse_other_schema,
)
from service.lists.ftm.listings import HeldEntities, is_listed, listed_parties, listings_of
from service.lists.listing import Listing
from service.lists.reading.files import AskedEntities, FoundEntities, KeptEntity, ListStream
from service.lists.reading.ids import key_of_number

# How many lines are remembered as entities, of some 4 kB each: a short file is read only once.
_LINES_REMEMBERED = 10_000
_NOWHERE = -1


class EntityFile:
    """The entities of a full export by id, in printed order, and what points to each of them.

    The file is read once by `read`, from its beginning, and only then asked. What is held of it in
    memory is the place of each entity, its id, and the ids at the ends of links: some 400 bytes an
    entity.

    An entity inside another one (`targets.nested.json`) is an entity too, and each points to the
    other as in the flat form. It may be inside several entities; its data there are merged. If no
    line has the mark of a target, entities inside others are not targets.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Take a file that can be read anywhere."""
        self._file = file
        # of each line that is not blank: where it begins, and its number
        self._starts, self._numbers = array("q"), array("q")
        # the line of each entity, of one that is only inside others none; and of those the lines
        self._own = dict[str, int]()
        self._inside = defaultdict[str, list[int]](list)
        self._may_be_listed = bytearray()
        self._schemas = dict[str, str]()
        self._pointing = defaultdict[str, list[str]](list)
        self._has_mark = False
        self._entities_on_line = lru_cache(_LINES_REMEMBERED)(self._read_line)

    def read(self, list_code: str) -> Iterator[FtmEntity]:
        """Yield the entity of each line, without those inside it.

        A file cut exactly between two lines cannot be distinguished from a whole one. Where notes
        are taken, an entity that is not as it should be, or a line that is not JSON, is kept by
        its names; not so the last line, where the file may be cut off.

        Raises:
            ListRefusedError: Not a text file, or empty.
            RowRefusedError: A last line that is not JSON, or a duplicate id; where nobody takes
                notes, an entity that cannot be read, an unknown field, schema or property; its
                place is `line 12` or `line 12, NK-abc`.
        """
        for line in lines_in(list_code, self._file):
            index = len(self._starts)
            self._starts.append(line.start)
            self._numbers.append(line.number)
            found = entities_on(line.where, line.text, is_last=line.is_last)
            self._add(line.where, index, found)
            yield found[0]

    @property
    def is_flat(self) -> bool:
        """Whether no entity is inside another one."""
        return not self._inside

    @property
    def marked(self) -> bool:
        """Whether it is known which entities are listed; else every party is."""
        return self._has_mark or self._only_outer

    @property
    def _only_outer(self) -> bool:
        """Whether entities inside others are not listed, because they are inside others."""
        return not self._has_mark and len(self._own) > len(self._starts)

    def candidates(self) -> Iterator[FtmEntity]:
        """Yield the entities that may be listed, and those with parts that are not known."""
        for entity_id, may_be in zip(self._own, self._may_be_listed, strict=True):
            if may_be or entity_id in self._inside:
                yield from filter(None, [self.find(entity_id)])

    def pointing(self, entity_id: str) -> Sequence[FtmEntity]:
        """Return the links and documents that point to an entity, by their ids."""
        links = sorted(set(self._pointing.get(entity_id, ())))
        return [*filter(None, map(self.find, links))]

    def has(self, entity_id: str) -> bool:
        """Return whether there is an entity with an id."""
        return entity_id in self._own

    def find(self, entity_id: str) -> FtmEntity | None:
        """Return the entity with an id, None where there is none."""
        own = self._own.get(entity_id)
        if own is None:
            return None
        if not self._inside:
            return self._entities_on_line(own)[0]
        found: FtmEntity | None = None
        for index in sorted({own, *self._inside.get(entity_id, ())} - {_NOWHERE}):
            for each in self._entities_on_line(index):
                if each.id == entity_id:
                    where = f"line {self._numbers[index]}"
                    found = each if found is None else merged(where, found, each)
        if found is not None and self._only_outer:
            return msgspec.structs.replace(found, target=own != _NOWHERE and found.is_party)
        return found

    def _add(self, where: str, index: int, found: Sequence[FtmEntity]) -> None:
        """Note the places of the entity of a line and of those inside it."""
        outer = found[0].id
        before = self._own.get(outer, _NOWHERE)
        if before != _NOWHERE:
            reason = f"id {outer!r} is already used in line {self._numbers[before]}"
            raise RowRefusedError(where, reason)
        for place, entity in enumerate(found):
            schema = self._schema_of(where, entity)
            self._note(entity)
            if place == 0:
                self._own[outer] = index
            else:
                self._inside[entity.id].append(index)
                self._schemas[entity.id] = schema
            for other in ends_of(entity, schema):
                self._pointing[other].append(entity.id)

    def _note(self, entity: FtmEntity) -> None:
        """Note that an entity is there, and whether it may be listed."""
        self._has_mark = self._has_mark or entity.target is not None
        if entity.id not in self._own:
            self._own[entity.id] = _NOWHERE
            self._may_be_listed.append(
                entity.is_party or entity.target is True or bool(entity.unknown)
            )

    def _schema_of(self, where: str, entity: FtmEntity) -> str:
        """Return the schema of an entity: the first one it has, in this line or above.

        Raises:
            RowRefusedError: It has another one above, and nobody takes notes.
        """
        if entity.id not in self._own:
            return entity.schema
        schema = self._schemas.get(entity.id)
        if schema is None:
            schema = self._entities_on_line(self._own[entity.id])[0].schema
        refuse_other_schema(where, schema, entity)
        return schema

    def _read_line(self, index: int) -> Sequence[FtmEntity]:
        self._file.seek(self._starts[index])
        line = self._file.readline().decode().rstrip("\n")
        is_last = index == len(self._starts) - 1
        return entities_on(f"line {self._numbers[index]}", line, is_last=is_last)


class ChangedEntities:
    """The entities of a full export, or those beside deltas, after these deltas.

    They equal those of the later full export, because a delta holds each entity that it adds or
    changes as a whole.
    """

    def __init__(
        self,
        list_code: str,
        before: EntityFile | HeldEntities,
        deltas: Iterable[Sequence[FtmChange]],
    ) -> None:
        """Take the export and deltas, of which no two may touch one entity.

        A delta does not state its place among others.

        Raises:
            ListRefusedError: Two deltas touch one entity.
            RowRefusedError: An entity to change or delete is missing, or one to add exists.
        """
        self._before = before
        self._changed = dict[str, FtmEntity | None]()
        self._pointing = defaultdict[str, list[str]](list)
        for changes in deltas:
            own = {change.id for change in changes}
            if both := sorted(own & self._changed.keys()):
                reason = f"two deltas change {both[0]!r}, and neither states which came first"
                raise ListRefusedError(list_code, f"{reason}; load them one at a time")
            for change in changes:
                self._apply(change)

    @property
    def marked(self) -> bool:
        """Whether it is known which entities are listed; else every party is."""
        entities = filter(None, self._changed.values())
        return self._before.marked or any(each.target is not None for each in entities)

    def candidates(self) -> Iterator[FtmEntity]:
        """Yield the entities that may be listed, those that are added after the others."""
        for entity in self._before.candidates():
            if entity.id not in self._changed:
                yield entity
        yield from filter(None, self._changed.values())

    def pointing(self, entity_id: str) -> Sequence[FtmEntity]:
        """Return the links and documents that point to an entity, by their ids."""
        links = [
            *(each for each in self._before.pointing(entity_id) if each.id not in self._changed),
            *filter(None, map(self.find, set(self._pointing.get(entity_id, ())))),
        ]
        return sorted(links, key=lambda each: each.id)

    def find(self, entity_id: str) -> FtmEntity | None:
        """Return the entity with an id, None where there is none."""
        if entity_id in self._changed:
            return self._changed[entity_id]
        return self._before.find(entity_id)

    def _apply(self, change: FtmChange) -> None:
        is_there = self._before.has(change.id)
        if is_there == (change.operation == "ADD"):
            found = "exists already" if is_there else "does not exist"
            missing = "an earlier delta is missing, or this one was applied before"
            reason = f"{change.operation} of {change.id!r}, which {found}: {missing}"
            raise RowRefusedError(change.where, reason)
        self._changed[change.id] = change.entity
        for other in () if change.entity is None else ends_of(change.entity):
            self._pointing[other].append(change.id)


# --- A delta, applied to a full export or without it.

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
