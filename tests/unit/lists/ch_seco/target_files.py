"""Swiss list files of one made-up target, as small as the list allows."""

from abeyance_screening.engine.lists.ch_seco.reader import parse_xml
from abeyance_screening.engine.lists.listing import Listing

PROGRAMME = (
    '<sanctions-program ssid="1" version-date="2026-05-21">'
    '<program-key lang="ger">Weissrussland</program-key>'
    '<program-key lang="eng">Belarus</program-key>'
    '<program-name lang="eng">Ordinance on Belarus</program-name>'
    '<sanctions-set ssid="12" lang="ger">Anhang 1</sanctions-set>'
    '<sanctions-set ssid="12" lang="eng">annex 1</sanctions-set><origin>EU</origin>'
    "</sanctions-program>"
)
PLACE = (
    '<place ssid="77"><location>Minsk</location><location-variant lang="ger">Mensk'
    '</location-variant><area>Minsk Region</area><country iso-code="BY">Belarus</country></place>'
)
SET = "<sanctions-set-id>12</sanctions-set-id>"


def name(
    *parts: str, kind: str = "primary-name", quality: str = "good", language: str = "eng"
) -> str:
    inside = "".join(parts)
    return (
        f'<name ssid="3" name-type="{kind}" quality="{quality}" lang="{language}">{inside}</name>'
    )


def part(value: str, kind: str = "whole-name", order: int = 1, inside: str = "") -> str:
    attributes = f'order="{order}" name-part-type="{kind}"'
    return f"<name-part {attributes}><value>{value}</value>{inside}</name-part>"


def variant(text: str, language: str = "RUS", script: str = "LATN") -> str:
    attributes = f'lang="{language}" script="{script}" spelling-variant-type="not-defined"'
    return f"<spelling-variant {attributes}>{text}</spelling-variant>"


ACME = name(part("Acme"))


def identity(inside: str = ACME, *, main: str = "true") -> str:
    return f'<identity ssid="2" main="{main}">{inside}</identity>'


def change(kind: str, day: str, inside: str = "") -> str:
    days = f'enactment-date="{day}" publication-date="{day}" effective-date="{day}"'
    return f'<modification modification-type="{kind}" {days}>{inside}</modification>'


def target(subject: str, *, before: str = SET, after: str = "", number: str = "100") -> str:
    return f'<target ssid="{number}">{before}{subject}{after}</target>'


def entity(inside: str = "", **target_parts: str) -> str:
    return target(f"<entity>{identity()}{inside}</entity>", **target_parts)


def xml_file(
    *targets: str, programme: str = PROGRAMME, place: str = PLACE, root: str = 'date="2026-08-27"'
) -> bytes:
    inside = f"{programme}{''.join(targets)}{place}"
    return (
        f'<swiss-sanctions-list list-type="whole-list" {root}>{inside}</swiss-sanctions-list>'
    ).encode()


def read(content: bytes) -> dict[str, Listing]:
    (edition,) = parse_xml(content)
    return {listing.id: listing for listing in edition.listings}


def read_target(printed: str) -> Listing:
    return read(xml_file(printed))["ch_seco-100"]


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
