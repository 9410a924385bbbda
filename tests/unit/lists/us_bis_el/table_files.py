"""Entity List files in the eCFR's shape, made by tests."""

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.us_bis_el.reader import parse_xml

COLUMNS = (
    "Country",
    "Entity",
    "License requirement",
    "License review policy",
    "Federal Register citation",
)
CELLS = (
    "IRAN",
    "Ali Mehdipour Omrani.",
    "For all items subject to the EAR.",
    "Presumption of denial",
    "79 FR 56003, 9/18/14.",
)


def row(*cells: str, tag: str = "TD") -> str:
    return "<TR>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</TR>"


def table(*rows: str, columns: tuple[str, ...] = COLUMNS) -> str:
    return f"<TABLE>{row(*columns, tag='TH')}{''.join(rows)}</TABLE>"


def xml_file(*parts: str, number: str = "4", around: str = "{}") -> bytes:
    supplement = f'<DIV9 N="Supplement No. {number} to Part 744">{"".join(parts)}</DIV9>'
    return around.format(supplement).encode()


def entry(entity: str, **cells: str) -> tuple[Listing, ...]:
    printed = dict(zip(COLUMNS, CELLS, strict=True)) | {"Entity": entity} | cells
    (edition,) = parse_xml(xml_file(table(row(*printed.values()))))
    return edition.listings
