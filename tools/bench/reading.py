"""Reads the files a benchmark is given: lists, ordinary names, labelled pairs."""

import csv
import io
import lzma
from collections.abc import Iterator, Sequence
from typing import Annotated, NoReturn

import msgspec

from service.errors import AbeyanceError, ListRefusedError, RowRefusedError
from service.lists.edition import GivenFile, ParsedEdition, ReadFiles
from service.lists.formats import FORMATS, OWN, read_files
from service.lists.listing import EntityType
from service.lists.reading.files import unpacked
from tools.bench.other_trials import Pair
from tools.bench.parties import Party, PrintedName, party_of

_XZ = b"\xfd7zXZ\x00"
_MARK = b"\xef\xbb\xbf"
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
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
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
    name, fields = opened[0].name, _fields(opened[0])
    if "names" in fields:
        return [_named(name, row) for row in _rows(opened[0], NamedParty)]
    if "id" in fields:
        source = OWN
    read = _read(opened, source)
    editions = [each for each in read.parsed if isinstance(each, ParsedEdition)]
    if not editions:
        _refuse(name, "this is only what changed, not a whole list")
    parties = [party_of(listing) for edition in editions for listing in edition.listings]
    return [_own(name, party) for party in parties] if read.source == OWN else parties


def _own(name: str, party: Party) -> Party:
    """The file's name as the list's: two lists of one's own may give the same ids."""
    return msgspec.structs.replace(party, id=f"{name} {party.id}", list_code=name)


def _fields(file: GivenFile) -> frozenset[str]:
    """What the first line's JSON object has, if the first line is one: then a file is JSON lines.

    A published JSON file may be one line too, but its entries lie deeper.
    """
    try:
        line = msgspec.json.decode(
            file.content.partition(b"\n")[0].removeprefix(_MARK), type=dict[str, msgspec.Raw]
        )
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frozenset()
    return frozenset(line)


def _read(files: Sequence[GivenFile], source: str | None) -> ReadFiles:
    """By the first source whose format can read them; two may look alike at the beginning."""
    name = files[0].name
    told = (each.source for each in FORMATS if each.tells(files[0]))
    sources = tuple(dict.fromkeys(told)) if source is None else (source,)
    refusals: list[AbeyanceError] = []
    for each in sources or (OWN,):
        try:
            own = OWN if each == OWN else None
            return read_files(name, files, sources=(each,), list_code=own)
        except (ListRefusedError, RowRefusedError) as error:
            refusals.append(error)
    raise refusals[0]


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
