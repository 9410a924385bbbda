"""The reader of the French national register of frozen assets, a JSON file.

The register holds whoever is frozen in France: by ministers' orders, by the EU and by the UN. An
entry is a number, a nature, a name, and groups of values, each under the name of its field.

Source: https://gels-avoirs.dgtresor.gouv.fr/
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.reading.countries import country_code_in
from abeyance_screening.engine.lists.reading.days import read_day, read_day_first
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    may_hide_in,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "fr_gels"
_HOME = "https://gels-avoirs.dgtresor.gouv.fr/"
_NATURES: dict[str, EntityType] = {
    "Personne physique": "person",
    "Personne morale": "organisation",
    "Navire": "vessel",
}
_ISO_LENGTH = len("2026-07-11")

# --- The file.


class GelsPublication(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """The register as of one moment; its entries are still as decoded."""

    date_publication: str
    publication_detail: list[dict[str, object]]


class GelsFile(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """The whole file."""

    publications: GelsPublication


class GelsEntry(msgspec.Struct, frozen=True):
    """One entry as decoded, and its place in the file, from 1."""

    place: int
    fields: dict[str, object]

    @property
    def where(self) -> str:
        """The place that a refusal names: the register's number, or the position in the file."""
        number = self.fields.get("IdRegistre")
        return f"IdRegistre {number}" if number else f"entry {self.place}"


