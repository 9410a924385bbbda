"""A Chinese announcement that names parties, and its parties as listings.

China publishes no lists: each list is the sum of its announcements.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Literal, cast

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Fact, Listing, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.records import (
    give_ids,
    key_of_number,
    read_struct,
    texts_under,
)
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    notes_are_taken,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from abeyance_screening.primitives.faults import COUNTRY

SOURCE = "cn_announcements"
ChineseList = Literal["cn_uel", "cn_ecl", "cn_wl", "cn_afsl"]
PartyType = Literal["organisation", "person"]
_LISTS: Mapping[object, ChineseList] = {
    "cn_afsl": "cn_afsl",
    "cn_ecl": "cn_ecl",
    "cn_uel": "cn_uel",
    "cn_wl": "cn_wl",
}
_NAME_FIELDS = ("name_en", "name_zh", "aliases")
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^cn-(uel|ecl|wl|afsl)-[a-z0-9-]{1,40}$")]


class AnnouncedParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party as one announcement names it; it has at least one of the two names.

    `number` is its place among the parties of the announcement, from 1. `aliases` are names that
    other announcements use for the same party. `description` is the text after the name (sex,
    office), `note` a remark by the compiler. `delisted_on` is the day on which the party was taken
    off the list; it stays None if a measure is only stopped or suspended (停止, 暂停), because the
    party stays on the list. `entity_type` is None where the announcement's own word is unknown.
    """

    number: Annotated[int, msgspec.Meta(ge=1)]
    name_en: _Text | None = None
    name_zh: _Text | None = None
    aliases: tuple[_Text, ...] = ()
    entity_type: PartyType | None
    country: Annotated[str, msgspec.Meta(pattern=COUNTRY)] | None = None
    address: _Text | None = None
    description: _Text | None = None
    note: _Text | None = None
    delisted_on: date | None = None


