"""The reader of the withhold release orders and findings of US Customs and Border Protection.

Source: https://www.cbp.gov/document/stats/withhold-release-orders-findings
"""

import re
from collections.abc import Iterator

from abeyance_screening.engine.lists.edition import MayHide, ParsedEdition
from abeyance_screening.engine.lists.listing import EntityType, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, filled, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

LIST_CODE = "us_cbp_wro"
COLUMNS = (
    "Effective Date",
    "Calendar Year",
    "Country Code",
    "Country",
    "Merchandise",
    "WRO/Finding",
    "Industry",
    "Status",
    "Press Release",
    "Entity",
    "Remarks",
)
_HOME = "https://www.cbp.gov/trade/forced-labor/withhold-release-orders-and-findings"
_KINDS = {"wro": "WRO", "finding": "Finding"}
_STATUSES = {
    "active": "Active",
    "partially active": "Partially Active",
    "inactive": "Inactive",
    "revoked": "Revoked",
}
_NOTHING = frozenset({"", "N/A", "n/a", "-"})


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the file as one edition; the day of the edition is only in the file's name.

    A listing is one row: an order or a finding, which may name several parties. Its programme is
    `WRO` or `Finding`, its status the fact `order_status`. An order that has ended stays on the
    list. Ids are made from programme and parties.
    """
    rows = (row for row in read_rows(LIST_CODE, _text_of(content), COLUMNS) if not _is_blank(row))
    records = read_records(rows, _listing_of, _rescue)
    keyed = [(_key_of(listing), listing) for _, listing in records]
    return one_edition(LIST_CODE, keyed, lacks="the file has no rows")


def _text_of(content: bytes) -> str:
    """Return the file's text; CBP saves it in Windows-1252, with hard spaces."""
    try:
        _ = content.decode()
    except UnicodeDecodeError:
        # Five bytes have no character in Windows-1252; they become marks that no name has.
        content = content.decode("cp1252", "replace").encode()
    return read_text(LIST_CODE, content)


def _is_blank(row: Row[str]) -> bool:
    return not any((row.printed(column) or "").strip() for column in COLUMNS)


def _key_of(listing: Listing) -> str:
    return key_of_name(f"{''.join(listing.programmes)} {listing.remarks or listing.primary_name}")


def _listing_of(row: Row[str]) -> Listing:
    printed = line_of(row.take("Entity"))
    if not any(map(str.isalpha, printed)):
        raise RowRefusedError(row.where, "Entity is blank")
    primary, others, facts = parties_of(printed)
    facts += _facts_of(row)
    country = _country_of(row)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, others),
        entity_type=_type_of(printed),
        countries=() if country is None else (country,),
        programmes=(_word(row, "WRO/Finding", _KINDS),),
        listed_on=read_american_day(row.where, "Effective Date", row.take("Effective Date")),
        remarks=None if printed == primary else printed,
        facts=facts,
        source_url=_HOME,
        information_url=_link(row.take("Press Release").strip()),
    )
    row.close(ignore=("Calendar Year",))
    return listing


def _facts_of(row: Row[str]) -> tuple[Fact, ...]:
    printed = (
        ("merchandise", line_of(row.take("Merchandise"))),
        ("industry", line_of(row.take("Industry"))),
        ("order_status", _word(row, "Status", _STATUSES, may_hide="status") or "not printed"),
        ("remarks", line_of(row.take("Remarks"))),
    )
    return tuple(Fact(kind=kind, value=text) for kind, text in printed if text not in _NOTHING)


def _word(
    row: Row[str], column: str, words: dict[str, str], *, may_hide: MayHide | None = None
) -> str:
    printed = line_of(row.take(column))
    word = words.get(printed.casefold())
    if word is None:
        note_unknown(row.where, f"word in {column!r}", printed, may_hide=may_hide)
    return printed if word is None else word


def _country_of(row: Row[str]) -> str | None:
    """Return the country; vessels have `Fishing Vessels` in its place."""
    code, name = row.take("Country Code").strip(), row.take("Country").strip()
    return country_code(code) or country_code(name)


def _link(printed: str) -> str | None:
    if printed.startswith("/"):
        return f"https://www.cbp.gov{printed}"
    return printed if printed.startswith("https://") else None


def _rescue(row: Row[str]) -> Rescued:
    printed = line_of(row.printed("Entity") or "")
    kind = line_of(row.printed("WRO/Finding") or "")
    return Rescued(
        list_code=LIST_CODE,
        names=filled((printed,)),
        programmes=(_KINDS.get(kind.casefold(), kind),) if kind else (),
    )


# --- The parties in one cell: `X Co., Ltd. and Y Ltd. and their subsidiaries`.

