"""Read a user's own list in the FollowTheMoney formats of OpenSanctions exports.

These are `entities.ftm.json`, `entities.delta.json`, `targets.nested.json` and
`targets.simple.csv`.

Source: https://www.opensanctions.org/docs/bulk/ and https://followthemoney.tech
"""

import csv
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import IO

import msgspec

from abeyance_screening.engine.lists.listing import Fact, Identifier, Listing
from abeyance_screening.engine.lists.own.ftm.entities import (
    PARTIES,
    POINTERS,
    FtmChange,
    FtmEntity,
    ends_of,
    entities_on,
    entity_type_of,
    is_known_schema,
    lines_in,
    merged,
    read_changes,
    refuse_other_schema,
)
from abeyance_screening.engine.lists.own.ftm.listings import (
    HeldEntities,
    is_listed,
    listed_parties,
    listing_of,
    listings_of,
)
from abeyance_screening.engine.lists.reading.files import (
    AskedEntities,
    AskEntities,
    Format,
    FoundEntities,
    GivenFile,
    KeptEntity,
    ListStream,
    NotKept,
    OpenFile,
    whole,
)
from abeyance_screening.engine.lists.reading.records import Row, filled, key_of_number
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import check_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Entities of a file, each read again from its line when it is asked for, and their deltas.

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

    def _add(self, where: str, index: int, entities: Sequence[FtmEntity]) -> None:
        """Note the places of the entity of a line and of those inside it."""
        outer = entities[0].id
        before = self._own.get(outer, _NOWHERE)
        if before != _NOWHERE:
            reason = f"id {outer!r} is already used in line {self._numbers[before]}"
            raise RowRefusedError(where, reason)
        for place, entity in enumerate(entities):
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
        """Return the schema of an entity: the first one it has, in this line or above."""
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
    entities: FoundEntities,
    follows: tuple[str, ...],
) -> ListStream:
    """Return what a delta changes of a list, as the later full export would."""
    before = HeldEntities(map(_decode, entities.bodies))
    after = ChangedEntities(list_code, before, [changes])
    ids = dict.fromkeys((*entities.affected, *(change.id for change in changes)))
    gone = [each for each in ids if _is_gone(each, before, after)]
    return ListStream(
        list_code,
        _items_of_file(list_code, changes, list(filter(None, map(after.find, ids))), after),
        gone=tuple(f"{list_code}-{key_of_number(each)}" for each in gone),
        follows=follows,
    )


def _is_gone(entity_id: str, before: HeldEntities, after: ChangedEntities) -> bool:
    was, now = before.find(entity_id), after.find(entity_id)
    if was is None or not is_listed(was, marked=before.marked):
        return False
    return now is None or not is_listed(now, marked=after.marked)


