"""The reader of the World Bank's debarred firms and individuals, a JSON file.

Source: https://projects.worldbank.org/en/projects-operations/procurement/debarred-firms
"""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, EntityType, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "wb_debarred"
_HOME = "https://projects.worldbank.org/en/projects-operations/procurement/debarred-firms"
_TYPES: dict[str, EntityType | None] = {"F": "organisation", "I": "person", "": None}
# The day that stands for "permanent" or "ongoing".
_NEVER = 2999
_TEXTS = {
    "DEBAR_REASON": "grounds",
    "INELIGIBLY_STATUS": "ineligibility_status",
    "SUPP_ELIG_STAT": "eligibility",
    "DEBAR_TYPE": "debarment_type",
    "SUPP_PRE_ACRN": "title",
    "SUPP_POST_ACRN": "suffix",
    "ADD_SUPP_INFO": "additional_information",
}
# Fields that keep the bank's own records, and say nothing of the party.
_KEPT = frozenset({
    "AML_ENTR_IND", "CREATE_DATE", "CREATE_TIME", "CREATE_USER", "CREATE_USER_NAME",
    "CRIS_SUPP_ID", "CRPD_MATCH", "CRPD_STAT", "DNB_ID", "DNB_PAR_ID", "DNB_ULTM_ID", "ELIG_STAT",
    "INELIG_FLG", "LAST_REFRESH_DATE", "LEGACY_FLG", "MANDT", "PARENT", "RECHK_IND", "REGISTER",
    "REGISTER_ID", "SUPP_POST_CODE", "SUPP_PROV_NAME", "UN_SUPP_FLG", "UPD_DATE", "UPD_TIME",
    "UPD_USER", "UPD_USER_NAME",
})  # fmt: skip
# `ACME LTD. *482`: the number of a note on the page.
_NOTE = re.compile(r"(?<!\s)\s*+(?<!\*)\*++\s*+(?P<number>\d{1,4})?\s*+$")
_ALSO = re.compile(r"(?:,|(?<![\s,]))\s++(?:a\.k\.a\.?|aka|also known as)\s++", re.IGNORECASE)
_FORMER = re.compile(
    r"(?<!\s)\s*+\((?:formerly|name change from|previously)\s++(?P<name>[^()]+)\)"
)


class SanctionedFirms(msgspec.Struct, frozen=True, kw_only=True):
    """The records, still as decoded."""

    records: list[dict[str, object]] = msgspec.field(name="ZPROCSUPP")


class DebarredFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    response: SanctionedFirms


class DebarredRecord(msgspec.Struct, frozen=True):
    """One record as decoded, and its place in the file, from 1."""

    place: int
    fields: dict[str, object]

    @property
    def where(self) -> str:
        """The place that a refusal names: the bank's number, or the position."""
        return f"SUPP_ID {line_of(self.fields.get('SUPP_ID')) or self.place}"


def parse_json(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the file into one edition, which does not state its day.

    `expires_on` is the last day of ineligibility, None where it is permanent or goes on. Ids are
    made from the bank's numbers.
    """
    try:
        file = msgspec.json.decode(read_text(LIST_CODE, content), type=DebarredFile)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(LIST_CODE, f"not readable as the listing: {error}") from None
    records = [DebarredRecord(*each) for each in enumerate(file.response.records, start=1)]
    keyed = by_number(read_records(records, _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed, lacks="the listing has no records")


def _listing_of(record: DebarredRecord) -> Listing:
    row = Row(record.where, record.fields, part="field")
    number, printed = line_of(row.take("SUPP_ID")), line_of(row.take("SUPP_NAME"))
    name, others, facts = names_of(printed)
    if not any(map(str.isalpha, name)):
        raise RowRefusedError(row.where, "SUPP_NAME is blank")
    kind = _find(row, "SUPP_TYPE_CODE")
    if kind not in _TYPES:
        note_unknown(row.where, "code in 'SUPP_TYPE_CODE'", kind)
    address = _address_of(row)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(name, others),
        entity_type=_TYPES.get(kind),
        entry_id=number or None,
        addresses=() if address is None else (address,),
        countries=() if address is None or address.country is None else (address.country,),
        listed_on=_day(row, "DEBAR_FROM_DATE"),
        expires_on=_day(row, "DEBAR_TO_DATE"),
        remarks=None if printed == name else printed,
        facts=(*facts, *_facts(row)),
        source_url=_HOME,
    )
    row.close(ignore=_KEPT, text_of=line_of)
    return listing


def names_of(printed: str) -> tuple[str, list[Name], tuple[Fact, ...]]:
    """Return the name, the other and former names after it, and the note of a star."""
    note = _NOTE.search(printed)
    text = printed if note is None else printed[: note.start()]
    former = [Name(text=found["name"].strip(), kind="former") for found in _FORMER.finditer(text)]
    number = None if note is None else note["number"]
    facts = () if number is None else (Fact(kind="note", value=number),)
    name, *others = _ALSO.split(_FORMER.sub("", text).strip())
    return name, [*(Name(text=each, kind="alias") for each in others), *former], facts


def _address_of(row: Row[object]) -> Address | None:
    street, city, region, code = (
        _find(row, name) for name in ("SUPP_ADDR", "SUPP_CITY", "SUPP_STATE_CODE", "SUPP_ZIP_CODE")
    )
    country, land = _find(row, "COUNTRY_NAME"), _find(row, "LAND1")
    text = ", ".join(filter(None, (street, city, region, code, country)))
    if not text:
        return None
    return Address(
        text=text,
        street=street or None,
        city=city or None,
        region=region or None,
        postal_code=code or None,
        country=country_code(land) or country_code(country),
    )


def _day(row: Row[object], name: str) -> date | None:
    """Return a day printed `2021-04-12` or `12-APR-2021`; None for one that stands for no end."""
    printed = line_of(row.take(name))
    text = printed.replace("-", " ") if re.search("[A-Za-z]", printed) else printed
    day = find_day(text)
    if day is None and printed:
        note_unknown(row.where, f"day in {name!r}", printed)
    return None if day is None or day.year >= _NEVER else day


def _facts(row: Row[object]) -> Iterator[Fact]:
    for name, kind in _TEXTS.items():
        if text := _find(row, name):
            yield Fact(kind=kind, value=text)


def _find(row: Row[object], name: str) -> str:
    return line_of(row.find(name))


def _rescue(record: DebarredRecord) -> Rescued:
    fields = record.fields
    name, former, _ = names_of(line_of(fields.get("SUPP_NAME")))
    return Rescued(
        list_code=LIST_CODE,
        names=filled((name, *(each.text for each in former))),
        entry_id=line_of(fields.get("SUPP_ID")) or None,
        entity_type=_TYPES.get(line_of(fields.get("SUPP_TYPE_CODE"))),
    )


FORMATS = (
    Format(
        word="wb_debarred_json",
        source=LIST_CODE,
        title="SANCTIONED_FIRM, the data of the page as JSON",
        tells=lambda file: '"ZPROCSUPP"' in file.head,
        read=one_file(parse_json),
    ),
)
"""The data behind the World Bank's page."""
