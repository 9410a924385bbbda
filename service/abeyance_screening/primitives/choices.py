"""Choices: what may be given where something else was, and which of it was likely meant."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import cast

import msgspec
from msgspec import inspect

from abeyance_screening.primitives.faults import in_words

_INVALID = re.compile(r"Invalid enum value (.*?)(?: - at `\$([^`]*)`)?", re.DOTALL)
_UNLIKE = re.compile(r"does not match the pattern .*?(?P<place>(?: - at `\$(?P<path>[^`]*)`)?)")
# A step of a path as msgspec writes it: a field, the place in an array, or any key of an object.
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def explained(error: msgspec.ValidationError, kind: object) -> str:
    """Return why a value is refused, in words; of one of some values, with what it may be.

    `kind` is the type that the value was read as. The place of the fault stays at the end.
    """
    message = str(error)
    found = _INVALID.fullmatch(message)
    if found is None:
        return _like_its_form(in_words(message), kind)
    given, path = found.groups()
    known = choices_of(kind, path or "")
    if not known:
        return in_words(message)
    return f"{given} {not_one_of(given.strip("'"), known)}{message[found.end(1) :]}"


def _like_its_form(message: str, kind: object) -> str:
    """Return why a text is refused with what is said of its form, instead of with a pattern."""
    found = _UNLIKE.fullmatch(message)
    forms = () if found is None else _forms_of(kind, found["path"])
    return message if found is None or not forms else f"is not {forms[0]}{found['place']}"


def not_one_of(given: str, known: Iterable[str]) -> str:
    """Return the reason why a value is refused that is none of some.

    As in `is not one of: person, vessel; did you mean vessel?`.
    """
    known = tuple(known)
    return f"is not one of: {', '.join(known)}{meant_by(given, known)}"


def meant_by(given: str, known: Iterable[str]) -> str:
    """Return `; did you mean vessel?` if one of some values is spelled alike, else nothing."""
    by_letters = {each.casefold(): each for each in known}
    near = get_close_matches(given.casefold(), by_letters, n=1)
    return f"; did you mean {by_letters[near[0]]}?" if near else ""


@lru_cache(maxsize=1_024)
def choices_of(kind: object, path: str = "") -> tuple[str, ...]:
    """Return the values that are allowed at a place in a type, none if it is not one of some.

    `path` is as msgspec writes it: `.counterparties[0].entity_type`.
    """
    return tuple(dict.fromkeys(chain.from_iterable(map(_values, _each(_kinds_at(kind, path))))))


def _kinds_at(kind: object, path: str) -> tuple[inspect.Type, ...]:
    """Return the types that a value at a place in a type may have."""
    kinds = (inspect.type_info(kind),)
    for step in _STEP.finditer(path):
        inside = (_inside(each, step[1] or step[2]) for each in _each(kinds))
        kinds = tuple(chain.from_iterable(inside))
    return kinds


def _forms_of(kind: object, path: str) -> tuple[str, ...]:
    """Return what is said of the form of a text at a place in a type."""
    alternatives = chain.from_iterable(
        each.types if isinstance(each, inspect.UnionType) else (each,)
        for each in _kinds_at(kind, path)
    )
    told = (
        cast("dict[str, str]", each.extra_json_schema or {})
        for each in alternatives
        if isinstance(each, inspect.Metadata)
    )
    return tuple(each["description"] for each in told if "description" in each)


def _each(kinds: Iterable[inspect.Type]) -> Iterator[inspect.Type]:
    """Yield the types that these types stand for."""
    for kind in kinds:
        match kind:
            case inspect.UnionType(types=types):
                yield from _each(types)
            case inspect.Metadata(type=inner):
                yield from _each((inner,))
            case _:
                yield kind


def _inside(kind: inspect.Type, step: str) -> Iterator[inspect.Type]:
    match kind:
        case inspect.StructType(fields=fields):
            yield from (field.type for field in fields if field.encode_name == step)
        case inspect.TupleType(item_types=items):
            yield items[int(step)]
        case inspect.CollectionType(item_type=item):
            yield item
        case inspect.DictType(value_type=value):
            yield value
        case _:
            pass


def _values(kind: inspect.Type) -> Iterator[str]:
    match kind:
        case inspect.LiteralType(values=values):
            yield from map(str, values)
        case inspect.EnumType(cls=values):
            yield from (str(cast("object", each.value)) for each in values)
        case _:
            pass
