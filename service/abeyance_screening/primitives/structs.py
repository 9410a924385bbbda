"""Structs made of others that have fields of the same names."""

import msgspec


def copy_as[T: msgspec.Struct](kind: type[T], source: msgspec.Struct, /, **own: object) -> T:
    """Return a struct of another kind, with the fields of the source that it has too.

    `own` are the fields that the source lacks, or that differ from it.

    Raises:
        TypeError: A field without a default is in neither.
    """
    has: dict[str, object] = msgspec.structs.asdict(source)
    return kind(**{name: has[name] for name in kind.__struct_fields__ if name in has} | own)
