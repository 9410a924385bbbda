"""The reader of Ukraine's State Register of Sanctions, as its programming interface gives it.

The interface has one answer for individuals and one for legal entities, each a list of subjects.

Source: https://api-drs.nsdc.gov.ua/
"""

import re
from collections.abc import Iterator

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Identifier, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.reading.names import collect_names, split_names
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "ua_nsdc"
_HOME = "https://drs.nsdc.gov.ua/"
_STATUSES = frozenset({"active", "expired", "excluded"})
_SIGNS = ('"sid"', '"translit"')
# `Ukrainian (Russian, English)`, the two in either order.
_THREE_NAMES = re.compile(r"([^(]+)\(([^,]+),([^,]+)\)")


class RegisterSubject(msgspec.Struct, frozen=True):
    """One subject as decoded, and its place among all files, from 1."""

    place: int
    fields: dict[str, object]

    @property
    def where(self) -> str:
        """The place that a refusal names: the register's number, or the position."""
        return f"subject {line_of(self.fields.get('sid')) or self.place}"


def parse_json(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """Read the answers into one edition, which does not state its day.

    The answers do not say which subjects are persons. The status of a subject is the fact
    `sanction_status`; what a decree imposes is on the register's page of the subject alone. Ids
    are made from the register's numbers.
    """
    found = [subject for file in files for subject in _subjects(file)]
    subjects = [RegisterSubject(*each) for each in enumerate(found, start=1)]
    numbers = [line_of(each.get("sid")) for each in found]
    if len(set(numbers)) < len(numbers):
        raise ListRefusedError(LIST_CODE, "a subject occurs twice: the same answer twice?")
    keyed = by_number(read_records(subjects, _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed, lacks="the files have no subjects")


def _subjects(file: GivenFile) -> list[dict[str, object]]:
    try:
        text = read_text(LIST_CODE, file.content)
        return msgspec.json.decode(text, type=list[dict[str, object]])
    except (msgspec.DecodeError, RecursionError) as error:
        reason = f"{file.name} is not readable as subjects of the register: {error}"
        raise ListRefusedError(LIST_CODE, reason) from None


def _listing_of(subject: RegisterSubject) -> Listing:
    row = Row(subject.where, subject.fields, part="field")
    number, printed = line_of(row.take("sid")), line_of(row.take("name"))
    if not any(map(str.isalpha, printed)):
        raise RowRefusedError(row.where, "name is blank")
    primary, *spellings = _names_in(printed)
    others = (*spellings, *_texts(row.take("aliases")), *_names_in(line_of(row.take("translit"))))
    citizenships = _texts(row.take("citizenships"))
    codes = dict.fromkeys(
        code for each in citizenships if (code := country_code(each)) is not None
    )
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, [Name(text=each, kind="alias") for each in filled(others)]),
        entry_id=number or None,
        countries=tuple(codes),
        identifiers=tuple(_identifiers(row)),
        facts=(
            Fact(kind="sanction_status", value=_status(row)),
            *(Fact(kind="citizenship", value=each) for each in citizenships),
            *_days(row),
            *_attributes(row),
        ),
        source_url=_HOME,
    )
    row.close(text_of=line_of)
    return listing


def _names_in(printed: str) -> tuple[str, ...]:
    """Return the three spellings that some names are printed in, or the name alone."""
    match = _THREE_NAMES.fullmatch(printed)
    return filled((printed,) if match is None else match.groups())


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list, or the one text that stands without it."""
    if isinstance(value, list):
        return filled(map(line_of, msgspec.convert(value, type=list[object])))
    return filled((line_of(value),))


def _status(row: Row[object]) -> str:
    printed = line_of(row.take("status"))
    if printed not in _STATUSES:
        note_unknown(row.where, "word in 'status'", printed or "null", may_hide="status")
    return printed or "not printed"


def _days(row: Row[object]) -> Iterator[Fact]:
    """Yield the days of birth and death, of a company those of its founding and dissolution."""
    for name, kind in (("bd", "date_of_birth"), ("dd", "date_of_death")):
        if text := line_of(row.take(name)):
            yield Fact(kind=kind, value=text)


def _identifiers(row: Row[object]) -> Iterator[Identifier]:
    """Yield the numbers, with the kind as the register codes it: `tax:inn`."""
    for found in _objects(row, "identifiers"):
        kind, note = line_of(found.take("id")), line_of(found.find("note"))
        country = country_code(line_of(found.find("iso2")))
        for value in filled(line_of(found.take("code")).split(";")):
            yield Identifier(
                kind=kind or "number", value=value, country=country, note=note or None
            )
        found.close(text_of=line_of)


def _attributes(row: Row[object]) -> Iterator[Fact]:
    for found in _objects(row, "attributes"):
        key, value = line_of(found.take("key")), line_of(found.take("value"))
        if value:
            yield Fact(kind="attribute", value=f"{key}: {value}")
        found.close(text_of=line_of)


def _objects(row: Row[object], name: str) -> Iterator[Row[object]]:
    printed = row.take(name)
    if printed is None:
        return
    try:
        found = msgspec.convert(printed, type=list[dict[str, object]])
    except msgspec.ValidationError as error:
        raise RowRefusedError(row.where, f"{name}: {error}") from None
    yield from (Row(row.where, each, part="field", owner=name) for each in found)


def _rescue(subject: RegisterSubject) -> Rescued:
    fields = subject.fields
    printed = (line_of(fields.get("name")), line_of(fields.get("translit")))
    names = [name for text in printed for name in _names_in(text)]
    aliases = (name for text in _texts(fields.get("aliases")) for name in split_names(text))
    return Rescued(
        list_code=LIST_CODE,
        names=filled((*names, *aliases)),
        entry_id=line_of(fields.get("sid")) or None,
    )


FORMATS = (
    Format(
        word="ua_nsdc_json",
        source=LIST_CODE,
        title="the subjects of the register, two JSON files: individuals and legal entities",
        tells=lambda file: file.head.startswith("[") and all(sign in file.head for sign in _SIGNS),
        read=parse_json,
        several=True,
    ),
)
"""What the register's programming interface answers."""
