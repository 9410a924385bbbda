"""Where goods are sent from and to, and what for, against what a measure says of it."""

from collections.abc import Iterable
from typing import Literal

from service.goods.verdict import Fact, Verdict
from service.model.reach import EndUse
from service.model.transaction import FactMet, ReachFact

EU = "EU"
# Source: Treaty on European Union, art. 52, as it stands since 1 February 2020.
EU_MEMBERS = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
# A use that is also one of a wider kind.
_WIDER: dict[EndUse, EndUse] = {"military_intelligence": "military"}


def compare_place(
    name: Literal["origin", "destination"], given: str | None, wanted: Iterable[str]
) -> Fact:
    """A country against a list of countries, in which `EU` stands for its member states."""
    if given is None:
        return Fact(name, Verdict.OPEN)
    meets = {given, EU} if given in EU_MEMBERS else {given}
    return _any_of(name, given, [each for each in wanted if each in meets])


def compare_outside(
    name: Literal["origin", "destination"], given: str | None, excepted: Iterable[str]
) -> Fact:
    """A country against those that are left out.

    Any other one will do. A destination that is not given is taken for such: goods that are asked
    about are to be sent somewhere.
    """
    if given is None:
        return Fact(name, Verdict.MET if name == "destination" else Verdict.OPEN)
    inside = compare_place(name, given, excepted).verdict is Verdict.MET
    return Fact(name, Verdict.NOT_MET if inside else Verdict.MET)


def compare_use(given: EndUse | None, wanted: tuple[EndUse, ...]) -> Fact:
    """A use against a list of uses; a narrower one meets the wider, which leaves it open."""
    if given is None:
        return Fact("end_use", Verdict.OPEN)
    meets = {given, _WIDER.get(given)}
    fact = _any_of("end_use", given, [each for each in wanted if each in meets])
    if fact.verdict is Verdict.NOT_MET and given in {_WIDER.get(each) for each in wanted}:
        return Fact("end_use", Verdict.OPEN)
    return fact


def _any_of(name: ReachFact, given: str, met: list[str]) -> Fact:
    if not met:
        return Fact(name, Verdict.NOT_MET)
    return Fact(name, Verdict.MET, (FactMet(fact=name, given=given, meets=met[0]),))
