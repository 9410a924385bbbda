"""Read Taiwan's entity list for strategic high-tech commodities (SHTC), a CSV file.

The file has some 11,000 rows, taken over from the lists of the United Nations and of partner
states: one column each for the name, other names, countries, addresses and papers, each of which
may hold several values.

Source: https://www.trade.gov.tw/english/Pages/List.aspx?nodeid=298
"""

import html
import re
from collections.abc import Iterator

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, is_weak
from abeyance_screening.engine.lists.reading.records import Row, by_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import narrow, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "tw_shtc"
SOURCE_URL = "https://www.trade.gov.tw/english/Pages/List.aspx?nodeid=298"
NUMBER, NAME, ALIASES = "項次item", "名稱name", "別名alias"
COUNTRIES, ADDRESSES, PAPERS = "國家代碼country code", "地址address", "護照號碼ID Number"
COLUMNS = (NUMBER, NAME, ALIASES, COUNTRIES, ADDRESSES, PAPERS)

_MARK = "\ufeff"
_TAG = re.compile(r"<[^<>]{0,200}>")
# `QDi.001`: the Security Council's number, after a name.
_UN_NUMBER = re.compile(r"\(\s*+永久參考號\s*+:\s*+(?P<number>[^()]*+)\)")
_LABELS = re.compile(r"(?:^|(?<=[\s;]))(?P<language>[\u4e00-\u9fff]{1,8}文)\s*:\s*")
_LANGUAGES = {"繁體中文": "zh-Hant", "簡體中文": "zh-Hans"}
_ALIAS_WORD = re.compile(r"(?!(?<=\s)\s)\s++alias\s*+:\s*+", re.IGNORECASE)
# `Branch Office 3:`, `ii)`: what begins the next address of one cell.
_NEXT_ADDRESS = re.compile(
    r"(?!(?<=\s)\s)\s*+Branch Office \d{1,2}\s*+:\s*+"
    r"|(?:(?<=\s)|^)(?:i{1,3}|iv|vi{0,3}|ix|x)\)\s*+"
)
_CODE = re.compile(r"[A-Z]{2}")
_EDGES = " \t\n\r\xa0,;"
_FEW_UNNAMED = 0.01


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file, which does not state its day.

    The running numbers change with every edition, so ids are made of the names.
    """
    # the publisher puts byte order marks into the middle of the file
    text = _narrow_header(read_text(LIST_CODE, content).replace(_MARK, ""))
    rows = list(read_rows(LIST_CODE, text, COLUMNS))
    entries = [row for row in rows if not _is_blank(row)]
    if not entries:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    unnamed = len(rows) - len(entries)
    if unnamed > 1 + _FEW_UNNAMED * len(entries):
        raise ListRefusedError(LIST_CODE, f"{unnamed} of the rows have no name")
    keyed = by_name(read_records(entries, _listing, _rescue))
    return one_edition(LIST_CODE, keyed)


def names_of(name: str, aliases: str) -> tuple[tuple[Name, ...], tuple[str, ...]]:
    """Return the names of two cells, the primary one first, and the UN's numbers beside them.

    Names are separated by semicolons; one after the label `繁體中文` or `簡體中文` is in
    traditional or simplified Chinese; one after any other label of a language is a name too.
    Words after `alias:` in the first cell are other names.
    """
    first, *rest = _ALIAS_WORD.split(_clean(name))
    numbers = [match["number"].strip() for match in _UN_NUMBER.finditer(first)]
    texts = [_UN_NUMBER.sub(" ", each) for each in (first, *rest, _clean(aliases))]
    found = [each for text in texts for each in _names(text)]
    return (
        (collect_names(found[0].text, found[1:]) if found else ()),
        tuple(filter(None, numbers)),
    )


def _names(text: str) -> Iterator[Name]:
    for part in text.split(";"):
        label = _LABELS.search(part)
        before = part if label is None else part[: label.start()]
        for each in _plain(before):
            kind: NameKind = "weak_alias" if is_weak(each) else "alias"
            yield Name(text=each, kind=kind)
        if label is not None:
            language = _LANGUAGES.get(label["language"])
            yield from (
                Name(text=each, kind="alias", language=language)
                for each in _plain(part[label.end() :])
            )


def _plain(text: str) -> Iterator[str]:
    name = " ".join(text.split()).strip(_EDGES)
    if any(map(str.isalnum, name)):
        yield name


def _is_blank(row: Row[str]) -> bool:
    """Close a row that has a number alone, which names nobody, and return whether it is one."""
    try:
        cells = [row.peek(column) for column in COLUMNS if column != NUMBER]
    except RowRefusedError:
        return False
    if any(map(str.isalnum, _clean(" ".join(cells)))):
        return False
    for column in COLUMNS:
        _ = row.take(column)
    row.close()
    return True


def _listing(row: Row[str]) -> Listing:
    """Return the listing of a row; its id is "" until `give_ids` sets it."""
    number, countries = row.take(NUMBER).strip(), _clean(row.take(COUNTRIES))
    name, aliases = row.take(NAME), row.take(ALIASES)
    names, un_numbers = names_of(name, aliases)
    addresses, codes = _addresses(_clean(row.take(ADDRESSES)))
    papers = _values(_clean(row.take(PAPERS)))
    row.close()
    if not names:
        raise RowRefusedError(row.where, "the entry has no name")
    if not _clean(name).strip(_EDGES):
        note_unknown(row.where, f"entry with a blank {NAME!r}", number, may_hide="name")
    for label in _LABELS.finditer(_clean(f"{name};{aliases}")):
        if label["language"] not in _LANGUAGES:
            note_unknown(row.where, "label of a name", label["language"])
    printed = _values(countries)
    codes = [*(code for each in printed if (code := country_code(each)) is not None), *codes]
    unread = [each for each in printed if country_code(each) is None]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names,
        entry_id=number or None,
        addresses=tuple(addresses),
        countries=tuple(dict.fromkeys(codes)),
        identifiers=(
            *(Identifier(kind="ID number", value=each) for each in papers),
            *(Identifier(kind="UN reference number", value=each) for each in un_numbers),
        ),
        facts=tuple(Fact(kind="country_as_printed", value=each) for each in unread),
        source_url=SOURCE_URL,
    )


def _rescue(row: Row[str]) -> Rescued:
    """Return a row that cannot be read, by the names in its two cells of names."""
    names, _ = names_of(row.printed(NAME) or "", row.printed(ALIASES) or "")
    return Rescued(
        list_code=LIST_CODE,
        names=[name.text for name in names],
        entry_id=(row.printed(NUMBER) or "").strip() or None,
    )


def _addresses(text: str) -> tuple[list[Address], list[str]]:
    """Return the addresses of a cell, and the countries that it gives by their code alone."""
    parts = (part for each in text.split(";") for part in _NEXT_ADDRESS.split(each))
    values = [value for part in parts if (value := " ".join(part.split()).strip(_EDGES))]
    codes = [each for each in values if _CODE.fullmatch(each) and country_code(each)]
    addresses = [
        Address(text=each, country=country_code(each.rpartition(",")[2].strip(" .")))
        for each in values
        if each not in codes
    ]
    return addresses, codes


def _values(text: str) -> list[str]:
    values = (" ".join(part.split()).strip(_EDGES) for part in text.split(";"))
    return list(dict.fromkeys(filter(None, values)))


def _clean(text: str) -> str:
    """Return a cell without remains of HTML, in half-width letters."""
    return narrow(html.unescape(_TAG.sub(" ", text)))


def _narrow_header(text: str) -> str:
    """Return the text with its header in half-width letters, also where it is repeated."""
    header = text.partition("\n")[0].strip()
    return text.replace(header, narrow(header)) if header else text


def _is_csv(file: GivenFile) -> bool:
    header = narrow(file.head.partition("\n")[0])
    return NAME in header and COUNTRIES in header


FORMATS = (
    Format(
        word="tw_shtc_csv",
        source=LIST_CODE,
        title="SHTCEntityList.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""What the International Trade Administration publishes."""