def parse_json(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the file into one edition; `published_on` is the day of its `DatePublication`.

    The legal bases of an entry are its citations. Ids are made from the register's numbers.
    """
    try:
        file = msgspec.json.decode(read_text(LIST_CODE, content), type=GelsFile)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(LIST_CODE, f"not readable as the register: {error}") from None
    publication = file.publications
    entries = [GelsEntry(*each) for each in enumerate(publication.publication_detail, start=1)]
    keyed = by_number(read_records(entries, _listing_of, _rescue))
    return one_edition(
        LIST_CODE,
        keyed,
        _day_of(publication.date_publication),
        lacks="the register has no entries",
    )


def _day_of(printed: str) -> date | None:
    day = printed.strip()[:_ISO_LENGTH]
    return (read_day_first if "/" in day else read_day)(LIST_CODE, "DatePublication", day)


# --- One entry.


class GelsParty(msgspec.Struct):
    """What the groups of an entry say, as they are read one after another."""

    given: list[str] = []
    names: list[Name] = []
    addresses: list[Address] = []
    countries: list[str] = []
    identifiers: list[Identifier] = []
    citations: list[str] = []
    facts: list[Fact] = []

    def say(self, kind: str, *texts: str) -> None:
        """Add a fact of the texts that are not blank."""
        if value := ", ".join(filter(None, texts)):
            self.facts.append(Fact(kind=kind, value=value))


def _listing_of(entry: GelsEntry) -> Listing:
    row = Row(entry.where, entry.fields, part="field")
    number, nature, name = (line_of(row.take(each)) for each in ("IdRegistre", "Nature", "Nom"))
    if not any(map(str.isalpha, name)):
        raise RowRefusedError(entry.where, "Nom is blank")
    if nature not in _NATURES:
        note_unknown(entry.where, "word in 'Nature'", nature)
    party = GelsParty()
    for field, value in _values(entry.where, row.take("RegistreDetail")):
        _read_field(entry.where, field, value, party)
    row.close(text_of=line_of)
    primary = " ".join((*party.given, name)) if nature != "Personne morale" else name
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, party.names),
        entity_type=_NATURES.get(nature),
        entry_id=number or None,
        addresses=tuple(party.addresses),
        countries=tuple(dict.fromkeys(party.countries)),
        identifiers=tuple(party.identifiers),
        citations=tuple(dict.fromkeys(party.citations)),
        facts=tuple(party.facts),
        source_url=_HOME,
        information_url=f"{_HOME}Gels/RegistreDetail?idRegistre={number}" if number else None,
    )


def _read_field(where: str, field: str, value: dict[str, object], party: GelsParty) -> None:
    read = _FIELDS.get(field)
    if read is None:
        printed = ", ".join(filter(None, map(line_of, value.values())))
        note_unknown(where, f"TypeChamp {field!r}", printed, may_hide=may_hide_in(field))
        return
    row = Row(where, value, part="field", owner=field)
    read(row, party)
    row.close(text_of=line_of)


def _values(where: str, details: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each value of each group, with the name of its field."""
    for detail in _objects(where, details):
        group = Row(where, detail, part="field", owner="RegistreDetail")
        field = line_of(group.take("TypeChamp"))
        values = group.take("Valeur")
        group.close(text_of=line_of)
        for value in _objects(where, values):
            yield field, value


def _objects(where: str, printed: object) -> list[dict[str, object]]:
    """Return the objects of a list; a single one may stand without it."""
    try:
        return msgspec.convert(
            [printed] if isinstance(printed, dict) else printed, type=list[dict[str, object]]
        )
    except msgspec.ValidationError as error:
        raise RowRefusedError(where, f"RegistreDetail: {error}") from None


def _find(value: Row[object], name: str) -> str:
    return line_of(value.find(name))


def _rescue(entry: GelsEntry) -> Rescued:
    name, nature = line_of(entry.fields.get("Nom")), line_of(entry.fields.get("Nature"))
    try:
        found = _values(entry.where, entry.fields.get("RegistreDetail"))
        aliases = [line_of(value.get("Alias")) for field, value in found if field == "ALIAS"]
    except RowRefusedError:
        aliases = []
    return Rescued(
        list_code=LIST_CODE,
        names=filled((name, *aliases)),
        entry_id=line_of(entry.fields.get("IdRegistre")) or None,
        entity_type=_NATURES.get(nature),
    )


# --- The fields.

type _ReadField = Callable[[Row[object], GelsParty], None]


def _alias(value: Row[object], party: GelsParty) -> None:
    text = line_of(value.take("Alias"))
    party.names.append(Name(text=text, kind="alias"))
    if comment := _find(value, "Commentaire"):
        party.say("alias_comment", f"{text}: {comment}")


def _given_name(value: Row[object], party: GelsParty) -> None:
    party.given.append(line_of(value.take("Prenom")))


def _birth_day(value: Row[object], party: GelsParty) -> None:
    year, month, day = (_find(value, each) for each in ("Annee", "Mois", "Jour"))
    parts = (year, month.zfill(2) if month else "", day.zfill(2) if month and day else "")
    party.say("date_of_birth", "-".join(filter(None, parts)), _find(value, "Commentaire"))


def _birth_place(value: Row[object], party: GelsParty) -> None:
    place, country = _find(value, "Lieu"), _find(value, "Pays")
    party.say("place_of_birth", place, country, _find(value, "Commentaire"))


def _nationality(value: Row[object], party: GelsParty) -> None:
    country = _find(value, "Pays")
    party.say("nationality", country, _find(value, "Commentaire"))
    party.countries += filter(None, (country_code_in("fr", country),))


def _address(value: Row[object], party: GelsParty) -> None:
    street, country = _find(value, "Adresse"), _find(value, "Pays")
    code = country_code_in("fr", country)
    if text := ", ".join(filter(None, (street, country))):
        note = _find(value, "Commentaire") or None
        party.addresses.append(Address(text=text, country=code, note=note))
    party.countries += filter(None, (code,))


def _legal_basis(value: Row[object], party: GelsParty) -> None:
    _ = value.find("FondementJuridique")
    party.citations += filter(None, (_find(value, "FondementJuridiqueLabel"),))


def _number(name: str, kind: str) -> _ReadField:
    def read(value: Row[object], party: GelsParty) -> None:
        printed = line_of(value.take(name))
        note = _find(value, "Commentaire") or None
        if printed:
            party.identifiers.append(Identifier(kind=kind, value=printed, note=note))

    return read


def _fact(name: str, kind: str) -> _ReadField:
    def read(value: Row[object], party: GelsParty) -> None:
        party.say(kind, line_of(value.take(name)), _find(value, "Commentaire"))

    return read


_FIELDS: Mapping[str, _ReadField] = MappingProxyType(
    {
        "ADRESSE_PM": _address,
        "ADRESSE_PP": _address,
        "ALIAS": _alias,
        "AUTRE_IDENTITE": _number("NumeroCarte", "identity card"),
        "COURRIEL": _fact("Courriel", "email"),
        "CRYPTOMONNAIE": _number("Cryptomonnaie", "digital currency address"),
        "DATE_DE_NAISSANCE": _birth_day,
        "FONDEMENT_JURIDIQUE": _legal_basis,
        "IDENTIFICATION": _number("Identification", "identification"),
        "LIEU_DE_NAISSANCE": _birth_place,
        "MOTIFS": _fact("Motifs", "reason"),
        "NATIONALITE": _nationality,
        "NUMERO_OMI": _number("NumeroOMI", "IMO number"),
        "PASSEPORT": _number("NumeroPasseport", "passport"),
        "PRENOM": _given_name,
        "REFERENCE_ONU": _number("ReferenceOnu", "UN reference number"),
        "REFERENCE_UE": _number("ReferenceUe", "EU reference number"),
        "SEXE": _fact("Sexe", "gender"),
        "SITE_INTERNET": _fact("SiteInternet", "website"),
        "TELEPHONE": _fact("Telephone", "telephone"),
        "TITRE": _fact("Titre", "title"),
    }
)


FORMATS = (
    Format(
        word="fr_gels_json",
        source=LIST_CODE,
        title="Registre national des gels, as JSON",
        tells=lambda file: '"Publications"' in file.head and "PublicationDetail" in file.head,
        read=one_file(parse_json),
    ),
)
"""The format in which the French Treasury publishes the register."""
