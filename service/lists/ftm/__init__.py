"""Read a user's own list in the FollowTheMoney formats of OpenSanctions exports.

These are `entities.ftm.json`, `entities.delta.json`, `targets.nested.json` and
`targets.simple.csv`.

Source: https://www.opensanctions.org/docs/bulk/ and https://followthemoney.tech
"""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.ftm.entities import (
    PARTIES,
    FtmChange,
    FtmEntity,
    entity_type_of,
    is_known_schema,
    read_changes,
)
from service.lists.ftm.file import (
    ChangedEntities,
    EntityFile,
    applied,
    applied_alone,
    asked_by,
    kept,
)
from service.lists.ftm.listings import HeldEntities, listed_parties, listing_of, listings_of
from service.lists.listing import Fact, Identifier, Listing
from service.lists.reading.files import (
    AskEntities,
    Format,
    GivenFile,
    KeptEntity,
    ListStream,
    NotKept,
    OpenFile,
    whole,
)
from service.lists.reading.ids import key_of_number
from service.lists.reading.notes import Rescued, note_unknown, read_records
from service.lists.reading.records import Row, filled
from service.lists.reading.tables import read_rows
from service.lists.reading.texts import read_text

__all__ = ["formats", "read_deltas", "read_entities", "read_simple"]

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

    Raises:
        ListRefusedError: As the listings are read: not a text file, empty, or none is listed.
        RowRefusedError: As the listings are read: a line that is cut off, or a duplicate id; where
            nobody takes notes, one that is not an entity, or an unknown field, schema or property.
    """
    return ListStream(list_code, _items(list_code, files[0], ()))


def read_deltas(files: tuple[OpenFile, ...], list_code: str, ask: AskEntities) -> ListStream:
    """Return the edition that a full export and later deltas make, given in any order.

    A single delta without the export is returned as a delta, if the entities of the edition before
    are kept, or it can be applied without them.

    Raises:
        ListRefusedError: More than one full export, or several deltas without an export; as the
            listings are read, two deltas that touch one entity.
        RowRefusedError: A line that cannot be read; as the listings are read, a change that does
            not fit.
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

    Raises:
        ListRefusedError: not such a file, cut off, or without a single party.
        RowRefusedError: a row that cannot be read.
    """
    listings = read_simple_csv(list_code, files[0].whole().content)
    if not listings:
        raise ListRefusedError(list_code, "the file lists no party")
    return ListStream(list_code, iter(listings))


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


def read_simple_csv(list_code: str, content: bytes) -> tuple[Listing, ...]:
    """Return the listings in printed order, with the ids that they have in the other exports.

    The file does not distinguish weak or former names (all are aliases), kinds of numbers (all are
    of kind `identifier`) or the days of a sanction: a sanction is a fact of one text.
    `program_ids` are the programmes.

    Raises:
        ListRefusedError: not text, another header, or cut off.
        RowRefusedError: an id that is blank or a duplicate, a schema that is not a party's, a row
            without a name, or a cell that is not a list of texts; its place is `line 12, NK-abc`.
    """
    text = read_text(list_code, content)
    lines, rows = dict[str, str](), list[Row[str]]()
    for row in read_rows(list_code, text, (*_ALWAYS, *_LATER), may_lack=_LATER):
        entity_id = (row.printed("id") or "").strip()
        if entity_id in lines:
            reason = f"id {entity_id!r} is already used in {lines[entity_id]}"
            raise RowRefusedError(row.where, reason)
        if entity_id:
            lines[entity_id] = row.where
            row.where = f"{row.where}, {entity_id}"
        rows.append(row)
    return tuple(
        msgspec.structs.replace(listing, id=f"{list_code}-{_key(listing)}")
        for _, listing in read_records(
            rows, partial(_listing, list_code), partial(_rescued, list_code)
        )
    )


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
