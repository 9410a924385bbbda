"""An entry of the EU list as a listing."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import EntityType, Fact, Listing, Name, NameKind
from service.parse.days import read_day
from service.parse.elements import ElementRow
from service.parse.eu_fsf.acts import Act, Source, listing_day, read_acts, read_sources
from service.parse.eu_fsf.details import Details
from service.parse.eu_fsf.elements import Entry, truth
from service.parse.printed_names import collect_names, is_latin, tidy

LIST_CODE = "eu_fsf"
SOURCE_URL = (
    "https://data.europa.eu/data/datasets/"
    "consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions"
)

_ENTITY_TYPES: dict[str, EntityType] = {"person": "person", "enterprise": "organisation"}
# The UN's words on a name, which the Commission copies into the name's remark.
_WEAK = "low quality alias"
_FORMERLY = ("previously listed", "formerly listed")
_PLAIN_LANGUAGES = frozenset({None, "EN"})
_INITIALS = re.compile(r"[A-Z-]{2,9}")


class _PrintedName(msgspec.Struct, frozen=True):
    name: Name
    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]


def listing_of(entry: Entry) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    `countries` are those of its addresses and citizenships. `citations` are the acts that it
    stands under, then those that brought in single names and details.

    Raises:
        RowRefusedError: an element or attribute is missing, unknown or unreadable.
    """
    row = entry.row
    reference = row.attribute("euReferenceNumber")
    acts, printed, details = read_acts(row), _names(row), Details()
    details.read(row)
    sources = [*(source for each in printed for source in each.sources), *details.sources]
    remarks = row.texts("remark")
    urls = list(dict.fromkeys(url for act in acts for url in act.urls))
    said = _said(row, urls)
    told = [*remarks, *(text for kind, text in said if text and kind == "designation_details")]
    day = read_day(row.where, "designationDate", dict(said)["designation_date"])
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=_ordered([each.name for each in printed]),
        entity_type=_entity_type(row),
        entry_id=reference or entry.logical_id,
        addresses=tuple(details.addresses),
        countries=_countries(details),
        identifiers=tuple(details.identifiers),
        programmes=tuple(dict.fromkeys(act.programme for act in acts)),
        citations=_citations(acts, sources),
        listed_on=listing_day(acts, sources, day, told),
        remarks="\n".join(remarks) or None,
        facts=tuple(dict.fromkeys(_facts(acts, printed, details, said))),
        source_url=SOURCE_URL,
        information_url=next(iter(urls), None),
    )
    row.close()
    return listing


def _said(row: ElementRow, urls: list[str]) -> tuple[tuple[str, str | None], ...]:
    """What the entry says of itself, each under its word."""
    return (
        *(("act_url", url) for url in urls[1:]),
        ("designation_details", row.attribute("designationDetails")),
        ("designation_date", row.attribute("designationDate")),
        ("united_nations_id", row.attribute("unitedNationId")),
    )


def _names(row: ElementRow) -> list[_PrintedName]:
    names = [_name(part) for part in row.rows("nameAlias")]
    if not names:
        raise RowRefusedError(row.where, "'nameAlias' is missing")
    return names


def _name(row: ElementRow) -> _PrintedName:
    parts = [row.attribute(name) for name in ("firstName", "middleName", "lastName")]
    text = tidy(row.attribute("wholeName") or " ".join(filter(None, parts))).rstrip(" ,")
    if not text:
        raise RowRefusedError(row.where, "wholeName is blank")
    remark = "; ".join(row.texts("remark")) or None
    name = Name(text=text, kind=_kind(row, remark), language=row.attribute("nameLanguage"))
    said = (
        ("title", row.attribute("title")),
        ("function", row.attribute("function")),
        ("gender", row.attribute("gender")),
        ("name_remark", None if remark is None else f"{text}: {remark}"),
    )
    sources = read_sources(row)
    row.close("logicalId", "regulationLanguage")
    facts = tuple(Fact(kind=kind, value=value) for kind, value in said if value is not None)
    return _PrintedName(name, facts, sources)


def _kind(row: ElementRow, remark: str | None) -> NameKind:
    said, is_strong = (remark or "").casefold(), truth(row, "strong")
    if any(words in said for words in _FORMERLY):
        return "former"
    return "alias" if is_strong and _WEAK not in said else "weak_alias"


def _ordered(names: Sequence[Name]) -> tuple[Name, ...]:
    """The names with the primary one first; the file marks none as such.

    It is the first that is strong, in Latin letters and in English or in no language of its own
    (the Union prints a group's name in all its languages, in no order) and not bare initials;
    where there is none, the first that is as much of this as can be had.
    """
    first = min(names, key=_distance)
    return collect_names(first.text, [name for name in names if name is not first])


def _distance(name: Name) -> tuple[bool, ...]:
    return (
        name.kind != "alias",
        not name.text.isascii() and not is_latin(name.text),
        name.language not in _PLAIN_LANGUAGES,
        _INITIALS.fullmatch(name.text) is not None,
    )


def _entity_type(row: ElementRow) -> EntityType:
    subject = row.row("subjectType")
    if subject is None:
        raise RowRefusedError(row.where, "'subjectType' is missing")
    code = subject.take_attribute("code")
    subject.close("classificationCode")
    if code not in _ENTITY_TYPES:
        raise RowRefusedError(row.where, f"subjectType: unknown code {code!r}")
    return _ENTITY_TYPES[code]


def _countries(details: Details) -> tuple[str, ...]:
    codes = (address.country for address in details.addresses)
    return tuple(dict.fromkeys(filter(None, (*codes, *details.nationalities))))


def _citations(acts: Sequence[Act], sources: Sequence[Source]) -> tuple[str, ...]:
    behind = (source.number for source in sources if source.number is not None)
    return tuple(dict.fromkeys((*(act.number for act in acts), *behind)))


def _facts(
    acts: Sequence[Act],
    printed: Sequence[_PrintedName],
    details: Details,
    said: Sequence[tuple[str, str | None]],
) -> Iterator[Fact]:
    for each in printed:
        yield from each.facts
    yield from details.facts
    yield from (act.fact for act in acts)
    for kind, value in said:
        if value is not None:
            yield Fact(kind=kind, value=value)
