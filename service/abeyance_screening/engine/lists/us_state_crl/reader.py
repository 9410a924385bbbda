"""The reader of the Cuba Restricted List, an HTML page.

The page is prose: a bold line begins a section, any other line is an entry, and a line that begins
with `also` or `alias` has another name of the entry before it.

Source: https://www.state.gov/division-for-counter-threat-finance-and-sanctions/cuba-restricted-list
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import (
    collect_names,
    is_short_name,
    last_brackets,
)
from abeyance_screening.engine.lists.reading.pages import HtmlLine, is_page, read_lines, title_of
from abeyance_screening.engine.lists.reading.records import by_name, one_edition
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "us_state_crl"
_URL = (
    "https://www.state.gov/division-for-counter-threat-finance-and-sanctions/cuba-restricted-list"
)
_TITLE = re.compile(
    r"list of restricted entities and sub-?entities associated with cuba", re.IGNORECASE
)
_AS_OF = re.compile(r"As of ([A-Z][a-z]+ \d{1,2}, \d{4})")
_FROM = re.compile(r"were listed effective ([A-Z][a-z]+ \d{1,2}, \d{4}), unless")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


class RestrictedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its own line, the lines of its other names, and where on the page it stands.

    `area` is the key of hotels under a heading of its own, such as `Cayo Coco`. `since` is the
    day that the page gives for every entry without a day of its own.
    """

    section: str
    area: str | None
    since: date | None
    line: HtmlLine
    others: tuple[HtmlLine, ...]


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the page into one edition; `published_on` is the day in `As of July 14, 2025`.

    The section that an entry is printed in is a fact of it. Ids are made from names.
    """
    lines = _lines_of_list(read_lines(LIST_CODE, content))
    published_on, since, start = _opening(lines)
    keyed = by_name(read_records(_entries(lines[start:], since), _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed, published_on, lacks="the page has no entries")


def _lines_of_list(lines: Sequence[HtmlLine]) -> Sequence[HtmlLine]:
    """Return the lines below the title, to the end of the part of the page that it stands in."""
    places = [place for place, line in enumerate(lines) if _TITLE.fullmatch(line.text)]
    if len(places) != 1:
        times = "no title" if not places else f"the title {len(places)} times"
        raise ListRefusedError(LIST_CODE, f"the page has {times}: List of Restricted Entities …")
    start = places[0] + 1
    part = lines[places[0]].part
    inside = [line.part == part for line in lines[start:]]
    end = start + (inside.index(False) if False in inside else len(inside))
    for line in lines[end:]:
        if line.part == part:
            note_unknown("the page", "line after the list", line.text, may_hide="name")
    return lines[start:end]


def _opening(lines: Sequence[HtmlLine]) -> tuple[date | None, date | None, int]:
    """Return the day of the list, the day of its entries, and the place of the first section."""
    start = next((place for place, line in enumerate(lines) if _is_heading(line)), None)
    if start is None:
        raise ListRefusedError(LIST_CODE, "the list has no section")
    prose = " ".join(line.text for line in lines[:start])
    found, since = _AS_OF.search(prose), _FROM.search(prose)
    if found is None:
        raise ListRefusedError(LIST_CODE, "the list has no day: 'As of …'")
    published_on = read_american_day(LIST_CODE, "As of", found[1])
    listed_on = None if since is None else read_american_day(LIST_CODE, "effective", since[1])
    return published_on, listed_on, start


def _is_heading(line: HtmlLine) -> bool:
    if line.tag in _HEADINGS:
        return True
    return line.is_bold and any(map(str.isalpha, line.text)) and not _EFFECTIVE.search(line.text)


def _entries(lines: Sequence[HtmlLine], since: date | None) -> Iterator[RestrictedEntry]:
    section, area = "", None
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if _is_heading(line):
            # `Cayo Coco:` divides a section.
            is_area = line.text.endswith(":")
            area = line.text.removesuffix(":") if is_area else None
            section = section if is_area else line.text
            continue
        others = list[HtmlLine]()
        while place < len(lines) and _OTHER.match(lines[place].text):
            others.append(lines[place])
            place += 1
        yield RestrictedEntry(
            section=section, area=area, since=since, line=line, others=tuple(others)
        )


# --- One entry: `ACRONYM — Name (Activity) Effective July 14, 2025`.

_EFFECTIVE = re.compile(r"(?<!\s)\s*+\bEffective ([A-Z][a-z]+ \d{1,2}, \d{4})$")
_OTHER = re.compile(r"(?:also(?: known as)?|alias|formerly|[af]\.?k\.?a\.?):? +(?=\S)")
_FORMERLY = re.compile(r"f(?:ormerly|\.?k)")
_DASH = re.compile(r"(?<!\s)\s++\u2014\s++")
_LOCATIONS = re.compile(r"(?<!\s)\s++(?<=\s)[\u2013\u2014] (Additional locations .*)$")
_QUOTES = "\u201c\u201d\"'"
# The activities that the pages of 2025 print in brackets after a name, "only representative".
_ACTIVITIES = frozenset({
    "Advertising", "Beverage Manufacturer", "Customs Services", "Fashion", "Financial Services",
    "Real Estate", "Real Estate / Property Rental", "Remittances", "Rum Production",
    "Satellite Television",
})  # fmt: skip
_PLACED = "Marinas"
_LONG_WORD = re.compile(r"\w{4,}")


def _listing_of(entry: RestrictedEntry) -> Listing:
    text, effective = _without_day(entry.line)
    facts = list(_facts_of_place(entry))
    primary, names = _names_of(text, entry.section, facts)
    for line in entry.others:
        mark = _OTHER.match(line.text)
        other, since = _without_day(line)
        other = _OTHER.sub("", other, count=1).strip(_QUOTES)
        is_former = mark is not None and _FORMERLY.match(mark[0])
        names.append(Name(text=other, kind="former" if is_former else "alias"))
        if since is not None:
            facts.append(Fact(kind="name_listed_on", value=f"{other}: {since.isoformat()}"))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, names),
        entity_type="organisation",
        countries=("CU",),
        listed_on=entry.since if effective is None else effective,
        facts=tuple(facts),
        source_url=_URL,
    )


def _without_day(line: HtmlLine) -> tuple[str, date | None]:
    """Return a line without the day after it; other bold words after a name are noted."""
    found = _EFFECTIVE.search(line.text)
    if found is not None:
        text = line.text[: found.start()].strip()
        _check_name(line, text)
        return text, read_american_day(line.text, "Effective", found[1])
    text = line.text
    if line.bold and text.endswith(last := line.bold[-1]) and text != last:
        note_unknown(line.text, "words in bold after a name", last, may_hide="status")
        text = text.removesuffix(last).strip()
    _check_name(line, text)
    return text, None


def _check_name(line: HtmlLine, text: str) -> None:
    if not any(map(str.isalpha, text)):
        raise RowRefusedError(line.text, "the name is blank")


def _facts_of_place(entry: RestrictedEntry) -> Iterator[Fact]:
    yield Fact(kind="section", value=entry.section)
    if entry.area is not None:
        yield Fact(kind="area", value=entry.area)


def _names_of(text: str, section: str, facts: list[Fact]) -> tuple[str, list[Name]]:
    """Return the name as it identifies the entry, and the other names printed with it."""
    located = _LOCATIONS.search(text)
    if located is not None:
        facts.append(Fact(kind="locations", value=located[1]))
        text = text[: located.start()]
    short, *rest = _DASH.split(text, maxsplit=1)
    # `ADESA/ASAT — Agencia Servicios Aduanales`
    others = [*short.split("/"), short] if rest else []
    primary, inside = _without_brackets(rest[0] if rest else text, section, facts)
    names = [Name(text=each, kind="alias") for each in (*others, *inside) if each.strip()]
    return primary, names


def _without_brackets(text: str, section: str, facts: list[Fact]) -> tuple[str, tuple[str, ...]]:
    """Return the name without activity or place in brackets, and another name from there."""
    whole = text.removesuffix(".") if text.endswith(").") else text
    name, inside = last_brackets(whole)
    if not inside or is_short_name(inside, name):
        return whole, ()
    if section == _PLACED or inside in _ACTIVITIES:
        facts.append(Fact(kind="place" if section == _PLACED else "activity", value=inside))
        return name, ()
    if _shares_a_word(inside, name):
        return whole, (name, inside)
    note_unknown(text, "words in brackets", inside, may_hide="name")
    return whole, (name,)


def _shares_a_word(inside: str, name: str) -> bool:
    return not _long_words(inside).isdisjoint(_long_words(name))


def _long_words(text: str) -> set[str]:
    return {found[0].casefold() for found in _LONG_WORD.finditer(text)}


def _rescue(entry: RestrictedEntry) -> Rescued:
    lines = (entry.line, *entry.others)
    texts = [_EFFECTIVE.sub("", _OTHER.sub("", line.text, count=1)) for line in lines]
    return Rescued(
        list_code=LIST_CODE,
        names=tuple(piece for text in texts for piece in _DASH.split(text)[::-1]),
        entity_type="organisation",
    )


def _is_page(file: GivenFile) -> bool:
    return is_page(file.head) and "cuba restricted list" in title_of(file.head).casefold()


FORMATS = (
    Format(
        word="state_crl_html",
        source=LIST_CODE,
        title="the page Cuba Restricted List, as HTML",
        tells=_is_page,
        read=one_file(parse_html),
    ),
)
"""The format in which the State Department publishes the list."""