def _items_of_file(
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


# --- The formats.


ENTITIES_WORD = "ftm_jsonl"
DELTA_WORD = "ftm_delta"
SIMPLE_WORD = "ftm_simple_csv"
_KEY = re.compile(r'"(schema|properties|op|entity)"\s*:')


def formats(list_code: str, ask: AskEntities) -> tuple[Format, ...]:
    """Return the formats of a user's own list with that code.

    `ask` is asked for the kept entities beside a delta that comes alone.
    """
    entities = partial(read_entities, list_code=list_code)
    deltas = partial(read_deltas, list_code=list_code, ask=ask)
    simple = partial(read_simple, list_code=list_code)
    return (
        Format(
            word=ENTITIES_WORD,
            source="own",
            title="FollowTheMoney entities (entities.ftm.json, targets.nested.json)",
            tells=_has_entities,
            read=whole(entities),
            stream=entities,
        ),
        Format(
            word=DELTA_WORD,
            source="own",
            title="FollowTheMoney deltas (entities.delta.json), with the full export or alone",
            tells=lambda file: _is_delta(file) or _has_entities(file),
            read=whole(deltas),
            stream=deltas,
            several=True,
        ),
        Format(
            word=SIMPLE_WORD,
            source="own",
            title="OpenSanctions' targets.simple.csv",
            tells=lambda file: is_simple_csv(file.head),
            read=whole(simple),
            stream=simple,
        ),
    )


def read_entities(files: tuple[OpenFile, ...], list_code: str) -> ListStream:
    """Return the list in a full export, in printed order; the export does not state its day.

    Parties are the entities marked as target; a file in which no entity has the mark lists all its
    parties. Sanctions, documents, addresses and links may be anywhere in the file.
    """
    return ListStream(list_code, _items(list_code, files[0], ()))


def read_deltas(files: tuple[OpenFile, ...], list_code: str, ask: AskEntities) -> ListStream:
    """Return the edition that a full export and later deltas make, given in any order.

    A single delta without the export is returned as a delta, if the entities of the edition before
    are kept, or it can be applied without them.
    """
    deltas = [read_changes(list_code, file.content) for file in files if _is_delta(file.start)]
    exports = [file for file in files if not _is_delta(file.start)]
    if not exports and len(deltas) == 1:
        found = ask(asked_by(deltas[0]))
        follows = (ENTITIES_WORD, DELTA_WORD)
        if found is None:
            return applied_alone(list_code, deltas[0], follows)
        return applied(list_code, deltas[0], found, follows)
    if len(exports) != 1:
        reason = f"{len(deltas)} deltas with {len(exports)} full exports; one export is needed"
        raise ListRefusedError(list_code, reason)
    return ListStream(list_code, _items(list_code, exports[0], deltas))


def read_simple(files: tuple[OpenFile, ...], list_code: str) -> ListStream:
    """Return the list in `targets.simple.csv`, which does not state its day.

    What the file leaves out is described at `read_simple_csv`.
    """
    check_text(list_code, files[0].content)
    return ListStream(list_code, read_simple_csv(list_code, files[0].content))


def _items(
    list_code: str, export: OpenFile, deltas: Sequence[Sequence[FtmChange]]
) -> Iterator[Listing | KeptEntity | NotKept]:
    """Yield the entities of an export after deltas, to be kept, and then the listings."""
    changes = {change.id: change for changes in deltas for change in changes}
    before = EntityFile(export.content)
    for entity in before.read(list_code):
        if entity.id not in changes:
            yield kept(entity)
    yield from (kept(each.entity) for each in changes.values() if each.entity is not None)
    if not before.is_flat:
        yield NotKept()
    entities = ChangedEntities(list_code, before, deltas) if deltas else before
    parties = listed_parties(entities.candidates(), marked=entities.marked)
    is_empty = True
    for listing in listings_of(list_code, parties, entities):
        is_empty = False
        yield listing
    if is_empty:
        raise ListRefusedError(list_code, "the file lists no party")


def _has_entities(file: GivenFile) -> bool:
    return _has_keys(file, {"schema", "properties"}) and not _is_delta(file)


def _is_delta(file: GivenFile) -> bool:
    return _has_keys(file, {"op", "entity"})


def _has_keys(file: GivenFile, wanted: set[str]) -> bool:
    """Return whether the visible part of the first line, which may be cut off, has these keys."""
    line = file.head.partition("\n")[0]
    return line.startswith("{") and wanted <= set(_KEY.findall(line))


# --- `targets.simple.csv`: the targets of an OpenSanctions export, one row each, without links.
#
# Source: https://www.opensanctions.org/docs/bulk/csv/

_ALWAYS = (
    *("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers"),
    *("sanctions", "phones", "emails", "dataset", "first_seen", "last_seen"),
)
# In the files since 2023 and since 2025.
_LATER = ("last_change", "program_ids")
_SIGNS = frozenset({"id", "schema", "aliases", "birth_date", "sanctions", "dataset"})
# Days of the publisher's work, which say nothing of the party and are ignored; see `entities`.
_SEEN = ("first_seen", "last_seen", "last_change")
_PROPERTIES = {
    "alias": "aliases",
    "birthDate": "birth_date",
    "country": "countries",
    "address": "addresses",
    "phone": "phones",
    "email": "emails",
}
_BREAKS = re.compile(r"(?<!\s)[^\S\r\n]*+[\r\n]\s*+")


def is_simple_csv(head: str) -> bool:
    """Return whether a file begins with the header of `targets.simple.csv`."""
    header = head.partition("\n")[0].replace('"', "").strip()
    return set(header.split(",")) >= _SIGNS


def read_simple_csv(list_code: str, content: IO[bytes]) -> Iterator[Listing]:
    """Yield the listings in printed order, with the ids that they have in the other exports.

    The file does not distinguish weak or former names (all are aliases), kinds of numbers (all are
    of kind `identifier`) or the days of a sanction: a sanction is a fact of one text.
    `program_ids` are the programmes.
    """
    is_empty = True
    for _, listing in read_records(
        _simple_rows(list_code, content),
        partial(_listing, list_code),
        partial(_rescued, list_code),
    ):
        is_empty = False
        yield msgspec.structs.replace(listing, id=f"{list_code}-{_key(listing)}")
    if is_empty:
        raise ListRefusedError(list_code, "the file lists no party")


def _simple_rows(list_code: str, content: IO[bytes]) -> Iterator[Row[str]]:
    """Yield the rows; an id that was used before is refused."""
    lines = dict[str, str]()
    for row in read_rows(list_code, content, (*_ALWAYS, *_LATER), may_lack=_LATER):
        entity_id = (row.printed("id") or "").strip()
        if entity_id in lines:
            reason = f"id {entity_id!r} is already used in {lines[entity_id]}"
            raise RowRefusedError(row.where, reason)
        if entity_id:
            lines[entity_id] = row.where
            row.where = f"{row.where}, {entity_id}"
        yield row


def _key(listing: Listing) -> str:
    return key_of_number(listing.entry_id or listing.primary_name)


def _rescued(list_code: str, row: Row[str]) -> Rescued:
    """Return the names of a row that cannot be read."""
    aliases = (row.printed("aliases") or "").split(";")
    schema = (row.printed("schema") or "").strip()
    return Rescued(
        names=[row.printed("name") or "", *(alias.strip(' "') for alias in aliases)],
        list_code=list_code,
        entry_id=(row.printed("id") or "").strip() or None,
        entity_type=entity_type_of(schema),
    )


def _listing(list_code: str, row: Row[str]) -> Listing:
    entity_id = row.take("id").strip()
    if not entity_id:
        raise RowRefusedError(row.where, "id is blank")
    schema, name = row.take("schema").strip(), row.take("name").strip()
    if not is_known_schema(schema):
        note_unknown(row.where, "schema", schema, may_hide="kind")
    elif schema not in PARTIES:
        raise RowRefusedError(row.where, f"{schema} is not a party")
    if not name:
        raise RowRefusedError(row.where, "name is blank")
    properties = {each: _values(row, column) for each, column in _PROPERTIES.items()}
    sanctions, numbers = _values(row, "sanctions"), _values(row, "identifiers")
    party = FtmEntity(
        id=entity_id,
        schema=schema,
        caption=name,
        datasets=_values(row, "dataset"),
        referents=(),
        target=True,
        properties={"name": (name,), **{key: texts for key, texts in properties.items() if texts}},
    )
    programmes = _values(row, "program_ids")
    row.close(_SEEN)
    listing = listing_of(list_code, party, HeldEntities([party]))
    return msgspec.structs.replace(
        listing,
        identifiers=tuple(Identifier(kind="identifier", value=number) for number in numbers),
        programmes=programmes,
        facts=(*listing.facts, *(Fact(kind="sanction", value=text) for text in sanctions)),
    )


def _values(row: Row[str], column: str) -> tuple[str, ...]:
    """Return the texts of one cell, separated by semicolons and in quotes where needed."""
    cell = _BREAKS.sub(" ", row.find(column) or "").strip()
    try:
        return filled(next(csv.reader([cell], delimiter=";", strict=True), list[str]()))
    except csv.Error as error:
        raise RowRefusedError(
            row.where, f"{column}: not separated by semicolons: {error}"
        ) from None
