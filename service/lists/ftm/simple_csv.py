"""Read `targets.simple.csv`: the targets of an OpenSanctions export, one row each, without links.

Source: https://www.opensanctions.org/docs/bulk/csv/
"""

import csv
import re
from functools import partial

import msgspec

from service.errors import RowRefusedError
from service.lists.ftm.entities import PARTIES, FtmEntity, entity_type_of, is_known_schema
from service.lists.ftm.listings import HeldEntities, listing_of
from service.lists.listing import Fact, Identifier, Listing
from service.lists.reading.ids import key_of_number
from service.lists.reading.notes import Rescued, note_unknown, read_records
from service.lists.reading.records import Row, filled
from service.lists.reading.tables import read_rows
from service.lists.reading.texts import read_text

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
