"""Regimes: which authority restricts which goods between which places, as data.

A regime is carried by measures of the register, or it is known and not in the register yet; what
the register does not have must never read as "nothing". The file beside this module has them.
"""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache, cached_property
from importlib import resources

import msgspec

from abeyance_screening.engine.measures.measure import Confidence
from abeyance_screening.engine.measures.reach import ItemClass
from abeyance_screening.engine.measures.register.read import read_yaml
from abeyance_screening.engine.measures.register.register import EU, EU_MEMBERS


class GoodsKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of goods, by which regimes differ: coal, luxury goods, services.

    `hs` are the beginnings of HS codes of which some goods may be of this kind, `words` what such
    goods are called. `exported` is its name as an export, where that is another one.
    """

    id: str
    name: str
    exported: str | None = None
    hs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def items(self) -> ItemClass:
        """The kind as a class of items, to be compared with what is asked about."""
        return ItemClass(name=self.name, words=self.words, hs=self.hs)


class RegimePlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place that many regimes are about, or a place from which people trade with one.

    `codes` are the countries, of which `EU` stands for the member states. `part` is what to say
    where only a part of the country is meant, as of the occupied regions of Ukraine.
    """

    id: str
    name: str
    codes: tuple[str, ...]
    part: str | None = None


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One authority's rules on some kinds of goods that go from some places to others.

    No `origin`, `destination` or `kinds` means any. `measures` are the measures of the register
    that carry it; without any, it is known by its `act` and is not in the register yet, and
    `confidence` says how sure that is. `since` and `until` are its first and last day, as far as
    they are recorded.
    """

    id: str
    jurisdiction: str
    act: str
    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    source: str | None = None
    since: date | None = None
    until: date | None = None
    confidence: Confidence = "general_knowledge"
    note: str | None = None

    def is_between(self, origin: str, destination: str) -> bool:
        """Return whether goods from one country to another may be under it; `EU` is a country."""
        return (
            origin != destination
            and (not self.origin or not _codes_of(origin).isdisjoint(self.origin))
            and (not self.destination or not _codes_of(destination).isdisjoint(self.destination))
        )

    def is_of(self, kinds: Collection[str] | None) -> bool:
        """Return whether it is about one of these kinds of goods; None stands for any."""
        return kinds is None or not self.kinds or not set(self.kinds).isdisjoint(kinds)

    def runs_on(self, day: date) -> bool:
        """Return whether a day lies between its first and its last one, as far as recorded."""
        return (self.since or date.min) <= day <= (self.until or date.max)


class Regimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All regimes, with the kinds of goods and the places by which they are told apart.

    `traders` are who exports and imports, `places` those they trade with.
    """

    kinds: tuple[GoodsKind, ...]
    traders: tuple[RegimePlace, ...]
    places: tuple[RegimePlace, ...]
    regimes: tuple[Regime, ...]

    @cached_property
    def kind_by_id(self) -> dict[str, GoodsKind]:
        """The kinds of goods by their ids, in the order of the file."""
        return {each.id: each for each in self.kinds}

    def between(
        self, origin: str, destination: str, kinds: Collection[str] | None
    ) -> Iterator[Regime]:
        """Yield the regimes on such goods from one country to another, in the file's order."""
        for each in self.regimes:
            if each.is_between(origin, destination) and each.is_of(kinds):
                yield each


@cache
def regimes() -> Regimes:
    """Return the regimes that come with the program, read once."""
    text = resources.files(__package__ or "").joinpath("regimes.yaml").read_text("utf-8")
    return msgspec.convert(read_yaml(text), Regimes)


@cache
def _codes_of(country: str) -> frozenset[str]:
    if country == EU:
        return EU_MEMBERS | {EU}
    return frozenset({country, EU} if country in EU_MEMBERS else {country})
