"""The entries of a user's own list, as CSV and as JSON lines."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Annotated, Literal, NoReturn

import msgspec

from abeyance_screening.engine.lists.listing import Address, EntityType, Identifier, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import (
    Format,
    ListStream,
    OpenFile,
    whole,
)
from abeyance_screening.engine.lists.reading.records import (
    doubles,
    filled,
    key_of_number,
    refusal_of,
)
from abeyance_screening.engine.lists.reading.texts import check_text, is_text, lines_of
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Own lists: the reader of a user's own list, as JSON lines or CSV.

# In characters; twice the longest name that can be asked about.
LONGEST_NAME = 1_000
_LISTS = frozenset({"aliases", "countries", "addresses", "identifiers", "programmes", "citations"})
_KIND_AND_VALUE = re.compile(r"([^:]{1,60}):\s+(.+)", re.DOTALL)


class OwnName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further name of an entry, with its kind."""

    name: str
    kind: Literal["alias", "weak_alias", "former"] = "alias"
    language: str | None = None


class OwnIdentifier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number; its kind is given as `kind` or, as many lists call it, as `type`."""

    value: str | int
    kind: str | None = None
    type: str | None = None
    country: str | None = None


class OwnEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a user's own list; only `id` and `name` are required.

    `id` is the user's own and stays with the party from edition to edition. `countries` are ISO
    codes in upper or lower case, or English names. Days are `YYYY-MM-DD`.
    """

    id: str | int
    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
    aliases: tuple[str | OwnName, ...] = ()
    entity_type: EntityType | None = None
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[OwnIdentifier, ...] = ()
    programmes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    licence_requirement: str | None = None
    licence_review_policy: str | None = None
    listed_on: date | None = None
    expires_on: date | None = None
    delisted_on: date | None = None
    remarks: str | None = None
    url: str | None = None


_COLUMNS = OwnEntry.__struct_fields__


def own_formats(list_code: str) -> tuple[Format, ...]:
    """Return the formats in which a user's own list with this code can be read."""

    def jsonl(files: tuple[OpenFile, ...]) -> ListStream:
        return read_jsonl(files[0], list_code)

    def table(files: tuple[OpenFile, ...]) -> ListStream:
        return read_csv(files[0], list_code)

    return (
        Format(
            word="own_jsonl",
            source="own",
            title="JSON lines",
            tells=lambda file: file.head.startswith("{"),
            read=whole(jsonl),
            stream=jsonl,
        ),
        Format(
            word="own_csv",
            source="own",
            title="CSV",
            tells=lambda file: is_text(file.content),
            read=whole(table),
            stream=table,
        ),
    )


def read_jsonl(file: OpenFile, list_code: str) -> ListStream:
    """Read a list of one JSON object a line, in UTF-8 with or without a byte order mark.

    Blank lines are skipped. Nothing is guessed: names are kept as written, an unknown field,
    country or day refuses the line, and one bad line refuses the edition. A file that was
    truncated exactly between two lines cannot be told from a whole one.
    """
    check_text(list_code, file.content)
    decoder = msgspec.json.Decoder(OwnEntry)
    records = (
        (f"line {number}", partial(_line, f"line {number}", decoder, line.decode()))
        for number, _, line in lines_of(file.content)
        if line.strip()
    )
    return ListStream(list_code, _listings(list_code, records))


def _line(where: str, decoder: msgspec.json.Decoder[OwnEntry], line: str) -> OwnEntry:
    """Decode one entry; refuse a repeated field, whose first value would be lost silently."""
    entry = decoder.decode(line)
    json.loads(line, object_pairs_hook=partial(_refuse_repeats, where))
    return entry


def _refuse_repeats(where: str, pairs: list[tuple[str, object]]) -> None:
    repeated = doubles(name for name, _ in pairs)
    if repeated:
        _refuse(where, f"field {repeated[0]!r} occurs twice")


def read_csv(file: OpenFile, list_code: str) -> ListStream:
    """Read a CSV list: a header row with the names of the JSON fields, then one entry a record.

    Several values in one cell are separated by `;`. An identifier may give its kind before a
    colon (`Tax ID: 7736640919`). Aliases in a cell are of kind alias. Blank records are skipped.
    The file is read as strictly as by `read_jsonl`. A file that was truncated between two
    records, or in the last cell of the last one, cannot be told from a whole one.
    """
    check_text(list_code, file.content)
    return ListStream(list_code, _listings(list_code, _csv_records(list_code, file)))


