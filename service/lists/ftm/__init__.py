"""Read a user's own list in the FollowTheMoney formats of OpenSanctions exports.

These are `entities.ftm.json`, `entities.delta.json`, `targets.nested.json` and
`targets.simple.csv`.

Source: https://www.opensanctions.org/docs/bulk/ and https://followthemoney.tech
"""

import re

from service.errors import ListRefusedError
from service.lists.edition import ParsedDelta, ParsedEdition
from service.lists.ftm.entities import FtmEntity, read_changes, read_entities
from service.lists.ftm.listings import (
    apply_changes,
    graph_of,
    listed_parties,
    listings_of,
    parse_delta,
)
from service.lists.ftm.simple_csv import is_simple_csv, read_simple_csv
from service.lists.reading.files import Format, GivenFile

__all__ = ["formats", "parse_deltas", "parse_entities", "parse_simple_csv"]

ENTITIES_WORD = "ftm_jsonl"
DELTA_WORD = "ftm_delta"
SIMPLE_WORD = "ftm_simple_csv"
_KEY = re.compile(r'"(schema|properties|op|entity)"\s*:')


def formats(list_code: str) -> tuple[Format, ...]:
    """Return the formats of a user's own list with that code."""
    return (
        Format(
            word=ENTITIES_WORD,
            source="own",
            title="FollowTheMoney entities (entities.ftm.json, targets.nested.json)",
            tells=_has_entities,
            read=lambda files: (parse_entities(files[0].content, list_code),),
        ),
        Format(
            word=DELTA_WORD,
            source="own",
            title="FollowTheMoney deltas (entities.delta.json), with the full export or alone",
            tells=lambda file: _is_delta(file) or _has_entities(file),
            read=lambda files: (parse_deltas(files, list_code),),
            several=True,
        ),
        Format(
            word=SIMPLE_WORD,
            source="own",
            title="OpenSanctions' targets.simple.csv",
            tells=lambda file: is_simple_csv(file.head),
            read=lambda files: (parse_simple_csv(files[0].content, list_code),),
        ),
    )


def parse_entities(content: bytes, list_code: str) -> ParsedEdition:
    """Return the list in a full export, in printed order; the export does not state its day.

    Parties are the entities marked as target; a file in which no entity has the mark lists all its
    parties. Sanctions, documents, addresses and links may be anywhere in the file.

    Raises:
        ListRefusedError: not a text file, empty, or without a single listed party.
        RowRefusedError: a line that is not an entity or is cut off, a duplicate id, or an unknown
            field, schema or property.
    """
    return _edition(list_code, read_entities(list_code, content))


def parse_deltas(files: tuple[GivenFile, ...], list_code: str) -> ParsedEdition | ParsedDelta:
    """Return the edition that a full export and later deltas make, given in any order.

    A single delta without the export is returned as a delta, if it can be applied without it.

    Raises:
        ListRefusedError: more than one full export, several deltas without an export, or two
            deltas that touch one entity.
        RowRefusedError: a line that cannot be read, or a change that does not fit.
    """
    deltas = [read_changes(list_code, file.content) for file in files if _is_delta(file)]
    exports = [file for file in files if not _is_delta(file)]
    if not exports and len(deltas) == 1:
        return parse_delta(list_code, deltas[0], (ENTITIES_WORD, DELTA_WORD))
    if len(exports) != 1:
        reason = f"{len(deltas)} deltas with {len(exports)} full exports; one export is needed"
        raise ListRefusedError(list_code, reason)
    entities = read_entities(list_code, exports[0].content)
    return _edition(list_code, apply_changes(list_code, entities, deltas))


def parse_simple_csv(content: bytes, list_code: str) -> ParsedEdition:
    """Return the list in `targets.simple.csv`, which does not state its day.

    What the file leaves out is described at `read_simple_csv`.

    Raises:
        ListRefusedError: not such a file, cut off, or without a single party.
        RowRefusedError: a row that cannot be read.
    """
    listings = read_simple_csv(list_code, content)
    if not listings:
        raise ListRefusedError(list_code, "the file lists no party")
    return ParsedEdition(list_code=list_code, published_on=None, listings=listings)


def _edition(list_code: str, entities: dict[str, FtmEntity]) -> ParsedEdition:
    parties = listed_parties(entities)
    if not parties:
        raise ListRefusedError(list_code, "the file lists no party")
    graph = graph_of(entities)
    return ParsedEdition(
        list_code=list_code,
        published_on=None,
        listings=listings_of(list_code, parties, graph),
    )


def _has_entities(file: GivenFile) -> bool:
    return _has_keys(file, {"schema", "properties"}) and not _is_delta(file)


def _is_delta(file: GivenFile) -> bool:
    return _has_keys(file, {"op", "entity"})


def _has_keys(file: GivenFile, wanted: set[str]) -> bool:
    """Return whether the visible part of the first line, which may be cut off, has these keys."""
    line = file.head.partition("\n")[0]
    return line.startswith("{") and wanted <= set(_KEY.findall(line))
