"""A record of the End User List as a listing."""

import re
from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Address, Fact, Listing, Name
from service.parse.countries import country_code
from service.parse.jp_meti_eul.columns import LIST_CODE, Record
from service.parse.printed_names import collect_names

SOURCE_URL = "https://www.meti.go.jp/policy/anpo/law00.html"
INFORMATION_URL = "https://www.meti.go.jp/policy/anpo/law05.html"

_KINDS = {"生物": "B", "化学": "C", "ミサイル": "M", "核": "N"}
_KIND = re.compile("|".join(_KINDS))
_CODES = re.compile(r"[BCMN](?:[,、\s]+[BCMN])*")
# With and without the Japanese words before the letters.
_CONVENTIONAL = {"": (), "CW": ("CW",), "通常兵器CW": ("CW",)}
_BULLET = re.compile(r"[・･·•]\s*")
_INNER_BULLET = re.compile(r" [・･]\s*")
_JOINT = re.compile(r"[;,]\s*(?:and)?$")
_HAN = r"\u3041-\u30fa\u3400-\u9fff"
# `… 23rd Research Institute 中国航天…`: the other spelling without brackets.
_TWO_SCRIPTS = re.compile(rf"(?P<latin>[^{_HAN}]*[^{_HAN}(\s])\s+(?P<han>[{_HAN}][^()]*)")


def listing_of(record: Record) -> Listing:
    """The listing, with an empty id that its whole list is needed for.

    The list prints no address but the country, no day, and for each entry the kinds of weapons
    that are feared: `B`, `C`, `M`, `N` and, since 2025, `CW`.

    Raises:
        RowRefusedError: a kind of weapon is unknown, or the Japanese words and the letters for
            the kinds differ, or no kind is printed.
    """
    japanese, country = _countries(record.country)
    code = country_code(country)
    # tables read out of METI's PDF file have another name behind a bullet here (No. 615 of 2025)
    printed = _INNER_BULLET.split(" ".join(record.name.split()))
    primary, *others = (
        name for each in [*printed, *_also(record.also)] for name in _spellings(each)
    )
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, [Name(text=text, kind="alias") for text in others]),
        entity_type="organisation",
        entry_id=str(record.number),
        addresses=(Address(text=country, country=code, note=japanese),),
        countries=() if code is None else (code,),
        facts=tuple(Fact(kind="type_of_concern", value=kind) for kind in _kinds(record)),
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def _countries(printed: str) -> tuple[str | None, str]:
    """`イラン` and `Islamic Republic of Iran`, which stand in two lines of one cell."""
    japanese, *english = [line.strip() for line in printed.split("\n") if line.strip()]
    return (japanese, " ".join(english)) if english else (None, japanese)


def _also(printed: str) -> list[str]:
    """The other names: one behind each bullet, maybe of two lines, or else one a line."""
    lines = [line.strip() for line in printed.split("\n") if line.strip()]
    if not any(_BULLET.match(line) for line in lines):
        return [_JOINT.sub("", line).strip() for line in lines]
    names = list[str]()
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is not None:
            names.append(line[bullet.end() :])
        elif names:
            names[-1] += f" {line}"
        else:
            names.append(line)
    return [_JOINT.sub("", name).strip() for name in names]


def _spellings(name: str) -> Iterator[str]:
    two = _TWO_SCRIPTS.fullmatch(name)
    if two is None:
        yield name
    else:
        yield from two.groups()


def _kinds(record: Record) -> tuple[str, ...]:
    """`生物、化学 B,C` → `B`, `C`; the conventional weapons last."""
    said = "".join(record.concern.split())
    words = {letter for word, letter in _KINDS.items() if word in said}
    letters = _KIND.sub("", said).strip("、,")
    codes = tuple(re.findall("[BCMN]", letters))
    if letters and _CODES.fullmatch(letters) is None:
        raise RowRefusedError(record.where, f"Type of WMD: unknown {record.concern!r}")
    if words and words != set(codes):
        reason = f"Type of WMD: the words and the letters differ in {record.concern!r}"
        raise RowRefusedError(record.where, reason)
    conventional = _CONVENTIONAL.get("".join(record.conventional.split()))
    if conventional is None:
        reason = f"Conventional Weapons: unknown {record.conventional!r}"
        raise RowRefusedError(record.where, reason)
    kinds = (*codes, *conventional)
    if not kinds:
        raise RowRefusedError(record.where, "no type of concern is printed")
    return kinds
