"""The reader of the Czech national sanctions list, a CSV file.

An entry that the government has cancelled stays in the file, and so does one that it has changed,
beside the one that takes its place.

Source: https://mzv.gov.cz/jnp/cz/o_ministerstvu/otevrena_data/index_5.html
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice, product

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import EntityType, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code_in
from abeyance_screening.engine.lists.reading.days import matched_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, last_brackets
from abeyance_screening.engine.lists.reading.records import Row, filled, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

LIST_CODE = "cz_mzv"
_NAME = "Příjmení fyzické osoby/název právnické osoby/označení nebo název entity"
_GIVEN = "Jméno fyzické osoby"
_STATUS, _NOTE = "Stav zápisu", "Poznámka ke stavu zápisu"
_BORN = "Datum narození fyzické osoby"
_COUNTRY = "Státní příslušnost fyzické osoby /sídlo právnické osoby"
_SINCE = "Datum zápisu či jeho změny"
_ACT = "Právní předpis zápisu"
_EU_ACT = "Ustanovení předpisu Evropské unie, jehož skutkovou podstatu subjekt jednáním naplnil"
_CONDUCT = "Popis postižitelného jednání"
_MEASURES = "Uplatňovaná omezující opatření"
COLUMNS = (
    *(_NAME, _GIVEN, _STATUS, _NOTE, _BORN, _COUNTRY, _SINCE, _ACT, _EU_ACT, _CONDUCT),
    _MEASURES,
)
_HOME = (
    "https://mzv.gov.cz/jnp/cz/zahranicni_vztahy/sankcni_politika/sankcni_seznam_cr"
    "/vnitrostatni_sankcni_seznam.html"
)
_VALID, _CHANGED, _CANCELLED = "platný", "změněn", "zrušen"
_MONTHS = (
    *("ledna", "února", "března", "dubna", "května", "června", "července", "srpna", "září"),
    *("října", "listopadu", "prosince"),
)
# `Zápis byl zrušen ke dni 24. února 2025 v souladu s § 7 odst. 3 písm. a) …`
_ENDED = re.compile(
    rf"zrušen ke dni (?P<day>\d{{1,2}})\. ?(?P<month>{'|'.join(_MONTHS)}|\d{{1,2}}\.)"
    r" ?(?P<year>\d{4})",
    re.IGNORECASE,
)
# `26. 4. 2023`
_DAY = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")
# The long forms, which CLDR does not have.
_COUNTRIES = {
    "ruská federace": "RU",
    "česká republika": "CZ",
    "stát izrael": "IL",
    "libanonská republika": "LB",
}
_TEXTS = {_NOTE: "status_note", _EU_ACT: "eu_provision", _CONDUCT: "reason"}
_SHORTEST_PIECE = 3
_MOST_SPELLINGS = 12


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the file as one edition, whose day is only in the file's name.

    A cancelled entry has the day of its cancelling as `delisted_on`; the state of every entry is
    its fact `entry_status`. Ids are made from the names and the day of birth.
    """
    text = read_text(LIST_CODE, content)
    rows = read_rows(LIST_CODE, text, COLUMNS, delimiter=_delimiter(text))
    keyed = [(_key_of(row), listing) for row, listing in read_records(rows, _listing_of, _rescue)]
    return one_edition(LIST_CODE, keyed, lacks="the file has no rows")


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _key_of(row: Row[str]) -> str:
    return key_of_name(" ".join(row.printed(column) or "" for column in (_NAME, _GIVEN, _BORN)))


def _listing_of(row: Row[str]) -> Listing:
    name, given = line_of(row.take(_NAME)), line_of(row.take(_GIVEN))
    names = names_of(name, given)
    if not any(map(str.isalpha, "".join(names))):
        raise RowRefusedError(row.where, "the name is blank")
    kind: EntityType = "person" if given else "organisation"
    printed, born = line_of(row.take(_COUNTRY)), line_of(row.take(_BORN))
    facts = [
        Fact(kind="nationality" if given else "seat", value=each)
        for each in filled(printed.split(","))
    ]
    facts += [Fact(kind="date_of_birth", value=born)] if born else []
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(names[0], [Name(text=each, kind="alias") for each in names[1:]]),
        entity_type=kind,
        countries=tuple(dict.fromkeys(_countries(printed))),
        citations=filled((row.take(_ACT),)),
        listed_on=_listed_on(row),
        delisted_on=_delisted_on(row),
        facts=(*facts, *_facts(row)),
        source_url=_HOME,
    )
    row.close()
    return listing


def names_of(name: str, given: str) -> tuple[str, ...]:
    """Return the names of a row, the first spelling first; a slash separates spellings.

    Of a person, each spelling of the surname goes with each of the given name, up to a few.
    """
    surnames, givens = _spellings(name), _spellings(given)
    if not givens:
        bare, inside = last_brackets(name)
        return filled((*surnames, name, *((bare, inside) if inside else ())))
    pairs = zip(givens, surnames, strict=False)
    others = islice(product(givens, surnames), _MOST_SPELLINGS)
    return filled(" ".join(each) for each in (*pairs, *others))


def _spellings(printed: str) -> tuple[str, ...]:
    """Split at slashes, unless a piece is as short as in `A/S`."""
    pieces = filled(printed.strip('" ').split("/"))
    whole = any(len(each) < _SHORTEST_PIECE for each in pieces)
    return filled((printed,)) if whole else pieces


def _countries(printed: str) -> Iterator[str]:
    for each in re.split(r",|\bdříve\b|\bdnes pravděpodobně\b", printed):
        code = _COUNTRIES.get(each.strip().casefold()) or country_code_in("cs", each)
        if code is not None:
            yield code


def _listed_on(row: Row[str]) -> date | None:
    printed = line_of(row.take(_SINCE))
    day = matched_day(_DAY.fullmatch(printed))
    if day is None:
        note_unknown(row.where, f"day in {_SINCE!r}", printed or row.where)
    return day


def _delisted_on(row: Row[str]) -> date | None:
    """Return the day on which the entry was cancelled, None for any other entry.

    An unknown state is noted, and so is a note without the day: the entry counts as listed then.
    """
    status, note = line_of(row.peek(_STATUS)), line_of(row.peek(_NOTE))
    if status.casefold() not in {_VALID, _CHANGED, _CANCELLED}:
        note_unknown(row.where, f"state in {_STATUS!r}", status or row.where, may_hide="status")
    if status.casefold() != _CANCELLED:
        return None
    day = matched_day(_ENDED.search(note), _MONTHS)
    if day is None:
        note_unknown(row.where, "day of cancelling", note or row.where, may_hide="status")
    return day


def _facts(row: Row[str]) -> Iterator[Fact]:
    yield Fact(kind="entry_status", value=line_of(row.take(_STATUS)) or "blank")
    for column, kind in _TEXTS.items():
        if text := line_of(row.take(column)):
            yield Fact(kind=kind, value=text)
    for each in filled(row.take(_MEASURES).splitlines()):
        yield Fact(kind="restrictive_measure", value=each)


def _rescue(row: Row[str]) -> Rescued:
    given = line_of(row.printed(_GIVEN) or "")
    return Rescued(
        list_code=LIST_CODE,
        names=names_of(line_of(row.printed(_NAME) or ""), given),
        entity_type="person" if given else "organisation",
    )


FORMATS = (
    Format(
        word="cz_mzv_csv",
        source=LIST_CODE,
        title="Vnitrostatni_sankcni_seznam….csv",
        tells=lambda file: _STATUS in file.head and _MEASURES in file.head,
        read=one_file(parse_csv),
    ),
)
"""The format in which the ministry publishes the list as open data."""
