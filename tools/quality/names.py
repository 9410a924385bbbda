"""Reads the names that the benchmarks and the builders of tables work on."""

import csv
import json
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec
from defusedxml.ElementTree import parse

from service.lists.listing import EntityType, NameKind

_US_TYPES: dict[str | None, EntityType | None] = {
    "Entity": "organisation",
    "Individual": "person",
    "Vessel": "vessel",
    "Aircraft": "aircraft",
    None: None,
}


class Party(msgspec.Struct, frozen=True):
    """One entry of a list: its list, what it is, and its names, primary first.

    `entity_type` is None where the publisher does not say.
    """

    list_code: str
    entity_type: EntityType | None
    names: tuple[tuple[str, NameKind], ...]


class City(msgspec.Struct, frozen=True):
    """A place of GeoNames: its name, others that it goes by, its country, how many live there."""

    name: str
    other_names: tuple[str, ...]
    country: str
    population: int


def read_cities(path: Path) -> list[City]:
    """Cities in the shape of GeoNames' `cities15000.txt`: tab-separated, no header."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [
        City(row[1], tuple(filter(None, row[3].split(","))), row[8], int(row[14])) for row in rows
    ]


def read_us(path: Path) -> list[Party]:
    """Entries of the US Consolidated Screening List in the shape of its JSON file."""
    parties = []
    for row in json.loads(path.read_bytes())["results"]:
        names: list[tuple[str, NameKind]] = [(row["name"], "primary")]
        names.extend((alias, "alias") for alias in row["alt_names"] or ())
        entity_type = _US_TYPES[row["type"]]
        parties.append(Party(row["source"].split(" (")[0], entity_type, tuple(names)))
    return parties


def read_un(path: Path) -> list[Party]:
    """Entries of the UN Security Council's consolidated list in XML."""
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
    """Names of ordinary companies: GLEIF's `LegalName`, or the `name` of SEC registrants."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [row.get("LegalName") or row["name"] for row in csv.DictReader(lines)]


def read_ordinary_queries(path: Path) -> list[str]:
    """Names of ordinary companies that must not alert; rows identical to a listed one left out."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["query"] for row in rows if not row.get("identical_to_listed")]


def read_un_scripts(path: Path) -> list[tuple[list[str], list[str]]]:
    """Names in their own script and in Latin of each entry of the UN's list."""
    entries: list[tuple[list[str], list[str]]] = []
    for tag in ("INDIVIDUAL", "ENTITY"):
        for entry in _root(path).iter(tag):
            original = (entry.findtext("NAME_ORIGINAL_SCRIPT") or "").strip()
            entries.append(([original], [name for name, _ in _un_party(entry, tag).names]))
    return entries