class PageParty(AnnouncedParty, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party as read from a page, with words after its name that nobody knows.

    `fault` says why it cannot be read; its names are then all pieces of its line.
    """

    unknown: str | None = None
    fault: str | None = None


class AnnouncementHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an announcement, order or decision states about itself.

    `id` is ours: the list, the year and the number, or for orders the authority and the day or
    number (`cn-ecl-2025-35`, `cn-afsl-mfa-2025-12-26`). `effective_on` is the day in China; where
    an hour is printed too, `effective_at` is the day and the hour.
    """

    id: _Id
    list: ChineseList
    number: _Text
    number_zh: _Text | None = None
    title_zh: _Text | None = None
    authority: _Text
    announced_on: date
    effective_on: date
    effective_at: _Text | None = None
    source_url: _Text | None = None
    other_urls: tuple[_Text, ...] = ()
    note: _Text | None = None


class Announcement(AnnouncementHead, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An announcement with all parties it names, in printed order."""

    parties: tuple[AnnouncedParty, ...]


class PartyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A party that is not read yet; one that `read` refuses is kept by its names.

    `announcement_id` is the id of the announcement, `place` the party's place in it, from 1.
    """

    list_code: ChineseList
    announcement_id: str
    place: int
    read: Callable[[], Listing]
    names: tuple[str, ...]


# --- Collections.

FORMAT_MARK = '"chinese announcements 1"'


class Collection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All announcements of all lists up to a day, each still as decoded.

    `complete_until` is the last day up to which the compiler declares the collection complete;
    `parties` is the number of parties in all announcements.
    """

    format: Literal["chinese announcements 1"]
    complete_until: date
    parties: int
    announcements: tuple[dict[str, object], ...]


# --- Printed parties: the Chinese name, the Latin one in brackets, and the text after them.

_NAMES = re.compile(
    r"(?P<zh>(?:[^()\s]++|\s++(?!\())++)\s*+"
    r"\((?P<en>[^()]*+(?:\([^()]*+\)[^()]*+)*+)\)\s*+(?P<rest>.*)"
)
_PIECES = re.compile(r"[()]|、")
_LONGEST = 500
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SEX = re.compile(r"[男女]")
_BRANCHES = re.compile(r"及其?(?:下属|分支)\S*")
# `哈德逊研究所所长约翰·瓦特斯`: an office before the name of a person.
_OFFICE = re.compile(
    r"(?P<office>.*(?:主席|所长|主任|总裁|总监|董事|经理|顾问|议员|创始人|首席[行执]政?[官行]官?))"
    r"(?P<name>[^·]{1,8}·.{1,20})"
)
# What may precede a name in a sentence.
_ADJUNCT = re.compile(r"参与.{1,24}?的(?:美国|加拿大|日本)?(?=\S)")
_OF_PARENT = re.compile(r"(?=[^A-Za-z]*+[A-Z])[^A-Za-z]*?(?<!\d)(?P<count>\d++)家[^A-Za-z]*+")


class NamesLine(msgspec.Struct, frozen=True):
    """The names of a party, and the other data on its line.

    `unknown` are words that nobody knows. Of a line with a `fault` there are only its `pieces`.
    """

    zh: str | None
    en: str | None
    description: str | None = None
    note: str | None = None
    is_person: bool = False
    unknown: str | None = None
    fault: str | None = None
    pieces: tuple[str, ...] = ()


# --- Chinese numerals.

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_TEN = "十"
NUMERAL = "[〇零○一二三四五六七八九十]"
_NUMERAL = re.compile(f"{NUMERAL}+")


def parse_collection(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return one edition for each list that has parties; its day is `complete_until`.

    Where notes are taken, the parties of an unknown list are noted with their names.
    """
    text = read_text(SOURCE, content)
    try:
        decoded = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(SOURCE, f"not readable as JSON: {error}") from None
    collection = read_struct("the file", decoded, Collection)
    count, seen, records = 0, set[str](), list[PartyRecord]()
    for place, announcement in enumerate(collection.announcements):
        where = f"announcements[{place}]"
        parties = _parties(where, announcement)
        count += len(parties)
        announcement_id = str(announcement.get("id") or where)
        _check_once(announcement_id, seen)
        records += _records(where, announcement_id, announcement, parties)
    if not collection.announcements:
        raise ListRefusedError(SOURCE, "the file has no announcements")
    if count != collection.parties:
        reason = f"parties is {collection.parties}, and the file has {count}"
        raise ListRefusedError(SOURCE, reason)
    return tuple(
        ParsedEdition(
            list_code=list_code, published_on=collection.complete_until, listings=listings
        )
        for list_code, listings in _listings(records).items()
    )


def listings_of(announcements: Iterable[Announcement]) -> dict[str, tuple[Listing, ...]]:
    """Return the listings of each list, by list code in alphabetical order.

    Every party of every announcement is a separate listing, with the announcement as its
    programme, so that a change to an announcement applies to its parties and no others. Ids are
    made from the announcement and the party's number in it (`cn_ecl-2025-35.08`).
    """
    seen, records = set[str](), list[PartyRecord]()
    for announcement in announcements:
        _check_once(announcement.id, seen)
        records += [
            PartyRecord(
                list_code=announcement.list,
                announcement_id=announcement.id,
                place=place,
                read=partial(_read_listing, announcement, party, place),
                names=tuple(filter(None, (party.name_en, party.name_zh, *party.aliases))),
            )
            for place, party in enumerate(announcement.parties, start=1)
        ]
    return _listings(records)


def _parties(where: str, announcement: Mapping[str, object]) -> list[object]:
    parties = announcement.get("parties")
    if not isinstance(parties, list) or not parties:
        raise RowRefusedError(where, "parties is missing, blank or no list")
    return cast("list[object]", parties)


def _records(
    where: str,
    announcement_id: str,
    announcement: Mapping[str, object],
    parties: Sequence[object],
) -> Iterator[PartyRecord]:
    """Yield the parties of an announcement as decoded; none of a list that is not known."""
    printed = {name: value for name, value in announcement.items() if name != "parties"}
    printed_list = announcement.get("list")
    list_code = _LISTS.get(printed_list) if isinstance(printed_list, str) else None
    if list_code is None and notes_are_taken():
        names = "; ".join(text for party in parties for text in texts_under(party, *_NAME_FIELDS))
        what = f"list {printed_list!r} of an announcement"
        note_unknown(where, what, names, may_hide="kind")
        return
    for place, party in enumerate(parties, start=1):
        yield PartyRecord(
            list_code=list_code or "cn_afsl",
            announcement_id=announcement_id,
            place=place,
            read=partial(_read_decoded, where, printed, party, place),
            names=texts_under(party, *_NAME_FIELDS),
        )


def _read_decoded(
    where: str, announcement: Mapping[str, object], party: object, place: int
) -> Listing:
    head = read_struct(where, announcement, AnnouncementHead)
    own = f"{where}.parties[{place - 1}]"
    read = read_struct(own, _with_known_kind(own, party), AnnouncedParty)
    return _read_listing(head, read, place)


def _with_known_kind(where: str, party: object) -> object:
    """Return a party as decoded; a kind of party that is not known becomes None and is noted."""
    if not isinstance(party, dict):
        return party
    fields = cast("dict[str, object]", party)
    kind = fields.get("entity_type")
    if not isinstance(kind, str) or kind in {"organisation", "person"}:
        return fields
    note_unknown(where, "kind of party in 'entity_type'", kind)
    return {**fields, "entity_type": None}


def _read_listing(announcement: AnnouncementHead, party: AnnouncedParty, place: int) -> Listing:
    if not announcement.id.startswith(_prefix(announcement.list)):
        reason = f"an id on list {announcement.list} begins with {_prefix(announcement.list)!r}"
        raise RowRefusedError(announcement.id, reason)
    where = f"{announcement.id}, party {place}"
    if isinstance(party, PageParty):
        if party.fault is not None:
            raise RowRefusedError(where, party.fault)
        if party.unknown is not None:
            note_unknown(where, "words after the name", party.unknown, may_hide="name")
    if party.number != place:
        raise RowRefusedError(where, f"number {party.number} is given where {place} is expected")
    if party.name_en is None and party.name_zh is None:
        raise RowRefusedError(where, "name_en and name_zh are both missing")
    return _listing(announcement, party)


def _listings(records: Iterable[PartyRecord]) -> dict[str, tuple[Listing, ...]]:
    keyed = defaultdict[str, list[tuple[str, Listing]]](list)
    for record, listing in read_records(records, lambda each: each.read(), _rescued):
        own_id = record.announcement_id.removeprefix(_prefix(record.list_code))
        key = key_of_number(f"{own_id}.{record.place:02}")
        keyed[record.list_code].append((key, listing))
    return {list_code: give_ids(list_code, keyed[list_code]) for list_code in sorted(keyed)}


def _rescued(record: PartyRecord) -> Rescued:
    return Rescued(
        names=every_name(record.names),
        list_code=record.list_code,
        entry_id=str(record.place),
        programmes=(record.announcement_id,),
    )


def read_party(where: str, printed: str) -> NamesLine:
    """Return the party of one numbered line."""
    text = printed.strip().rstrip("。;, ")
    if len(text) > _LONGEST or text.count("(") != text.count(")"):
        raise RowRefusedError(where, f"not one party: {printed[:80]!r}")
    match = _NAMES.fullmatch(text)
    if match is None:
        name, _, rest = text.partition(",")
        if _LATIN.search(name):
            name, rest = text, ""
        zh, en = (name.strip(), None) if _HAN.search(name) else (None, name.strip())
    else:
        zh, en, rest = match["zh"].strip(), match["en"].strip(), match["rest"]
    if not (zh or en) or "包括" in text or "(" in rest:
        raise RowRefusedError(where, f"not one party: {printed[:80]!r}")
    if en is not None and not _LATIN.search(en):
        raise RowRefusedError(where, f"brackets without a Latin name: {printed[:80]!r}")
    return _with_rest(where, NamesLine(zh, en), rest.strip(" ,"))


def read_pieces(printed: str, reason: str) -> NamesLine:
    """Return what may be names on a line that `read_party` refuses, and the reason."""
    parts = (part.strip(" 、,;.") for part in _PIECES.split(printed))
    return NamesLine(None, None, fault=reason, pieces=tuple(filter(None, parts)))


def read_sentence(where: str, sentence: str, title: str) -> tuple[list[NamesLine], int | None]:
    """Return the parties of `A(A Inc.)、B(B Inc.)和C`, and their number if the sentence states it.

    A separator may be part of a name: `波音防务、空间与安全集团(Boeing Defense, Space &
    Security)` is one name because the title prints it so.
    """
    text = _ADJUNCT.sub("", sentence.strip(), count=1) if sentence.startswith("参与") else sentence
    parent = _OF_PARENT.match(text)
    count = None if parent is None else int(parent["count"])
    if parent is not None:
        text = text[parent.end() :]
    parts = re.split(r"、|(?<=\))(?:和|以及|及)|(?:和|以及|及)(?=[A-Z])", text.strip())
    chunks = list[str]()
    for part in parts:
        joined = f"{chunks[-1]}、{part.partition('(')[0]}" if chunks else ""
        if joined and "(" not in chunks[-1] and joined.strip() in title:
            chunks[-1] = f"{chunks[-1]}、{part}"
        else:
            chunks.append(part)
    return [read_party(where, chunk) for chunk in chunks if chunk.strip()], count


def number_of(printed: str) -> int | None:
    """Return `14`, `十四`, `二十` or, digit by digit, `二〇二五` as a number; None for others."""
    text = printed.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    if _NUMERAL.fullmatch(text) is None:
        return None
    if _TEN not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text)[:9])
    tens, ones = text.split(_TEN, maxsplit=1)
    if len(tens) > 1 or len(ones) > 1 or _TEN in ones:
        return None
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _check_once(announcement_id: str, seen: set[str]) -> None:
    if announcement_id in seen:
        raise RowRefusedError(announcement_id, "the announcement appears twice")
    seen.add(announcement_id)


