"""Read the names that the builders of tables work on."""

import csv
import json
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec
from defusedxml.ElementTree import parse

from abeyance_screening.engine.lists.listing import EntityType, NameKind

_US_TYPES: dict[str | None, EntityType | None] = {
    "Entity": "organisation",
    "Individual": "person",
    "Vessel": "vessel",
    "Aircraft": "aircraft",
    None: None,
}


class Party(msgspec.Struct, frozen=True):
    """One entry of a list: its list, its entity type, and its names, primary first.

    `entity_type` is None where the publisher does not state it.
    """

    list_code: str
    entity_type: EntityType | None
    names: tuple[tuple[str, NameKind], ...]


class City(msgspec.Struct, frozen=True):
    """A city of GeoNames: its name, its other names, its country and its population."""

    name: str
    other_names: tuple[str, ...]
    country: str
    population: int


def read_cities(path: Path) -> list[City]:
    """Read cities in the format of GeoNames' `cities15000.txt`: tab-separated, no header row."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [
        City(row[1], tuple(filter(None, row[3].split(","))), row[8], int(row[14])) for row in rows
    ]


def read_us(path: Path) -> list[Party]:
    """Read the entries of the US Consolidated Screening List in JSON."""
    parties = []
    for row in json.loads(path.read_bytes())["results"]:
        names: list[tuple[str, NameKind]] = [(row["name"], "primary")]
        names.extend((alias, "alias") for alias in row["alt_names"] or ())
        entity_type = _US_TYPES[row["type"]]
        parties.append(Party(row["source"].split(" (")[0], entity_type, tuple(names)))
    return parties


def read_un(path: Path) -> list[Party]:
    """Read the entries of the UN Security Council's consolidated list in XML."""
    root = _root(path)
    parties = [_un_party(entry, "INDIVIDUAL") for entry in root.iter("INDIVIDUAL")]
    return parties + [_un_party(entry, "ENTITY") for entry in root.iter("ENTITY")]


def _root(path: Path) -> Element:
    root = parse(path).getroot()
    if root is None:
        raise ValueError(path)
    return root


def _un_party(entry: Element, tag: str) -> Party:
    parts = [entry.findtext(f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    names: list[tuple[str, NameKind]] = [
        (" ".join(part.strip() for part in parts if part), "primary")
    ]
    for alias in entry.iter(f"{tag}_ALIAS"):
        text = (alias.findtext("ALIAS_NAME") or "").strip()
        quality = (alias.findtext("QUALITY") or "").strip().lower()
        kind: NameKind = "alias"
        if quality == "low":
            kind = "weak_alias"
        elif quality == "f.k.a.":
            kind = "former"
        if text:
            names.append((text, kind))
    return Party("UN", "person" if tag == "INDIVIDUAL" else "organisation", tuple(names))


def read_ordinary(path: Path) -> list[str]:
    """Read names of ordinary companies: GLEIF's `LegalName`, or the `name` of SEC registrants."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [row.get("LegalName") or row["name"] for row in csv.DictReader(lines)]


def read_ordinary_queries(path: Path) -> list[str]:
    """Read names of ordinary companies that must not alert, without listed names."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["query"] for row in rows if not row.get("identical_to_listed")]


def read_un_scripts(path: Path) -> list[tuple[list[str], list[str]]]:
    """Read, for each entry of the UN's list, its names in the original script and in Latin."""
    entries: list[tuple[list[str], list[str]]] = []
    for tag in ("INDIVIDUAL", "ENTITY"):
        for entry in _root(path).iter(tag):
            original = (entry.findtext("NAME_ORIGINAL_SCRIPT") or "").strip()
            entries.append(([original], [name for name, _ in _un_party(entry, tag).names]))
    return entries
