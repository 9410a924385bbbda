"""Who a party is, as its lists print it: what a person expects to read beside the law."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.screening.answer import Hit, PartyHit
from abeyance_screening.engine.wording.titles import country_name, list_title
from abeyance_screening.primitives.days import day_in_words

# What is shown of one listing: the rest is on its own page, one click away.
_MOST_NAMES, _MOST_VALUES, _LONGEST_REASON = 2, 3, 240
# What lists print of owners and owned beside their remarks, by the kinds of their readers' facts.
OWNING: Mapping[str, str] = MappingProxyType(
    {
        "listed_under": "listed under {}",
        "extends_to": "{}",
        "parent_company": "parent: {}",
        "current_owner_or_operator": "owner or operator: {}",
        "subsidiary": "subsidiary: {}",
    }
)


class ProfileLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one or several listings print alike: their ids, list titles, and the text."""

    listings: tuple[tuple[str, str], ...]
    text: str


class ProfilePart(msgspec.Struct, frozen=True, kw_only=True):
    """One heading of a profile and its lines; without any, `silent` says so."""

    heading: str
    lines: tuple[ProfileLine, ...]
    silent: str


def profile_parts(listings: Sequence[Hit | PartyHit]) -> tuple[ProfilePart, ...]:
    """Return who a party is, in parts, each line with the listings that print it."""
    return (
        _part("Names", listings, _names, "None"),
        _part("Countries", listings, _countries, "None is printed."),
        _part("Addresses", listings, _addresses, "None is printed."),
        _part("Numbers", listings, _numbers, "None is printed."),
        _part("Owners and owned", listings, _owning, "None is printed apart from the remarks."),
        _part("Why listed", listings, _reasons, "No list prints its reason."),
        _part("Came and left", listings, _days, ""),
    )


def _part(
    heading: str,
    listings: Sequence[Hit | PartyHit],
    say: Callable[[Hit | PartyHit], str],
    silent: str,
) -> ProfilePart:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in listings:
        if text := say(each):
            place = (each.listing.id, list_title(each.listing.list_code))
            found.setdefault(text, []).append(place)
    lines = tuple(ProfileLine(listings=tuple(of), text=text) for text, of in found.items())
    return ProfilePart(heading=heading, lines=lines, silent=silent)


def _names(hit: Hit | PartyHit) -> str:
    primary, *others = hit.listing.names
    also = list(dict.fromkeys(each.text for each in others if each.text != primary.text))
    return f"{primary.text}{_also(also)}"


def _also(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(f"“{each}”" for each in names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return f"; also {shown}{f' and {rest} more' if rest > 0 else ''}"


def _countries(hit: Hit | PartyHit) -> str:
    return ", ".join(map(country_name, hit.listing.countries))


def _addresses(hit: Hit | PartyHit) -> str:
    return _some([each.text for each in hit.listing.addresses], "; ")


def _numbers(hit: Hit | PartyHit) -> str:
    return _some([f"{each.kind} {each.value}" for each in hit.listing.identifiers], ", ")


def _some(values: Iterable[str], sign: str) -> str:
    each_once = list(dict.fromkeys(values))
    rest = len(each_once) - _MOST_VALUES
    shown = sign.join(each_once[:_MOST_VALUES])
    return f"{shown}{f' and {rest} more' if rest > 0 else ''}"


def _owning(hit: Hit | PartyHit) -> str:
    facts = (each for each in hit.listing.facts if each.kind in OWNING)
    return "; ".join(OWNING[each.kind].format(each.value) for each in facts)


def _reasons(hit: Hit | PartyHit) -> str:
    text = " ".join((_reason_of(hit.listing) or "").split())
    if len(text) <= _LONGEST_REASON:
        return text
    return f"{text[:_LONGEST_REASON].rsplit(' ', 1)[0]} …"


def _reason_of(listing: Listing) -> str | None:
    stated = (each.value for each in listing.facts if each.kind == "statement_of_reasons")
    return next(stated, listing.remarks)


def _days(hit: Hit | PartyHit) -> str:
    standing, listed_on = hit.standing, hit.listing.listed_on
    if listed_on is not None:
        came = f"since {day_in_words(listed_on)}"
    else:
        came = f"by {day_in_words(standing.first_seen_on)}, our first edition with it"
    left = standing.left_on or standing.left_by
    return came if left is None else f"{came}; left by {day_in_words(left)}"
