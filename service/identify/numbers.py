"""Numbers: what an identifier, as a list or a caller writes it, holds, and when two meet."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from service.identify.kinds import (
    ANY,
    GENERAL,
    REGISTRATION,
    SHARED,
    TAX,
    said_by,
)
from service.identify.pieces import Piece, labelled, pieces_of
from service.identify.plain import key, plain
from service.identify.schemes import EU_PREFIXES, ORGANISATION, SCHEMES

# What a VAT number of the union is called by its country, where that is not its code.
_PREFIX_OF = {"GR": "EL"}
_COUNTRY_OF = {"EL": "GR", "XI": "GB"}
_PREFIXED = re.compile(f"({EU_PREFIXES})([0-9A-Z]{{7,}})")
# Who says one of these may mean another.
_ONE_STATE = frozenset({"CN", "HK", "MO"})
_BIC_OF_THE_HOUSE = 8
_ALONE = {code: frozenset({code}) for code in SCHEMES}


class Number(msgspec.Struct, frozen=True):
    """One number as it is compared.

    Equal numbers share the `key`; `kinds` are what it may be, in our words, none if it may be
    anything; `country` issued it, ISO alpha-2, None where nobody says.
    """

    key: str
    kinds: frozenset[str]
    country: str | None

    @property
    def kind(self) -> str | None:
        """Its kind where that is certain."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None


# As many identifiers as a screening of 1,000 counterparties holds beside those of its hits.
@lru_cache(maxsize=16_384)
def numbers_in(kind: str | None, value: str, country: str | None) -> tuple[Number, ...]:
    """The numbers that an identifier holds, none where it holds nothing to compare.

    Lists print several in one: "INN 4706036197; KPP: 470601001". A number that cannot be what it
    is called, by its form or check digit, is compared like one of unknown kind: one of the two is
    wrong. A number that many parties share is none.
    """
    stated = _stated(kind, value, country)
    found = dict[Number, None]()
    for piece in (stated, *pieces_of(value, stated)):
        if piece.kinds != SHARED:
            found.update(dict.fromkeys(_read(piece)))
    return tuple(found)


def meet(one: Number, other: Number) -> bool:
    """Whether the two are one number, for all that is known.

    Numbers of two kinds that are known are two, be their digits the same. So are those of two
    countries, unless the kind is one that says itself who issued it.
    """
    if one.key != other.key:
        return False
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        return False
    return _is_settled(one) or _is_settled(other) or _is_one_country(one.country, other.country)


def fault_of(kind: str | None, value: str, country: str | None) -> str | None:
    """Why the value cannot be what it claims to be, in words.

    None where it can, or claims nothing. It claims what `kind` says, or else a word before it:
    "IMO 9187629".
    """
    stated = _stated(kind, value, country)
    schemes = [SCHEMES[code] for code in sorted(stated.kinds) if code in SCHEMES]
    if not schemes or len(schemes) < len(stated.kinds):
        return None
    if stated.kinds == _ALONE["vat"] and _PREFIXED.fullmatch(stated.text) is None:
        return None
    if any(_settled(piece) == stated.kinds for piece in pieces_of(value, stated)):
        return None  # "7704734000/770301001", with the code of the tax office behind it.
    faults = [scheme.fault(stated.text) for scheme in schemes]
    return None if None in faults else faults[-1]


def label_of(kind: str) -> str:
    """How a kind that has a scheme is called: "IMO"."""
    return SCHEMES[kind].title


def _stated(kind: str | None, value: str, country: str | None) -> Piece:
    """The whole value with what is said of it."""
    kinds, place = said_by(kind or "")
    country, text, label = country or place, value, labelled(value)
    if label is not None:
        text = label.text
        kinds = label.kinds if not kinds or kinds in GENERAL else kinds
    if kinds == _ALONE["inn"] and country not in {None, "RU"}:
        kinds = TAX  # Kyrgyz, Uzbek and Tajik numbers have the name as well.
    text = plain(text)
    if not kinds and value.isalpha() and value.isupper() and SCHEMES["bic"].holds(text):
        kinds = _ALONE["bic"]  # The one kind of number that may have no digit.
    if kinds == _ALONE["vat"] and country is not None and _PREFIXED.fullmatch(text) is None:
        prefixed = f"{_PREFIX_OF.get(country, country)}{text}"
        text = prefixed if _PREFIXED.fullmatch(prefixed) else text
    return Piece(text, kinds, country)


def _read(piece: Piece) -> Iterator[Number]:
    text, kinds = piece.text, _settled(piece)
    if kinds == _ALONE["bic"]:
        yield Number(text[:_BIC_OF_THE_HOUSE], kinds, None)
        return
    shared = key(text)
    if shared is None:
        return
    yield Number(shared, kinds, piece.country)
    if kinds == _ALONE["uscc"]:
        yield Number(text[ORGANISATION], _ALONE["cn_organisation"], "CN")
    prefixed = _PREFIXED.fullmatch(text)
    within = None if prefixed is None else key(prefixed[2])
    if prefixed is None or within is None:
        return
    if kinds == _ALONE["vat"] or kinds in GENERAL:
        yield Number(within, REGISTRATION, _COUNTRY_OF.get(prefixed[1], prefixed[1]))


def _settled(piece: Piece) -> frozenset[str]:
    """What a number may be, now that it is known how it looks."""
    kinds = piece.kinds
    if kinds and kinds not in GENERAL:
        claimed = [SCHEMES[code] for code in sorted(kinds) if code in SCHEMES]
        right = next((each.code for each in claimed if each.holds(piece.text)), None)
        if right is not None:
            return _ALONE[right]
        return ANY if claimed and kinds != _ALONE["vat"] else kinds
    for scheme in SCHEMES.values():
        is_its = scheme.country == piece.country and scheme.code in kinds
        if (scheme.tells or (is_its and kinds in {TAX, REGISTRATION})) and scheme.holds(
            piece.text
        ):
            return _ALONE[scheme.code]
    return kinds


def _is_settled(number: Number) -> bool:
    """Whether its kind says who issued it, or nobody else issues such numbers."""
    return not number.kinds or (number.kind in SCHEMES and number.kind != "vat")


def _is_one_country(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other or {one, other} <= _ONE_STATE
