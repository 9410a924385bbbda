"""Structs made of others that have fields of the same names, and what a struct says in lines."""

from collections.abc import Iterator
from functools import cache
from typing import cast

import msgspec


def copy_as[T: msgspec.Struct](kind: type[T], source: msgspec.Struct, /, **own: object) -> T:
    """Return a struct of another kind, with the fields of the source that it has too.

    `own` are the fields that the source lacks, or that differ from it. All that it lacks must be
    named, even where they have a default: a field renamed in one kind is then not lost in silence.

    Raises:
        TypeError: A field is in neither.
    """
    shared, lacking = _fields_of(kind, type(source))
    if not lacking <= own.keys():
        missing = ", ".join(sorted(lacking - own.keys()))
        fault = f"{kind.__name__} of {type(source).__name__} lacks {missing}"
        raise TypeError(fault)
    return kind(**{name: getattr(source, name) for name in shared} | own)


@cache
def _fields_of(
    kind: type[msgspec.Struct], of: type[msgspec.Struct]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the fields of one kind that another has too, and those that it lacks."""
    names, has = kind.__struct_fields__, frozenset(of.__struct_fields__)
    return tuple(name for name in names if name in has), frozenset(names) - has


def leaves_of(value: msgspec.Struct, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of a struct that says something, with its path: `owners[0].share`, `51`.

    Fields that are null or empty are left out; several texts in one field are joined by `; `.
    """
    for name in value.__struct_fields__:
        yield from _leaves(cast("object", getattr(value, name)), f"{at}{name}")


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if value is None or value == ():
        return
    if isinstance(value, msgspec.Struct):
        yield from leaves_of(value, f"{path}.")
    elif not isinstance(value, tuple):
        yield path, str(value)
    elif all(isinstance(each, str) for each in cast("tuple[object, ...]", value)):
        yield path, "; ".join(cast("tuple[str, ...]", value))
    else:
        for place, each in enumerate(cast("tuple[object, ...]", value)):
            yield from _leaves(each, f"{path}[{place}]")