def _csv_records(list_code: str, file: OpenFile) -> Iterator[tuple[str, Callable[[], OwnEntry]]]:
    csv.field_size_limit(1_000_000)
    file.content.seek(0)
    text = io.TextIOWrapper(file.content, "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        _check_header(list_code, header)
        line = reader.line_num + 1
        for cells in reader:
            where = f"line {line}"
            if any(cell.strip() for cell in cells):
                yield where, partial(_entry, where, header, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None
    finally:
        text.detach()


def _check_header(list_code: str, header: list[str]) -> None:
    faults = {
        "missing column": [name for name in ("id", "name") if name not in header],
        "unknown column": [name for name in header if name not in _COLUMNS],
        "column twice": sorted(doubles(header)),
    }
    for fault, names in faults.items():
        if names:
            raise ListRefusedError(list_code, f"{fault}: {', '.join(names)}"[:500])


def _entry(where: str, header: list[str], cells: list[str]) -> OwnEntry:
    if len(cells) != len(header):
        _refuse(where, f"{len(cells)} cells for {len(header)} columns")
    fields = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
    printed: dict[str, object] = dict(fields)
    for name in fields.keys() & _LISTS:
        printed[name] = filled(fields[name].split(";"))
    if "identifiers" in fields:
        parts = filled(fields["identifiers"].split(";"))
        printed["identifiers"] = tuple(map(_identifier_cell, parts))
    return msgspec.convert(printed, OwnEntry)


def _identifier_cell(cell: str) -> dict[str, str]:
    match = _KIND_AND_VALUE.fullmatch(cell)
    return {"value": cell} if match is None else {"kind": match[1].strip(), "value": match[2]}


def _listings(
    list_code: str, records: Iterable[tuple[str, Callable[[], OwnEntry]]]
) -> Iterator[Listing]:
    """Yield the listings of records up to the first bad one; it is raised with a count of all."""
    lines, bad, count = dict[str, str](), None, 0
    for where, read in records:
        try:
            listing = _listing(where, list_code, _read(where, read))
            key = key_of_number(listing.entry_id or "")
            if key in lines:
                _refuse(where, f"id {listing.entry_id!r} is used in {lines[key]} already")
            lines[key] = where
        except RowRefusedError as error:
            bad, count = bad or error, count + 1
            continue
        if bad is None:
            yield msgspec.structs.replace(listing, id=f"{list_code}-{key}")
    if bad is not None:
        more = f" (and {count - 1} more bad lines)" if count > 1 else ""
        raise RowRefusedError(bad.where, bad.reason + more)
    if not lines:
        raise ListRefusedError(list_code, "the file has no entries")


def _read(where: str, read: Callable[[], OwnEntry]) -> OwnEntry:
    try:
        return read()
    except msgspec.ValidationError as error:
        raise refusal_of(error, OwnEntry, where) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise RowRefusedError(where, f"not readable as JSON: {error}") from None


def _listing(where: str, list_code: str, entry: OwnEntry) -> Listing:
    entry_id = str(entry.id).strip()
    if not entry_id:
        _refuse(where, "id is blank")
    return Listing(
        id="",
        list_code=list_code,
        names=_names(where, entry),
        entity_type=entry.entity_type,
        entry_id=entry_id,
        addresses=tuple(Address(text=" ".join(text.split())) for text in filled(entry.addresses)),
        countries=tuple(dict.fromkeys(_country(where, text) for text in filled(entry.countries))),
        identifiers=tuple(_identifier(where, identifier) for identifier in entry.identifiers),
        programmes=filled(entry.programmes),
        licence_requirement=entry.licence_requirement,
        licence_review_policy=entry.licence_review_policy,
        citations=filled(entry.citations),
        listed_on=entry.listed_on,
        expires_on=entry.expires_on,
        delisted_on=entry.delisted_on,
        remarks=entry.remarks,
        source_url=entry.url,
    )


def _names(where: str, entry: OwnEntry) -> tuple[Name, ...]:
    names = {entry.name.strip(): Name(text=entry.name.strip(), kind="primary")}
    for alias in entry.aliases:
        own = OwnName(name=alias) if isinstance(alias, str) else alias
        text = own.name.strip()
        names.setdefault(text, Name(text=text, kind=own.kind, language=own.language))
    if "" in names:
        _refuse(where, "a name is blank")
    return tuple(names.values())


def _identifier(where: str, printed: OwnIdentifier) -> Identifier:
    if printed.kind is not None and printed.type is not None:
        _refuse(where, "identifiers: kind and type mean the same; give only one")
    return Identifier(
        kind=printed.kind or printed.type or "identifier",
        value=str(printed.value),
        country=None if printed.country is None else _country(where, printed.country),
    )


def _country(where: str, printed: str) -> str:
    code = country_code(printed) or country_code(printed.upper())
    if code is None:
        _refuse(where, f"unknown country {printed!r}")
    return code


def _refuse(where: str, reason: str) -> NoReturn:
    raise RowRefusedError(where, reason)
