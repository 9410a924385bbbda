"""Compare and weigh what a question has beside a name: type, countries, addresses, birth, numbers.

The result is a score of its own. Together with that of the name it orders the hits; it removes
none.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date as calendar_day
from types import MappingProxyType

import msgspec
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import OSA

from abeyance_screening.engine.lists.listing import Identifier, Listing
from abeyance_screening.engine.names.match_types import Part
from abeyance_screening.engine.screening.answer import (
    Agreement,
    Corroboration,
    DifferentIdentifier,
)
from abeyance_screening.engine.screening.identifiers import (
    UNIQUE,
    Number,
    label_of,
    meet,
    numbers_in,
)
from abeyance_screening.engine.screening.name_variants import (
    account_countries,
    is_only_named,
    question_identifiers,
)
from abeyance_screening.engine.screening.question import Counterparty, PartyIdentifier

# --- Compare: what agrees, what differs, and what is not known.

# From this token_set_ratio on (0 to 100) two addresses count as one: "Bantian, Shenzhen" matches
# "Bantian Huawei Base, Longgang District, Shenzhen, 518129, CN"; two streets of one city do not.
SAME_ADDRESS = 85.0
_NOTHING_BESIDE = Corroboration(
    entity_type="unknown", countries="unknown", addresses="unknown", identifiers=()
)


def corroborate(counterparty: Counterparty, listing: Listing) -> Corroboration:
    """Compare type, countries, addresses, birth date and identifiers with those of a listing."""
    if is_only_named(counterparty):
        return _NOTHING_BESIDE
    asked = [(each, _read(each)) for each in question_identifiers(counterparty)]
    certain = set(question_identifiers(counterparty, only_certain=True)) if asked else ()
    told = [(each, numbers) for each, numbers in asked if each in certain]
    listed = [(each, _read(each)) for each in listing.identifiers] if asked else []
    met = [identifier for identifier, numbers in listed if _meets(numbers, asked)]
    implied = implied_countries(listing) if counterparty.countries else ()
    birth = compare_births(counterparty.birth_date, listing)
    found = Corroboration(
        entity_type=_entity_type(counterparty, listing),
        countries=_countries(counterparty, listing.countries or implied),
        addresses=_addresses(counterparty, listing),
        identifiers=tuple(f"{each.kind}: {each.value}" for each in met),
        identifiers_differ=_differing(told, listed) if told else (),
        birth_date=birth.agreement,
        birth_day_met=birth.to_the_day,
        implied_countries=implied,
    )
    return weighed(found)


def _read[T: (PartyIdentifier, Identifier)](identifier: T) -> tuple[Number, ...]:
    return numbers_in(identifier.kind, identifier.value, identifier.country)


def _meets(
    numbers: Iterable[Number], asked: Iterable[tuple[PartyIdentifier, Iterable[Number]]]
) -> bool:
    return any(meet(one, other) for one in numbers for _, theirs in asked for other in theirs)


def _entity_type(counterparty: Counterparty, listing: Listing) -> Agreement:
    if counterparty.entity_type is None or listing.entity_type is None:
        return "unknown"
    return "agrees" if counterparty.entity_type == listing.entity_type else "differs"


def _countries(counterparty: Counterparty, listed: tuple[str, ...]) -> Agreement:
    """Compare countries; that of a bank account in the name may agree and never differs."""
    if not counterparty.countries and account_countries(counterparty) & set(listed):
        return "agrees"
    if not counterparty.countries or not listed:
        return "unknown"
    return "agrees" if set(counterparty.countries) & set(listed) else "differs"


def _addresses(counterparty: Counterparty, listing: Listing) -> Agreement:
    if not counterparty.addresses or not listing.addresses:
        return "unknown"
    met = any(
        fuzz.token_set_ratio(asked, listed.text, processor=utils.default_process) >= SAME_ADDRESS
        for asked in counterparty.addresses
        for listed in listing.addresses
    )
    return "agrees" if met else "differs"


def _differing(
    asked: Sequence[tuple[PartyIdentifier, Sequence[Number]]],
    listed: Sequence[tuple[Identifier, Sequence[Number]]],
) -> tuple[DifferentIdentifier, ...]:
    """Return the kinds of number, held once for life, that both sides have without agreement."""
    found: list[DifferentIdentifier] = []
    for kind in sorted(UNIQUE):
        here, there = _of_kind(kind, asked), _of_kind(kind, listed)
        if here and there and not here.keys() & there.keys():
            found.append(
                DifferentIdentifier(
                    kind=label_of(kind),
                    asked=tuple(here.values()),
                    listed=tuple(there.values()),
                )
            )
    return tuple(found)


def _of_kind(
    kind: str, identifiers: Iterable[tuple[PartyIdentifier | Identifier, Iterable[Number]]]
) -> dict[str, str]:
    """Return the numbers of a kind by their key, each as it was first written."""
    found: dict[str, str] = {}
    for identifier, numbers in identifiers:
        for number in numbers:
            if number.kind == kind:
                found.setdefault(number.key, identifier.value)
    return found


# --- How much each piece of evidence speaks for or against a hit, in log-odds.

# A bank with another country is more often another bank of the same group than the right one:
# between two listings, one of which agrees, 5 outweigh the identical name against the brand with a
# legal form (Sberbank in Ukraine is JSC Sberbank, not Sberbank).
_WORTH: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "entity_type": (0.3, -1.0),
        "countries": (2.5, -2.5),
        "implied_countries": (1.0, -1.0),
        "addresses": (1.5, -0.3),
        "birth_date": (4.0, -4.0),
        "birth_year": (1.5, -4.0),
    }
)
# A day of birth with a slip in it: two listed days of birth are so near by chance once in 400.
_NEAR_BIRTH = 1.5
# Each of the listing's numbers that met, and each kind that a party has once for life and that
# differs: a different number counts more than all that may agree.
_NUMBER = 8.0
_OTHER_NUMBER = -10.0
# The log-odds of an identical name, and of one that has nothing in common: 1 and 0 have none.
_MOST_OF_NAME = 5.0
# What each doubling of the lists that a question of one word meets counts for a party, in score,
# when parties are put in order: eight lists count .18 more than one. Of 380 first words of firms
# on four lists or more, the firm came first for 335 instead of 311, and of 2,441 other names of
# listed parties none comes later.
_PROMINENCE = 0.083
_MOST_LISTS = 8


def weighed(corroboration: Corroboration) -> Corroboration:
    """Return a corroboration with its score and the parts that it is made of."""
    parts = tuple(_parts(corroboration))
    log_odds = sum(part.log_odds for part in parts)
    return msgspec.structs.replace(
        corroboration, score=1.0 / (1.0 + math.exp(-log_odds)), parts=parts
    )


def rank(score: float, corroboration: Corroboration) -> tuple[int, float]:
    """Return a sort key, larger first: numbers that met, then name and evidence together."""
    name = _MOST_OF_NAME
    if score < 1.0:
        odds = score / (1.0 - score)
        name = max(-_MOST_OF_NAME, min(math.log(odds), _MOST_OF_NAME)) if odds > 0.0 else -name
    return len(corroboration.identifiers), name + sum(
        part.log_odds for part in corroboration.parts
    )


def place_of_party(
    score: float, corroboration: Corroboration, lists_met: int
) -> tuple[float, float]:
    """Return a sort key, smaller first: the place of a party's best hit, and how many lists met.

    A question of one word may mean any party with that word in its name. The likeliest is the
    party that many lists print under it, even if another has the word as its whole alias. So
    `lists_met`, the lists with a listing that such a question meets, counts unless what else was
    asked contradicts; it is 0 for a longer question.
    """
    identifiers, log_odds = rank(score, corroboration)
    likely = 1.0 / (1.0 + math.exp(-log_odds))
    if all(part.log_odds >= 0.0 for part in corroboration.parts):
        likely += _PROMINENCE * math.log2(1 + min(lists_met, _MOST_LISTS))
    return -identifiers, -likely


def _parts(corroboration: Corroboration) -> Iterator[Part]:
    countries = "implied_countries" if corroboration.implied_countries else "countries"
    birth = "birth_date" if corroboration.birth_day_met else "birth_year"
    axes: tuple[tuple[str, Agreement], ...] = (
        ("entity_type", corroboration.entity_type),
        (countries, corroboration.countries),
        ("addresses", corroboration.addresses),
        (birth, corroboration.birth_date),
    )
    for name, agreement in axes:
        if agreement == "near":
            yield Part(name="birth_date_near", value=1.0, log_odds=_NEAR_BIRTH)
        elif agreement != "unknown":
            agrees = agreement == "agrees"
            worth = _WORTH[name][0 if agrees else 1]
            yield Part(name=name, value=1.0 if agrees else 0.0, log_odds=worth)
    met, others = len(corroboration.identifiers), len(corroboration.identifiers_differ)
    if met:
        yield Part(name="identifiers", value=float(met), log_odds=_NUMBER * met)
    if others:
        worth = _OTHER_NUMBER * others
        yield Part(name="identifiers_differ", value=float(others), log_odds=worth)


# --- The countries of a listing that prints none: what its list or regime implies.

# Lists about one country. The EU's annexes to its regulations on Russia and Belarus have firms of
# other countries as well, which is why what is implied counts less than what is printed.
_OF_LIST = {
    "eu_765_v": "BY",
    "eu_833_iv": "RU",
    "jp_meti_ru": "RU",
    "us_dod_1260h": "CN",
    "us_fcc": "CN",
    "us_ofac_cmic": "CN",
    "us_ofac_ssi": "RU",
    "us_uflpa": "CN",
}
# Words of regimes and programmes, as the lists print them. Those on Ukraine are about persons of
# Russia and of the occupied territories, so they imply no country.
_OF_REGIME = {
    word: code
    for code, words in (
        ("AF", "afg taliban"),
        ("BY", "bel belarus"),
        ("CD", "drc"),
        ("CF", "car"),
        ("IQ", "irq iraq iraq2"),
        ("IR", "irn inu iran ifsr"),
        ("KP", "dpr dprk dprk2 dprk3 dprk4"),
        ("LY", "lib libya libya2 libya3"),
        ("MM", "mya burma myanmar"),
        ("NI", "nicaragua"),
        ("RU", "rus russia"),
        ("SO", "somalia"),
        ("SS", "southsudan"),
        ("SY", "syr syria"),
        ("VE", "venezuela"),
        ("YE", "yemen"),
        ("ZW", "zimbabwe"),
    )
    for word in words.split(" ")
}
_IN_JAPANESE = {
    "ロシア連邦": "RU",
    "ベラルーシ": "BY",
    "シリア": "SY",
    "イラン": "IR",
    "北朝鮮": "KP",
    "リビア": "LY",
    "ミャンマー": "MM",
    "タリバーン": "AF",
}
_WORD = re.compile(r"\w+")


def implied_countries(listing: Listing) -> tuple[str, ...]:
    """Return the countries that list and regimes imply for a listing that prints none, sorted."""
    if listing.countries:
        return ()
    found = {_OF_LIST[listing.list_code]} if listing.list_code in _OF_LIST else set[str]()
    for programme in listing.programmes:
        words: list[str] = _WORD.findall(programme.casefold())
        found.update(_OF_REGIME[word] for word in words if word in _OF_REGIME)
        found.update(code for word, code in _IN_JAPANESE.items() if word in programme)
    return tuple(sorted(found))


# --- Dates of birth.

# `1964年 7月9日`, `27/05/1973`: a day in another order than the question's.
_JAPANESE_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_VAGUE = re.compile(r"circa|approx|about|around|\bc\.|~|頃|\bto\b|between|から", re.IGNORECASE)
# How many years a printed year may be wrong, and one that is printed as approximate.
_NEAR, _ABOUT = 0, 2
_LENGTH_OF_DAY = len("1952-10-07")


class BirthAgreement(msgspec.Struct, frozen=True):
    """Whether two dates of birth agree, and whether to the day."""

    agreement: Agreement
    to_the_day: bool = False


def compare_births(asked: str | None, listing: Listing) -> BirthAgreement:
    """Compare a date of birth (`1952-10-07`, `1952-10`, `1952`) with those of a listing.

    Two days agree only if they are the same one, and are near with a slip in one of them; a year
    or month agrees with every day in it.
    """
    if asked is None:
        return BirthAgreement("unknown")
    printed = [fact.value for fact in listing.facts if fact.kind == "date_of_birth"]
    dates = [date for text in printed for date in _dates(text)]
    if not dates:
        return BirthAgreement("unknown")
    if any(asked == date for date, _ in dates) and len(asked) == _LENGTH_OF_DAY:
        return BirthAgreement("agrees", to_the_day=True)
    met = any(_meet(asked, date, years) for date, years in dates)
    if met:
        return BirthAgreement("agrees")
    return BirthAgreement("near" if any(_is_slip(asked, date) for date, _ in dates) else "differs")


def _is_slip(asked: str, date: str) -> bool:
    """Return whether two days are a day or a digit apart, or day and month are changed about."""
    if not len(asked) == len(date) == _LENGTH_OF_DAY:
        return False
    year, month, day = date.split("-")
    if OSA.distance(asked, date, score_cutoff=1) == 1 or asked == f"{year}-{day}-{month}":
        return True
    return abs((_day_of(asked) - _day_of(date)).days) == 1


def _day_of(text: str) -> calendar_day:
    """Return a day; one that no calendar has, as some lists print, is the first of all days."""
    try:
        return calendar_day.fromisoformat(text)
    except ValueError:
        return calendar_day.min


def _meet(asked: str, date: str, years: int) -> bool:
    if years:
        return abs(int(asked[:4]) - int(date[:4])) <= years
    shared = min(len(asked), len(date))
    return asked[:shared] == date[:shared]


def _dates(printed: str) -> Iterator[tuple[str, int]]:
    """Yield each date in a text as `1952-10-07` or `1952`, and by how many years it may be off."""
    text = _JAPANESE_DAY.sub(lambda day: _iso(day[1], day[2], day[3]), printed)
    text = _DAY_FIRST.sub(lambda day: _iso(day[3], day[2], day[1]), text)
    days: list[str] = _DAY.findall(text)
    years: list[str] = _YEAR.findall(_DAY.sub(" ", text))
    about = _ABOUT if _VAGUE.search(text) is not None else _NEAR
    yield from ((day, _NEAR) for day in days)
    yield from ((year, about) for year in years)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"
