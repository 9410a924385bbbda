"""A Chinese announcement that names parties, and its parties as listings.

China publishes no list: every list there is the sum of its announcements.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Address, Fact, Listing, Name
from service.parse.countries import country_code
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.printed_names import collect_names

SOURCE = "cn_announcements"
ChineseList = Literal["cn_uel", "cn_ecl", "cn_wl", "cn_afsl"]
PartyType = Literal["organisation", "person"]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^cn-(uel|ecl|wl|afsl)-[a-z0-9-]{1,40}$")]


class Party(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party as one announcement names it; at least one of the two names is there.

    `number` is its place among the parties of the announcement, from 1. `aliases` are spellings
    under which other announcements name the same party. `description` is what stands behind the
    name (its sex, its office), `note` what the compiler has to say. `delisted_on` is the
    day on which the party was taken off again; a measure that only stops or rests (停止, 暂停) is
    no such thing: the party stays on the list.
    """

    number: Annotated[int, msgspec.Meta(ge=1)]
    name_en: _Text | None = None
    name_zh: _Text | None = None
    aliases: tuple[_Text, ...] = ()
    entity_type: PartyType
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")] | None = None
    address: _Text | None = None
    description: _Text | None = None
    note: _Text | None = None
    delisted_on: date | None = None


class Announcement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An announcement, order or decision with all parties it names, in printed order.

    `id` is ours: the list, and the year and number, or for orders the authority and the day or
    number (`cn-ecl-2025-35`, `cn-afsl-mfa-2025-12-26`). `effective_on` is the Chinese day; where
    an hour is printed too, `effective_at` repeats it.
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
    parties: Annotated[tuple[Party, ...], msgspec.Meta(min_length=1)]


def listings_of(announcements: Iterable[Announcement]) -> dict[str, tuple[Listing, ...]]:
    """The listings of each list, by list code in alphabetical order.

    Every party of every announcement is a listing of its own, with the announcement as its
    programme: what befalls an announcement befalls its parties, and those of no other. Ids are
    made of the announcement and the party's number in it (`cn_ecl-2025-35.08`).

    Raises:
        RowRefusedError: the numbers of an announcement's parties do not run from 1, a party has
            no name, or an announcement is there twice or says it is of another list.
    """
    keyed = defaultdict[str, list[tuple[str, Listing]]](list)
    seen = set[str]()
    for announcement in announcements:
        _check(announcement, seen)
        for party in announcement.parties:
            entry = (_key(announcement, party), _listing(announcement, party))
            keyed[announcement.list].append(entry)
    return {list_code: give_ids(list_code, keyed[list_code]) for list_code in sorted(keyed)}


def _check(announcement: Announcement, seen: set[str]) -> None:
    if announcement.id in seen:
        raise RowRefusedError(announcement.id, "the announcement is there twice")
    seen.add(announcement.id)
    if not announcement.id.startswith(_prefix(announcement)):
        reason = f"the id is not one of list {announcement.list} ({_prefix(announcement)}…)"
        raise RowRefusedError(announcement.id, reason)
    for place, party in enumerate(announcement.parties, start=1):
        where = f"{announcement.id}, party {place}"
        if party.number != place:
            raise RowRefusedError(where, f"number {party.number} stands at place {place}")
        if party.name_en is None and party.name_zh is None:
            raise RowRefusedError(where, "no name")


def _prefix(announcement: Announcement) -> str:
    return f"{announcement.list.replace('_', '-')}-"


def _key(announcement: Announcement, party: Party) -> str:
    return key_of_number(
        f"{announcement.id.removeprefix(_prefix(announcement))}.{party.number:02}"
    )


def _listing(announcement: Announcement, party: Party) -> Listing:
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


def _names(party: Party) -> tuple[Name, ...]:
    chinese = (
        None if party.name_zh is None else Name(text=party.name_zh, kind="alias", language="zh")
    )
    aliases = [Name(text=alias, kind="alias") for alias in party.aliases]
    if party.name_en is None:
        first, *rest = collect_names(party.name_zh or "", aliases)
        return (msgspec.structs.replace(first, language="zh"), *rest)
    return collect_names(party.name_en, [*filter(None, [chinese]), *aliases])


def _address(printed: str) -> Address:
    return Address(text=printed, country=country_code(printed.rpartition(",")[2].strip(" .")))


def _facts(announcement: Announcement, party: Party) -> Iterable[Fact]:
    said = (
        ("announcement", announcement.number),
        ("announcement_title", announcement.title_zh),
        ("authority", announcement.authority),
        ("announced_on", announcement.announced_on.isoformat()),
        ("effective_at", announcement.effective_at),
        ("announcement_note", announcement.note),
        ("note", party.note),
    )
    return (Fact(kind=kind, value=value) for kind, value in said if value is not None)
