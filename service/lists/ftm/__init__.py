"""Read a user's own list in the FollowTheMoney formats of OpenSanctions exports.

These are `entities.ftm.json`, `entities.delta.json`, `targets.nested.json` and
`targets.simple.csv`.

Source: https://www.opensanctions.org/docs/bulk/ and https://followthemoney.tech
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from service.errors import ListRefusedError
from service.lists.ftm.delta import applied, applied_alone, asked_by, kept
from service.lists.ftm.entities import FtmChange, read_changes
from service.lists.ftm.file import ChangedEntities, EntityFile
from service.lists.ftm.listings import listed_parties, listings_of
from service.lists.ftm.simple_csv import is_simple_csv, read_simple_csv
from service.lists.listing import Listing
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
