"""Questions of any kind, from the structs that say what a question is.

A field that is added to a struct is in the questions from then on: where no strategy of its own
stands here, one is made of its type.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from abeyance_screening.engine.screening.question import (
    Counterparty,
    Owner,
    PartyIdentifier,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction

type Made = st.SearchStrategy[Any]

WORDS = st.sampled_from(
    ["Zimtstern", "Quedlinburg", "Пекарня", "Bäckerei", "面包房", "Nordlicht", "& Söhne", "<b>"]
)
NAMES = st.lists(WORDS, min_size=2, max_size=4).map(" ".join)
COUNTRIES = st.sampled_from(["DE", "FR", "CN", "RU", "US"])
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)
DAYS = st.dates(date(2026, 3, 1), date(2026, 11, 30))
LISTS = st.lists(st.sampled_from(["us_bis_el", "us_ofac_sdn", "un_sc"]), min_size=1, unique=True)

# What a type cannot say of a field, by struct and field.
_OWN: Mapping[tuple[type, str], Made] = {
    (Counterparty, "name"): NAMES,
    (Counterparty, "aliases"): st.lists(NAMES, max_size=2),
    (Counterparty, "addresses"): st.lists(NAMES, max_size=2),
    (Counterparty, "countries"): st.lists(COUNTRIES, max_size=2),
    (Counterparty, "birth_date"): st.sampled_from(["1952-10-07", "1952-10", "1952"]),
    (Counterparty, "owners"): st.deferred(
        lambda: st.lists(of(Owner, owners=st.just([])), max_size=2)
    ),
    (Owner, "share"): st.integers(0, 50) | st.sampled_from(["12.5", "0.01"]),
    (PartyIdentifier, "country"): COUNTRIES,
    (ScreeningQuestion, "counterparties"): st.deferred(
        lambda: st.lists(of(Counterparty), min_size=1, max_size=2)
    ),
    (ScreeningQuestion, "as_of"): DAYS.map(str),
    (ScreeningQuestion, "known_at"): DAYS.map(str),
    (ScreeningQuestion, "at"): st.just("2026-11-10T02:00:00Z"),
    (ScreeningQuestion, "since"): st.just("2026-02-01"),
    (ScreeningQuestion, "lists"): LISTS,
    (ScreeningQuestion, "profile"): st.just(["us"]),
    (ScreeningQuestion, "store"): st.just(True),
    (Transaction, "items"): st.deferred(lambda: st.lists(of(Item), max_size=2)),
    (Transaction, "origin"): COUNTRIES,
    (Transaction, "destination"): COUNTRIES,
    (Transaction, "exporter"): COUNTRIES,
    (Item, "hs"): st.sampled_from(["854231", "8413.70", "8542"]),
    (Item, "control_code"): st.sampled_from(["3A090", "EAR99", "3B001.f"]),
    (Item, "description"): NAMES,
}
# A struct of which nothing is given at all is refused.
_ALWAYS: Mapping[type, str] = {Item: "description", Transaction: "origin"}


def of(kind: type[msgspec.Struct], **instead: Made) -> Made:
    """Return a strategy for the JSON of a struct: each field that may be left out may be there."""
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StructType)
    required, optional = dict[str, Made](), dict[str, Made]()
    for field in told.fields:
        own = instead.get(field.name)
        made = _of_field(kind, field) if own is None else own
        is_there = field.required or _ALWAYS.get(kind) == field.name
        (required if is_there else optional)[field.name] = made
    return st.fixed_dictionaries(required, optional=optional)


def _of_field(kind: type[msgspec.Struct], field: inspect.Field) -> Made:
    for base in kind.__mro__:
        if (base, field.name) in _OWN:
            return _OWN[base, field.name]
    return _of_type(field.type)


_PLAIN: Mapping[type[inspect.Type], Made] = {
    inspect.StrType: TEXTS,
    inspect.BoolType: st.booleans(),
    inspect.IntType: st.integers(1, 50),
    inspect.FloatType: st.sampled_from([0.6, 0.75, 0.9]),
    inspect.DateType: DAYS.map(str),
}


def _of_type(kind: inspect.Type) -> Made:
    match kind:
        case inspect.UnionType(types=types):
            some = [each for each in types if not isinstance(each, inspect.NoneType)]
            return st.one_of(*map(_of_type, some))
        case inspect.StructType(cls=cls):
            return of(cls)
        case inspect.VarTupleType(item_type=item):
            return st.lists(_of_type(item), max_size=2)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case _:
            return _PLAIN[type(kind)]


def _allowed(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question without what may not stand beside something else in it."""
    if "lists" in question:
        question.pop("profile", None)
    if question.keys() >= {"as_of", "known_at"}:
        question.pop("at", None)
    return question


QUESTIONS = of(ScreeningQuestion).map(_allowed)
"""Questions of `POST /v1/screenings`, as their JSON."""
