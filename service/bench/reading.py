"""Reads the files a benchmark is given: lists, ordinary names, labelled pairs."""

import csv
import io
import lzma
from collections.abc import Iterator, Sequence
from typing import NoReturn

import msgspec

from service.bench.other_trials import Pair
from service.bench.parties import Party, PrintedName, party_of
from service.model.edition import ParsedEdition
from service.model.errors import AbeyanceError, ListRefusedError, RowRefusedError
from service.model.files import GivenFile
from service.model.listing import EntityType
from service.parse.files import unpacked
from service.parse.formats import FORMATS, OWN, ReadFiles, read_files

_XZ = b"\xfd7zXZ\x00"
_LEGAL_NAME = "LegalName"
_TYPES: dict[str, EntityType] = {
    "Person": "person",
    "Company": "organisation",
    "Organization": "organisation",
    "LegalEntity": "organisation",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}


class NamedParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the shortest list there is: an id and names, the primary one first."""

    id: str
    names: tuple[str, ...]
    entity_type: EntityType = "organisation"


class PairRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file of labelled pairs; fields of other names are passed over.

    `schema` is FollowTheMoney's word for what the candidate is. A row without a candidate, or one
    that its makers call ambiguous, is no pair.
    """

    query: str
    candidate: str | None = None
    match: bool
    schema: str | None = None
    category: str = "none given"
    ambiguous: bool = False
    identical_to_listed: bool = False


def read_parties(files: Sequence[GivenFile], source: str | None = None) -> list[Party]:
    """The entries of one list, whatever format it is published in; told by content.

    `files` are one edition: one file, or a set that belongs together. Beside what can be loaded
    it may be JSON lines of `NamedParty`. `source` is where they are from, if that is known.

    Raises:
        ListRefusedError: no format has these files, or they are cut or otherwise no edition.
        RowRefusedError: a record cannot be read.
    """
    opened = tuple(_opened(file) for file in files)
    if not opened:
        _refuse("the folder", "there is no file in it")
    name, head = opened[0].name, opened[0].head
    if head.startswith("{") and '"names"' in head.partition("\n")[0]:
        return [_named(name, row) for row in _rows(opened[0], NamedParty)]
    editions = [each for each in _read(opened, source).parsed if isinstance(each, ParsedEdition)]
    if not editions:
        _refuse(name, "this is only what changed, not a whole list")
    return [party_of(listing) for edition in editions for listing in edition.listings]


def _read(files: Sequence[GivenFile], source: str | None) -> ReadFiles:
    """By the first source whose format can read them; two may look alike at the beginning."""
    name = files[0].name
    told = (each.source for each in FORMATS if each.tells(files[0]))
    sources = dict.fromkeys(told if source is None else [source])
    refusals: list[AbeyanceError] = []
    for each in sources:
        try:
            return read_files(name, files, sources=(each,))
        except (ListRefusedError, RowRefusedError) as error:
            refusals.append(error)
    if refusals:
        raise refusals[0]
    return read_files(name, files, sources=(OWN,), list_code=OWN)


def read_pairs(file: GivenFile) -> list[Pair]:
    """The labelled pairs of a file of `PairRow`, in its order.

    Raises:
        RowRefusedError: a line cannot be read.
    """
    return [
        Pair(row.query, row.candidate, row.match, row.category, _TYPES.get(row.schema or ""))
        for row in _rows(file, PairRow)
        if row.candidate is not None and not row.ambiguous
    ]


def read_ordinary(file: GivenFile) -> list[str]:
    """Names of companies that must not alert, without repeats, in their order.

    Either JSON lines with `query`, of which those `identical_to_listed` are left out, or CSV with
    a column `LegalName` (GLEIF's).

    Raises:
        ListRefusedError: it is neither.
        RowRefusedError: a line cannot be read.
    """
    if file.head.startswith("{"):
        rows = _rows(file, PairRow)
        return list(dict.fromkeys(row.query for row in rows if not row.identical_to_listed))
    table = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig", "replace")))
    if _LEGAL_NAME not in (table.fieldnames or ()):
        _refuse(file.name, f"neither JSON lines with 'query' nor CSV with {_LEGAL_NAME!r}")
    return list(dict.fromkeys(row[_LEGAL_NAME] for row in table))


def _opened(file: GivenFile) -> GivenFile:
    if file.content.startswith(_XZ):
        return GivenFile(file.name.removesuffix(".xz"), lzma.decompress(file.content))
    return unpacked(file.name, file)


def _named(name: str, row: NamedParty) -> Party:
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
                raise RowRefusedError(where, str(error)) from None


def _refuse(name: str, reason: str) -> NoReturn:
    raise ListRefusedError(name, reason)
