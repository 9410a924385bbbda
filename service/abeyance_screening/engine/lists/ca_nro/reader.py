"""The reader of Canada's Named Research Organizations, an HTML page.

An entry is an item of a list, `<strong>Name</strong> (Country)`, and may hold a paragraph
`Known alias(es): A; B`.

Source: https://science.gc.ca/site/science/en/safeguarding-your-research
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, is_weak, split_names, tidy
from abeyance_screening.engine.lists.reading.pages import HtmlLine, is_page, read_lines, title_of
from abeyance_screening.engine.lists.reading.records import by_name, one_edition
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "ca_nro"
_URL = (
    "https://science.gc.ca/site/science/en/safeguarding-your-research"
    "/guidelines-and-tools-implement-research-security"
    "/sensitive-technology-research-and-affiliations-concern/named-research-organizations"
)
_COUNTRY = re.compile(r"\(([^()]*)\)$")
_ALIASES = re.compile(r"Known alias(?:\(es\)|es)?\s*:\s*", re.IGNORECASE)
_MODIFIED = re.compile(r"Date modified:?\s*", re.IGNORECASE)


class NamedOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its own line, and the lines of the paragraphs within it."""

    line: HtmlLine
    others: tuple[HtmlLine, ...]


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the page into one edition; `published_on` is its `Date modified`, if it prints one.

    Lines before the first entry and after the last are no part of the list. Ids are made from
    names.
    """
    lines = read_lines(LIST_CODE, content)
    places = _places(lines)
    if not places:
        raise ListRefusedError(LIST_CODE, "the page has no entry: Name (Country)")
    keyed = by_name(read_records(_entries(lines, places), _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed, _modified_on(lines))


def _places(lines: Sequence[HtmlLine]) -> list[int]:
    """Return the places of the entries, bold items without a country among or beside them too."""
    places = [place for place, line in enumerate(lines) if _is_entry(line)]
    if not places:
        return []
    first, last = places[0], places[-1]
    while first > 0 and _is_of_list(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _is_of_list(lines[last + 1]):
        last += 1
    among = (place for place in range(first, last + 1) if _is_bold_item(lines[place]))
    return sorted({*places, *among})


def _is_entry(line: HtmlLine) -> bool:
    """Return whether an item is an entry: it ends with brackets, and is bold or of a country."""
    printed = _COUNTRY.search(line.text)
    if line.tag != "li" or printed is None:
        return False
    return _is_bold_item(line) or country_code(printed[1]) is not None


def _is_of_list(line: HtmlLine) -> bool:
    return _is_bold_item(line) or _ALIASES.match(line.text) is not None


def _is_bold_item(line: HtmlLine) -> bool:
    return line.tag == "li" and bool(line.bold) and line.text.startswith(line.bold[0])


def _entries(lines: Sequence[HtmlLine], places: Sequence[int]) -> Iterator[NamedOrganisation]:
    """Yield the entries with the lines below each; those of the last are its aliases alone."""
    for place, following in zip(places, (*places[1:], None), strict=True):
        if following is not None:
            others = lines[place + 1 : following]
        else:
            others = lines[place + 1 : place + 2]
            others = [each for each in others if _ALIASES.match(each.text)]
        yield NamedOrganisation(line=lines[place], others=tuple(others))


def _listing_of(entry: NamedOrganisation) -> Listing:
    text = entry.line.text
    country = _COUNTRY.search(text)
    name = tidy(text if country is None else text[: country.start()])
    if not any(map(str.isalpha, name)):
        raise RowRefusedError(text, "the name is blank")
    code = None if country is None else country_code(country[1])
    if code is None:
        note_unknown(text, "country", text if country is None else country[1])
    facts = () if country is None else (Fact(kind="country", value=country[1]),)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(name, _aliases(entry)),
        entity_type="organisation",
        countries=() if code is None else (code,),
        facts=facts,
        source_url=_URL,
    )


def _aliases(entry: NamedOrganisation) -> Iterator[Name]:
    for line in entry.others:
        mark = _ALIASES.match(line.text)
        if mark is None:
            note_unknown(entry.line.text, "line of an entry", line.text, may_hide="name")
            continue
        for text in split_names(line.text[mark.end() :]):
            yield Name(text=text, kind="weak_alias" if is_weak(text) else "alias")


def _rescue(entry: NamedOrganisation) -> Rescued:
    texts = [_COUNTRY.sub("", entry.line.text), *(line.text for line in entry.others)]
    names = (name for text in texts for name in split_names(_ALIASES.sub("", text)))
    return Rescued(list_code=LIST_CODE, names=tuple(names), entity_type="organisation")


def _modified_on(lines: Sequence[HtmlLine]) -> date | None:
    """Return the day after `Date modified:`, on the same line or the next."""
    for place, line in enumerate(lines):
        mark = _MODIFIED.match(line.text)
        if mark is not None:
            rest = line.text[mark.end() :] or "".join(each.text for each in lines[place + 1 :][:1])
            return find_day(rest)
    return None


def _is_page(file: GivenFile) -> bool:
    return is_page(file.head) and "named research organi" in title_of(file.head).casefold()


FORMATS = (
    Format(
        word="ca_nro_html",
        source=LIST_CODE,
        title="the page Named Research Organizations, as HTML",
        tells=_is_page,
        read=one_file(parse_html),
    ),
)
"""The format in which the Government of Canada publishes the list."""
