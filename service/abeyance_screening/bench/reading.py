"""Read the input files of a benchmark: lists, ordinary names and labelled pairs."""

import csv
import io
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import click
import msgspec

from abeyance_screening.bench.crowds import CrowdName
from abeyance_screening.bench.other_trials import Pair
from abeyance_screening.bench.parties import Party, PrintedName, party_of
from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition, ReadFiles
from abeyance_screening.engine.lists.formats import OWN, public_formats, read_files
from abeyance_screening.engine.lists.listing import EntityType, Listing
from abeyance_screening.engine.lists.reading.files import unpacked
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    ListRefusedError,
    RowRefusedError,
)
from abeyance_screening.primitives.faults import in_words

_XZ = b"\xfd7zXZ\x00"
_MARK = b"\xef\xbb\xbf"
_LEGAL_NAME = "LegalName"
_FEWEST = 100
_TYPES: dict[str, EntityType] = {
    "Person": "person",
    "Company": "organisation",
    "Organization": "organisation",
    "LegalEntity": "organisation",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}


class PrintedParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the simplest list format: an id and names, the primary one first."""

    id: str
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    entity_type: EntityType = "organisation"


class PairRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file of labelled pairs; other fields are ignored.

    `schema` is the FollowTheMoney type of the candidate. Rows without a candidate, and rows marked
    `ambiguous`, are not pairs.
    """

    query: str
    candidate: str | None = None
    match: bool
    schema: str | None = None
    category: str = "none given"
    ambiguous: bool = False
    identical_to_listed: bool = False


def given_file(path: Path) -> GivenFile:
    """Read a file from the disk."""
    return GivenFile(path.name, path.read_bytes())