_FORM = (
    r"(?:Co|Ltd|Limited|Inc|LLC|L\.L\.C|Corp|Pvt|Bhd|Sdn Bhd|S\.A\.? de C\.V|S\.R\.L|GmbH"
    r"|D\.O\.O|Company|Corporation)\b\.?"
)
_HEIRS = re.compile(
    r"(?:,|(?<![\s,]))\s++(?P<heirs>and (?:its |their )?(?:two )?(?:subsidiaries|subordinates)"
    r"(?: and joint ventures)?(?: from [A-Z][a-z]+)?)(?P<after>,\s++|\.?$)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"(?<!\s)\s*+\(collectively,\s++(?P<name>[^()]+)\)")
_VESSEL = re.compile(r"Fishing Vessel:\s*", re.IGNORECASE)
_FLEET = re.compile(r"Fishing Vessels owned by\s+", re.IGNORECASE)
_ALSO = re.compile(r"(?:,|(?<![\s,]))\s++a/k/a\s++")
_SEAT = re.compile(r"(?<!\s)\s++\(of ([^()]+)\)$")
# A comma or `and` after a legal form, before anything but another legal form.
_BETWEEN = re.compile(
    rf"(?i:(?<=co\.)|(?<=ltd)|(?<=ltd\.)|(?<=limited)|(?<=bhd)|(?<=c\.v\.)|(?<=pvt\.)|(?<=inc\.)"
    rf"|(?<=llc)|(?<=l\.l\.c\.))(?:,?\s++and\s++|,\s++)(?!{_FORM})(?=[A-Z])"
)
_ORGANISATION = re.compile(
    rf"{_FORM}|\b(?:Factory|Group|Plant|Prison|Works|Farm|Cent(?:er|re)|Industr(?:y|ies)|Holdings"
    r"|Camp|Mine|Park|Machinery|Penitentiary|Products?)\b",
    re.IGNORECASE,
)
_GOODS = re.compile(r"All |.*\bproduced in\b", re.IGNORECASE)


def parties_of(printed: str) -> tuple[str, list[Name], tuple[Fact, ...]]:
    """Return the first party of an order, the others and their further names, and whom it reaches.

    Parties are separated by semicolons, and by a comma or `and` after a legal form. `and its
    subsidiaries` becomes the fact `extends_to`. One word after a semicolon is a place.
    """
    facts = list[Fact]()
    others = list[Name]()
    text = _VESSEL.sub("", printed)
    if (fleet := _FLEET.match(text)) is not None:
        facts.append(Fact(kind="extends_to", value="fishing vessels owned by the party"))
        text = text[fleet.end() :]
    if (together := _TOGETHER.search(text)) is not None:
        others.append(Name(text=together["name"].strip(), kind="alias"))
        text = _TOGETHER.sub("", text, count=1)
    if (heirs := _HEIRS.search(text)) is not None:
        facts.append(Fact(kind="extends_to", value=heirs["heirs"]))
        rest = text[heirs.end() :]
        text = f"{text[: heirs.start()]}; {rest}" if rest else text[: heirs.start()]
    parties = list(_parties(text, facts))
    names = [Name(text=each, kind="alias") for each in parties[1:]]
    return parties[0] if parties else printed, [*names, *others], tuple(facts)


def _parties(text: str, facts: list[Fact]) -> Iterator[str]:
    for place, part in enumerate(each.strip() for each in text.split(";")):
        if place and re.fullmatch(r"\w+\.?", part):
            facts.append(Fact(kind="place", value=part.rstrip(".")))
            continue
        for name in filter(None, _ALSO.split(part)):
            pieces = [_without_seat(each, facts) for each in _BETWEEN.split(name)]
            yield from pieces[:-1]
            yield from _last(pieces)


def _without_seat(name: str, facts: list[Fact]) -> str:
    seat = _SEAT.search(name)
    if seat is None:
        return name
    facts.append(Fact(kind="place", value=seat[1]))
    return name[: seat.start()]


def _last(pieces: list[str]) -> Iterator[str]:
    """Yield the last piece, or the names in it where a list goes on without legal forms."""
    last = pieces[-1]
    if len(pieces) > 1 and ", and " in last and re.search(_FORM, last) is None:
        yield from re.split(r",\s+(?:and\s+)?", last)
    else:
        yield last


def _type_of(printed: str) -> EntityType | None:
    if _VESSEL.match(printed):
        return "vessel"
    if _GOODS.match(printed):
        return None
    return "organisation" if _ORGANISATION.search(printed) else None


FORMATS = (
    Format(
        word="cbp_wro_csv",
        source=LIST_CODE,
        title="withhold-release-orders-findings….csv",
        tells=lambda file: "WRO/Finding" in file.head and "Press Release" in file.head,
        read=one_file(parse_csv),
    ),
)
"""The format in which CBP publishes the list."""
