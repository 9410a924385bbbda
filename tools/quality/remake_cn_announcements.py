"""Make the collection of Chinese announcements from the rows that were gathered by hand.

Run `python -m tools.quality.remake_cn_announcements cn_entities.yaml announcements.json`. The
rows are in the order of the announcements. Suspensions and stays are for the measure register: the
names stay on the list. Only the names of a revoked order are removed.
"""

import json
import re
import sys
from datetime import date
from pathlib import Path

import msgspec
import yaml

from abeyance_screening.engine.lists.cn_announcements.announcements import (
    AnnouncedParty,
    Announcement,
    Collection,
    parse_collection,
)

# The day of the newest source that was read when the rows were gathered.
_COMPLETE_UNTIL = date(2026, 10, 9)
_LISTS = {"ECL": "cn_ecl", "WL": "cn_wl", "UEL": "cn_uel", "AFSL": "cn_afsl"}
_TYPES = {"organization": "organisation", "person": "person"}
_PRINTED_NOTE = re.compile(r"[男女](?:，.+)?")  # noqa: RUF001 - as printed


class Event(msgspec.Struct):
    """A later event of an announcement."""

    kind: str
    effective_on: date


class Act(msgspec.Struct, rename={"list_name": "list"}):
    """One announcement."""

    id: str
    list_name: str
    number: str
    number_zh: str | None
    title_zh: str | None
    authority: str
    announced_on: date
    effective_on: str
    entity_count: int
    source_url: str
    other_urls: list[str] = []
    note: str | None = None
    events: list[Event] = []


class Row(msgspec.Struct):
    """One name in one announcement."""

    id: str
    announcement_id: str
    name_zh: str | None
    name_en: str | None
    entity_type: str
    country: str | None
    name_en_common: str | None = None
    name_variants: list[str] | None = None
    note: str | None = None


class Gathered(msgspec.Struct):
    """The input file: announcements, and rows of names."""

    announcements: list[Act]
    entities: list[Row]


def collect(gathered: Gathered) -> Collection:
    """Return the announcements by day, each with its rows."""
    acts = sorted(gathered.announcements, key=lambda act: (act.announced_on, act.id))
    announcements = tuple(_announcement(act, gathered.entities) for act in acts)
    return Collection(
        format="chinese announcements 1",
        complete_until=_COMPLETE_UNTIL,
        parties=sum(len(each.parties) for each in announcements),
        announcements=tuple(map(msgspec.to_builtins, announcements)),
    )


def text_of(collection: Collection) -> str:
    """Return a collection as JSON with a party on each line."""
    whole = msgspec.to_builtins(collection)
    announcements = list[str]()
    for announcement in whole.pop("announcements"):
        parties = ",\n".join(f"   {_line(party)}" for party in announcement.pop("parties"))
        head = _line(announcement).removesuffix("}")
        announcements.append(f'  {head},\n  "parties": [\n{parties}\n  ]}}')
    head = _line(whole).removesuffix("}")
    return f'{head},\n "announcements": [\n' + ",\n".join(announcements) + "\n]}\n"


def main(source: str, target: str) -> None:
    """Read the rows, write the collection, and read it once to check it."""
    raw = yaml.load(Path(source).read_text("utf-8"), Loader=yaml.CSafeLoader)
    collection = collect(msgspec.convert(raw, Gathered, strict=False))
    text = text_of(collection)
    Path(target).write_text(text, "utf-8")
    for edition in parse_collection(text.encode()):
        print(edition.list_code, edition.published_on, len(edition.listings))


def _announcement(act: Act, rows: list[Row]) -> Announcement:
    mine = [row for row in rows if row.announcement_id == act.id]
    if len(mine) != act.entity_count:
        sys.exit(f"{act.id}: {len(mine)} of {act.entity_count} rows")
    revoked = next((event.effective_on for event in act.events if event.kind == "revoke"), None)
    hour = act.effective_on if "T" in act.effective_on else None
    plain = {
        "id": act.id,
        "list": _LISTS[act.list_name],
        "number": act.number,
        "number_zh": act.number_zh,
        "title_zh": act.title_zh,
        "authority": act.authority,
        "announced_on": act.announced_on,
        "effective_on": act.effective_on[:10],
        "effective_at": hour,
        "source_url": act.source_url,
        "other_urls": act.other_urls,
        "note": act.note,
        "parties": [_party(row, place, revoked) for place, row in enumerate(mine, start=1)],
    }
    return msgspec.convert(plain, Announcement)


def _party(row: Row, place: int, delisted_on: date | None) -> AnnouncedParty:
    if row.id != f"{row.announcement_id}:{place:02}":
        sys.exit(f"{row.id} is at place {place}")
    printed = row.note if row.note and _PRINTED_NOTE.fullmatch(row.note) else None
    plain = {
        "number": place,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "aliases": [*filter(None, [row.name_en_common]), *(row.name_variants or [])],
        "entity_type": _TYPES[row.entity_type],
        "country": row.country,
        "description": printed,
        "note": None if printed else row.note,
        "delisted_on": delisted_on,
    }
    return msgspec.convert(plain, AnnouncedParty)


def _line(fields: dict[str, object]) -> str:
    filled = {key: value for key, value in fields.items() if value not in (None, [], ())}
    return json.dumps(filled, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