def sizes_in(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[int, ...]:
    """Parse whole numbers above 0, separated by commas."""
    sizes = value.split(",")
    if not all(size.isascii() and size.isdigit() and int(size) > 0 for size in sizes):
        raise click.BadParameter(value)
    return tuple(map(int, sizes))


def read_parties(files: Sequence[GivenFile], source: str | None = None) -> list[Party]:
    """Read the entries of one list in any published format, which is detected by content.

    `files` are one edition: one file, or a set that belongs together. JSON lines of `NamedParty`
    are accepted as well. `source` is the source of the files, if it is known.

    Raises:
        ListRefusedError: The files have no known format, are truncated or are not an edition.
        RowRefusedError: A record cannot be read.
    """
    opened = _all_opened(files)
    if "names" in _fields(opened[0]):
        return [_named(opened[0].name, row) for row in _rows(opened[0], PrintedParty)]
    return list(map(party_of, _listings(opened, source)))


def read_listings(files: Sequence[GivenFile], source: str | None = None) -> list[Listing]:
    """Read the entries of one list whole; `files` are one edition of it, as for `read_parties`.

    Raises:
        ListRefusedError: The files have no known format, are truncated or are not an edition.
        RowRefusedError: A record cannot be read.
    """
    return _listings(_all_opened(files), source)


def _all_opened(files: Sequence[GivenFile]) -> tuple[GivenFile, ...]:
    if not files:
        _refuse("the folder", "has no files")
    return tuple(map(_opened, files))


def _listings(files: Sequence[GivenFile], source: str | None) -> list[Listing]:
    name = files[0].name
    read = _read(files, OWN if "id" in _fields(files[0]) else source)
    editions = [each for each in read.parsed if isinstance(each, ParsedEdition)]
    if not editions:
        _refuse(name, "holds only changes, not a whole list")
    listings = [listing for edition in editions for listing in edition.listings]
    return [_own(name, listing) for listing in listings] if read.source == OWN else listings


def _own(name: str, listing: Listing) -> Listing:
    """Name the list after the file, because two own lists may use the same ids."""
    return msgspec.structs.replace(listing, id=f"{name} {listing.id}", list_code=name)


def _fields(file: GivenFile) -> frozenset[str]:
    """Return the fields of the JSON object on the first line, or none where it has no object."""
    try:
        line = msgspec.json.decode(
            file.content.partition(b"\n")[0].removeprefix(_MARK), type=dict[str, msgspec.Raw]
        )
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frozenset()
    return frozenset(line)


def _read(files: Sequence[GivenFile], source: str | None) -> ReadFiles:
    """Read files by the first source that can; the formats of two may begin alike."""
    name = files[0].name
    likely = (each.source for each in public_formats() if each.tells(files[0]))
    sources = tuple(dict.fromkeys(likely)) if source is None else (source,)
    refusals: list[AbeyanceError] = []
    for each in sources or (OWN,):
        try:
            own = OWN if each == OWN else None
            return read_files(name, files, sources=(each,), list_code=own)
        except (ListRefusedError, RowRefusedError) as error:
            refusals.append(error)
    raise refusals[0]


def read_pairs(file: GivenFile) -> list[Pair]:
    """Read the labelled pairs of a file of `PairRow`, in its order.

    Raises:
        RowRefusedError: A line cannot be read.
    """
    return [
        Pair(row.query, row.candidate, row.match, row.category, _TYPES.get(row.schema or ""))
        for row in _rows(file, PairRow)
        if row.candidate is not None and not row.ambiguous
    ]


def ordinary_in(option: str, paths: Sequence[Path]) -> list[str]:
    """Read the names in files of ordinary companies, file after file; see `read_ordinary`.

    Raises:
        BadInputError: They are too few for a measurement; `option` names where they were given.
    """
    names = [name for path in paths for name in read_ordinary(given_file(path))]
    if len(names) < _FEWEST:
        raise BadInputError(option, f"{len(names)} names; at least {_FEWEST} are needed")
    return names


def read_ordinary(file: GivenFile) -> list[str]:
    """Read the names of companies that must not alert, without repeats, in their order.

    The file is either JSON lines with `query`, of which those `identical_to_listed` are left out,
    or CSV with a column `LegalName` (as GLEIF's).

    Raises:
        ListRefusedError: The file is neither.
        RowRefusedError: A line cannot be read.
    """
    if file.head.startswith("{"):
        rows = _rows(file, PairRow)
        return list(dict.fromkeys(row.query for row in rows if not row.identical_to_listed))
    table = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig", "replace")))
    if _LEGAL_NAME not in (table.fieldnames or ()):
        _refuse(file.name, f"is neither JSON lines with 'query' nor CSV with {_LEGAL_NAME!r}")
    return list(dict.fromkeys(row[_LEGAL_NAME] for row in table))


def read_crowd(file: GivenFile) -> list[CrowdName]:
    """Read the names of ordinary companies and their countries, without repeats, in their order.

    The file is CSV with the columns `name` and `country`.

    Raises:
        ListRefusedError: The file has other columns.
    """
    table = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig", "replace")))
    if not {"name", "country"} <= set(table.fieldnames or ()):
        _refuse(file.name, "is not CSV with the columns 'name' and 'country'")
    return list(dict.fromkeys(CrowdName(row["name"], row["country"]) for row in table))


def _opened(file: GivenFile) -> GivenFile:
    if file.content.startswith(_XZ):
        return GivenFile(file.name.removesuffix(".xz"), lzma.decompress(file.content))
    return unpacked(file.name, file)


def _named(name: str, row: PrintedParty) -> Party:
    primary, *others = row.names
    names = (PrintedName(primary, "primary"), *(PrintedName(each, "alias") for each in others))
    return Party(f"{name}-{row.id}", name, row.entity_type, names)


def _rows[T: msgspec.Struct](file: GivenFile, row: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(row)
    for number, line in enumerate(file.content.splitlines(), start=1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                where = f"{file.name}: line {number}"
                raise RowRefusedError(where, in_words(str(error))) from None


def _refuse(name: str, reason: str) -> NoReturn:
    raise ListRefusedError(name, reason)