def _prefix(list_code: ChineseList) -> str:
    return f"{list_code.replace('_', '-')}-"


def _listing(announcement: AnnouncementHead, party: AnnouncedParty) -> Listing:
    address = () if party.address is None else (_address(party.address),)
    codes = [party.country, *(each.country for each in address)]
    return Listing(
        id="",
        list_code=announcement.list,
        names=_names(party),
        entity_type=party.entity_type,
        entry_id=str(party.number),
        addresses=address,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        programmes=(announcement.id,),
        citations=(announcement.number_zh or announcement.number,),
        listed_on=announcement.effective_on,
        delisted_on=party.delisted_on,
        remarks=party.description,
        facts=tuple(_facts(announcement, party)),
        source_url=announcement.source_url,
        information_url=next(iter(announcement.other_urls), None),
    )


def _address(printed: str) -> Address:
    return Address(text=printed, country=country_code(printed.rpartition(",")[2].strip(" .")))


def _names(party: AnnouncedParty) -> tuple[Name, ...]:
    chinese = (
        None if party.name_zh is None else Name(text=party.name_zh, kind="alias", language="zh")
    )
    aliases = [Name(text=alias, kind="alias") for alias in party.aliases]
    if party.name_en is None:
        first, *rest = collect_names(party.name_zh or "", aliases)
        return (msgspec.structs.replace(first, language="zh"), *rest)
    return collect_names(party.name_en, [*filter(None, [chinese]), *aliases])


def _facts(announcement: AnnouncementHead, party: AnnouncedParty) -> Iterable[Fact]:
    texts = (
        ("announcement", announcement.number),
        ("announcement_title", announcement.title_zh),
        ("authority", announcement.authority),
        ("announced_on", announcement.announced_on.isoformat()),
        ("effective_at", announcement.effective_at),
        ("announcement_note", announcement.note),
        ("note", party.note),
    )
    return (Fact(kind=kind, value=value) for kind, value in texts if value is not None)


def _with_rest(where: str, party: NamesLine, rest: str) -> NamesLine:
    if not rest:
        return party
    if _SEX.match(rest):
        office = _OFFICE.fullmatch(party.zh or "")
        if office is not None:
            party = NamesLine(office["name"], party.en)
            rest = f"{rest},{office['office']}"
        return msgspec.structs.replace(party, description=rest, is_person=True)
    if _BRANCHES.fullmatch(rest):
        return msgspec.structs.replace(party, note=rest)
    if notes_are_taken():
        return msgspec.structs.replace(party, unknown=rest)
    raise RowRefusedError(where, f"unknown words after the name: {rest[:60]!r}")
