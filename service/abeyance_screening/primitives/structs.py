"""Structs made of others that have fields of the same names."""

from functools import cache

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
