"""EU list files of one made-up entry, as small as the list allows."""

from abeyance_screening.engine.lists.eu_fsf.reader import parse_xml
from abeyance_screening.engine.lists.listing import Listing

_SUMMARY = '<regulationSummary regulationType="amendment" numberTitle="{}" publicationDate="{}"/>'
REGULATION = (
    '<regulation regulationType="amendment" organisationType="council" programme="SYR" '
    'publicationDate="2020-05-29" entryIntoForceDate="2020-05-30" numberTitle="2020/716 (OJ L168)"'
    ' logicalId="9"><publicationUrl>https://example.eu/act</publicationUrl></regulation>'
)
SUBJECT = '<subjectType code="enterprise" classificationCode="E"/>'
NAME = '<nameAlias wholeName="Acme" strong="true" regulationLanguage="en" logicalId="2"/>'
ENTRY = REGULATION + SUBJECT + NAME
ATTRIBUTES = 'euReferenceNumber="EU.1.1" logicalId="1"'
GENERATED = "2026-02-27T00:30:09.000+01:00"


def xml_file(
    inside: str = ENTRY, *, attributes: str = ATTRIBUTES, generated: str = GENERATED
) -> bytes:
    return file_of(f"<sanctionEntity {attributes}>{inside}</sanctionEntity>", generated=generated)


def file_of(*entries: str, generated: str = GENERATED) -> bytes:
    return (
        f'<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="{generated}" '
        f'globalFileId="7">{"".join(entries)}</export>'
    ).encode()


def read(content: bytes) -> dict[str, Listing]:
    (edition,) = parse_xml(content)
    return {listing.entry_id or "": listing for listing in edition.listings}


def read_entry(inside: str, *, attributes: str = ATTRIBUTES) -> Listing:
    (edition,) = parse_xml(xml_file(inside, attributes=attributes))
    return edition.listings[0]


def name(text: str, *, strong: str = "true", language: str = "", inside: str = "") -> str:
    attributes = f'wholeName="{text}" strong="{strong}" nameLanguage="{language}"'
    return f"<nameAlias {attributes}>{inside}</nameAlias>"


def source(number: str, day: str) -> str:
    return _SUMMARY.format(number, day)


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
