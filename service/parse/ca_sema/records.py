"""The records of the Canadian list in its three layouts, read strictly and one at a time."""

from collections.abc import Iterator

import msgspec

from service.model.errors import RowRefusedError
from service.parse.elements import ElementRow, local_name, read_elements

_RECORD = ("data-set", "record")
# Each part by the names it has had: since August 2026, from 2023 on, and before.
_COUNTRY = ("Country-Pays", "Country")
_LAST_NAME = ("LastName-NomDeFamille", "LastName")
_GIVEN_NAME = ("GivenName-Prenom", "GivenName")
_ENTITY = ("EntityOrShip-EntiteOuNavire", "EntityOrShip", "Entity")
_TITLE = ("TitleOrShipType-TitreOuTypeDeNavire", "TitleOrShipType", "TitleOrShip", "Title")
_IMO = ("ShipIMONumber-NumeroOMIDuNavire", "ShipIMONumber")
_BORN = (
    "DateOfBirthOrShipBuildDate-DateDeNaissanceOuDateDeConstructionDuNavire",
    "DateOfBirthOrShipBuildDate",
    "DateOfBirth",
)
_ALIASES = ("Aliases-Alias", "Aliases")
_SCHEDULE = ("Schedule-Annexe", "Schedule")
_ITEM = ("Item-NumeroDarticle", "Item")
_LISTED = ("DateOfListing-DateDinscription", "DateOfListing")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record; texts as printed with single spaces, `aliases` one text for each line.

    `where` is its place in a refusal: the number of the record in the file, from 1.
    """

    where: str
    country: str
    last_name: str | None
    given_name: str | None
    entity: str | None
    title: str | None
    imo_number: str | None
    born: str | None
    aliases: tuple[str, ...]
    schedule: str | None
    item: str | None
    listed: str | None


def read_records(list_code: str, content: bytes) -> Iterator[Record]:
    """The records in printed order; each is let go before the next is read.

    Raises:
        ListRefusedError: not well-formed (with line and column), with a document type or entity
            declarations, or another list.
        RowRefusedError: an unknown element, one that stands twice, or a record without country.
    """
    number = 0
    for path, element in read_elements(list_code, content, (_RECORD,)):
        if path != _RECORD:
            ElementRow(path[0], element).close()
            continue
        number += 1
        # A line break is the only thing that parts some aliases, and a row knows only spaces.
        printed = [part.text or "" for part in element if local_name(part.tag) in _ALIASES]
        yield _record(ElementRow(f"record {number}", element), "\n".join(printed))


def _record(row: ElementRow, aliases: str) -> Record:
    _find(row, _ALIASES)
    country = _find(row, _COUNTRY)
    if country is None:
        raise RowRefusedError(row.where, "Country is missing or blank")
    record = Record(
        where=row.where,
        country=country,
        last_name=_find(row, _LAST_NAME),
        given_name=_find(row, _GIVEN_NAME),
        entity=_find(row, _ENTITY),
        title=_find(row, _TITLE),
        imo_number=_find(row, _IMO),
        born=_find(row, _BORN),
        aliases=_lines(aliases),
        schedule=_find(row, _SCHEDULE),
        item=_find(row, _ITEM),
        listed=_find(row, _LISTED),
    )
    row.close()
    return record


def _lines(aliases: str) -> tuple[str, ...]:
    """The lines of a text; one that begins in small letters goes on with the line before."""
    lines = list[str]()
    for line in (" ".join(line.split()) for line in aliases.split("\n")):
        if lines and line[:1].islower():
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return tuple(lines)


def _find(row: ElementRow, tags: tuple[str, ...]) -> str | None:
    found = [text for tag in tags if (text := row.find(tag)) is not None]
    if len(found) > 1:
        raise RowRefusedError(row.where, f"{tags[-1]} stands under {len(found)} names")
    return found[0] if found else None
