"""OFAC files of made-up parties, as small as the formats allow, and readers of all of them."""

import re
from collections.abc import Sequence

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.formats import public_formats
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.us_ofac.classic import read_classic
from abeyance_screening.engine.lists.us_ofac.reader import read_delta, read_enhanced

SDN, CONS = "us_ofac_sdn", "us_ofac_cons"
OFAC = tuple(each for each in public_formats() if each.source in {SDN, CONS})
ENHANCED_NS = (
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"
)
DELTA_NS = "https://www.treasury.gov/ofac/DeltaFile/1.0"
FILTERS = {SDN: "SDN List", CONS: "Consolidated List"}
NAME = (
    "<isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations><translation>"
    "<isPrimary>true</isPrimary><script>Latin</script>"
    "<formattedFullName>ACME</formattedFullName></translation></translations>"
)
TYPE = "<entityType>Entity</entityType>"
ON_SDN = '<sanctionsList datePublished="2020-01-02">SDN List</sanctionsList>'


def formats(files: Sequence[GivenFile]) -> list[Format]:
    """The formats that all of these files are told to be of."""
    return [each for each in OFAC if all(map(each.tells, files))]


def given(*contents: bytes) -> tuple[GivenFile, ...]:
    return tuple(GivenFile(f"{place}.file", content) for place, content in enumerate(contents, 1))


def by_id(editions: Sequence[ParsedEdition]) -> dict[str, Listing]:
    return {listing.id: listing for edition in editions for listing in edition.listings}


def classic(source: str, content: bytes) -> dict[str, Listing]:
    return by_id(read_classic(source, content))


def enhanced(source: str, content: bytes) -> dict[str, Listing]:
    return by_id(read_enhanced(source, content))


def delta(source: str, content: bytes) -> dict[str, ParsedDelta]:
    return {each.list_code: each for each in read_delta(source, ("some_format",), content)}


def classic_file(
    inside: str = "", *, programme: str = "CUBA", count: int = 1, day: str = "01/02/2020"
) -> bytes:
    entry = (
        "<sdnEntry><uid>1</uid><lastName>ACME</lastName><sdnType>Entity</sdnType><programList>"
        f"<program>{programme}</program></programList>{inside}</sdnEntry>"
    )
    return (
        f"<sdnList><publshInformation><Publish_Date>{day}</Publish_Date>"
        f"<Record_Count>{count}</Record_Count></publshInformation>{entry}</sdnList>"
    ).encode()


def entity(
    inside: str = "",
    *,
    number: int = 1,
    lists: str = ON_SDN,
    names: str = f"<name>{NAME}</name>",
    general: str = TYPE,
    attributes: str = "",
) -> str:
    return (
        f'<entity id="{number}"{attributes}><generalInfo>{general}</generalInfo>'
        f"<sanctionsLists>{lists}</sanctionsLists><names>{names}</names>{inside}</entity>"
    )


def enhanced_file(*entities: str, source: str = SDN, day: str = "2020-01-03T00:00:00") -> bytes:
    return (
        f'<sanctionsData xmlns="{ENHANCED_NS}"><publicationInfo><dataAsOf>{day}</dataAsOf>'
        f"<filters><sanctionsLists><sanctionsList>{FILTERS[source]}</sanctionsList>"
        "</sanctionsLists></filters></publicationInfo><referenceValues/><featureTypes/>"
        f"<entities>{''.join(entities)}</entities></sanctionsData>"
    ).encode()


def delta_file(*entities: str, day: str = "2020-01-03T00:00:00-05:00") -> bytes:
    return (
        f'<sanctionsData xmlns="{DELTA_NS}"><publicationInfo><datePublished>{day}</datePublished>'
        "<publicationType>Standard Action</publicationType></publicationInfo><referenceValues/>"
        f"<featureTypes/><entities>{''.join(entities)}</entities></sanctionsData>"
    ).encode()


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]


def changed(content: bytes, old: str, new: str, *, count: int = 1) -> bytes:
    """The file with something else in it; a pattern that is not there is a mistake of the test."""
    text, times = re.subn(old, new, content.decode(), count=count, flags=re.DOTALL)
    assert times, old
    return text.encode()
